import { matches } from "../model/pattern.js";
import { OP } from "./code.js";

/** A value that a filter computes with. A string is its bytes, one a character. */
export type Value =
  | { readonly tag: "i64" | "u64"; readonly value: bigint }
  | { readonly tag: "f64"; readonly value: number }
  | { readonly tag: "string"; readonly value: string };

type Integer = Extract<Value, { readonly value: bigint }>;

const LEAST = -(1n << 63n);
const MOST_SIGNED = (1n << 63n) - 1n;
const MOST = (1n << 64n) - 1n;

/** An integer as a filter has it; undefined for one that has no room in 64 bits. */
export function integer(value: bigint): Value | undefined {
  if (value >= LEAST && value <= MOST_SIGNED) return { tag: "i64", value };
  return value > 0n && value <= MOST ? { tag: "u64", value } : undefined;
}

const truth = (value: boolean): Value => ({ tag: "i64", value: value ? 1n : 0n });

function isInteger(value: Value): value is Integer {
  return value.tag === "i64" || value.tag === "u64";
}

/** Whether an event passes whose filter ends with this value. */
export function passes(value: Value): boolean {
  return value.tag !== "string" && Boolean(value.value);
}

export function not(value: Value): Value | undefined {
  return value.tag === "string" ? undefined : truth(isZero(value.value));
}

/** The result of an operation with two operands; undefined where there is none, and then the event does not pass. */
export function binary(op: number, left: Value, right: Value): Value | undefined {
  if (left.tag === "string" || right.tag === "string") return strings(op, left, right);
  if (op === OP.and) return truth(!isZero(left.value) && !isZero(right.value));
  if (op === OP.or) return truth(!isZero(left.value) || !isZero(right.value));
  if (op < OP.and) return compare(op, left.value, right.value);
  if (op >= OP.bitand) return isInteger(left) && isInteger(right) ? bits(op, left, right) : undefined;
  if (isInteger(left) && isInteger(right)) return exact(op, left.value, right.value);
  return float(op, Number(left.value), Number(right.value));
}

/** As C has it: what is no number isn't zero, either. */
function isZero(value: bigint | number): boolean {
  return value === 0 || value === 0n;
}

function strings(op: number, left: Value, right: Value): Value | undefined {
  if (left.tag !== "string" || right.tag !== "string") return undefined;
  if (op === OP.eq) return truth(left.value === right.value);
  if (op === OP.ne) return truth(left.value !== right.value);
  return op === OP.match ? truth(matches(right.value, left.value)) : undefined;
}

/** Numbers of all kinds compare as what they mean: JavaScript's own comparisons do. */
function compare(op: number, left: bigint | number, right: bigint | number): Value | undefined {
  switch (op) {
    case OP.eq:
      // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number with the same value are equal.
      return truth(left == right);
    case OP.ne:
      // biome-ignore lint/suspicious/noDoubleEquals: as above
      return truth(left != right);
    case OP.lt:
      return truth(left < right);
    case OP.le:
      return truth(left <= right);
    case OP.gt:
      return truth(left > right);
    case OP.ge:
      return truth(left >= right);
    default:
      return undefined;
  }
}

function exact(op: number, left: bigint, right: bigint): Value | undefined {
  switch (op) {
    case OP.add:
      return integer(left + right);
    case OP.sub:
      return integer(left - right);
    case OP.mul:
      return integer(left * right);
    case OP.div:
      return right === 0n ? undefined : integer(left / right);
    case OP.mod:
      return right === 0n ? undefined : integer(left % right);
    default:
      return undefined;
  }
}

function float(op: number, left: number, right: number): Value | undefined {
  const made = (value: number): Value => ({ tag: "f64", value });
  switch (op) {
    case OP.add:
      return made(left + right);
    case OP.sub:
      return made(left - right);
    case OP.mul:
      return made(left * right);
    case OP.div:
      return right === 0 ? undefined : made(left / right);
    case OP.mod:
      return right === 0 ? undefined : made(left % right);
    default:
      return undefined;
  }
}

function bits(op: number, left: Integer, right: Integer): Value {
  const a = BigInt.asUintN(64, left.value);
  const b = BigInt.asUintN(64, right.value);
  const value = op === OP.bitand ? a & b : op === OP.bitor ? a | b : a ^ b;
  return left.tag === "u64" || right.tag === "u64"
    ? { tag: "u64", value }
    : { tag: "i64", value: BigInt.asIntN(64, value) };
}
