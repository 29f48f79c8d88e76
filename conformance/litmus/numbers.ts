import { type CType, shape } from "./types.js";

/**
 * The machine's numbers are TLC's, which have 32 bits. A value of any type is kept as the number that its bits are when
 * the highest is taken for a sign: an unsigned -1 is -1. So every value of 32 bits has its number, and of 64 bits those
 * that are near 0 or, unsigned, near the end. What has none is never calculated wrongly, but refused or not decided.
 */
export const SMALLEST = -(2 ** 31);
export const LARGEST = 2 ** 31 - 1;

/** Why a value is refused or a test is not decided. */
export const OUT_OF_RANGE =
  "this value is too large for the machine, whose numbers have 32 bits: a long must be from -2147483648 to 2147483647";

/** Can the machine hold it? */
export function fits(value: number | bigint): boolean {
  return value >= SMALLEST && value <= LARGEST;
}

/**
 * The number of a value of some type, which may be written with or without its sign; undefined where it has none. A
 * value that the type does not have is made one, as C does; or, "as it is", is none unless only its sign is another.
 */
export function kept(
  value: bigint,
  type: CType,
  how: "as C does" | "as it is" = "as C does",
): number | undefined {
  const { bits, signed } = shape(type);
  const bool = type.kind === "int" && type.bool === true;
  const number = bool
    ? BigInt(value !== 0n)
    : bits < 32 && !signed
      ? BigInt.asUintN(bits, value)
      : BigInt.asIntN(bits, value);
  // What is narrower than an int becomes one before anything is compared with it.
  const same = number === value || (bits >= 32 && BigInt.asUintN(bits, number) === value);
  if (how === "as it is" && !same) return undefined;
  return fits(number) ? Number(number) : undefined;
}

/** A value as C has it, from its number. One that JavaScript's numbers can't hold is text. */
export function shownNumber(value: number, type: CType): number | string {
  const { bits, signed } = shape(type);
  if (signed || value >= 0) return value;
  return bits === 64 ? `${BigInt.asUintN(64, BigInt(value))}` : value + 2 ** 32;
}

/** As TLA+ writes it, which has no literal for the smallest. */
export function numberText(value: number): string {
  return value === SMALLEST ? `(-${LARGEST} - 1)` : `${value}`;
}
