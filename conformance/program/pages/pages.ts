import { existsSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { walk } from "../../../spec/tlc/base/walk.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import type { CheckEvent } from "../../../spec/tlc/decide/check.js";
import { expectsTrace } from "../../../spec/tlc/look/listing.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import type { Ledger } from "../check/ledger.js";
import { counterexample } from "../counterexample/counterexample.js";
import { groupClaims, PAGES, pageOf } from "../markdown/place.js";
import { collectSections, type Wanted } from "./collect.js";
import type { GeneratedFile } from "./generate.js";
import { INDEX, renderIndex } from "./index-page.js";
import { renderPage } from "./page.js";
import { readSections, type Section } from "./section.js";

export interface PagesRequest {
  /** The root of the repository. */
  readonly root: string;
  /** All claims that get pages. */
  readonly claims: readonly Claim[];
  /** When each claim was decided last. */
  readonly ledger: Ledger;
  readonly tools: Tools;
  readonly signal: AbortSignal;
  /** Which counterexamples TLC may run for when they are not kept anywhere. */
  readonly run: "nothing" | "ci" | "full";
  readonly onEvent?: (event: CheckEvent) => void;
  /** Called with the claims that TLC runs for, if there are any. */
  readonly onRun?: (claims: readonly Claim[]) => void;
}

export interface Pages {
  readonly files: readonly GeneratedFile[];
  /** Pages on disk that belong to no claim any more; paths from the root. */
  readonly leftOver: readonly string[];
  /** Claims whose page should have a counterexample but has none for the claim as it is now. */
  readonly missing: readonly Claim[];
}

/**
 * All claims' pages, in memory (see collect.ts for where their counterexamples come from).
 *
 * @throws BadInputError when a claim is not as declared: its page would be wrong
 */
export async function makePages(request: PagesRequest): Promise<Pages> {
  const { root, claims, run } = request;
  const pages = groupClaims(claims, (claim) => pageOf(claim).path);
  const wanted = [...pages].flatMap(([path, own]): Wanted[] => {
    const onDisk = readPage(root, path);
    return own.filter(expectsTrace).map((claim) => {
      const { anchor } = pageOf(claim);
      return { claim, anchor, onDisk: onDisk.get(anchor), tell: counterexample };
    });
  });
  const found = await collectSections(wanted, {
    ...request,
    mayRun: ({ set }) => run === "full" || (run === "ci" && set === "ci"),
  });
  const sections = new Map<string, Map<string, Section>>();
  for (const [i, { claim, anchor }] of wanted.entries()) {
    const { path } = pageOf(claim);
    const own = sections.get(path) ?? new Map<string, Section>();
    sections.set(path, own);
    const section = found[i];
    if (section !== undefined) own.set(anchor, section);
  }
  const files = [...pages].map(([path, own]) => ({
    path,
    // A sweep keeps the order of its configuration.
    text: renderPage(
      own.toSorted((a, b) => a.line - b.line),
      sections.get(path) ?? new Map(),
      root,
      request.ledger,
    ),
  }));
  files.push({ path: INDEX, text: renderIndex(claims) });
  return {
    files,
    leftOver: await findLeftOver(root, PAGES, new Set(files.map(({ path }) => path))),
    missing: wanted.filter((_, i) => found[i] === undefined).map(({ claim }) => claim),
  };
}

/** The sections of a page on disk, by their anchors; none when there is no such page. */
export function readPage(root: string, path: string): ReadonlyMap<string, Section> {
  const file = join(root, path);
  return existsSync(file) ? readSections(readFileSync(file, "utf8")) : new Map<string, Section>();
}

/** The pages in a folder that are not among those wanted; all paths from the root. */
export async function findLeftOver(
  root: string,
  below: string,
  wanted: ReadonlySet<string>,
): Promise<string[]> {
  const folder = join(root, below);
  if (!existsSync(folder)) return [];
  const found = (await walk(folder, ".md")).map((file) => relative(root, file).split(sep).join("/"));
  return found.filter((path) => !wanted.has(path));
}
