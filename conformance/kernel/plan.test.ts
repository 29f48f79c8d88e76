import { describe, expect, it } from "vitest";
import type { GraphState, StateGraph } from "../../spec/tlc/graph/graph.js";
import { parseValue, type Value } from "../../spec/tlc/value/value.js";
import { answersOf } from "./answers.js";
import { suiteOf } from "./plan.js";
import { renderPlan, sourceOfPlan } from "./render.js";
import { kernelMask, stateText } from "./words.js";

const QUIET = '[by |-> 1, step |-> "none", command |-> 0, flags |-> 0, cpu |-> "own", answer |-> 0]';
const called = (command: number, answer: number): string =>
  `[by |-> 1, step |-> "call", command |-> ${command}, flags |-> 0, cpu |-> "own", answer |-> ${answer}]`;

function state(bits: string, last: string, more: Readonly<Record<string, string>> = {}): GraphState {
  const texts = {
    has: '{"QUERY", "PE", "GET"}',
    group: "<<1>>",
    space: "<<1>>",
    bits: `<<${bits}>>`,
    waits: "FALSE",
    last,
    ...more,
  };
  const variables = new Map<string, Value>(
    Object.entries(texts).map(([name, text]) => [name, parseValue(text)]),
  );
  return { label: JSON.stringify(texts), variables };
}

const REGISTERED = '{<<"PE", "intent">>, <<"PE", "ready">>}';

/** A kernel with PRIVATE_EXPEDITED: its registration, its use before and after, and GET_REGISTRATIONS. */
function graph(answerBefore = -1): StateGraph {
  const states = [
    state("{}", QUIET),
    state(REGISTERED, QUIET),
    state("{}", called(8, answerBefore)),
    state(REGISTERED, called(16, 0)),
    state(REGISTERED, called(8, 0)),
    state(REGISTERED, called(512, 16)),
  ];
  const edge = (from: number, to: number) => ({ from, to, action: "" });
  const edges = [
    [0, 2],
    [2, 0],
    [0, 3],
    [3, 1],
    [1, 4],
    [4, 1],
    [1, 5],
    [5, 1],
  ].map(([from, to]) => edge(from as number, to as number));
  return { states, initial: [0], edges };
}

describe("a call and its return", () => {
  it("are one edge, with its answer", () => {
    const { states, edges } = answersOf(graph());
    expect(states).toHaveLength(2);
    expect(edges).toEqual([
      { from: 0, to: 0, step: "1 call 8 0 own", answer: -1 },
      { from: 0, to: 1, step: "1 call 16 0 own", answer: 0 },
      { from: 1, to: 1, step: "1 call 8 0 own", answer: 0 },
      { from: 1, to: 1, step: "1 call 512 0 own", answer: 16 },
    ]);
  });

  it("are refused when the call has two answers, or no return", () => {
    const base = graph();
    const twice = { ...base, states: [...base.states, state("{}", called(8, 0))] };
    const edges = [...base.edges, { from: 0, to: 6, action: "" }, { from: 6, to: 0, action: "" }];
    expect(() => answersOf({ ...twice, edges })).toThrow(/two answers to 1 call 8 0 own: -1 and 0/);
    expect(() => answersOf({ ...base, edges: base.edges.filter(({ from }) => from !== 2) })).toThrow(
      /without a return/,
    );
  });
});

describe("a plan", () => {
  it("takes each edge, and looks at what is registered after each change", async () => {
    const suite = await suiteOf({ id: "a/b", config: "" }, answersOf(graph()));
    expect(suite).toMatchObject({ claim: "a/b", edges: 4, mask: 8 + 16 + 512 });
    const moves = suite.paths.flatMap((path) => path.moves);
    expect(moves.filter(({ first }) => first)).toHaveLength(4);
    for (const path of suite.paths)
      for (const [at, { step }] of path.moves.entries())
        if (step === "1 call 16 0 own")
          expect(path.moves.slice(at + 1, at + 3).map((move) => move.step)).toEqual([
            "1 call 8 0 own",
            "1 call 512 0 own",
          ]);
  });

  it("is C, and says what it was made from", async () => {
    const suite = await suiteOf({ id: "a/b", config: "" }, answersOf(graph()));
    const text = renderPlan({ source: "0123456789abcdef", suites: [suite] });
    expect(sourceOfPlan(text)).toBe("0123456789abcdef");
    expect(text).toContain("{ 1, QS_CALL, 512, 0, QS_CPU_OWN }");
    expect(text).toContain('"registered: PE"');
    for (const line of text.replace(/\t/g, "        ").split("\n"))
      expect(line.length).toBeLessThanOrEqual(120);
  });
});

describe("words of Api", () => {
  const of = (more: Readonly<Record<string, string>>): ReadonlyMap<string, Value> =>
    state('{}, {<<"PE", "intent">>}', QUIET, more).variables;

  it("say who is there, and what is registered", () => {
    const two = { group: "<<1, 2>>", space: "<<1, 2>>" };
    expect(stateText(of(two))).toBe(
      "another process; 1: nothing registered; 2: registered: PE (intent only)",
    );
    expect(stateText(of({ group: "<<1, 2>>", space: "<<2, 2>>", waits: "TRUE" }))).toBe(
      "its vfork runs; registered: PE (intent only)",
    );
    expect(stateText(of({ group: "<<1, 1>>", space: "<<1, 1>>" }))).toBe(
      "a thread beside it; nothing registered",
    );
  });

  it("name a kernel by the mask that QUERY answers", () => {
    expect(kernelMask(of({ has: "{}" }))).toBe(-1);
    expect(kernelMask(of({ has: '{"QUERY"}' }))).toBe(0);
    expect(kernelMask(of({ has: '{"QUERY", "GLOBAL", "RS"}' }))).toBe(1 + 128 + 256);
    expect(() => kernelMask(of({ has: '{"QUERY", "XX"}' }))).toThrow(/"XX", which has no bits/);
  });
});
