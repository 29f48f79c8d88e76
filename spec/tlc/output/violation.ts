import { EC } from "./codes.js";
import { findLocation, type SourceLocation } from "./location.js";
import type { TlcMessage } from "./messages.js";
import { readProblem } from "./problems.js";

/** What TLC found violated. */
export interface Violation {
  readonly kind:
    | "invariant"
    | "action"
    | "temporal"
    | "deadlock"
    | "assumption"
    | "assertion"
    | "postcondition";
  /** The property's name, where TLC says it; older builds leave it out for temporal properties. */
  readonly name?: string;
  /** The properties that have the broken part, where these are several: one of them is broken. */
  readonly oneOf?: readonly string[];
  /** What the assertion said. */
  readonly message?: string;
  /** Where the assumption, the assertion, or the part of a property that has no name stands. */
  readonly location?: SourceLocation;
}

/** Message codes that say "violated", and of what. */
export const VIOLATION_CODES: ReadonlyMap<number, Violation["kind"]> = new Map([
  [EC.TLC_INVARIANT_VIOLATED_INITIAL, "invariant"],
  [EC.TLC_INVARIANT_VIOLATED_BEHAVIOR, "invariant"],
  [EC.TLC_PROPERTY_VIOLATED_INITIAL, "action"],
  [EC.TLC_ACTION_PROPERTY_VIOLATED_BEHAVIOR, "action"],
  [EC.TLC_TEMPORAL_PROPERTY_VIOLATED, "temporal"],
  [EC.TLC_DEADLOCK_REACHED, "deadlock"],
  [EC.TLC_ASSUMPTION_FALSE, "assumption"],
  [EC.TLC_POSTCONDITION_FALSE, "postcondition"],
  [EC.TLC_VALUE_ASSERT_FAILED, "assertion"],
]);

/** Reads a message whose code is one of VIOLATION_CODES; the stack (2103) says where an assertion stands. */
export function readViolation(message: TlcMessage, stack?: TlcMessage): Violation {
  const { text } = message;
  const kind = VIOLATION_CODES.get(message.code) ?? "invariant";
  // A part of a property that has no name of its own, as in a refinement, is called by its place: "line 40, col 9 to ...".
  const [name] =
    /^(?:Invariant|Postcondition|Action property|Property|Temporal property) (?!line \d)(\S+)/
      .exec(text)
      ?.slice(1) ?? [];
  switch (kind) {
    case "deadlock":
      return { kind };
    case "assumption": {
      const location = findLocation(text);
      const [named] = /^Assumption (?!line \d)(\S+)/.exec(text)?.slice(1) ?? [];
      return { kind, ...(named !== undefined && { name: named }), ...(location && { location }) };
    }
    case "assertion": {
      const { location } = readProblem(message, stack);
      return { kind, message: text.slice(text.indexOf("\n") + 1).trim(), ...(location && { location }) };
    }
    default: {
      const location = name === undefined ? findLocation(text) : undefined;
      return { kind, ...(name !== undefined && { name }), ...(location && { location }) };
    }
  }
}
