import type { Plan } from "../../../conformance/contract/plan.js";

/** A counter that counts to 2; `at1` is where its one thread stands. */
export const COUNTER: Plan = {
  format: 3,
  claim: "counter",
  module: "",
  refusable: [],
  source: "",
  constants: { limit: 2 },
  lanes: [{ kind: "counter", name: "the counter", value: 1 }],
  steps: ["Idle", "Count"].map((name) => ({ name, with: {} })),
  words: ["n", "at1"],
  groups: [
    { name: "n", first: 0, count: 1 },
    { name: "at", first: 1, count: 1 },
  ],
  positions: 1,
  states: [
    [0, 0],
    [1, 0],
    [2, 0],
  ],
  initial: [0],
  edges: [
    [0, 0, 1, 1],
    [1, 0, 1, 2],
  ],
  paths: [[0, 1]],
};
