import { type Cell, cellName } from "../necessity/cells.js";
import type { DecidedMatrix } from "../necessity/decide.js";
import { expectedCells } from "../necessity/expected.js";
import type { Finding, Results } from "./results.js";

/** What breaks when a letter or a step is left out: a finding for each cell, beside what the specification expects. */
export function matrixResults(
  { cells, undecided, endedEarly }: DecidedMatrix,
  specRoot: string,
  seconds: number,
): Results {
  const expected = new Map(expectedCells(specRoot).map((cell) => [cellName(cell), breaksOf(cell)]));
  return {
    command: "matrix",
    title: "The necessity matrix",
    findings: [
      ...cells.map((cell): Finding => {
        const name = cellName(cell);
        const found = breaksOf(cell);
        const declared = expected.get(name);
        return {
          id: name,
          group: `${cell.algorithm}.${cell.flavour}`,
          outcome: found === declared ? "pass" : "fail",
          verdict: found,
          ...(declared !== undefined && { declared }),
          ...(found !== "nothing breaks" && { command: `npx quiesce matrix --cell ${name}` }),
          seconds: 0,
        };
      }),
      ...[...undecided].map(
        ([flavour, reason]): Finding => ({
          id: flavour,
          group: flavour,
          outcome: endedEarly === undefined ? "open" : "undecided",
          verdict: "undecided",
          reason,
          seconds: 0,
        }),
      ),
    ],
    problems: [],
    seconds,
    ...(endedEarly && { endedEarly }),
    notes: [],
  };
}

function breaksOf(cell: Cell): string {
  return cell.broken?.breaks ?? "nothing breaks";
}
