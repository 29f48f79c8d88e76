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
import { KEPT, keptFile, readKept, renderKept } from "./kept.js";
import { renderPage } from "./page.js";
import { readSections, type Section } from "./section.js";

export interface PagesRequest {
  /** The root of the repository. */
  readonly root: string;
  /** All claims that get pages. */
  readonly claims: readonly Claim[];
  /**
   * Which pages are made, by their paths from the root. The counterexamples of the others are kept as data, for the site,
   * and the index leads to their configurations.
   */
  readonly isShown: (path: string) => boolean;
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
  /** Files on disk that nothing makes any more, as when a claim is gone; paths from the root. */
  readonly leftOver: readonly string[];
  /** Claims that should have a counterexample but have none for the claim as it is now. */
  readonly missing: readonly Claim[];
}

/**
 * The claims' pages that are to be shown, in memory, and the counterexamples of the others (see collect.ts for where
 * these come from).
 *
 * @throws BadInputError when a claim is not as declared: its page would be wrong
 */
export async function makePages(request: PagesRequest): Promise<Pages> {
  const { root, claims, isShown, run } = request;
  const pages = groupClaims(claims, (claim) => pageOf(claim).path);
  const keptIn = new Map([...new Set(claims.map(keptFile))].map((path) => [path, readKept(root, path)]));
  const wanted = [...pages].flatMap(([path, own]): Wanted[] => {
    const onPage = readPage(root, path);
    return own.filter(expectsTrace).map((claim) => {
      const { anchor } = pageOf(claim);
      const kept = keptIn.get(keptFile(claim))?.get(claim.id);
      // A page that documents begin to lead to, or no longer lead to, takes over what the other place has.
      const onDisk = onPage.get(anchor) ?? (kept && { ...kept, anchor });
      return { claim, anchor, onDisk, tell: counterexample };
    });
  });
  const found = await collectSections(wanted, {
    ...request,
    mayRun: ({ set }) => run === "full" || (run === "ci" && set === "ci"),
  });
  const onPages = new Map<string, Map<string, Section>>();
  const asData = new Map<string, Map<string, Section>>();
  for (const [i, { claim, anchor }] of wanted.entries()) {
    const section = found[i];
    if (section === undefined) continue;
    const { path } = pageOf(claim);
    if (isShown(path)) into(onPages, path).set(anchor, section);
    else into(asData, keptFile(claim)).set(claim.id, section);
  }
  const shown = [...pages].filter(([path]) => isShown(path));
  const files = [
    ...shown.map(([path, own]) => ({
      path,
      // A sweep keeps the order of its configuration.
      text: renderPage(
        own.toSorted((a, b) => a.line - b.line),
        onPages.get(path) ?? new Map(),
        root,
        request.ledger,
      ),
    })),
    ...[...asData].map(([path, sections]) => ({ path, text: renderKept(sections) })),
    { path: INDEX, text: renderIndex(claims, root, isShown) },
  ];
  const made = new Set(files.map(({ path }) => path));
  return {
    files,
    leftOver: [
      ...(await findLeftOver(root, PAGES, made)),
      ...(await findLeftOver(root, KEPT, made, ".json")),
    ],
    missing: wanted.filter((_, i) => found[i] === undefined).map(({ claim }) => claim),
  };
}

function into<T>(maps: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const own = maps.get(key) ?? new Map<string, T>();
  maps.set(key, own);
  return own;
}

/** The sections of a page on disk, by their anchors; none when there is no such page. */
export function readPage(root: string, path: string): ReadonlyMap<string, Section> {
  const file = join(root, path);
  return existsSync(file) ? readSections(readFileSync(file, "utf8")) : new Map<string, Section>();
}

/** The pages, or files with another ending, in a folder that are not among those wanted; all paths from the root. */
export async function findLeftOver(
  root: string,
  below: string,
  wanted: ReadonlySet<string>,
  ending = ".md",
): Promise<string[]> {
  const folder = join(root, below);
  if (!existsSync(folder)) return [];
  const found = (await walk(folder, ending)).map((file) => relative(root, file).split(sep).join("/"));
  return found.filter((path) => !wanted.has(path));
}
