import { type Cell, cellName, isLetter } from "./cells.js";
import type { DecidedMatrix } from "./decide.js";
import { linksFrom } from "./links.js";
import { ROOT } from "./place.js";

/** The matrix as JSON; its schema is conformance/program/cli/schema/matrix.schema.json. */
export function toJson(decided: DecidedMatrix, spec: string): object {
  const { asExpected, ...others } = summaryJson(decided);
  return { asExpected, cells: decided.cells.map(cellJsonFor(spec)), ...others };
}

/** All but the cells. */
export function summaryJson({ asExpected, undecided, results, endedEarly }: DecidedMatrix) {
  return {
    asExpected,
    interrupted: endedEarly !== undefined,
    ...(endedEarly && { endedBy: endedEarly }),
    undecided: [...undecided].map(([flavour, reason]) => ({ flavour, reason })),
    runs: results.map(({ claim, verdict, states, seconds, fromCache }) => ({
      claim: claim.id,
      verdict,
      states: states ?? null,
      seconds,
      fromCache,
    })),
  };
}

/** Says a cell of the matrix as JSON. */
export function cellJsonFor(spec: string): (cell: Cell) => object {
  const linkOf = linksFrom(spec, ROOT);
  return (cell) => ({
    cell: cellName(cell),
    algorithm: cell.algorithm,
    flavour: cell.flavour,
    missing: cell.missing,
    kind: cell.missing === "nothing" ? "nothing" : isLetter(cell.missing) ? "letter" : "step",
    order: cell.order,
    breaks: cell.broken?.breaks ?? null,
    page: linkOf(cell) ?? null,
    answers: cell.answers.map(({ question, breaks, states }) => ({
      question,
      breaks: breaks ?? null,
      states,
    })),
  });
}
