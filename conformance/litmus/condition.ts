import { LitmusError } from "./lexer.js";
import type { Reader } from "./reader.js";
import type { Constant, Litmus, Place, Proposition, Term } from "./syntax.js";
import { readType } from "./types.js";

/** How deeply brackets may be nested, and how many equations one level may have. */
const DEEPEST = 40;
const MOST = 200;

/** Reads `exists (...)`, `~exists (...)` or `forall (...)`. As in herd, there need be none: that is `forall (true)`. */
export function parseCondition(tokens: Reader): Pick<Litmus, "quantifier" | "condition" | "unconditional"> {
  if (tokens.peek().kind === "end")
    return { quantifier: "forall", condition: { kind: "true" }, unconditional: true };
  const negated = tokens.take("~") || tokens.take("not");
  if (!tokens.is("exists") && (negated || !tokens.is("forall")))
    tokens.fail('"exists", "~exists" or "forall"');
  const word = tokens.next().text;
  const quantifier = word === "forall" ? "forall" : negated ? "~exists" : "exists";
  const condition = emptyBrackets(tokens) ?? parseProposition(tokens);
  tokens.take(";");
  return { quantifier, condition };
}

/** Reads `()`, which says nothing, and so is true. */
function emptyBrackets(tokens: Reader): Proposition | undefined {
  if (!tokens.is("(") || !tokens.is(")", 1)) return undefined;
  tokens.next();
  tokens.next();
  return { kind: "true" };
}

/** Reads a condition's body: `1:r0=1 /\ ~(x=2 \/ y=0)`. As in herd, `a => b` binds closer than both others. */
export function parseProposition(tokens: Reader, depth = 0): Proposition {
  if (depth > DEEPEST) throw new LitmusError("the condition is nested too deeply", tokens.peek());
  let left = conjunction(tokens, depth);
  for (let n = 1; tokens.take("\\/") || tokens.take("||"); n++) {
    if (n > MOST) throw new LitmusError("the condition is too long", tokens.peek());
    left = { kind: "or", left, right: conjunction(tokens, depth) };
  }
  return left;
}

function conjunction(tokens: Reader, depth: number): Proposition {
  let left = implication(tokens, depth);
  for (let n = 1; tokens.take("/\\") || tokens.take("&&"); n++) {
    if (n > MOST) throw new LitmusError("the condition is too long", tokens.peek());
    left = { kind: "and", left, right: implication(tokens, depth) };
  }
  return left;
}

/** `a => b`, which is ~a \/ b. */
function implication(tokens: Reader, depth: number): Proposition {
  if (depth > DEEPEST) throw new LitmusError("the condition is nested too deeply", tokens.peek());
  const left = atom(tokens, depth);
  if (!tokens.take("=>")) return left;
  return { kind: "or", left: { kind: "not", of: left }, right: implication(tokens, depth + 1) };
}

function atom(tokens: Reader, depth: number): Proposition {
  if (depth > DEEPEST) throw new LitmusError("the condition is nested too deeply", tokens.peek());
  if (tokens.take("~") || tokens.take("not")) return { kind: "not", of: atom(tokens, depth + 1) };
  if (tokens.take("(")) {
    const inner = parseProposition(tokens, depth + 1);
    tokens.expect(")");
    return inner;
  }
  for (const word of ["true", "false"] as const) {
    if (!tokens.is(word) || ["=", "==", "!="].some((sign) => tokens.is(sign, 1))) continue;
    tokens.next();
    return word === "true" ? { kind: "true" } : { kind: "not", of: { kind: "true" } };
  }
  const place = parsePlace(tokens);
  const not = tokens.take("!=");
  if (!not && !tokens.take("==")) tokens.expect("=");
  return { kind: "is", place, not, value: parseTerm(tokens) };
}

/** Reads the right side of =: a value, or another place: `1:r1`, `[y]`, `*y`. As in herd, `y` alone is its address. */
function parseTerm(tokens: Reader): Term {
  const isPlace = tokens.is("*") || tokens.is("[") || (tokens.peek().kind === "number" && tokens.is(":", 1));
  return isPlace ? { kind: "place", place: parsePlace(tokens) } : parseConstant(tokens);
}

/** Reads a word, `x`, `*x` or `[x]`, or a thread's local, `1:r0`. */
export function parsePlace(tokens: Reader): Place {
  if (tokens.is("*") && tokens.peek(1).kind === "number") tokens.next();
  if (tokens.peek().kind === "number") {
    const at = tokens.peek();
    const thread = Number(tokens.number());
    tokens.expect(":", "(a thread's local is 0:r1)");
    return { thread, name: tokens.name("the name of a local").text, at };
  }
  if (tokens.is("*")) tokens.next();
  const bracket = tokens.take("[");
  const at = tokens.name("a word or a thread's local");
  if (bracket) tokens.expect("]");
  return { name: at.text, at };
}

/** Reads a number or an address: `1`, `-1`, `&x`, `x`, `(0)`, `ATOMIC_INIT(0)`. */
export function parseConstant(tokens: Reader, depth = 0): Constant {
  if (depth > DEEPEST) throw new LitmusError("the value is nested too deeply", tokens.peek());
  if (/^ATOMIC(64|_LONG)?_INIT$/.test(tokens.peek().text) && tokens.is("(", 1)) tokens.next();
  if (tokens.take("(")) {
    if (readType(tokens) !== undefined) {
      tokens.expect(")", "after the type of a cast");
      return parseConstant(tokens, depth + 1);
    }
    const inner = parseConstant(tokens, depth + 1);
    tokens.expect(")");
    return inner;
  }
  const first = tokens.peek();
  if (tokens.take("-")) return { kind: "number", value: -tokens.number(), at: first };
  if (tokens.take("~")) return { kind: "number", value: -1n - tokens.number(), at: first };
  if (first.kind === "number") return { kind: "number", value: tokens.number(), at: first };
  if (tokens.take("NULL") || tokens.take("false")) return { kind: "number", value: 0n, at: first };
  if (tokens.take("true")) return { kind: "number", value: 1n, at: first };
  tokens.take("&");
  const at = tokens.name("a number or the name of a word");
  return { kind: "address", name: at.text, at };
}

/** Reads `locations [x; 0:r1; y]`. */
export function parseLocations(tokens: Reader): Place[] {
  tokens.expect("locations");
  tokens.expect("[");
  const places: Place[] = [];
  while (!tokens.take("]")) {
    places.push(parsePlace(tokens));
    if (!tokens.is("]")) tokens.expect(";");
  }
  return places;
}

/** Every place that a condition names. */
export function placesOf(p: Proposition): Place[] {
  if (p.kind === "is") return p.value.kind === "place" ? [p.place, p.value.place] : [p.place];
  if (p.kind === "not") return placesOf(p.of);
  return p.kind === "true" ? [] : [...placesOf(p.left), ...placesOf(p.right)];
}

/** Every constant that a condition compares with. */
export function constantsOf(p: Proposition): Constant[] {
  if (p.kind === "is") return p.value.kind === "place" ? [] : [p.value];
  if (p.kind === "not") return constantsOf(p.of);
  return p.kind === "true" ? [] : [...constantsOf(p.left), ...constantsOf(p.right)];
}

/** Whether it holds, given whether each of its equations holds. */
export function holds(p: Proposition, is: (place: Place, value: Term) => boolean): boolean {
  switch (p.kind) {
    case "true":
      return true;
    case "is":
      return is(p.place, p.value) !== p.not;
    case "not":
      return !holds(p.of, is);
    case "and":
      return holds(p.left, is) && holds(p.right, is);
    case "or":
      return holds(p.left, is) || holds(p.right, is);
  }
}

/** A condition as it is written. */
export function propositionText(p: Proposition, inner = false): string {
  switch (p.kind) {
    case "true":
      return "true";
    case "is":
      return `${placeText(p.place)}${p.not ? "!=" : "="}${termText(p.value)}`;
    case "not":
      return `~(${propositionText(p.of)})`;
    case "and":
      return `${propositionText(p.left, true)} /\\ ${propositionText(p.right, true)}`;
    case "or": {
      const text = `${propositionText(p.left)} \\/ ${propositionText(p.right)}`;
      return inner ? `(${text})` : text;
    }
  }
}

/** A place as it is written: `1:r0`, `x`. */
export function placeText({ thread, name }: Pick<Place, "thread" | "name">): string {
  return thread === undefined ? name : `${thread}:${name}`;
}

function termText(term: Term): string {
  if (term.kind === "number") return `${term.value}`;
  if (term.kind === "address") return `&${term.name}`;
  return term.place.thread === undefined ? `[${term.place.name}]` : placeText(term.place);
}
