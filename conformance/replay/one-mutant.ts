import { BadInputError } from "../../spec/tlc/errors.js";
import type { StoredPlan } from "../plan/store.js";
import { type Candidate, listCandidates, type MutantRow } from "./matrix.js";
import { conformJson } from "./report.js";
import { showReplayFailure } from "./show.js";
import type { TargetName } from "./target-names.js";
import { replay } from "./targets.js";

/** How replay sees one mutant, in every implementation that has it. */
export async function replayMutant(
  name: string,
  stored: StoredPlan,
  { targets, signal }: { readonly targets: readonly TargetName[]; readonly signal: AbortSignal },
): Promise<{ text: string; json: unknown; killed: boolean }> {
  const all = listCandidates(targets);
  const chosen = all.filter((candidate) => candidate.name === name);
  if (chosen.length === 0) {
    const names = [...new Set(all.map((candidate) => candidate.name))].join(", ");
    throw new BadInputError(`There is no mutant "${name}"`, { hint: `The mutants are: ${names}.` });
  }
  const rows: MutantRow[] = [];
  for (const candidate of chosen) {
    const { failure } = await replay(candidate.target, stored.plan, { mutant: name, signal });
    rows.push(toRow(candidate, failure));
  }
  return {
    text: rows.map((row) => tell(row, stored)).join("\n\n"),
    json: conformJson(stored, [], rows),
    killed: rows.every(({ declared, failure }) => declared === "claim" || failure !== undefined),
  };
}

function toRow({ target, name, changes, killer }: Candidate, failure: MutantRow["failure"]): MutantRow {
  const declared = killer === "replay" ? "replay" : "claim";
  return {
    target,
    name,
    changes,
    declared,
    ...(failure && { failure }),
    killedBy: failure ? "replay" : null,
  };
}

function tell(row: MutantRow, { plan }: StoredPlan): string {
  const title = `${row.target} ${row.name}: ${row.changes}`;
  if (row.failure) return `${title}\nkilled: ${showReplayFailure(row.failure, plan)}`;
  return row.declared === "claim"
    ? `${title}\nfollows every path, as it must: only weak memory shows it, and a claim catches it`
    : `${title}\nSURVIVED: it follows every path`;
}
