import { SMALLEST } from "../litmus/numbers.js";
import { type CType, shape } from "../litmus/types.js";

/** A number as C has it, which has no literal for the smallest of an int either. */
export function numberInC(value: number): string {
  return value === SMALLEST ? `(${value + 1} - 1)` : `${value}`;
}

const nameOf = (type: CType, signed = shape(type).signed): string =>
  `${signed ? "" : "u"}int${shape(type).bits}_t`;

/**
 * A value as one of another type, in a qs_value, which holds the bits of every type with the highest for a sign, as the
 * machine does.
 */
export function convertInC(value: string, from: CType, to: CType): string {
  if (to.kind === "int" && to.bool) return `(qs_value)((${value}) != 0)`;
  const [a, b] = [shape(from), shape(to)];
  if (b.bits === 64) return a.bits === 32 && !a.signed ? `(qs_value)(uint32_t)(${value})` : value;
  if (b.bits === 32) return a.bits === 64 ? `(qs_value)(int32_t)(${value})` : value;
  return `(qs_value)(${nameOf(to)})(${value})`;
}

/** An operator on two values that are of the type in which it works. What overflows wraps around, as in the kernel. */
export function operateInC(op: string, type: CType, left: string, right: string): string {
  if (op === "==" || op === "!=") return `(qs_value)(${left} ${op} ${right})`;
  const own = nameOf(type);
  const bare = nameOf(type, false);
  const back = (value: string): string => `(qs_value)(${nameOf(type, true)})(${value})`;
  if (["<", "<=", ">", ">="].includes(op)) return `(qs_value)((${own})${left} ${op} (${own})${right})`;
  if (op === "<<") return back(`(${bare})${left} << ${right}`);
  if (op === ">>") return back(`(${own})${left} >> ${right}`);
  if (op === "/" || op === "%") return back(`(${own})${left} ${op} (${own})${right}`);
  return back(`(${bare})${left} ${op} (${bare})${right}`);
}
