import type { CaseSeen, Seen } from "./answers.js";
import type { CompiledTest } from "./compile.js";
import { holds, placeText } from "./condition.js";
import type { Position } from "./lexer.js";
import type { Order } from "./model.js";
import { kept, shownNumber } from "./numbers.js";
import type { Observation, Place, Proposition, Term } from "./syntax.js";

/** The value of each place that a test names, by the place's name: `1:r0`, `x`. An address is text: `&x`. */
export type Outcome = Readonly<Record<string, number | string>>;

/** The possible outcomes of a test under one memory order. */
export interface OrderResult {
  readonly order: Order;
  /** Can the condition's body hold at the end? Regardless of what precedes it: exists, ~exists or forall. */
  readonly reachable: boolean;
  readonly outcomes: readonly Outcome[];
  /** There are too many outcomes to list: these are examples, one in which the body holds, one in which it does not. */
  readonly examples?: true;
  /** Can any run come to its end? Threads may wait for each other, or for themselves, for ever. */
  readonly ends: boolean;
  /** Distinct states of the machine. */
  readonly states: number;
  /** Outcomes in which the body holds, and in which it does not. */
  readonly positive: number;
  readonly negative: number;
  readonly observation: Observation;
  /** Is the condition, with its quantifier, true? */
  readonly validated: boolean;
}

/** Events in lanes, one a thread, and the arrows between them: what a picture is drawn from. */
export interface Drawing {
  readonly kind: "execution" | "circle";
  readonly lanes: readonly string[];
  /** In a row each event that happens before another stands above it; in a circle only its own thread's do. */
  readonly events: readonly { readonly lane: number; readonly row: number; readonly text: string }[];
  /** By the events' places; `name` is the literature's: po, rf, co, fr, fence mb, rcu. */
  readonly arrows: readonly { readonly from: number; readonly to: number; readonly name: string }[];
}

/** An explanation in three forms. */
export interface Pictured {
  /** In words, a line each. */
  readonly text: readonly string[];
  /** The same as a diagram, for Mermaid; none if there is nothing to draw. */
  readonly mermaid?: string;
  readonly drawing?: Drawing;
}

/** Why a test ends as it does under an order: an execution that shows it, or a circle that every such one would have. */
export interface Explanation extends Pictured {
  readonly order: Order;
  readonly kind: "execution" | "circle" | "none";
  /** Circles of other kinds of edges, where several forbid it: the shortest of each kind. */
  readonly more?: readonly Pictured[];
}

/** Why a test is not decided. */
export interface Undecided {
  readonly message: string;
  readonly position?: Position;
}

/** Judges what was seen of a test against its condition. */
export function judge(test: CompiledTest, seen: Seen): readonly OrderResult[] | Undecided {
  if ("unknown" in seen) return { message: seen.unknown };
  for (const { ends } of seen.cases) {
    const fault = ends.map((end) => faultOf(test, end)).find((at) => at !== undefined);
    if (fault !== undefined)
      return { message: "this follows a pointer that may hold no address", position: fault };
  }
  return seen.cases.map((one) => judgeCase(test, one));
}

function judgeCase(test: CompiledTest, { order, states, ends, examples }: CaseSeen): OrderResult {
  const { condition, filter, quantifier } = test.litmus;
  const outcomes = ends
    .map((end) => valuesOf(test, end))
    .filter((values) => filter === undefined || satisfies(test, values, filter));
  const positive = outcomes.filter((values) => satisfies(test, values, condition)).length;
  const negative = outcomes.length - positive;
  const validated =
    quantifier === "exists" ? positive > 0 : quantifier === "~exists" ? positive === 0 : negative === 0;
  return {
    order,
    reachable: positive > 0,
    outcomes: outcomes.map((values) => shownOutcome(test, values)),
    ...(examples && { examples }),
    ends: ends.length > 0,
    states,
    positive,
    negative,
    observation: positive === 0 ? "Never" : negative === 0 ? "Always" : "Sometimes",
    validated,
  };
}

/** What each place holds at an end, an address as the number that it has on the machine. */
export type Values = ReadonlyMap<string, number>;

function valuesOf(test: CompiledTest, end: CaseSeen["ends"][number]): Values {
  const values = new Map<string, number>();
  for (const [thread, places] of test.locals.entries())
    for (const [n, place] of places.entries())
      values.set(placeText(place), end.finals[thread]?.[n] ?? Number.NaN);
  for (const [n, word] of test.watched.entries()) values.set(word, end.words[n] ?? Number.NaN);
  return values;
}

/** Whether what a condition says is true at an end. */
export function holdsAt(
  test: CompiledTest,
  end: CaseSeen["ends"][number],
  proposition: Proposition,
): boolean {
  return satisfies(test, valuesOf(test, end), proposition);
}

function faultOf(test: CompiledTest, end: CaseSeen["ends"][number]): Position | undefined {
  for (const [thread, faults] of test.faults.entries()) {
    const number = end.finals[thread]?.at(-1) ?? 0;
    const at = faults[number - 1];
    if (at !== undefined) return { line: at.line, column: at.column };
  }
  return undefined;
}

/** Whether what a condition says is true of the values at an end. */
export function satisfies(test: CompiledTest, values: Values, proposition: Proposition): boolean {
  return holds(proposition, (place, term) => {
    const value = values.get(placeText(place));
    return value !== undefined && value === heldBy(test, values, place, term);
  });
}

/** The number that a place holds if it has the value of a term; undefined if it can't have it. */
export function heldBy(test: CompiledTest, values: Values, place: Place, term: Term): number | undefined {
  if (term.kind === "place") return values.get(placeText(term.place));
  if (term.kind === "number") return kept(term.value, test.typeOf(place), "as it is");
  for (const [value, name] of test.held) if (name === `&${term.name}`) return value;
  return undefined;
}

/** The values at an end as they are shown: an address by the name of its word. */
export function shownOutcome(test: CompiledTest, values: Values): Outcome {
  return Object.fromEntries(
    placesIn(test).map((place) => {
      const value = values.get(placeText(place)) ?? Number.NaN;
      return [placeText(place), test.held.get(value) ?? shownNumber(value, test.typeOf(place))];
    }),
  );
}

/** The values that are shown so. */
export function valuesShown(test: CompiledTest, outcome: Outcome): Values {
  const byName = new Map([...test.held].map(([value, name]) => [name, value]));
  return new Map(
    placesIn(test).map((place) => {
      const shown = outcome[placeText(place)] ?? Number.NaN;
      const number = byName.get(`${shown}`) ?? kept(BigInt(shown), test.typeOf(place));
      return [placeText(place), number ?? Number.NaN];
    }),
  );
}

function placesIn(test: CompiledTest): Pick<Place, "thread" | "name">[] {
  return [...test.locals.flat(), ...test.watched.map((name) => ({ name }))];
}
