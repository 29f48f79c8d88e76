import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Trace } from "../../../spec/tlc/output/trace.js";
import { findTools } from "../../../spec/tlc/tools/tools.js";
import { parseValue } from "../../../spec/tlc/value/value.js";
import { dumpSmallGraph } from "../../plan/dump.js";
import { modelOf } from "../../plan/model.js";
import { Events } from "../../record/recording.js";
import type { MatrixRow } from "../suites/matrix.js";
import { graphView } from "./graph.js";
import { suitesResults } from "./of-mutants.js";
import { recordedOf } from "./recorded.js";

describe("a state graph for the page", () => {
  const folder = mkdtempSync(join(tmpdir(), "quiesce-graph-view-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (module: string): string => {
    // Its own operator of TLC's name must not be in the way.
    const text = [
      "EXTENDS Naturals",
      "VARIABLES x, a",
      "Print == 1",
      "Init == x = 0 /\\ a = {}",
      `Up == ${module === "Endless" ? "" : "x < 2 /\\ "}x' = x + 1 /\\ a' = {x}`,
      "Down == x > 0 /\\ x' = x - 1 /\\ UNCHANGED a",
      "Next == Up \\/ Down",
      "Small == x < 2",
    ];
    writeFileSync(join(folder, `${module}.tla`), [`---- MODULE ${module} ----`, ...text, "===="].join("\n"));
    const file = join(folder, `${module}.cfg`);
    writeFileSync(file, "INIT Init\nNEXT Next\nINVARIANT Small\n");
    return file;
  };

  it("is whole though an invariant is violated, and has the counterexample's way; an endless one is none", async () => {
    const tools = await findTools();
    const model = await modelOf(write("Counter"), folder);
    const graph = await dumpSmallGraph({ model, tools, most: 100 });
    expect(graph?.states).toHaveLength(6);
    const state = (x: string, a: string) =>
      new Map([
        ["x", parseValue(x)],
        ["a", parseValue(a)],
      ]);
    const states = [state("0", "{}"), state("1", "{0}"), state("2", "{1}"), state("3", "{2}")];
    const trace = {
      states: states.map((variables, i) => ({ number: i + 1, variables })),
      end: { kind: "finite" },
    } as unknown as Trace;
    if (graph === undefined) throw new Error("there is no graph");
    const view = graphView(graph, trace);
    const texts = view.path?.map((at) => view.states[at]?.map((value) => view.values[value]));
    expect(view.names).toEqual(["a", "x"]);
    // The last of them is none of the model's: a constraint may leave such a one out.
    expect(texts).toEqual([
      ["{}", "0"],
      ["{0}", "1"],
      ["{1}", "2"],
    ]);
    expect(view.actions).toEqual(["Up", "Down"]);
    const endless = await modelOf(write("Endless"), folder);
    expect(await dumpSmallGraph({ model: endless, tools, most: 50 })).toBeUndefined();
  });
});

describe("a recording for the page", () => {
  const lane = (name: string, starts: readonly number[]) => {
    const events = new Events();
    for (const start of starts)
      events.push({
        step: `${name}${start}`,
        start,
        ...(start < 90 && { end: start + 5 }),
        words: { w: start },
      });
    return { name, missing: 0, events };
  };

  it("says of each box whether it is explained, and why the next is not", () => {
    const recording = {
      ...{ name: "", ticksPerSecond: 1e9, drain: 0, hung: false, lost: 0, made: {} },
      lanes: [lane("a", [10, 20, 95]), lane("b", [15])],
    };
    const next = {
      ...{ lane: "a", index: 1, event: recording.lanes[0]?.events.at(1), possible: true, allowed: ["Scan"] },
      words: [{ name: "w", observed: 20, expected: "7" }],
    };
    const explanation = { explained: 1, prefix: [1, 0], next: [next] } as unknown as Parameters<
      typeof recordedOf
    >[1];
    const { lanes, before, after } = recordedOf({ recording, prefix: [0, 0] }, explanation);
    expect(lanes[0]?.boxes).toEqual([
      { step: "a10", start: 0, end: 5, observed: ["w = 10"], state: "explained" },
      {
        ...{ step: "a20", start: 10, end: 15, observed: ["w = 20"], state: "next" },
        why: "w = 20 was observed, 7 is what it would be; the specification allows Scan here.",
      },
      { step: "a95", start: 85, observed: ["w = 95"], state: "later" },
    ]);
    expect(lanes[1]?.boxes[0]?.state).toBe("later");
    expect([before, after]).toEqual([0, 0]);
  });

  it("has what is near the place where it ends to be explained, and says how much that leaves out", () => {
    const recording = {
      ...{ name: "", ticksPerSecond: 1e9, drain: 0, hung: false, lost: 0, made: {} },
      lanes: [
        lane(
          "a",
          Array.from({ length: 1000 }, (_, i) => i),
        ),
      ],
    };
    const { lanes, before, after } = recordedOf({ recording, prefix: [500] }, undefined);
    expect([lanes[0]?.boxes.length, before, after]).toEqual([80, 440, 480]);
    expect(lanes[0]?.boxes.map(({ state }) => state).indexOf("next")).toBe(60);
  });
});

describe("the matrix of suites for the page", () => {
  const row = (name: string, results: MatrixRow["results"], notRun: readonly string[] = []): MatrixRow => ({
    ...{ of: "native", name, changes: "something", results, notRun },
  });
  const killed = { verdict: "killed", seconds: 2.04, how: "a step" } as MatrixRow["results"][string];
  const missed = { verdict: "missed", seconds: 1, how: "" } as MatrixRow["results"][string];

  it("tells what survives from what is not certain, not run, and killed though nothing changes", () => {
    const rows = [
      row("dead", { replay: killed, test: missed }),
      row("alive", { replay: missed }),
      row("waiting", { replay: missed }, ["test"]),
      row("unclear", { replay: { ...missed, verdict: "open" } as MatrixRow["results"][string] }),
      row("(nothing)", { replay: killed }),
    ];
    const { findings, tables } = suitesResults(
      { suites: ["replay", "test"], rows, interrupted: false },
      1,
      undefined,
    );
    expect(findings.map(({ outcome }) => outcome)).toEqual(["pass", "fail", "undecided", "open", "fail"]);
    expect(
      tables?.[0]?.rows.map(({ cells }) => cells.map((cell) => cell && `${cell.text} ${cell.tone}`)),
    ).toEqual([
      ["2.0 good", "- undefined"],
      ["- undefined", undefined],
      ["- undefined", "… undefined"],
      ["? open", undefined],
      ["2.0 bad", undefined],
    ]);
  });
});
