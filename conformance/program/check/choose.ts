import { UsageError } from "../../../spec/tlc/base/errors.js";
import { type AskedClaims, claimsOf } from "../../../spec/tlc/claim/asked-claims.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { readLibraries } from "../../../spec/tlc/claim/libraries.js";
import { closeModulesOnce } from "../../../spec/tlc/claim/modules.js";
import { type Share, shareOf } from "../../../spec/tlc/claim/share.js";
import { changedSince } from "./commit.js";
import { readLedger, staleClaims } from "./ledger.js";

/** Which claims a person asks for. */
export interface Choice {
  /** Folders, files or ids; none means all below `root`. */
  readonly paths: readonly string[];
  readonly root: string;
  /** Folders and jars with modules that specifications may use. */
  readonly libraries?: readonly string[];
  /** A configuration without a header is a claim, too: its verdict is undeclared. */
  readonly undeclared?: boolean;
  /** As `undeclared`; and each gets the header that was measured. */
  readonly init?: boolean;
  /** Those of the full set, too. */
  readonly full: boolean;
  /** Of the full set, those that depend on a file that differs from this commit. */
  readonly since?: string;
  /** Only claims of either set that say something else than when this ledger's file last had them decided. */
  readonly staleIn?: string;
  /** Only one of as many parts, for as many machines. */
  readonly share?: Share;
}

/**
 * The claims that are asked for.
 *
 * @throws BadInputError when there is none, a header can't be read, or git does not know the commit
 */
export async function chooseClaims(choice: Choice, signal: AbortSignal): Promise<AskedClaims> {
  const { paths, root, full, since, staleIn, share } = choice;
  const all = full || staleIn !== undefined || since !== undefined;
  const libraries = await readLibraries(
    (choice.libraries ?? []).map((path) => ({ path, from: "--library" })),
  );
  const undeclared = choice.undeclared === true || choice.init === true;
  const read = await claimsOf(paths, root, all, { undeclared, beside: true, libraries });
  let claims = read.claims;
  if (staleIn !== undefined) {
    requireOwn(claims, root, "--stale");
    claims = await staleClaims(claims, await readLedger(staleIn));
  } else if (since !== undefined && !full) {
    const touched = await touchedSince(claims, since, root, signal);
    claims = claims.filter((claim) => claim.set === "ci" || touched.has(claim.id));
  }
  const leftOut = staleIn !== undefined ? 0 : read.leftOut + read.claims.length - claims.length;
  const chosen = share === undefined || claims.length === 0 ? claims : shareOf(claims, share);
  return { ...read, claims: chosen, leftOut };
}

/** @throws UsageError for a claim that is not below `root`: a ledger knows the claims of one repository by their ids */
export function requireOwn(claims: readonly Claim[], root: string, option: string): void {
  const other = claims.find((claim) => claim.root !== root);
  if (other !== undefined)
    throw new UsageError(`${option} is for the claims below ${root}; ${other.file} is not one of them`);
}

/** The ids of the claims whose configuration, or a module that they depend on, differs from what it was at a commit. */
async function touchedSince(
  claims: readonly Claim[],
  since: string,
  root: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const changed = await changedSince(since, root, signal);
  const close = closeModulesOnce();
  const touched = new Set<string>();
  for (const claim of claims) {
    const { files } = await close(claim.module, claim.root);
    if ([claim.file, ...files.map(({ path }) => path)].some((file) => changed.has(file)))
      touched.add(claim.id);
  }
  return touched;
}
