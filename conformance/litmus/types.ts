import type { Reader } from "./reader.js";

/**
 * A type of C, as far as it says how wide a value is. What a struct or void is does not matter: its words are as wide
 * as an address. `volatile` is said of the thing itself: of what a pointer points to, in the pointer's `to`.
 */
export type CType =
  | {
      readonly kind: "int";
      readonly bits: 8 | 16 | 32 | 64;
      readonly signed: boolean;
      readonly bool?: true;
      readonly volatile?: true;
      /** A struct, or void: it is known only that its word is large enough. */
      readonly opaque?: true;
    }
  | { readonly kind: "pointer"; readonly to: CType; readonly volatile?: true };

const int = (bits: 8 | 16 | 32 | 64, signed: boolean): CType => ({ kind: "int", bits, signed });
export const INT = int(32, true);
export const UNSIGNED = int(32, false);
export const LONG = int(64, true);
export const UNSIGNED_LONG = int(64, false);
const OPAQUE: CType = { kind: "int", bits: 64, signed: true, opaque: true };
const BOOL: CType = { kind: "int", bits: 8, signed: false, bool: true };

/** Words that are a type of their own. */
const WHOLE: ReadonlyMap<string, CType> = new Map<string, CType>([
  ["bool", BOOL],
  ["_Bool", BOOL],
  ["void", OPAQUE],
  ["atomic_t", INT],
  ["atomic64_t", LONG],
  ["atomic_long_t", LONG],
  ["spinlock_t", INT],
  ["raw_spinlock_t", INT],
  ["intptr_t", LONG],
  ["ptrdiff_t", LONG],
  ["ssize_t", LONG],
  ["uintptr_t", UNSIGNED_LONG],
  ["size_t", UNSIGNED_LONG],
  ...([8, 16, 32, 64] as const).flatMap((bits): [string, CType][] => [
    [`u${bits}`, int(bits, false)],
    [`s${bits}`, int(bits, true)],
    [`uint${bits}_t`, int(bits, false)],
    [`int${bits}_t`, int(bits, true)],
  ]),
]);

/** Words that make a type together, in any order: `long unsigned int`. */
const PARTS: ReadonlySet<string> = new Set(["int", "long", "short", "char", "unsigned", "signed"]);
/** Words around a type that say nothing of a value's width. */
const AROUND: ReadonlySet<string> = new Set(["const", "volatile", "__rcu", "__user", "__percpu", "static"]);

/** Does a word begin a type? */
export function beginsType(word: string): boolean {
  return WHOLE.has(word) || PARTS.has(word) || AROUND.has(word) || word === "struct";
}

/** Reads a type, `unsigned long`, and the stars after it; undefined where there is none. */
export function readType(tokens: Reader): CType | undefined {
  const base = readBase(tokens);
  return base === undefined ? undefined : readStars(tokens, base);
}

/** Reads a type without the stars after it, which belong to each name: `int *a, b`. */
export function readBase(tokens: Reader): CType | undefined {
  const parts: string[] = [];
  let whole: CType | undefined;
  let volatile = false;
  let found = false;
  for (; beginsType(tokens.peek().text); found = true) {
    // One name is a type; another after it is what is declared.
    const isName = WHOLE.has(tokens.peek().text) || tokens.is("struct");
    if (isName && (whole !== undefined || parts.length > 0)) break;
    const word = tokens.next().text;
    if (word === "struct") {
      tokens.name("the name of a struct");
      whole = OPAQUE;
    } else if (PARTS.has(word)) parts.push(word);
    else if (word === "volatile") volatile = true;
    else whole ??= WHOLE.get(word);
  }
  if (!found) return undefined;
  const type = whole ?? made(parts);
  return volatile ? { ...type, volatile } : type;
}

/** Reads the stars after a type. */
export function readStars(tokens: Reader, base: CType): CType {
  let type = base;
  for (;;) {
    if (tokens.take("*")) type = { kind: "pointer", to: type };
    else if (tokens.take("volatile")) type = { ...type, volatile: true };
    else if (!tokens.take("const") && !tokens.take("__rcu")) return type;
  }
}

function made(parts: readonly string[]): CType {
  const signed = !parts.includes("unsigned");
  if (parts.includes("char")) return int(8, signed);
  if (parts.includes("short")) return int(16, signed);
  return int(parts.includes("long") ? 64 : 32, signed);
}

/** How wide a value of a type is, and whether it has a sign; an address counts as a long. */
export function shape(type: CType): { readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean } {
  return type.kind === "int" ? type : { bits: 64, signed: true };
}

/** What an operand becomes before anything is done with it (C11, 6.3.1.1). */
export function promoted(type: CType): CType {
  const { bits, signed } = shape(type);
  return bits < 32 ? INT : int(bits, signed);
}

/** The type in which an operator works on two operands (C11, 6.3.1.8). */
export function common(a: CType, b: CType): CType {
  const [left, right] = [shape(promoted(a)), shape(promoted(b))];
  if (left.bits !== right.bits) return left.bits > right.bits ? promoted(a) : promoted(b);
  return int(left.bits, left.signed && right.signed);
}

/** What a pointer points to; where a value is no pointer but is followed all the same, a word as wide as one. */
export function pointee(type: CType): CType {
  return type.kind === "pointer" ? type.to : LONG;
}

/** As one writes it: `unsigned int`, `long`, `int *`. */
export function typeText(type: CType): string {
  if (type.kind === "pointer") return `${typeText(type.to)} *`.replace("* *", "**");
  if (type.bool) return "bool";
  if (type.opaque) return "a struct";
  const name = { 8: "char", 16: "short", 32: "int", 64: "long" }[type.bits];
  return type.signed ? name : `unsigned ${name}`;
}
