import type { Instruction, Mode, Strength } from "../litmus/code.js";
import { type Formula, registersOf } from "../litmus/formula.js";

type FenceKind = Exclude<Strength, "membarrier">;

/** A line of a thread's straight-line code. An interrupt goes to all other threads, and stands between full fences. */
export type Line =
  | {
      readonly kind: "load" | "store" | "swap";
      readonly mode: Mode;
      readonly word: string;
      /** The register that takes what was read; that of a store is there to be waited for. */
      readonly dst?: string;
      readonly value?: Formula;
      readonly test?: Formula;
      readonly past: readonly number[];
    }
  | {
      readonly kind: "branch";
      readonly test: Formula;
      readonly number: number;
      readonly past: readonly number[];
    }
  | { readonly kind: "fence"; readonly fence: FenceKind }
  /** With a letter, it is a part of synchronize_rcu() or its like. */
  | { readonly kind: "interrupt"; readonly letter?: string };

type Access = Extract<Line, { kind: "load" | "store" | "swap" }>;

export const isAccess = (line: Line): line is Access =>
  line.kind === "load" || line.kind === "store" || line.kind === "swap";
export const reads = (line: Line): line is Access => line.kind === "load" || line.kind === "swap";
export const writes = (line: Line): line is Access => line.kind === "store" || line.kind === "swap";

/** A line as it is worked with: a wait is a load that nothing passes that must not pass a branch. */
export interface Placed {
  readonly line: Line;
  /** Is it a loop that waits? */
  readonly waits: boolean;
  /** The registers that it takes: what it depends on. */
  readonly takes: ReadonlySet<string>;
}

const FULL: Line = { kind: "fence", fence: "mb" };

/** A path's code, with membarrier taken apart. */
export function linesOf(code: readonly Instruction[]): Placed[] {
  return code.flatMap((instruction) =>
    lines(instruction).map((line) => placed(line, instruction.op === "await")),
  );
}

function lines(i: Instruction): Line[] {
  switch (i.op) {
    case "fence":
      return i.strength === "membarrier"
        ? [FULL, { kind: "interrupt", ...(i.letter !== undefined && { letter: i.letter }) }, FULL]
        : [{ kind: "fence", fence: i.strength }];
    case "branch":
      return [{ kind: "branch", test: i.test, number: i.number, past: i.past ?? [] }];
    case "await":
      return [{ kind: "load", mode: i.mode, word: i.word, test: i.test, past: i.past ?? [] }];
    default: {
      const { op: kind, mode, word, dst, test, past = [] } = i;
      return [
        {
          kind,
          mode,
          word,
          past,
          ...(dst !== undefined && { dst }),
          ...(test !== undefined && { test }),
          ...("value" in i && { value: i.value }),
        },
      ];
    }
  }
}

function placed(line: Line, waits: boolean): Placed {
  const value = isAccess(line) && line.value !== undefined ? registersOf(line.value) : [];
  const test = "test" in line && line.test !== undefined ? registersOf(line.test) : [];
  return { line, waits, takes: new Set([...value, ...test]) };
}

const modeOf = (line: Line): Mode =>
  isAccess(line) ? line.mode : line.kind === "branch" ? "once" : "relaxed";
export const acquires = (line: Line): boolean => modeOf(line) === "acquire";
export const releases = (line: Line): boolean => modeOf(line) === "release";
export const isVolatile = (line: Line): boolean => modeOf(line) !== "relaxed";

/** Does one line store, or decide, by what another has read? */
export const depends = (a: Placed, b: Placed): boolean =>
  isAccess(a.line) && a.line.dst !== undefined && b.takes.has(a.line.dst);

export const sameWord = (a: Line, b: Line): boolean => isAccess(a) && isAccess(b) && a.word === b.word;

/** Is the second done only if the first, a branch or a loop that waits, lets the thread go on? */
export function reaches(a: Placed, b: Placed): boolean {
  if (a.waits) return true;
  return a.line.kind === "branch" && !("past" in b.line && b.line.past.includes(a.line.number));
}
