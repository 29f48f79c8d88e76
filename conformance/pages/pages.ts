import { existsSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type CheckEvent, type ClaimResult, checkClaims, recallClaim } from "../../spec/tlc/check.js";
import type { Claim } from "../../spec/tlc/claim.js";
import { walk } from "../../spec/tlc/claim-files.js";
import { BadInputError } from "../../spec/tlc/errors.js";
import { expectsTrace } from "../../spec/tlc/listing.js";
import { type closeModules, closeModulesOnce } from "../../spec/tlc/modules.js";
import type { Tools } from "../../spec/tlc/tools.js";
import type { GeneratedFile } from "../generate/generate.js";
import { counterexample } from "./counterexample.js";
import { fingerprint } from "./fingerprint.js";
import { INDEX, renderIndex } from "./index-page.js";
import { renderPage } from "./page.js";
import { groupClaims, PAGES, pageOf } from "./place.js";
import { readSections, type Section } from "./section.js";

export interface PagesRequest {
  /** The root of the repository. */
  readonly root: string;
  /** All claims that get pages. */
  readonly claims: readonly Claim[];
  readonly tools: Tools;
  readonly signal: AbortSignal;
  /** Which counterexamples TLC may be run for when nothing that is kept has them. */
  readonly run: "nothing" | "ci" | "full";
  readonly onEvent?: (event: CheckEvent) => void;
  /** Told how many claims TLC is run for, if any. */
  readonly onRun?: (claims: readonly Claim[]) => void;
}

export interface Pages {
  readonly files: readonly GeneratedFile[];
  /** Pages on disk that no claim has any more, from the root. */
  readonly leftOver: readonly string[];
  /** Claims whose page should have a counterexample and has none that belongs to them as they are now. */
  readonly missing: readonly Claim[];
}

/**
 * All claims' pages, in memory. A counterexample is taken from what TLC said before (the cache of results), else from
 * the page on disk if it was made from the same claim and modules, else TLC is run as far as that is allowed. One that
 * another version of TLC has found stays: both are right.
 *
 * @throws BadInputError when a claim is not as it declares; its page would not be true
 */
export async function makePages(request: PagesRequest): Promise<Pages> {
  const { root, claims, run } = request;
  const close = closeModulesOnce();
  const pages = groupClaims(claims, (claim) => pageOf(claim).path);
  const sections = new Map<string, Map<string, Section>>();
  const open: { claim: Claim; madeFrom: string }[] = [];
  for (const [path, own] of pages) {
    const file = join(root, path);
    const onDisk = existsSync(file) ? readSections(readFileSync(file, "utf8")) : new Map<string, Section>();
    const found = new Map<string, Section>();
    sections.set(path, found);
    for (const claim of own.filter(expectsTrace)) {
      const madeFrom = await fingerprint(claim, close);
      const { anchor } = pageOf(claim);
      const section = await kept(claim, madeFrom, onDisk.get(anchor), request.tools, close);
      if (section !== undefined) found.set(anchor, section);
      else open.push({ claim, madeFrom });
    }
  }
  const runnable = open.filter(({ claim }) => run === "full" || (run === "ci" && claim.set === "ci"));
  const results = await runAll(
    runnable.map(({ claim }) => claim),
    request,
  );
  for (const [i, { claim, madeFrom }] of runnable.entries()) {
    const { path, anchor } = pageOf(claim);
    sections.get(path)?.set(anchor, await sectionOf(results[i] as ClaimResult, madeFrom));
  }
  const files = [...pages].map(([path, own]) => ({
    path,
    // A sweep has the order that its configuration gives it.
    text: renderPage(
      own.toSorted((a, b) => a.line - b.line),
      sections.get(path) ?? new Map(),
      root,
    ),
  }));
  files.push({ path: INDEX, text: renderIndex(claims) });
  return {
    files,
    leftOver: await findLeftOver(root, new Set(files.map(({ path }) => path))),
    missing: open.filter((one) => !runnable.includes(one)).map(({ claim }) => claim),
  };
}

/** What there is without running TLC. */
async function kept(
  claim: Claim,
  madeFrom: string,
  onDisk: Section | undefined,
  tools: Tools,
  close: typeof closeModules,
): Promise<Section | undefined> {
  const same = onDisk?.madeFrom === madeFrom ? onDisk : undefined;
  if (same !== undefined && same.tlc !== tools.abilities.version) return same;
  const recalled = await recallClaim(claim, tools, close);
  return recalled?.asDeclared ? await sectionOf(recalled, madeFrom) : same;
}

async function sectionOf(result: ClaimResult, madeFrom: string): Promise<Section> {
  return {
    anchor: pageOf(result.claim).anchor,
    madeFrom,
    tlc: result.report?.version ?? "unknown",
    body: await counterexample(result),
  };
}

async function runAll(
  claims: readonly Claim[],
  { tools, signal, onEvent, onRun }: PagesRequest,
): Promise<readonly ClaimResult[]> {
  if (claims.length === 0) return [];
  onRun?.(claims);
  const results = await checkClaims(claims, tools, { signal, ...(onEvent && { onEvent }) });
  const wrong = results.filter(({ asDeclared }) => !asDeclared);
  if (wrong.length > 0) {
    const list = wrong.map(({ claim, reason }) => `  ${claim.id}: ${reason ?? "not as declared"}`).join("\n");
    throw new BadInputError(`the pages would not be true, for these claims are not as declared:\n${list}`, {
      hint: "`quiesce check` says more.",
    });
  }
  return results;
}

async function findLeftOver(root: string, wanted: ReadonlySet<string>): Promise<string[]> {
  const folder = join(root, PAGES);
  if (!existsSync(folder)) return [];
  const found = (await walk(folder, ".md")).map((file) => relative(root, file).split(sep).join("/"));
  return found.filter((path) => !wanted.has(path));
}
