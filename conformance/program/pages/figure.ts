import { BadInputError } from "../../../spec/tlc/base/errors.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { readConfig } from "../../../spec/tlc/claim/config.js";
import { baseOf } from "../markdown/place.js";

/** Constants, and the values (without quotes) that a claim must assign to them. */
export type Where = Readonly<Record<string, string>>;

/** What the claims of a sweep over `Bound` together say about one figure. */
export interface Figure {
  /** `2` when the bound is reached, `at most 2` when nothing says so, `more than 3` when no bound holds. */
  readonly text: string;
  /** The claim whose bound holds, and its neighbour whose bound is violated; one of them may be missing. */
  readonly holds?: Claim;
  readonly violated?: Claim;
}

/** The claims of a configuration whose rows assign these values. */
export function rowsOf(claims: readonly Claim[], config: string, where: Where): readonly Claim[] {
  return claims.filter(
    (claim) =>
      baseOf(claim.id, claim.file) === config &&
      Object.entries(where).every(([name, value]) => assignedIn(claim, name) === value),
  );
}

/** What a row, or else its configuration, assigns to a constant, without the quotes of a string. */
export function assignedIn(claim: Claim, name: string): string | undefined {
  const text =
    claim.overrides[name] ?? readConfig(claim.config).assignments.find((one) => one.name === name)?.value;
  return text?.replace(/^"(.*)"$/, "$1");
}

/**
 * The figure that rows of a sweep over `Bound` establish by their declared verdicts. With `most`, a bound that is
 * larger holds, too; with `least`, one that is smaller.
 *
 * @throws BadInputError when there are no rows, or they contradict one another
 */
export function figureOf(rows: readonly Claim[], side: "most" | "least", what: string): Figure {
  const sign = side === "most" ? 1 : -1;
  const ranked = rows
    .map((claim) => ({ claim, bound: Number(assignedIn(claim, "Bound")) }))
    .toSorted((a, b) => sign * (a.bound - b.bound));
  const first = ranked.findIndex(({ claim }) => claim.declared.verdict === "holds");
  const holds = first < 0 ? undefined : ranked[first];
  const violated = ranked.findLast(({ claim }) => claim.declared.verdict === "violated");
  if (ranked.some(({ bound }) => !Number.isInteger(bound)) || (holds ?? violated) === undefined)
    throw new BadInputError(`no claim gives a bound for: ${what}`, {
      hint: "That takes a sweep over the constant Bound, with rows that hold or are violated.",
    });
  if (holds !== undefined && violated !== undefined && sign * (violated.bound - holds.bound) >= 0)
    throw new BadInputError(
      `${violated.claim.id} contradicts ${holds.claim.id}: one holds, and it is violated`,
    );
  if (holds === undefined) {
    const bound = violated?.bound as number;
    return {
      text: side === "most" ? `more than ${bound}` : `less than ${bound}`,
      ...(violated && { violated: violated.claim }),
    };
  }
  // Nothing is counted below 0, so "at most 0" needs no neighbour.
  const reached = violated?.bound === holds.bound - sign || (side === "most" && holds.bound === 0);
  return {
    text: reached ? String(holds.bound) : `at ${side} ${holds.bound}`,
    holds: holds.claim,
    ...(violated && { violated: violated.claim }),
  };
}
