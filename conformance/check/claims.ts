import { relative } from "node:path";
import { type Claim, type ClaimProblem, readClaims, showClaimProblem } from "../../spec/tlc/claim.js";
import { BadInputError } from "../../spec/tlc/errors.js";

/**
 * The claims under some paths (folders, files, ids; none means all below `root`).
 *
 * @throws BadInputError that shows every problem at once, each with its place: nothing is done until all can be read
 */
export async function requireClaims(paths: readonly string[], root: string): Promise<readonly Claim[]> {
  const { claims, problems } = await readClaims(paths, root);
  if (problems.length > 0) throw problemsError(problems);
  return claims;
}

function problemsError(problems: readonly ClaimProblem[]): BadInputError {
  const shown = problems.map((problem) => showClaimProblem(problem, nameOf)).join("\n");
  const count = problems.length === 1 ? "a claim can't be read" : `${problems.length} problems with claims`;
  return new BadInputError(`${count}; nothing was done\n${shown}`);
}

/** A file as a person would type it here. */
export function nameOf(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") ? file : path;
}
