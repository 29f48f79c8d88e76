import { BadInputError, throwIfInterrupted } from "../../spec/tlc/base/errors.js";
import { unlessInterrupted } from "../base/interrupted.js";
import type { StoredPlan } from "../plan/store.js";
import { showReplayFailure } from "../replay/show.js";
import type { Target } from "../targets/target.js";
import {
  type Candidate,
  declaredTest,
  listCandidates,
  type MutantRow,
  type MutantRows,
  mutantRow,
  rowsSoFar,
} from "./matrix.js";
import { isCertain, replayCandidate, type Seen, whyUncertain } from "./replay-candidate.js";

/** What was found of one mutant, in each implementation that has it. */
export interface OneMutant extends MutantRows {
  /** In words, by the rows: how replay sees it, step by step. */
  readonly told: ReadonlyMap<MutantRow, string>;
  readonly killed: boolean;
}

/**
 * How replay sees one mutant, in every implementation that has it, and the test that must kill it, if any. When the
 * signal ends it, it returns what has been found by then.
 */
export async function replayMutant(
  name: string,
  plans: readonly StoredPlan[],
  { targets, signal }: { readonly targets: readonly Target[]; readonly signal: AbortSignal },
): Promise<OneMutant> {
  const all = await listCandidates(targets);
  const chosen = all.filter(({ mutant }) => mutant.name === name);
  if (chosen.length === 0) {
    const names = [...new Set(all.map(({ mutant }) => mutant.name))].join(", ");
    throw new BadInputError(`there is no mutant "${name}"`, { hint: `The mutants are: ${names}.` });
  }
  const found = new Map<Candidate, MutantRow>();
  const told = new Map<MutantRow, string>();
  await unlessInterrupted(signal, async () => {
    for (const candidate of chosen) {
      const seen = await replayCandidate(candidate, plans, signal);
      const test = await declaredTest(candidate, signal);
      // What was cut short does not survive.
      throwIfInterrupted(signal);
      const killedBy = isCertain(seen) ? "replay" : test?.failed ? "test" : null;
      const row = mutantRow(candidate, { seen, test }, killedBy);
      found.set(candidate, row);
      told.set(row, tell(row, seen));
    }
  });
  const { rows, untried } = rowsSoFar(chosen, found);
  const killed = rows.every(({ declared, killedBy }) => declared === "claim" || killedBy !== null);
  return { rows, untried, told, killed: killed && untried.length === 0 };
}

function tell(row: MutantRow, seen: Seen | undefined): string {
  const title = `${row.target} ${row.name}: ${row.changes}`;
  if (seen) {
    const { stored, failure, others } = seen;
    const verdict = others === undefined ? "killed" : `? ${whyUncertain(others)}`;
    return `${title}\n${verdict}, on the plan of ${stored.claim}: ${showReplayFailure(failure, stored.plan)}`;
  }
  if (row.test?.failed) return `${title}\nfollows every path; killed by the test "${row.test.test}"`;
  return row.declared === "claim"
    ? `${title}\nfollows every path, as expected: only weak memory shows it, and a claim catches it`
    : `${title}\nSURVIVED: it follows every path${row.test ? `, and passes the test "${row.test.test}"` : ""}`;
}
