import { describe, expect, it } from "vitest";
import { findTools } from "../../../spec/tlc/tools/tools.js";
import { specRoot } from "../../base/root.js";
import { type Cell, cellName, FACES, type Face } from "../necessity/cells.js";
import type { DecidedMatrix } from "../necessity/decide.js";
import { expectedCells } from "../necessity/expected.js";
import { type CellRun, cellRuns } from "./matrix-runs.js";
import { matrixResults } from "./of-matrix.js";

/** As if TLC had found what the specification expects. */
const decided = (cells: readonly Cell[]): DecidedMatrix => ({
  cells,
  undecided: new Map(),
  asExpected: true,
  results: [],
});
const ofFace = (face: Face): Cell[] => expectedCells(specRoot, face);
const row = ofFace("whole").filter(
  ({ algorithm, flavour, missing }) => algorithm === "number" && flavour === "membarrier" && missing === "A",
);

describe("the matrix as findings", () => {
  it.each(FACES)("are as expected where they are, on the face %s", (face) => {
    const cells = ofFace(face);
    const { findings } = matrixResults(decided(cells), specRoot, 1);
    expect(findings).toHaveLength(cells.length);
    expect(findings.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
    const broken = cells.filter((cell) => cell.broken !== undefined);
    expect(findings.flatMap(({ command = [] }) => command)).toEqual(
      broken.map((cell) => `npx quiesce matrix --cell ${cellName(cell)}`),
    );
    expect(findings.every(({ sentence }) => sentence?.endsWith("."))).toBe(true);
  });

  it.each(FACES)("are different where a cell came out differently, on the face %s", (face) => {
    const [first, ...others] = ofFace(face).filter(({ broken }) => broken !== undefined);
    const { broken: _, ...fine } = first as Cell;
    const { findings } = matrixResults(decided([fine, ...others]), specRoot, 1);
    expect(findings.filter(({ outcome }) => outcome === "fail").map(({ id }) => id)).toEqual([
      cellName(fine),
    ]);
  });

  it("lead from each cell that breaks to a run, also where it is one of a stronger order", async () => {
    const controller = new AbortController();
    const claims: number[] = [];
    const runs = await cellRuns(row, specRoot, await findTools(), {
      signal: controller.signal,
      onRun: (asked) => claims.push(asked.length),
    });
    expect(claims).toEqual([1]);
    const { findings, tables = [], notes } = matrixResults(decided(row), specRoot, 1, runs);
    const broken = findings.filter(({ verdict }) => verdict !== "nothing breaks");
    expect(broken.length).toBeGreaterThan(1);
    for (const { run } of broken) expect(run?.sequence.broken).toContain("NoUseAfterFree");
    expect(broken[0]?.sentence).toBe("A (reader: announce → use) is left out: a reader uses a freed cell.");
    expect(broken.at(-1)?.sentence).toContain("The run is one under sc: what that allows, weak allows, too.");
    expect(notes).toEqual([]);
    const ids = tables.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.map((one) => one?.id)));
    for (const { id } of broken) expect(ids).toContain(id);
  });

  it("say how many runs are missing when there was no time for them", () => {
    const one = new Map<string, CellRun>([[cellName(row[0] as Cell), { of: row[0] as Cell, detail: "x" }]]);
    expect(matrixResults(decided(row), specRoot, 1, one).notes).toEqual([
      `The counterexamples of ${row.length - 1} cells are not here.`,
    ]);
  });

  it("has no run when it is interrupted before", async () => {
    const tools = await findTools();
    expect((await cellRuns(row, specRoot, tools, { signal: AbortSignal.abort() })).size).toBe(0);
  });
});
