import type { Claim } from "../../../spec/tlc/claim/claim.js";
import type { ClaimResult } from "../../../spec/tlc/decide/check.js";
import { counterexample } from "../counterexample/counterexample.js";
import { ALGORITHMS, type Cell, FACES, FLAVOURS, faceOf, readCells } from "../necessity/cells.js";
import { matrixClaims } from "../necessity/decide.js";
import { expectedCells } from "../necessity/expected.js";
import { groupsOf } from "../necessity/groups.js";
import { CELL_PAGES, cellAnchor, cellPage } from "../necessity/place.js";
import { readReasons } from "../necessity/reasons.js";
import { claimOfCell } from "../necessity/single.js";
import { readRowWords } from "../necessity/words.js";
import { DECIDED, decidedTable, renderCellPage } from "./cell-page.js";
import { type CollectOptions, collectSections, type Wanted } from "./collect.js";
import { findLeftOver, type Pages, readPage } from "./pages.js";
import type { Section } from "./section.js";

/** As for the claims' pages. */
export interface CellPagesRequest extends CollectOptions {
  /** The root of the repository. */
  readonly root: string;
  readonly spec: string;
}

/**
 * The pages with the counterexamples of the matrix's cells, one for each face of each flavour of an algorithm, in memory.
 * Modules NecessityExpected and NecessityCompilerExpected say what breaks; the page keeps how it breaks until a module that it
 * depends on changes.
 *
 * @throws BadInputError when TLC does not find what is expected in a cell
 */
export async function makeCellPages(request: CellPagesRequest): Promise<Pages> {
  const { root, spec } = request;
  const wanted: (Wanted & { readonly path: string })[] = [];
  const pages = (await pagesOf(spec)).map(({ of, claim, cells }) => {
    const path = cellPage(of);
    const onDisk = readPage(root, path);
    for (const [first] of groupsOf(cells)) {
      const anchor = cellAnchor(first);
      const own = claimOfCell(first, spec);
      wanted.push({ path, claim: own, anchor, onDisk: onDisk.get(anchor), tell: counterexample });
    }
    const tell = (result: ClaimResult): string => decidedTable(cellsOf(result, of));
    wanted.push({ path, claim, anchor: DECIDED, onDisk: onDisk.get(DECIDED), tell });
    return { path, cells, claim };
  });
  const found = await collectSections(wanted, request);
  const reasons = readReasons(spec);
  const wordsOf = readRowWords(spec);
  const files = pages.map(({ path, cells, claim }) => {
    const sections = new Map<string, Section>();
    for (const [i, one] of wanted.entries()) {
      const section = found[i];
      if (one.path === path && section !== undefined) sections.set(one.anchor, section);
    }
    return { path, text: renderCellPage({ cells, claim, reasons, wordsOf, sections }) };
  });
  return {
    files,
    leftOver: await findLeftOver(root, CELL_PAGES, new Set(files.map(({ path }) => path))),
    missing: wanted.filter((_, i) => found[i] === undefined).map(({ claim }) => claim),
  };
}

/** What a page is about. */
type Subject = Pick<Cell, "algorithm" | "flavour" | "face">;

/** The pages: for each face and algorithm, one a flavour, with its cells and the claim that decides them. */
async function pagesOf(spec: string): Promise<{ of: Subject; claim: Claim; cells: Cell[] }[]> {
  const faces = FACES.map(async (face) => {
    const expected = expectedCells(spec, face);
    const claims = await matrixClaims(spec, FLAVOURS, face);
    return ALGORITHMS.flatMap((algorithm) =>
      FLAVOURS.map((flavour, n) => ({
        of: { algorithm, flavour, ...faceOf(face) },
        claim: claims[n] as Claim,
        cells: expected.filter((cell) => cell.algorithm === algorithm && cell.flavour === flavour),
      })),
    );
  });
  return (await Promise.all(faces)).flat();
}

function cellsOf({ report }: ClaimResult, { algorithm, flavour, face }: Subject): Cell[] {
  return readCells(flavour, report?.printed ?? [], face).filter((cell) => cell.algorithm === algorithm);
}
