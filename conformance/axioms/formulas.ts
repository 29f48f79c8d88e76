import { apply, type Formula, num } from "../litmus/formula.js";

/** C says nothing of a value (a division by zero, a shift by too much), or it is too large for the machine. */
export class NoValue extends Error {}

/** A formula made ready: its value, from the registers' values, and from what the instruction itself has read. */
export type Ready = (registers: Int32Array, read: number) => number;

/** The operators that nearly all tests are made of; the others are worked out as the machine's are, and slowly. */
const QUICK: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ["+", (a, b) => (a + b) | 0],
  ["-", (a, b) => (a - b) | 0],
  ["==", (a, b) => (a === b ? 1 : 0)],
  ["!=", (a, b) => (a !== b ? 1 : 0)],
  ["<", (a, b) => (a < b ? 1 : 0)],
  ["<=", (a, b) => (a <= b ? 1 : 0)],
  [">", (a, b) => (a > b ? 1 : 0)],
  [">=", (a, b) => (a >= b ? 1 : 0)],
  ["&&", (a, b) => (a !== 0 && b !== 0 ? 1 : 0)],
  ["||", (a, b) => (a !== 0 || b !== 0 ? 1 : 0)],
]);

/** Makes a formula ready to be worked out often. */
export function ready(formula: Formula, indexOf: (register: string) => number): Ready {
  switch (formula.kind) {
    case "num": {
      const { value } = formula;
      return () => value;
    }
    case "reg": {
      const index = indexOf(formula.name);
      return (registers) => registers[index] as number;
    }
    case "read":
      return (_, read) => read;
    case "op":
      return operator(formula, indexOf);
  }
}

function operator(
  { op, args }: Extract<Formula, { kind: "op" }>,
  indexOf: (register: string) => number,
): Ready {
  const [first = num(0), second] = args;
  const a = ready(first, indexOf);
  // `given` is its first operand; what it adds is a dependency.
  if (op === "given") return a;
  if (second === undefined) {
    if (op === "!") return (registers, read) => (a(registers, read) === 0 ? 1 : 0);
    return (registers, read) => numberOf(apply(op, num(a(registers, read))));
  }
  const b = ready(second, indexOf);
  const quick = QUICK.get(op);
  if (quick !== undefined) return (registers, read) => quick(a(registers, read), b(registers, read));
  return (registers, read) => numberOf(apply(op, num(a(registers, read)), num(b(registers, read))));
}

function numberOf(formula: Formula): number {
  if (formula.kind !== "num") throw new NoValue("a value that C leaves open, or that is too large");
  return formula.value;
}

/** The registers whose values a formula needs; it may depend on more than these. */
export function neededBy(formula: Formula): string[] {
  if (formula.kind === "reg") return [formula.name];
  if (formula.kind !== "op") return [];
  return (formula.op === "given" ? formula.args.slice(0, 1) : formula.args).flatMap(neededBy);
}

/** Does a formula speak of what the instruction itself has read? */
export function speaksOfRead(formula: Formula): boolean {
  if (formula.kind === "read") return true;
  return formula.kind === "op" && formula.args.some(speaksOfRead);
}
