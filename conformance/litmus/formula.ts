/**
 * A value as the machine computes it (spec/machine/Expression.tla): from numbers, the registers of loads, and what the
 * instruction itself reads.
 */
export type Formula =
  | { readonly kind: "num"; readonly value: number }
  | { readonly kind: "reg"; readonly name: string }
  | { readonly kind: "read" }
  | { readonly kind: "op"; readonly op: string; readonly args: readonly Formula[]; readonly size: number };

/** How many numbers, registers and operators a formula has: one that feeds on itself, r = r + r, may be huge. */
export function sizeOf(formula: Formula): number {
  return formula.kind === "op" ? formula.size : 1;
}

export const num = (value: number): Formula => ({ kind: "num", value });
export const reg = (name: string): Formula => ({ kind: "reg", name });
/** The value that the instruction with this formula has just read. */
export const READ: Formula = { kind: "read" };

const truth = (b: boolean): number => (b ? 1 : 0);
const BINARY: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ["+", (a, b) => a + b],
  ["-", (a, b) => a - b],
  ["*", (a, b) => a * b],
  ["&", (a, b) => a & b],
  ["|", (a, b) => a | b],
  ["^", (a, b) => a ^ b],
  ["==", (a, b) => truth(a === b)],
  ["!=", (a, b) => truth(a !== b)],
  ["<", (a, b) => truth(a < b)],
  ["<=", (a, b) => truth(a <= b)],
  [">", (a, b) => truth(a > b)],
  [">=", (a, b) => truth(a >= b)],
  ["&&", (a, b) => truth(a !== 0 && b !== 0)],
  ["||", (a, b) => truth(a !== 0 || b !== 0)],
]);

/** An operator of C applied to one or two values; evaluated right away where they are numbers. */
export function apply(op: string, ...args: readonly [Formula] | readonly [Formula, Formula]): Formula {
  const [a, b] = args;
  const size = 1 + sizeOf(a) + (b === undefined ? 0 : sizeOf(b));
  if (b === undefined)
    return a.kind === "num" && op === "!" ? num(truth(a.value === 0)) : { kind: "op", op, args, size };
  const work = BINARY.get(op);
  if (a.kind === "num" && b.kind === "num" && work !== undefined) return num(work(a.value, b.value));
  return { kind: "op", op, args, size };
}

/** The registers that a formula takes, perhaps with repeats. */
export function registersOf(formula: Formula): string[] {
  if (formula.kind === "reg") return [formula.name];
  return formula.kind === "op" ? formula.args.flatMap(registersOf) : [];
}

/** As TLA+ data. */
export function formulaText(formula: Formula): string {
  switch (formula.kind) {
    case "num":
      return `<<"num", ${formula.value}>>`;
    case "reg":
      return `<<"reg", "${formula.name}">>`;
    case "read":
      return `<<"read">>`;
    case "op":
      return `<<"${formula.op}", ${formula.args.map(formulaText).join(", ")}>>`;
  }
}
