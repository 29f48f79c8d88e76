import { posix } from "node:path";
import { Project } from "ts-morph";
import type { Letter } from "../base/letters.js";

/** A source file as the rules see it: its path from the root, with "/", and its text. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** Something that a rule forbids: where, and the rule's reason. */
export interface Violation {
  readonly where: string;
  readonly reason: string;
}

/** A file of one of the rooms, and the files of the rooms that it imports, statically or when it runs. */
interface Imports {
  readonly path: string;
  readonly targets: readonly string[];
}

/** What each file imports of this repository, as paths from the root. */
export function importsOf(files: readonly SourceText[]): Imports[] {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  return files.map(({ path, text }) => {
    const source = project.createSourceFile(`/${path}`, text, { overwrite: true });
    const targets = source.getImportStringLiterals().flatMap((literal) => {
      const specifier = literal.getLiteralValue();
      if (specifier.startsWith("quiesce/")) return [specifier.slice("quiesce/".length)];
      if (!specifier.startsWith(".")) return [];
      return [posix.normalize(posix.join(posix.dirname(path), specifier))];
    });
    return { path, targets };
  });
}

/** Rooms use themselves, and conformance the other three. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  spec: ["spec"],
  impl: ["impl"],
  native: ["native"],
  conformance: ["conformance", "spec", "impl", "native"],
};

/**
 * The ground floor, which uses nothing above it and which other rooms may use, too: the contract of a replay, for the
 * implementations, and what errors, limits and processes have in common, for native's TypeScript and impl's replay. The
 * library in impl uses nothing at all: only its replay does.
 */
const GROUND: readonly { readonly user: string; readonly floor: string }[] = [
  { user: "native/js/", floor: "conformance/contract/" },
  { user: "native/js/", floor: "spec/tlc/base/" },
  { user: "impl/replay/", floor: "conformance/contract/" },
  { user: "impl/replay/", floor: "spec/tlc/base/" },
];

/** Imports between rooms go one way. */
export function oneWayImports(imports: readonly Imports[]): Violation[] {
  return imports.flatMap(({ path, targets }) => {
    const room = path.split("/")[0] ?? "";
    const allowed = MAY_USE[room] ?? [];
    const bad = targets.filter(
      (target) =>
        !allowed.includes(target.split("/")[0] ?? "") &&
        !GROUND.some(({ user, floor }) => path.startsWith(user) && target.startsWith(floor)),
    );
    return bad.map((target) => ({
      where: `${path} imports ${target}`,
      reason: `${room} may use only ${allowed.join(", ")} and its ground floor`,
    }));
  });
}

/** The floors of spec/tlc and conformance, the lowest first: a folder comes after everything that it uses. */
export const FLOORS: readonly string[] = [
  ...[
    "base",
    "value",
    "claim",
    "output",
    "graph",
    "tools",
    "resident",
    "run",
    "look",
    "distributed",
    "decide",
  ].map((name) => `spec/tlc/${name}`),
  ...[
    "base",
    "contract",
    "record",
    "paths",
    "drive",
    "targets",
    "plan",
    "kernel",
    "replay",
    "validate",
    "mutants",
    "litmus",
    "axioms",
    "silicon",
    "compiled",
  ].map((name) => `conformance/${name}`),
  ...[
    "markdown",
    "picture",
    "counterexample",
    "validation",
    "suites",
    "settings",
    "check",
    "necessity",
    "pages",
    "report/viewer",
    "report",
    "playground/viewer",
    "playground",
    "speed",
    "bench",
    "tracing",
    "doctor",
  ].map((name) => `conformance/program/${name}`),
  "conformance/program/cli/shared",
  "conformance/program/cli/commands",
  "conformance/program/cli",
  "conformance/program/site/viewer",
  "conformance/program/site",
  "conformance/cli",
  "conformance/house",
  "conformance/setup",
  "conformance/walkthrough",
];

/** No file imports from a floor above its own; and each folder of spec/tlc and conformance is a floor. */
export function noImportUp(imports: readonly Imports[], floors: readonly string[] = FLOORS): Violation[] {
  return imports.flatMap(({ path, targets }) => {
    const own = floors.indexOf(posix.dirname(path));
    if (own < 0)
      return /^(?:spec\/tlc|conformance)\//.test(path)
        ? [{ where: path, reason: `${posix.dirname(path)} is not in FLOORS` }]
        : [];
    return targets
      .filter((target) => floors.indexOf(posix.dirname(target)) > own)
      .map((target) => ({
        where: `${path} imports ${target}`,
        reason: `${posix.dirname(target)} is above ${posix.dirname(path)}`,
      }));
  });
}

/** Folders that use each other, directly or through others; each circle once, in the order of its arrows. */
export function folderCircles(imports: readonly Imports[]): Violation[] {
  const uses = new Map<string, Map<string, string>>();
  for (const { path, targets } of imports) {
    const from = posix.dirname(path);
    for (const target of targets) {
      const to = posix.dirname(target);
      if (to === from) continue;
      const known = uses.get(from) ?? new Map<string, string>();
      if (!known.has(to)) known.set(to, `${path} imports ${target}`);
      uses.set(from, known);
    }
  }
  const done = new Set<string>();
  const found: Violation[] = [];
  const visit = (folder: string, way: readonly string[]): void => {
    if (way.includes(folder)) {
      const circle = [...way.slice(way.indexOf(folder)), folder];
      const where = uses.get(circle.at(-2) ?? "")?.get(folder) ?? folder;
      found.push({ where, reason: `folders in a circle: ${circle.join(" -> ")}` });
      return;
    }
    if (done.has(folder)) return;
    for (const next of (uses.get(folder) ?? new Map()).keys()) visit(next, [...way, folder]);
    done.add(folder);
  };
  for (const folder of uses.keys()) visit(folder, []);
  return found;
}

/** A thing that only one file may name, so that a checker or another platform can go behind that file. */
export interface Door {
  readonly what: string;
  readonly pattern: RegExp;
  /** The file; or a folder, with a "/" at its end. */
  readonly file: string;
  /** Which files are looked at, by their ending; all if there is none. */
  readonly among?: RegExp;
}

const DOORS: readonly Door[] = [
  { what: "execa", pattern: /from "execa"/, file: "spec/tlc/base/process.ts" },
  { what: "<stdatomic.h>", pattern: /#\s*include\s*<stdatomic\.h>/, file: "native/include/quiesce/atomic.h" },
  {
    what: "a fence instruction",
    pattern: /\bmfence\b|\bdmb\b|lock; ?add|\b__sync_synchronize\b/,
    file: "native/include/quiesce/atomic.h",
    among: /\.(c|h|hpp|cc)$/,
  },
  {
    what: "the membarrier system call",
    pattern: /\b__NR_membarrier\b|\bSYS_membarrier\b/,
    file: "native/src/membarrier.c",
  },
  { what: "node_api.h", pattern: /#\s*include\s*[<"]node_api\.h[>"]/, file: "native/addon/napi.h" },
  // That door is a header, so others could get in through it: what is behind it stays in its folder.
  { what: "Node-API's functions", pattern: /\bnapi_[a-z]/, file: "native/addon/" },
];

/** Each of the doors is the only file that names what is behind it, and it does name it. */
export function oneDoorEach(files: readonly SourceText[], doors: readonly Door[] = DOORS): Violation[] {
  return doors.flatMap(({ what, pattern, file, among }) => {
    const naming = files
      .filter(({ path, text }) => (among?.test(path) ?? true) && pattern.test(text))
      .map(({ path }) => path);
    const isDoor = (path: string): boolean => (file.endsWith("/") ? path.startsWith(file) : path === file);
    const others = naming
      .filter((path) => !isDoor(path))
      .map((path) => ({ where: path, reason: `only ${file} may name ${what}` }));
    return naming.some(isDoor) || what === "a fence instruction"
      ? others
      : [...others, { where: file, reason: `it is the door to ${what}, but does not name it` }];
  });
}

/** Every ordering point has its letter in every room that keeps it, and no room has one that is not in the table. */
export function lettersEverywhere(letters: readonly Letter[], files: readonly SourceText[]): Violation[] {
  const found = new Map<string, Set<string>>();
  for (const { path, text } of files) {
    const room = path.split("/")[0] ?? "";
    for (const match of withoutComments(path, text).matchAll(nameIn(path))) {
      const letter = (match[1] ?? "").toUpperCase();
      found.set(letter, (found.get(letter) ?? new Set()).add(room));
    }
  }
  const missing = letters.flatMap(({ letter, rooms }) =>
    rooms
      .filter((room) => !found.get(letter)?.has(room))
      .map((room) => ({ where: room, reason: `the ordering point ${letter} is missing there` })),
  );
  const known = new Set(letters.map(({ letter }) => letter));
  const unknown = [...found.keys()]
    .filter((letter) => !known.has(letter))
    .map((letter) => ({
      where: [...(found.get(letter) ?? [])].join(", "),
      reason: `${letter} is not a letter in spec/letters.json`,
    }));
  return [...missing, ...unknown];
}

/** The TLA+ name of an ordering point is FenceA, or FenceAA; in C and TypeScript it is fence_a(), or fence_aa(). */
function nameIn(path: string): RegExp {
  return path.endsWith(".tla") ? /\bFence([A-Z]{1,2})\b/g : /\bfence_([a-z]{1,2})\b/g;
}

/** Comments don't enforce an order, so a letter that is only in a comment is missing. */
function withoutComments(path: string, text: string): string {
  return path.endsWith(".tla")
    ? text.replace(/\(\*[\s\S]*?\*\)/g, "").replace(/\\\*.*$/gm, "")
    : text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}
