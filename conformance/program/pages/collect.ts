import { BadInputError } from "../../../spec/tlc/base/errors.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { type closeModules, closeModulesOnce } from "../../../spec/tlc/claim/modules.js";
import {
  type CheckEvent,
  type ClaimResult,
  checkClaims,
  recallClaim,
} from "../../../spec/tlc/decide/check.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { fingerprint } from "./fingerprint.js";
import type { Section } from "./section.js";

/** A section of a page, made from what TLC says about a claim. */
export interface Wanted {
  readonly claim: Claim;
  readonly anchor: string;
  /** The section on the page on disk, if it is there. */
  readonly onDisk: Section | undefined;
  /** The section's text. */
  readonly tell: (result: ClaimResult) => string | Promise<string>;
}

/** Where sections come from. */
export interface CollectOptions {
  readonly tools: Tools;
  readonly signal: AbortSignal;
  /** May TLC run for this claim when its section is not kept anywhere? */
  readonly mayRun: (claim: Claim) => boolean;
  readonly onEvent?: (event: CheckEvent) => void;
  /** Called with the claims that TLC runs for, if there are any. */
  readonly onRun?: (claims: readonly Claim[]) => void;
}

/**
 * The sections, in the order of `wanted`; undefined where none belongs to the claim as it is now. A section comes from
 * what TLC said before (the cache of results), else from the page on disk if it was made from the same claim and
 * modules, else from a run of TLC if that is allowed. One that another version of TLC found stays: both are right.
 *
 * @throws BadInputError when a claim is not as declared: its page would be wrong
 */
export async function collectSections(
  wanted: readonly Wanted[],
  options: CollectOptions,
): Promise<(Section | undefined)[]> {
  const close = closeModulesOnce();
  const sections: (Section | undefined)[] = [];
  const open: { readonly one: Wanted; readonly at: number; readonly madeFrom: string }[] = [];
  for (const [at, one] of wanted.entries()) {
    const madeFrom = await fingerprint(one.claim, close);
    const section = await kept(one, madeFrom, options.tools, close);
    sections.push(section);
    if (section === undefined && options.mayRun(one.claim)) open.push({ one, at, madeFrom });
  }
  const results = await runAll(
    open.map(({ one }) => one.claim),
    options,
  );
  for (const [i, { one, at, madeFrom }] of open.entries())
    sections[at] = await sectionOf(one, results[i] as ClaimResult, madeFrom);
  return sections;
}

/** What is available without running TLC. */
async function kept(
  wanted: Wanted,
  madeFrom: string,
  tools: Tools,
  close: typeof closeModules,
): Promise<Section | undefined> {
  const same = wanted.onDisk?.madeFrom === madeFrom ? wanted.onDisk : undefined;
  if (same !== undefined && same.tlc !== tools.abilities.version) return same;
  const recalled = await recallClaim(wanted.claim, tools, close);
  return recalled?.asDeclared ? await sectionOf(wanted, recalled, madeFrom) : same;
}

async function sectionOf({ anchor, tell }: Wanted, result: ClaimResult, madeFrom: string): Promise<Section> {
  return { anchor, madeFrom, tlc: result.report?.version ?? "unknown", body: await tell(result) };
}

async function runAll(
  claims: readonly Claim[],
  { tools, signal, onEvent, onRun }: CollectOptions,
): Promise<readonly ClaimResult[]> {
  if (claims.length === 0) return [];
  onRun?.(claims);
  const results = await checkClaims(claims, tools, { signal, ...(onEvent && { onEvent }) });
  const wrong = results.filter(({ asDeclared }) => !asDeclared);
  if (wrong.length > 0) {
    const list = wrong.map(({ claim, reason }) => `  ${claim.id}: ${reason ?? "not as declared"}`).join("\n");
    throw new BadInputError(`the pages would be wrong, because these claims are not as declared:\n${list}`, {
      hint: "`quiesce check` says more.",
    });
  }
  return results;
}
