import { apply, type Formula, num } from "./formula.js";
import { type CType, promoted, shape } from "./types.js";

const COMPARES = new Set(["<", "<=", ">", ">="]);

/** The machine's name for an operator of C on two operands of a type, which is not narrower than an int. */
function nameFor(op: string, type: CType): string {
  const { bits, signed } = shape(type);
  const long = bits === 64;
  if (op === "+" || op === "-" || op === "*" || op === "<<") return long ? `${op}l` : op;
  if (op === ">>") return signed ? (long ? ">>l" : ">>") : long ? ">>U" : ">>u";
  if (op === "/" || op === "%") return signed ? op : `${op}${long ? "U" : "u"}`;
  return COMPARES.has(op) && !signed ? `${op}u` : op;
}

/** An operator of C on operands that are already of the type in which it works. */
export function operate(op: string, type: CType, left: Formula, right: Formula): Formula {
  return apply(nameFor(op, type), left, right);
}

/** The same for words that may be narrower than an int, as when something is added to one. */
export function operateOnWord(op: string, type: CType, left: Formula, right: Formula): Formula {
  return convert(operate(op, promoted(type), left, right), promoted(type), type);
}

/** A value of one type as another. */
export function convert(value: Formula, from: CType, to: CType): Formula {
  const [a, b] = [shape(from), shape(to)];
  if (to.kind === "int" && to.bool)
    return from.kind === "int" && from.bool ? value : apply("!=", value, num(0));
  if (b.bits < 32) {
    const same = a.bits < b.bits ? b.signed || !a.signed : a.bits === b.bits && a.signed === b.signed;
    return same ? value : apply(`${b.signed ? "s" : "u"}${b.bits}`, value);
  }
  // The number of 32 bits is that of the 64 bits that they become, unless these get no sign.
  return b.bits === 64 && a.bits === 32 && !a.signed ? apply("zext", value) : value;
}
