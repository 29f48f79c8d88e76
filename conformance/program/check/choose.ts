import { dirname } from "node:path";
import { UsageError } from "../../../spec/tlc/base/errors.js";
import { ignoreList } from "../../../spec/tlc/base/ignored.js";
import { nameOf } from "../../../spec/tlc/base/source-file.js";
import { type AskedClaims, claimsOf } from "../../../spec/tlc/claim/asked-claims.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { type Libraries, readLibraries } from "../../../spec/tlc/claim/libraries.js";
import { closeModulesOnce } from "../../../spec/tlc/claim/modules.js";
import { type Share, shareOf } from "../../../spec/tlc/claim/share.js";
import type { Settings } from "../settings/settings.js";
import { changedSince } from "./commit.js";
import { readLedger, staleClaims } from "./ledger.js";

/** Which claims a person asks for. */
export interface Choice {
  /** Folders, files or ids; none means all below `root`. */
  readonly paths: readonly string[];
  readonly root: string;
  /** Folders and jars with modules that specifications may use. */
  readonly libraries?: readonly string[];
  /** What the repository says about its claims. */
  readonly settings?: Settings | undefined;
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
  /** Only these of them. */
  readonly only?: (claim: Claim) => boolean;
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
  const libraries = await librariesOf(choice);
  const undeclared = choice.undeclared === true || choice.init === true;
  const read = await claimsOf(paths, root, all, { undeclared, beside: true, libraries });
  let claims: readonly Claim[] = read.claims.map((claim) => withSettings(claim, choice.settings));
  if (staleIn !== undefined) {
    requireOwn(claims, root, "--stale");
    claims = await staleClaims(claims, await readLedger(staleIn));
  } else if (since !== undefined && !full) {
    const touched = await touchedSince(claims, since, root, signal);
    claims = claims.filter((claim) => claim.set === "ci" || touched.has(claim.id));
  }
  if (choice.only !== undefined) claims = claims.filter(choice.only);
  const leftOut = staleIn !== undefined ? 0 : read.leftOut + read.claims.length - claims.length;
  const chosen = share === undefined || claims.length === 0 ? claims : shareOf(claims, share);
  return { ...read, claims: chosen, leftOut };
}

async function librariesOf({ libraries = [], settings }: Choice): Promise<Libraries> {
  const found = await readLibraries([
    ...libraries.map((path) => ({ path, from: "--library" })),
    ...(settings?.libraries ?? []).map((path) => ({ path, from: nameOf(settings?.file ?? "") })),
  ]);
  if (settings === undefined || settings.ignore.length === 0) return found;
  const place = (index: number): string => `${nameOf(settings.file)}, ignore[${index}]`;
  return { ...found, ignored: [ignoreList(dirname(settings.file), settings.ignore, place)] };
}

/** A claim that runs as its repository's settings say, where its own header does not. */
function withSettings(claim: Claim, settings: Settings | undefined): Claim {
  if (settings === undefined) return claim;
  const { timeoutMs, memoryMiB, workers } = settings;
  const said = {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(memoryMiB !== undefined && { memoryMiB }),
    ...(workers !== undefined && { workers }),
  };
  return Object.keys(said).length === 0 ? claim : { ...claim, run: { ...said, ...claim.run } };
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
