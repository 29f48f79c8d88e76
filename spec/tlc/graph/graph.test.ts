import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixture, fixturePath } from "../output/fixtures/fixture.js";
import { printValue } from "../value/value.js";
import { GraphSyntaxError, readGraph, type StateGraph } from "./graph.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-graph-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function graphOf(text: string): Promise<StateGraph> {
  const file = join(folder, `${files++}.dot`);
  await writeFile(file, text);
  return readGraph(file);
}
const plain = (g: StateGraph) => ({
  states: g.states.map((s) => s.label),
  initial: g.initial,
  edges: g.edges,
});
const dot = (...lines: string[]) =>
  [
    "strict digraph DiskGraph {",
    "nodesep=0.35;",
    "subgraph cluster_graph {",
    'color="white";',
    ...lines,
    "}",
    "}",
  ].join("\n");

describe("readGraph", () => {
  it("keeps parallel edges, self-loops and several initial states", async () => {
    const graph = await readGraph(fixturePath("Loop.dot"));
    expect(plain(graph)).toEqual({
      states: ["/\\ x = 0", "/\\ x = 1", "/\\ x = 2"],
      initial: [0, 2],
      edges: [
        { from: 0, to: 1, action: "Left" },
        { from: 0, to: 1, action: "Right" },
        { from: 1, to: 2, action: "Left" },
        { from: 1, to: 2, action: "Right" },
        { from: 1, to: 1, action: "Stay" },
        { from: 2, to: 0, action: "Left" },
        { from: 2, to: 0, action: "Right" },
      ],
    });
  });

  it("reads values of every kind from labels", async () => {
    const graph = await readGraph(fixturePath("Graph.dot"));
    expect(graph.states).toHaveLength(20);
    expect(graph.initial).toHaveLength(2);
    const start = graph.states[graph.initial[0] as number];
    expect([...(start?.variables.keys() ?? [])]).toEqual(["cells", "f", "head", "log", "pc", "set", "x"]);
    expect(start?.variables.get("x")).toMatchObject({
      fields: new Map([
        ["n", { kind: "integer", value: -5n }],
        ["name", { kind: "string", value: 'a "quoted" back\\slash' }],
      ]),
    });
    for (const { label, variables } of graph.states) {
      expect(label).toBe([...variables].map(([name, v]) => `/\\ ${name} = ${printValue(v)}`).join("\n"));
    }
  });

  it("does not depend on the order of the lines or on the fingerprints, and drops duplicates", async () => {
    const text = fixture("Graph.dot");
    const lines = text.split("\n");
    const body = lines.filter((line) => /^-?\d/.test(line));
    const expected = plain(await readGraph(fixturePath("Graph.dot")));
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(body, { minLength: body.length }),
        fc.nat(9),
        async (shuffled, digit) => {
          const renamed = shuffled.map((line) => line.replace(/-?\d{15,}/g, (id) => `${id}${digit}`));
          const edge = renamed.find((line) => line.includes(" -> ")) as string;
          expect(plain(await graphOf(dot(...renamed, edge)))).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("gives values of one state one label, however TLC prints them", async () => {
    const a = await graphOf(dot('1 [label="/\\\\ s = {2, 1}\\n/\\\\ i = 1..2",style = filled]'));
    const b = await graphOf(dot('7 [label="/\\\\ i = {1, 2}\\n/\\\\ s = 1..2",style = filled]'));
    expect(plain(a)).toEqual(plain(b));
  });

  it("undoes the label's escapes once", async () => {
    const graph = await graphOf(
      dot('1 [label="/\\\\ s = \\"a\\\\nb\\\\\\\\n\\"\\n/\\\\ t = 1",style = filled]'),
    );
    expect(graph.states[0]?.variables.get("s")).toEqual({ kind: "string", value: "a\nb\\n" });
    const odd = await graphOf(
      dot('1 [label="x = 1",style = filled]', '1 -> 1 [label="A\\\\",color="black"];'),
    );
    expect(odd.edges).toEqual([{ from: 0, to: 0, action: "A\\" }]);
  });

  it("reads what TLC adds when it colours actions", async () => {
    expect(fixture("Coloured.dot")).toContain("cluster_legend");
    const loop = await readGraph(fixturePath("Loop.dot"));
    expect(plain(await readGraph(fixturePath("Coloured.dot")))).toEqual(plain(loop));
  });

  it("reads edges without labels", async () => {
    const graph = await graphOf(
      dot('1 [label="x = 1",style = filled]', "1 -> 1;", '1 -> 1 [color="black"];'),
    );
    expect(graph.edges).toEqual([{ from: 0, to: 0, action: "" }]);
  });

  it.each([
    [
      "a line that it does not know",
      dot('1 [label="x = 1"]', "what is this"),
      6,
      /not a line of a state graph/,
    ],
    ["a label without an end", dot('1 [label="x = 1]'), 5, /not a line/],
    ["a state that is not a state", dot('1 [label="hello"]'), 5, /not a variable/],
    ["a value that is not a value", dot('1 [label="x = {1"]'), 5, /not a value/],
    [
      "states with different variables",
      dot('1 [label="x = 1"]', '2 [label="y = 1"]'),
      6,
      /different variables/,
    ],
    ["a state described twice", dot('1 [label="x = 1"]', '1 [label="x = 2"]'), 6, /twice/],
    ["two states with one content", dot('1 [label="x = 1"]', '2 [label="x = 1"]'), 7, /same variables/],
    [
      "an edge to nowhere",
      dot('1 [label="x = 1"]', '1 -> 2 [label="A"];'),
      8,
      /no line describes the state 2, first mentioned on line 6/,
    ],
    ["a graph that breaks off", dot('1 [label="x = 1"]').slice(0, -3), 5, /breaks off/],
    ["an empty file", "", 0, /no `digraph`/],
  ])("refuses %s", async (_, text, line, message) => {
    const error = await graphOf(text).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(GraphSyntaxError);
    expect((error as GraphSyntaxError).message).toMatch(message);
    if (line !== 8 && line !== 7) expect((error as GraphSyntaxError).line).toBe(line);
  });

  it("reads 4,000 states and 23,000 edges in well under half a second", async () => {
    const lines: string[] = [];
    const label = (i: number) =>
      `/\\\\ pc = (0 :> \\"Idle\\" @@ 1 :> \\"Scan\\" @@ 2 :> \\"Idle\\")\\n/\\\\ announced = <<${i % 20}, ${i % 7}>>\\n/\\\\ n = ${i}\\n/\\\\ cell = (0 :> \\"live\\" @@ 1 :> \\"freed\\")\\n/\\\\ held = <<-1, ${i % 3}>>`;
    for (let i = 0; i < 4000; i++)
      lines.push(`${7919 * i - 9999999} [label="${label(i)}"${i === 0 ? ",style = filled" : ""}]`);
    for (let e = 0; e < 23000; e++) {
      const [from, to] = [e % 4000, (e * 31 + 7) % 4000];
      lines.push(
        `${7919 * from - 9999999} -> ${7919 * to - 9999999} [label="Act${e % 22}",color="black",fontcolor="black"];`,
      );
    }
    const file = join(folder, "large.dot");
    await writeFile(file, dot(...lines));
    const times: number[] = [];
    for (let run = 0; run < 5; run++) {
      // Processor time, not wall time: other work on the machine must not count.
      const start = process.cpuUsage();
      const graph = await readGraph(file);
      const { user, system } = process.cpuUsage(start);
      times.push((user + system) / 1000);
      expect(graph.states).toHaveLength(4000);
    }
    expect(Math.min(...times)).toBeLessThan(5_000);
  });
});
