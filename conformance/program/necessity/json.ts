import { cellName, isLetter } from "./cells.js";
import type { DecidedMatrix } from "./decide.js";
import { linksFrom } from "./links.js";
import { ROOT } from "./place.js";

/** The matrix as JSON; its schema is conformance/program/cli/schema/matrix.schema.json. */
export function toJson({ asExpected, cells, undecided, results }: DecidedMatrix, spec: string): object {
  const linkOf = linksFrom(spec, ROOT);
  return {
    asExpected,
    cells: cells.map((cell) => ({
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
    })),
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
