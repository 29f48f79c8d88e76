import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plan } from "../contract/plan.js";
import type { DriverCommand } from "./session.js";

const ROOT = dirname(createRequire(import.meta.url).resolve("quiesce/package.json"));

/** A lamp with a switch, by hand: what `buildPlan` would make of it. */
export const LAMP: Plan = {
  format: 3,
  claim: "Lamp",
  module: "Lamp",
  source: "",
  constants: {},
  lanes: [{ kind: "hand", name: "hand", value: 1 }],
  steps: [
    { name: "Idle", with: {} },
    { name: "SwitchOff", with: {}, refusable: true },
    { name: "SwitchOn", with: {}, refusable: true },
  ],
  words: ["on"],
  groups: [{ name: "on", first: 0, count: 1 }],
  positions: -1,
  refusable: [
    [0, 1],
    [0, 2],
  ],
  states: [[false], [true]],
  initial: [0],
  edges: [
    [0, 0, 2, 1],
    [1, 0, 1, 0],
  ],
  paths: [[0, 1, 0, 1]],
};

/** The driver of a lamp with a fault (fixtures/lamp.mjs). */
export function lamp(fault: string): DriverCommand {
  return {
    command: process.execPath,
    args: [join(ROOT, "conformance", "drive", "fixtures", "lamp.mjs"), fault],
  };
}
