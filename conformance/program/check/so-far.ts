import type { Claim } from "../../../spec/tlc/claim/claim.js";
import type { CheckEvent, ClaimResult } from "../../../spec/tlc/decide/check.js";
import type { EndedEarly } from "../../base/interrupted.js";
import type { CheckRow } from "./run.js";

/** What is known of a check while it runs: which claims are decided, which have begun, and how far they are. */
export class SoFar {
  readonly #decided = new Map<Claim, CheckRow>();
  readonly #begun = new Map<Claim, { readonly since: number; readonly states: number }>();

  /** Takes an event; the row of a claim that it decides. */
  event(event: CheckEvent): CheckRow | undefined {
    if (event.kind === "finished") {
      const row = toRow(event.result);
      this.#decided.set(event.result.claim, row);
      return row;
    }
    const since = this.#begun.get(event.claim)?.since ?? performance.now();
    const states = event.kind === "progress" ? event.progress.distinct : 0;
    this.#begun.set(event.claim, { since, states });
    return undefined;
  }

  /** A row for each claim; one that is not decided says how far it was when the check ended. */
  rows(claims: readonly Claim[], ended: EndedEarly | undefined): CheckRow[] {
    return claims.map((claim) => this.#decided.get(claim) ?? this.#undecided(claim, ended));
  }

  #undecided(claim: Claim, ended: EndedEarly | undefined): CheckRow {
    const begun = this.#begun.get(claim);
    const seconds = begun === undefined ? 0 : (performance.now() - begun.since) / 1000;
    const states = begun?.states ?? 0;
    const why = ended === "time limit" ? "the time limit of the whole check was reached" : "interrupted";
    const far = states === 0 ? "" : ` and at least ${states.toLocaleString("en-US")} states`;
    const when = begun === undefined ? "before it began" : `after ${seconds.toFixed(1)} s${far} of it`;
    return {
      claim,
      verdict: "undecided",
      asDeclared: false,
      states,
      seconds,
      fromCache: false,
      reason: `${why} ${when}`,
    };
  }
}

function toRow(result: ClaimResult): CheckRow {
  const { claim, verdict, asDeclared, states = 0, seconds, fromCache, reason } = result;
  return {
    claim,
    verdict,
    asDeclared,
    states,
    seconds,
    fromCache,
    ...(reason !== undefined && { reason }),
    result,
  };
}
