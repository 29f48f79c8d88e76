import { posix } from "node:path";
import { Project } from "ts-morph";

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

const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  spec: ["spec"],
  impl: ["impl"],
  native: ["native"],
  conformance: ["conformance", "spec", "impl", "native"],
};

/** Imports between rooms go one way: conformance uses the other three, and these use nothing but themselves. */
export function oneWayImports(files: readonly SourceText[]): Violation[] {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  return files.flatMap(({ path, text }) => {
    const room = path.split("/")[0] ?? "";
    const allowed = MAY_USE[room] ?? [];
    const source = project.createSourceFile(`/${path}`, text, { overwrite: true });
    const specifiers = [
      ...source.getImportDeclarations().map((declaration) => declaration.getModuleSpecifierValue()),
      ...source.getExportDeclarations().flatMap((declaration) => declaration.getModuleSpecifierValue() ?? []),
    ];
    return specifiers.flatMap((specifier) => {
      const target = roomOf(path, specifier);
      if (target === undefined || allowed.includes(target)) return [];
      return [
        { where: `${path} imports ${specifier}`, reason: `${room} may use only ${allowed.join(", ")}` },
      ];
    });
  });
}

function roomOf(path: string, specifier: string): string | undefined {
  if (specifier.startsWith("quiesce/")) return specifier.split("/")[1];
  if (!specifier.startsWith(".")) return undefined;
  return posix.normalize(posix.join(posix.dirname(path), specifier)).split("/")[0];
}

/** A thing that only one file may name, so that a checker or another platform can be put behind that file. */
export interface Door {
  readonly what: string;
  readonly pattern: RegExp;
  /** The file; or a folder, with a "/" at its end. */
  readonly file: string;
}

const DOORS: readonly Door[] = [
  { what: "execa", pattern: /from "execa"/, file: "spec/tlc/process.ts" },
  { what: "<stdatomic.h>", pattern: /#\s*include\s*<stdatomic\.h>/, file: "native/include/quiesce/atomic.h" },
  {
    what: "a fence instruction",
    pattern: /\bmfence\b|\bdmb\b|lock; ?add|\b__sync_synchronize\b/,
    file: "native/include/quiesce/atomic.h",
  },
  {
    what: "the membarrier system call",
    pattern: /\b__NR_membarrier\b|\bSYS_membarrier\b/,
    file: "native/src/membarrier.c",
  },
  { what: "node_api.h", pattern: /#\s*include\s*[<"]node_api\.h[>"]/, file: "native/addon/napi.h" },
  // That door is a header, so others could come in through it: what is behind it stays in its folder.
  { what: "Node-API's functions", pattern: /\bnapi_[a-z]/, file: "native/addon/" },
];

/** Each of the doors is the only file that names what is behind it, and it does name it. */
export function oneDoorEach(files: readonly SourceText[], doors: readonly Door[] = DOORS): Violation[] {
  return doors.flatMap(({ what, pattern, file }) => {
    const naming = files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
    const isDoor = (path: string): boolean => (file.endsWith("/") ? path.startsWith(file) : path === file);
    const others = naming
      .filter((path) => !isDoor(path))
      .map((path) => ({ where: path, reason: `only ${file} may name ${what}` }));
    return naming.some(isDoor) || what === "a fence instruction"
      ? others
      : [...others, { where: file, reason: `it is the door to ${what}, but does not name it` }];
  });
}

/** A row of spec/letters.json: an ordering point of the protocol. */
export interface Letter {
  readonly letter: string;
  readonly rooms: readonly string[];
  readonly claim: string;
}

/** Every ordering point has its letter in every room where it is kept, and no room has one that is not in the table. */
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
      reason: `${letter} is no letter of spec/letters.json`,
    }));
  return [...missing, ...unknown];
}

/** The TLA+ name of an ordering point is FenceA; in C and TypeScript it is fence_a(). */
function nameIn(path: string): RegExp {
  return path.endsWith(".tla") ? /\bFence([A-Z])\b/g : /\bfence_([a-z])\b/g;
}

/** Comments don't keep an order, so a letter that stands only in one is missing. */
function withoutComments(path: string, text: string): string {
  return path.endsWith(".tla")
    ? text.replace(/\(\*[\s\S]*?\*\)/g, "").replace(/\\\*.*$/gm, "")
    : text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}
