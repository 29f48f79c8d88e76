import { inParallel } from "../../spec/tlc/base/pool.js";
import type { Candidate } from "./matrix.js";

/**
 * Tries candidates, as many at once as `limit`, and then, one by one, those that need the machine to themselves: most of
 * the time a mutant waits for what hangs, and a processor would stand idle.
 *
 * @param onFailure ends what is under way, when one has thrown
 * @returns what came of each, in the order of the candidates
 */
export async function inTurns<R>(
  candidates: readonly Candidate[],
  limit: number,
  attempt: (candidate: Candidate) => Promise<R>,
  onFailure: () => void,
): Promise<R[]> {
  const found: R[] = [];
  const numbered = candidates.map((candidate, at) => ({ candidate, at }));
  const isAlone = ({ candidate }: { readonly candidate: Candidate }) => candidate.mutant.alone === true;
  const one = async ({ candidate, at }: (typeof numbered)[number]): Promise<void> => {
    found[at] = await attempt(candidate);
  };
  await inParallel(
    numbered.filter((row) => !isAlone(row)),
    limit,
    one,
    onFailure,
  );
  await inParallel(numbered.filter(isAlone), 1, one, onFailure);
  return found;
}
