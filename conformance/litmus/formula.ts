import { fits, numberText, OUT_OF_RANGE } from "./numbers.js";

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
const wrapped = (value: bigint): number => Number(BigInt.asIntN(32, value));
/** A value of 64 bits; undefined where the machine has no number for it. */
const long = (value: bigint): number | undefined => {
  const number = BigInt.asIntN(64, value);
  return fits(number) ? Number(number) : undefined;
};
const bare = (bits: 32 | 64, value: bigint): bigint => BigInt.asUintN(bits, value);
const within = (count: bigint, bits: number): boolean => count >= 0n && count < BigInt(bits);

/**
 * What each operator does with the machine's numbers (numbers.ts). Those that end with `l` or `U` work on 64 bits, with
 * `u` or `U` without a sign. Undefined: C does not say, or the machine has no number for it.
 */
const BINARY: ReadonlyMap<string, (a: bigint, b: bigint) => number | undefined> = new Map([
  ["+", (a, b) => wrapped(a + b)],
  ["-", (a, b) => wrapped(a - b)],
  ["*", (a, b) => wrapped(a * b)],
  ["+l", (a, b) => long(a + b)],
  ["-l", (a, b) => long(a - b)],
  ["*l", (a, b) => long(a * b)],
  ["/", (a, b) => (b === 0n ? undefined : long(a / b))],
  ["%", (a, b) => (b === 0n || !fits(a / b) ? undefined : Number(a % b))],
  ["/u", (a, b) => (b === 0n ? undefined : wrapped(bare(32, a) / bare(32, b)))],
  ["%u", (a, b) => (b === 0n ? undefined : wrapped(bare(32, a) % bare(32, b)))],
  ["/U", (a, b) => (b === 0n ? undefined : long(bare(64, a) / bare(64, b)))],
  ["%U", (a, b) => (b === 0n ? undefined : long(bare(64, a) % bare(64, b)))],
  ["<<", (a, b) => (within(b, 32) ? wrapped(a << b) : undefined)],
  ["<<l", (a, b) => (within(b, 64) ? long(a << b) : undefined)],
  [">>", (a, b) => (within(b, 32) ? Number(a >> b) : undefined)],
  [">>l", (a, b) => (within(b, 64) ? Number(a >> b) : undefined)],
  [">>u", (a, b) => (within(b, 32) ? wrapped(bare(32, a) >> b) : undefined)],
  [">>U", (a, b) => (within(b, 64) ? long(bare(64, a) >> b) : undefined)],
  ["&", (a, b) => Number(a & b)],
  ["|", (a, b) => Number(a | b)],
  ["^", (a, b) => Number(a ^ b)],
  ["==", (a, b) => truth(a === b)],
  ["!=", (a, b) => truth(a !== b)],
  ["<", (a, b) => truth(a < b)],
  ["<=", (a, b) => truth(a <= b)],
  [">", (a, b) => truth(a > b)],
  [">=", (a, b) => truth(a >= b)],
  ["<u", (a, b) => truth(bare(64, a) < bare(64, b))],
  ["<=u", (a, b) => truth(bare(64, a) <= bare(64, b))],
  [">u", (a, b) => truth(bare(64, a) > bare(64, b))],
  [">=u", (a, b) => truth(bare(64, a) >= bare(64, b))],
  ["&&", (a, b) => truth(a !== 0n && b !== 0n)],
  ["||", (a, b) => truth(a !== 0n || b !== 0n)],
]);

const UNARY: ReadonlyMap<string, (a: bigint) => number | undefined> = new Map([
  ["!", (a) => truth(a === 0n)],
  ["~", (a) => Number(~a)],
  ["s8", (a) => Number(BigInt.asIntN(8, a))],
  ["u8", (a) => Number(BigInt.asUintN(8, a))],
  ["s16", (a) => Number(BigInt.asIntN(16, a))],
  ["u16", (a) => Number(BigInt.asUintN(16, a))],
  // An unsigned int becomes a long.
  ["zext", (a) => (a < 0n ? undefined : Number(a))],
]);

/**
 * An operator applied to one or two values; evaluated right away where they are numbers and there is a result.
 */
export function apply(op: string, ...args: readonly [Formula] | readonly [Formula, Formula]): Formula {
  const [a, b] = args;
  const size = 1 + sizeOf(a) + (b === undefined ? 0 : sizeOf(b));
  const unknown: Formula = { kind: "op", op, args, size };
  if (a.kind !== "num" || (b !== undefined && b.kind !== "num")) return unknown;
  const value =
    b === undefined ? UNARY.get(op)?.(BigInt(a.value)) : BINARY.get(op)?.(BigInt(a.value), BigInt(b.value));
  return value === undefined ? unknown : num(value);
}

/** Why an operator on numbers has no result; undefined where it has one, or where the machine will find it. */
export function withoutResult(formula: Formula): string | undefined {
  if (formula.kind !== "op" || formula.op === "given") return undefined;
  const [a, b] = formula.args;
  if (a?.kind !== "num" || (b !== undefined && b.kind !== "num")) return undefined;
  if (/^[/%]/.test(formula.op) && b?.value === 0) return "this divides by zero";
  const most = /^(<<|>>)/.test(formula.op) ? (/[lU]$/.test(formula.op) ? 63 : 31) : undefined;
  if (most !== undefined && b !== undefined && (b.value < 0 || b.value > most))
    return `this shifts by ${b.value}: C allows from 0 to ${most} here`;
  return OUT_OF_RANGE;
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
      return `<<"num", ${numberText(formula.value)}>>`;
    case "reg":
      return `<<"reg", "${formula.name}">>`;
    case "read":
      return `<<"read">>`;
    case "op":
      return `<<"${formula.op}", ${formula.args.map(formulaText).join(", ")}>>`;
  }
}
