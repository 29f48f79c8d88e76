import { describe, expect, it } from "vitest";
import { type PictureGraph, type PictureState, stateGraphSvg } from "./state-graph.js";

const state = (number: number, shown: string[], initial = false): PictureState => ({
  number,
  variables: [["x", String(number)]],
  shown,
  initial,
  cut: false,
});

const GRAPH: PictureGraph = {
  title: "traffic/Light",
  all: 3,
  states: [state(1, ['colour = "red"'], true), state(2, ['colour: "red" -> "green"']), state(3, [])],
  edges: [
    { from: 0, to: 1, action: "Go" },
    { from: 0, to: 1, action: "Hurry" },
    { from: 1, to: 0, action: "Stop" },
    { from: 1, to: 2, action: "Fail" },
    { from: 2, to: 2, action: "Blink" },
  ],
};

describe("a state graph", () => {
  it("has a box a state, an arrow a pair, and all names", () => {
    const svg = stateGraphSvg(GRAPH);
    expect(svg.match(/class="state/g)).toHaveLength(3);
    expect(svg.match(/marker-end/g)).toHaveLength(3);
    for (const name of ["Go", "Hurry", "Stop", "Fail", "↺ Blink", "1  ▸ start"])
      expect(svg).toContain(`>${name}<`);
    expect(svg.match(/class="inner"/g)).toHaveLength(1);
    expect(svg).not.toContain("✗");
  });

  it("numbers the counterexample, and marks the state that breaks", () => {
    const svg = stateGraphSvg({
      ...GRAPH,
      broken: { what: "NeverDark", path: [0, 1, 2], actions: ["Hurry", "Fail"], atLast: true },
    });
    for (const words of [">1: Hurry<", ">Go<", ">2: Fail<", "3  ✗ NeverDark"]) expect(svg).toContain(words);
    expect(svg.match(/class="hot"/g)).toHaveLength(2);
    expect(svg.match(/ worst"/g)).toHaveLength(1);
    const lasso = stateGraphSvg({
      ...GRAPH,
      broken: { what: "Ends", path: [0, 1], actions: ["Go", "Stop"], atLast: false, backTo: 0 },
    });
    expect(lasso).toContain(">2: Stop<");
    expect(lasso).not.toContain(" worst");
  });

  it("says that it is a part", () => {
    expect(stateGraphSvg({ ...GRAPH, all: 5000 })).toContain("A part of 5,000 states");
    expect(stateGraphSvg(GRAPH)).not.toContain("A part of");
  });

  it("is the same each time", () => {
    expect(stateGraphSvg(GRAPH)).toBe(stateGraphSvg(structuredClone(GRAPH)));
  });
});
