import { BadInputError } from "../../../spec/tlc/base/errors.js";
import type { Event, Mode } from "./state.js";
import type { Processor } from "./walk.js";

/** The words of the protocol: what each place of a read side stands for. */
export type Role =
  | "announced"
  | "gp"
  | "notice"
  | "head"
  | "cell"
  /** Does this reader pay with fences? It never changes. */
  | "fences"
  /** The calling thread's reader, if it has one. */
  | "own"
  /** Addresses that never change. */
  | "gp address"
  | "slot address"
  | "own address";

/** Where a reader's fields are; the source that is compiled asserts it. */
export const OFFSETS = { announced: 0, gp: 8, notice: 16 } as const;

/** Where the fields of a reader of a shared domain are, and those of its slot. */
export const SHARED_OFFSETS = { slot: 0, gp: 8, fences: 16 } as const;
export const SLOT_OFFSETS = { announced: 0, notice: 8 } as const;

const POINTER = [
  ["head", "head"],
  ["[head]", "cell"],
] as const;

const at = (base: string, offset: number): string => (offset === 0 ? base : `${base}+${offset}`);

/** A reader's fields, by what the code calls its address. */
const readerAt = (base: string): [string, Role][] => [
  [base, "announced"],
  [at(base, OFFSETS.gp), "gp address"],
  [at(base, OFFSETS.notice), "notice"],
  [`[${at(base, OFFSETS.gp)}]`, "gp"],
];

/** How the thread's own reader is found: at the place in its memory that a word of the linker's says. */
const OWN = { address: "qs_local_reader", place: "thread+[qs_local_reader]" } as const;

/**
 * What the places of a section stand for, which is a function that takes a reader and the pointer, and knows of a domain
 * and of the thread's own reader.
 */
const LAYOUTS = {
  private: new Map<string, Role>([...readerAt("reader"), ["domain", "gp"], ...POINTER]),
  local: new Map<string, Role>([
    [OWN.address, "own address"],
    [OWN.place, "own"],
    ...readerAt(`[${OWN.place}]`),
    ...POINTER,
  ]),
  shared: new Map<string, Role>([
    [at("reader", SHARED_OFFSETS.slot), "slot address"],
    [at("reader", SHARED_OFFSETS.gp), "gp address"],
    [`[${at("reader", SHARED_OFFSETS.gp)}]`, "gp"],
    [at("reader", SHARED_OFFSETS.fences), "fences"],
    [at("[reader]", SLOT_OFFSETS.announced), "announced"],
    [at("[reader]", SLOT_OFFSETS.notice), "notice"],
    ...POINTER,
  ]),
} as const;
export type Layout = keyof typeof LAYOUTS;

/** One step of a section as compiled. */
export type Step =
  | { readonly is: "load"; readonly role: Role; readonly mode: Mode }
  /** What is stored: a number, or what the last load of gp has given. */
  | { readonly is: "store"; readonly role: Role; readonly mode: Mode; readonly value: number | "gp" }
  | { readonly is: "fence" | "locked" }
  | { readonly is: "call"; readonly callee: string }
  /**
   * Goes on if what was last loaded from there was zero, or wasn't; perhaps only some of its bits. Or was the same as
   * what was loaded from elsewhere, or wasn't.
   */
  | {
      readonly is: "branch";
      readonly role: Role;
      readonly zero: boolean;
      readonly mask?: number;
      readonly other?: Role;
    };

/** Finds out what each access is for. Throws BadInputError for one that a read side does not have. */
export function stepsOf(events: readonly Event[], layout: Layout = "private"): Step[] {
  const roleAt = (place: string, text: string): Role => {
    const role = LAYOUTS[layout].get(place);
    if (role === undefined)
      throw new BadInputError(`an access to ${place}, which no step of a section has: ${text}`);
    return role;
  };
  const loaded = (index: number): Role => {
    const event = events[index];
    if (event?.is !== "load") throw new BadInputError(`event ${index} is no load`);
    return roleAt(event.place, event.text);
  };
  return events.map((event): Step => {
    switch (event.is) {
      case "load":
        return { is: "load", role: roleAt(event.place, event.text), mode: event.mode };
      case "store": {
        const { value } = event;
        const role = roleAt(event.place, event.text);
        if (value?.base === "") return { is: "store", role, mode: event.mode, value: value.offset };
        if (value?.load === undefined || value.offset !== 0 || loaded(value.load) !== "gp")
          throw new BadInputError(`it stores something else than a number or gp: ${event.text}`);
        return { is: "store", role, mode: event.mode, value: "gp" };
      }
      case "branch": {
        const { zero, mask } = event;
        // Which of two is on the left is the compiler's taste.
        const [role, other] = [event.load, ...(event.other === undefined ? [] : [event.other])]
          .map(loaded)
          .toSorted() as [Role, Role?];
        return {
          is: "branch",
          role,
          zero,
          ...(mask !== undefined && { mask }),
          ...(other !== undefined && { other }),
        };
      }
      case "call":
        return { is: "call", callee: event.callee };
      default:
        return { is: event.is };
    }
  });
}

/** A step in words: "load head", "announced <- gp (release)". */
export function show(step: Step): string {
  const mode = "mode" in step && step.mode !== "plain" ? ` (${step.mode})` : "";
  switch (step.is) {
    case "load":
      return `load ${step.role}${mode}`;
    case "store":
      return `${step.role} <- ${step.value}${mode}`;
    case "branch":
      return `${step.role}${step.mask === undefined ? "" : ` & ${step.mask}`} ${step.zero ? "==" : "!="} ${step.other ?? 0}`;
    case "call":
      return `call ${step.callee}`;
    default:
      return step.is;
  }
}

/** No section was open, nobody waits, nothing is new, and the thread has a reader. */
const isHot = (step: Step): boolean => step.is !== "branch" || step.zero === (step.role !== "own");

/** The hot path: each branch found what it finds nearly always. There is exactly one. */
export function hotPath(paths: readonly (readonly Step[])[]): readonly Step[] {
  const hot = paths.filter((steps) => steps.every(isHot));
  const [only, second] = hot;
  if (only === undefined || second !== undefined)
    throw new BadInputError(`${hot.length} paths are hot, not one`);
  return only;
}

/** The way of a reader of a shared domain that pays with fences, which is otherwise hot. There is exactly one. */
export function payingPath(paths: readonly (readonly Step[])[]): readonly Step[] {
  const pays = (step: Step): boolean =>
    step.is === "branch" && step.role === "fences" ? !step.zero : isHot(step);
  const [only, second] = paths.filter((steps) => steps.every(pays));
  if (only === undefined || second !== undefined)
    throw new BadInputError("there is not exactly one path that pays");
  return only;
}

const CONSTANT: ReadonlySet<Role> = new Set(["gp address", "slot address", "own address", "fences"]);

/** Without what no order matters of: loads of what never changes. */
export const ordered = (steps: readonly Step[]): Step[] =>
  steps.filter((step) => step.is !== "load" || !CONSTANT.has(step.role));

/** What of a path is the protocol's: without how the reader is found, and whether it pays. */
export const protocolOf = (steps: readonly Step[]): Step[] =>
  ordered(steps).filter((step) => !("role" in step) || (step.role !== "own" && step.role !== "fences"));

/** How a read side differs from another. */
export interface Shape {
  /** It looks first whether a section is open. */
  readonly nests: boolean;
  /** It has full fences at A and C. */
  readonly fences: boolean;
  /** It finds out at run time whether to have one at A, from bits of the notice. */
  readonly asks: boolean;
  /** Whose reader it is: one that is given, the thread's own, or one of a shared domain, which asks at A and at C. */
  readonly layout: Layout;
  /** It says when it is quiescent, and announces nothing else. */
  readonly quiescent?: boolean;
}

/** A section, and what the reader says after it: it holds nothing. */
function quiescentPaths(release: string): string[][] {
  const section = ["load head", "load cell", "load gp", "load announced"];
  const says = [...section, "announced != gp", `announced <- gp${release}`, "fence", "load notice"];
  return [
    [...section, "announced == gp"],
    [...says, "notice == 0"],
    [...says, "notice != 0", "call qs_answer_notice"],
  ];
}

function sharedPaths(release: string): string[][] {
  const use = ["load head", "load cell"];
  const ways = [["fences == 0"], ["fences != 0", "fence"]];
  const ends = [["notice == 0"], ["notice != 0", "call qs_shared_wake"]];
  const through = ways.flatMap((a) =>
    ways.flatMap((c) =>
      ends.map((end) => [
        ...["load announced", "announced == 0", "load gp", `announced <- gp${release}`],
        ...[...a, ...use, `announced <- 0${release}`, ...c, "load notice", ...end],
      ]),
    ),
  );
  return [...through, ["load announced", "announced != 0", ...use]];
}

/**
 * The ways through a section that the specification allows, in words, the hot one first. Whatever else the compiler
 * makes of it is wrong.
 */
export function allowedPaths(shape: Shape, processor: Processor): string[][] {
  // On x86-64 each store releases.
  const release = processor === "arm64" ? " (release)" : "";
  if (shape.quiescent) return quiescentPaths(release);
  if (shape.layout === "shared") return sharedPaths(release);
  const paths = numberPaths(shape, release);
  if (shape.layout === "private") return paths;
  return [
    ...paths.map((path) => ["load own", "own != 0", ...path]),
    ["load own", "own == 0", "call qs_local_first"],
  ];
}

function numberPaths({ nests, fences, asks }: Shape, release: string): string[][] {
  const fence = fences ? ["fence"] : [];
  const mask = fences ? " & 1" : "";
  const begin = [
    ...(nests ? ["load announced", "announced == 0"] : []),
    "load gp",
    `announced <- gp${release}`,
  ];
  const use = ["load head", "load cell"];
  const end = [...use, `announced <- 0${release}`, ...fence, "load notice"];
  const ask = (bits: string): string[] => (asks ? ["load notice", `notice & 2 ${bits} 0`] : []);
  const answered = [`notice${mask} != 0`, "call qs_answer_notice"];
  const hot = [...begin, ...ask("=="), ...fence, ...end];
  const paying = asks ? [[...begin, ...ask("!="), "fence", ...end]] : [];
  return [
    [...hot, `notice${mask} == 0`],
    [...hot, ...answered],
    ...paying.flatMap((path) => [
      [...path, "notice == 0"],
      [...path, ...answered],
    ]),
    ...(nests ? [["load announced", "announced != 0", ...use]] : []),
  ];
}

/** The words of a path's steps, without those that no order matters of. */
export const words = (steps: readonly Step[]): string[] => ordered(steps).map(show);

/** What is wrong with the ways through a section; nothing where each is allowed and none is missing. */
export function wrongWith(paths: readonly (readonly Step[])[], shape: Shape, processor: Processor): string[] {
  const allowed = new Set(allowedPaths(shape, processor).map((path) => path.join("; ")));
  const found = new Set(paths.map((path) => words(path).join("; ")));
  return [
    ...[...found].filter((path) => !allowed.has(path)).map((path) => `not allowed: ${path}`),
    ...[...allowed].filter((path) => !found.has(path)).map((path) => `missing: ${path}`),
  ];
}
