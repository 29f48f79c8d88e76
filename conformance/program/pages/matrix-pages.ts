import { relative, sep } from "node:path";
import { relativeLink } from "../markdown/place.js";
import type { Cell, Face } from "../necessity/cells.js";
import { expectedCells } from "../necessity/expected.js";
import { linksFrom } from "../necessity/links.js";
import { matrixMarkdown } from "../necessity/markdown.js";
import { type Matrix, matricesOf } from "../necessity/matrix.js";
import {
  COMPILER_PAGE,
  COMPILER_PICTURE,
  MATRIX_PAGE,
  MATRIX_PICTURE,
  MEMBARRIER_PICTURE,
} from "../necessity/place.js";
import { readReasons } from "../necessity/reasons.js";
import { facesOf, matrixSvg, sheetOf } from "../necessity/svg.js";
import { readRowWords } from "../necessity/words.js";

/** The expected matrix, as a page and a picture. TLC compares it with what it finds. */
export function matrixFiles(spec: string, madeBy: string): { path: string; text: string }[] {
  const cells = expectedCells(spec);
  const matrices = matricesOf({ cells, undecided: new Map() });
  const compiler = expectedCells(spec, "compiler");
  const halves = matricesOf({ cells: compiler, undecided: new Map() });
  return [
    { path: MATRIX_PAGE, text: drawMarkdown(matrices, spec, MATRIX_PAGE, madeBy) },
    { path: MATRIX_PICTURE, text: drawSvg(matrices, spec, MATRIX_PICTURE) },
    { path: COMPILER_PAGE, text: drawMarkdown(halves, spec, COMPILER_PAGE, madeBy, "compiler") },
    { path: COMPILER_PICTURE, text: drawSvg(halves, spec, COMPILER_PICTURE, "compiler") },
    { path: MEMBARRIER_PICTURE, text: drawFaces(cells, compiler, spec, MEMBARRIER_PICTURE) },
  ];
}

/** The two faces of the matrix of one flavour, number with membarrier, side by side. */
export function drawFaces(
  whole: readonly Cell[],
  compiler: readonly Cell[],
  spec: string,
  from: string,
): string {
  const matrixOf = (cells: readonly Cell[]): Matrix[] => {
    const own = cells.filter(({ algorithm, flavour }) => algorithm === "number" && flavour === "membarrier");
    return matricesOf({ cells: own, undecided: new Map() }).filter(({ rows }) => rows.length > 0);
  };
  const others = matrixOf(compiler);
  const sheets = matrixOf(whole).flatMap((one, n) => {
    const other = others[n];
    return other === undefined ? [] : [facesOf(one, other)];
  });
  return matrixSvg(sheets, readRowWords(spec), linksFrom(spec, from), "faces");
}

/** The page, with links for a file at this path from the root of the repository. */
export function drawMarkdown(
  matrices: readonly Matrix[],
  spec: string,
  from: string,
  madeBy: string,
  face: Face = "whole",
): string {
  const [module, picture, other] =
    face === "whole"
      ? ["Necessity", MATRIX_PICTURE, COMPILER_PAGE]
      : ["NecessityCompiler", COMPILER_PICTURE, MATRIX_PAGE];
  return matrixMarkdown(matrices, face, {
    reasons: readReasons(spec),
    wordsOf: readRowWords(spec),
    linkOf: linksFrom(spec, from),
    module: relativeLink(`spec/rcu/necessity/${module}.tla`, from),
    picture: relativeLink(picture, from),
    other: relativeLink(other, from),
    compiler: matricesOf({ cells: expectedCells(spec, "compiler"), undecided: new Map() }),
    letters: `${relativeLink("ARCHITECTURE.md", from)}#letters`,
    madeBy,
  });
}

/** The picture, with links in the same way. */
export function drawSvg(
  matrices: readonly Matrix[],
  spec: string,
  from: string,
  kind: "matrix" | "compiler" = "matrix",
): string {
  return matrixSvg(matrices.map(sheetOf), readRowWords(spec), linksFrom(spec, from), kind);
}

/** The path of a file from the root, as links need it. */
export function fromRoot(root: string, file: string): string {
  return relative(root, file).split(sep).join("/");
}
