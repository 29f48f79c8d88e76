import { realpath } from "node:fs/promises";
import { basename, sep } from "node:path";
import type { Claim } from "./claim.js";
import type { ClaimProblem } from "./claim-problem.js";

/**
 * The claims without those that are there under another name, too: the same line of the same file about the same module.
 * The one whose path has no link is kept.
 */
export async function withoutRepeats(claims: readonly Claim[]): Promise<readonly Claim[]> {
  const real = new Map<string, string>();
  for (const path of new Set(claims.flatMap(({ file, module }) => [file, module])))
    real.set(path, await realpath(path).catch(() => path));
  const kept = new Map<string, Claim>();
  for (const claim of claims) {
    const key = [real.get(claim.file), real.get(claim.module), claim.line].join("\n");
    if (!kept.has(key) || real.get(claim.file) === claim.file) kept.set(key, claim);
  }
  return [...kept.values()];
}

/**
 * Gives claims with the same id, of folders that were given side by side, an id each: that of the folder in front, as
 * much of its path as is needed. Within one folder, two claims with one id are a mistake.
 */
export async function tellApart(
  claims: readonly Claim[],
): Promise<{ readonly claims: readonly Claim[]; readonly problems: readonly ClaimProblem[] }> {
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) groups.set(claim.id, [...(groups.get(claim.id) ?? []), claim]);
  const apart: Claim[] = [];
  const problems: ClaimProblem[] = [];
  for (const group of groups.values()) {
    const roots = [...new Set(group.map(({ root }) => root))];
    for (const root of roots) {
      const [claim, other] = group.filter((one) => one.root === root) as [Claim, Claim | undefined];
      if (other !== undefined) problems.push(duplicate(other, claim));
      apart.push(roots.length === 1 ? claim : { ...claim, id: `${shortest(root, roots)}/${claim.id}` });
    }
  }
  return { claims: apart, problems };
}

/** The end of a folder's path that no other one of them has. */
function shortest(folder: string, folders: readonly string[]): string {
  const parts = folder.split(sep).filter((part) => part !== "");
  const endOf = (path: string, length: number): string =>
    path
      .split(sep)
      .filter((part) => part !== "")
      .slice(-length)
      .join("/");
  for (let length = 1; length < parts.length; length++) {
    const end = endOf(folder, length);
    if (folders.every((other) => other === folder || endOf(other, length) !== end)) return end;
  }
  return parts.join("/");
}

function duplicate(claim: Claim, other: Claim): ClaimProblem {
  const { file, line } = claim;
  const hint = "Rename one, or make the sweep's rows differ.";
  const message = `the id ${claim.id} is declared twice, first in ${basename(other.file)} on line ${other.line}`;
  return { file, line, column: 1, message, hint };
}
