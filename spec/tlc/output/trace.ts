import { BadInputError } from "../base/errors.js";
import { parseValue, type Value } from "../value/value.js";
import { EC } from "./codes.js";
import { findLocation, type SourceLocation } from "./location.js";
import type { TlcMessage } from "./messages.js";

/** A state of a behaviour, and the action that led to it. */
export interface TraceState {
  /** TLC's number of the state, from 1. */
  readonly number: number;
  /** The action that led here; undefined for an initial state. */
  readonly action?: TraceAction;
  readonly variables: ReadonlyMap<string, Value>;
}

/** An action as TLC names it: the innermost definition that it can still split. */
export interface TraceAction {
  readonly name: string;
  readonly location?: SourceLocation;
  /** The arguments, where TLC prints them (newer builds do): `r1, 2`. */
  readonly context?: string;
}

/** A behaviour that TLC printed. */
export interface Trace {
  readonly states: readonly TraceState[];
  readonly end: TraceEnd;
}

/** How a behaviour goes on after its last state: not at all, by staying there, or back to a state's number. */
export type TraceEnd =
  | { readonly kind: "finite" }
  | { readonly kind: "stuttering" }
  | { readonly kind: "lasso"; readonly backTo: number; readonly action?: TraceAction };

/** A trace or a state is not as TLC prints it. */
export class TraceSyntaxError extends BadInputError {
  constructor(
    problem: string,
    readonly text: string,
  ) {
    super(`cannot read TLC's trace: ${problem}\n${text}`);
  }
}

/**
 * Reads the variables of a state: `/\ x = 1` on each line, or `x = 1` alone; values may span lines. A variable without
 * a value (`null`) becomes the model value `null`. Throws ValueSyntaxError.
 */
export function readState(text: string): Map<string, Value> {
  const variables = new Map<string, Value>();
  const start = /^(?:\/\\ )?([\p{L}\p{N}_!]+) = ?/gmu;
  const heads = [...text.matchAll(start)];
  // Only the first of a state without conjuncts can be a head: a later line is the rest of its value.
  const conjuncts = heads[0]?.[0].startsWith("/\\")
    ? heads.filter(([h]) => h.startsWith("/\\"))
    : heads.slice(0, 1);
  for (const [i, head] of conjuncts.entries()) {
    const value = text.slice(head.index + head[0].length, conjuncts[i + 1]?.index).trim();
    variables.set(head[1] as string, parseValue(value));
  }
  return variables;
}

const INITIAL = /^<?Initial predicate>?$/;

/** Reads `<Step(r1, 2) line 5, col 7 to line 5, col 25 of module Up>`; undefined for an initial state. */
function readAction(text: string): TraceAction | undefined {
  const inner = text.trim().replace(/^<([\s\S]*)>$/, "$1");
  if (INITIAL.test(inner) || inner === "") return undefined;
  const [, name, context] = /^([^\s(]+)(?:\((.*?)\))?(?= line \d|$)/s.exec(inner) ?? [];
  const location = findLocation(inner);
  if (name === undefined || name === "line") {
    // An action without a name: newer builds write <Action line ...>, older ones the location alone.
    return { name: "Action", ...(location && { location }) };
  }
  return { name, ...(location && { location }), ...(context !== undefined && { context }) };
}

// A depth-first search names no action, and has no space there.
const STATE = /^(\d+): ?(.*)(?:\n|$)/;

/** The codes of the messages that make up a trace. */
export const TRACE_CODES: ReadonlySet<number> = new Set([
  EC.TLC_STATE_PRINT1,
  EC.TLC_STATE_PRINT2,
  EC.TLC_STATE_PRINT3,
  EC.TLC_BACK_TO_STATE,
]);

/** Puts a trace together from its messages (codes TRACE_CODES), in order. Throws TraceSyntaxError, ValueSyntaxError. */
export function readTrace(messages: readonly TlcMessage[]): Trace {
  const states: TraceState[] = [];
  let end: TraceEnd = { kind: "finite" };
  for (const message of messages) {
    const match = STATE.exec(message.text);
    if (match === null) throw new TraceSyntaxError("a state has no number", message.text);
    const number = Number(match[1]);
    const title = match[2] as string;
    if (message.code === EC.TLC_BACK_TO_STATE || title.startsWith("Back to state")) {
      const action = readAction(title.replace(/^Back to state:? ?/, ""));
      end = { kind: "lasso", backTo: number, ...(action && { action }) };
    } else if (message.code === EC.TLC_STATE_PRINT3 || title.startsWith("Stuttering")) {
      end = { kind: "stuttering" };
    } else {
      const action = readAction(title);
      const variables = readState(message.text.slice(match[0].length));
      states.push({ number, ...(action && { action }), variables });
    }
  }
  return { states, end };
}
