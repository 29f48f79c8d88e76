import { findLocation, type SourceLocation } from "./location.js";
import type { TlcMessage } from "./messages.js";
import { readProblem } from "./problems.js";

/** What TLC found violated. */
export interface Violation {
  readonly kind: "invariant" | "action" | "temporal" | "deadlock" | "assumption" | "assertion";
  /** The property's name, where TLC says it; older builds leave it out for temporal properties. */
  readonly name?: string;
  /** What the assertion said. */
  readonly message?: string;
  /** Where the assumption or the assertion stands. */
  readonly location?: SourceLocation;
}

/** Message codes that say "violated", and of what. */
export const VIOLATION_CODES: ReadonlyMap<number, Violation["kind"]> = new Map([
  [2107, "invariant"],
  [2110, "invariant"],
  [2108, "action"],
  [2112, "action"],
  [2116, "temporal"],
  [2114, "deadlock"],
  [2104, "assumption"],
  [2132, "assertion"],
]);

/** Reads a message whose code is one of VIOLATION_CODES; the stack (2103) says where an assertion stands. */
export function readViolation(message: TlcMessage, stack?: TlcMessage): Violation {
  const { text } = message;
  const kind = VIOLATION_CODES.get(message.code) ?? "invariant";
  const [name] = /^(?:Invariant|Action property|Property|Temporal property) (\S+)/.exec(text)?.slice(1) ?? [];
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
    default:
      return { kind, ...(name !== undefined && { name }) };
  }
}
