import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { StoredPlan } from "../plan/store.js";
import { showReplayFailure } from "../replay/show.js";
import type { Target } from "../targets/target.js";
import {
  declaredTest,
  listCandidates,
  type MutantRow,
  mutantRow,
  replayCandidate,
  type Seen,
} from "./matrix.js";

/** How replay sees one mutant, in every implementation that has it, and the test that must kill it, if any. */
export async function replayMutant(
  name: string,
  plans: readonly StoredPlan[],
  { targets, signal }: { readonly targets: readonly Target[]; readonly signal: AbortSignal },
): Promise<{ text: string; rows: readonly MutantRow[]; killed: boolean }> {
  const all = await listCandidates(targets);
  const chosen = all.filter(({ mutant }) => mutant.name === name);
  if (chosen.length === 0) {
    const names = [...new Set(all.map(({ mutant }) => mutant.name))].join(", ");
    throw new BadInputError(`there is no mutant "${name}"`, { hint: `The mutants are: ${names}.` });
  }
  const rows: MutantRow[] = [];
  const told: string[] = [];
  for (const candidate of chosen) {
    const seen = await replayCandidate(candidate, plans, signal);
    const test = await declaredTest(candidate, signal);
    const row = mutantRow(candidate, { seen, test }, seen ? "replay" : test?.failed ? "test" : null);
    rows.push(row);
    told.push(tell(row, seen));
  }
  return {
    text: told.join("\n\n"),
    rows,
    killed: rows.every(({ declared, killedBy }) => declared === "claim" || killedBy !== null),
  };
}

function tell(row: MutantRow, seen: Seen | undefined): string {
  const title = `${row.target} ${row.name}: ${row.changes}`;
  if (seen) {
    const { stored, failure } = seen;
    return `${title}\nkilled, on the plan of ${stored.claim}: ${showReplayFailure(failure, stored.plan)}`;
  }
  if (row.test?.failed) return `${title}\nfollows every path; killed by the test "${row.test.test}"`;
  return row.declared === "claim"
    ? `${title}\nfollows every path, as expected: only weak memory shows it, and a claim catches it`
    : `${title}\nSURVIVED: it follows every path${row.test ? `, and passes the test "${row.test.test}"` : ""}`;
}
