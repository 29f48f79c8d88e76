import { requireClaims } from "../../../spec/tlc/claim/asked-claims.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { readLetters } from "../../base/letters.js";
import { decidedFile, specRoot } from "../../base/root.js";
import { readLedger } from "../check/ledger.js";
import { makeCellPages } from "../pages/cell-pages.js";
import { INDEX } from "../pages/index-page.js";
import { insertLetters } from "../pages/letters.js";
import { makePages } from "../pages/pages.js";
import { FILTER } from "./markdown.js";
import { type SitePage, sitePath } from "./place.js";

/** The pages that are made from what TLC has said, and how much of it is not known here. */
export interface DecidedPages {
  readonly pages: readonly SitePage[];
  /** Claims, or cells of the matrix, whose counterexample is kept nowhere: their pages say so. */
  readonly missing: readonly Claim[];
}

/**
 * Pages of all claims, of the matrix's cells and of the letters. They come from the last check: what is in the cache of
 * verdicts, or kept in the repository, on a page or as data, and still right. TLC does not run.
 */
export async function decidedPages(root: string, tools: Tools, signal: AbortSignal): Promise<DecidedPages> {
  const claims = await requireClaims([], specRoot);
  const ledger = await readLedger(decidedFile);
  const request = { root, tools, signal };
  const ofClaims = await makePages({ ...request, claims, ledger, isShown: () => true, run: "nothing" });
  const ofCells = await makeCellPages({ ...request, spec: specRoot, mayRun: () => false });
  const missing = [...ofClaims.missing, ...ofCells.missing];
  const pages = [...ofClaims.files, ...ofCells.files].map(({ path: from, text }) => ({
    from,
    path: sitePath(from),
    text: from === INDEX ? withFilter(text, ofClaims.missing.length) : text,
  }));
  return { pages: [...pages, lettersPage()], missing };
}

/** The index can be filtered, and says what it can't show. */
function withFilter(index: string, missing: number): string {
  const note =
    missing === 0
      ? "Every counterexample that is declared is shown."
      : `${missing} counterexamples were not at hand when this site was made: their pages give the command that finds them.`;
  return index.replace(/^## |^<a id=/m, (first) => `${note}\n\n${FILTER}\n\n${first}`);
}

function lettersPage(): SitePage {
  const table = insertLetters("<!-- letters -->\n<!-- /letters -->", readLetters(specRoot));
  const text = [
    "# Letters",
    "An ordering point is a place where the protocol needs two accesses in order. Each has one letter, in TLA+, in C and " +
      "in TypeScript. The claim in the last column leaves it out, and shows what then happens.",
    table,
    "",
  ].join("\n\n");
  // Its links are those of a document in the root.
  return { path: "letters.md", from: "LETTERS.md", text };
}
