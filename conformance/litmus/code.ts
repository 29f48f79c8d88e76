import { type Formula, formulaText, registersOf } from "./formula.js";

/** How an access may be moved (spec/machine/Instruction.tla, Modes). */
export type Mode = "relaxed" | "once" | "acquire" | "release";

/** An access of a word; with a test, it is performed only when that holds (When of the same module). */
interface Access {
  readonly mode: Mode;
  readonly word: string;
  readonly test?: Formula;
  /** The numbers of the branches that it no longer depends on (Past). */
  readonly past?: readonly number[];
}

/** What is at an ordering point: the kind of a fence, or an interrupt to all threads between two full fences. */
export type Strength = "barrier" | "acquire" | "release" | "rmb" | "wmb" | "mb" | "membarrier";

/** An instruction of the machine, or a sequence of them (Point). */
export type Instruction =
  | (Access & { readonly op: "load"; readonly dst: string })
  /** With `dst`, anything that takes that register waits for this store. */
  | (Access & {
      readonly op: "store";
      readonly value: Formula;
      readonly letter?: string;
      readonly dst?: string;
    })
  | (Access & { readonly op: "swap"; readonly dst: string; readonly value: Formula })
  | (Access & { readonly op: "await"; readonly test: Formula })
  | {
      readonly op: "branch";
      readonly test: Formula;
      readonly number: number;
      readonly past?: readonly number[];
    }
  | { readonly op: "fence"; readonly strength: Strength; readonly letter?: string };

/** The registers that an instruction takes. */
export function takenBy(i: Instruction): string[] {
  const value = "value" in i ? registersOf(i.value) : [];
  return "test" in i && i.test !== undefined ? [...value, ...registersOf(i.test)] : value;
}

/** An instruction as a sequence of TLA+. What it reads is kept only if its register is `used`. */
export function instructionText(i: Instruction, used: ReadonlySet<string>): string {
  const kept = (dst: string): string => (used.has(dst) ? `"${dst}"` : '""');
  switch (i.op) {
    case "load":
      return one(i, `Load(${kept(i.dst)}, "${i.word}")`);
    case "store": {
      const store = `StoreExpr("${i.word}", ${formulaText(i.value)})`;
      const awaited = i.dst !== undefined && used.has(i.dst);
      const text = one(i, awaited ? `[${store} EXCEPT !.dst = "${i.dst}"]` : store);
      return i.letter === undefined ? text : `Lettered("${i.letter}", ${text})`;
    }
    case "swap":
      return one(i, `Swap(${kept(i.dst)}, "${i.word}", ${formulaText(i.value)})`);
    case "await":
      return one(i, `Await("${i.word}", {})`);
    case "branch":
      return `<<${after(i.past, `Numbered(${i.number}, Branch(${formulaText(i.test)}))`)}>>`;
    case "fence":
      return `Point("${i.letter ?? ""}", "${i.strength}")`;
  }
}

function one({ mode, test, past }: Access, access: string): string {
  const when = test === undefined ? access : `When(${formulaText(test)}, ${access})`;
  return `<<${after(past, `In("${mode}", ${when})`)}>>`;
}

function after(past: readonly number[] = [], text: string): string {
  return past.length === 0 ? text : `Past({${past.join(", ")}}, ${text})`;
}
