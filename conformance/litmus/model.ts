import type { CompiledTest } from "./test.js";

/** The memory orders, each of which allows what the one before it allows, and more. */
export const ORDERS = ["sc", "tso", "pso", "weak"] as const;
export type Order = (typeof ORDERS)[number];

/** How far a test is followed under one memory order. */
export interface Limits {
  /** Distinct states. */
  readonly states: number;
  /** Orders that the compiler, and ways that the branches, may choose between. */
  readonly choices: number;
}

/** The module's name. */
export const MODULE = "LitmusBatch";

/** A module, beside it a configuration, that runs many tests on the machine (spec/machine/Batch.tla). */
export function batchModel(
  tests: readonly CompiledTest[],
  orders: readonly Order[],
  limits: Limits,
): { module: string; config: string } {
  const module = `---- MODULE ${MODULE} ----
EXTENDS Batch
TheTests == <<
  ${tests.map((test) => test.text).join(",\n  ")} >>
TheOrders == <<${orders.map((order) => `"${order}"`).join(", ")}>>
====
`;
  const config = `SPECIFICATION BatchSpec
CONSTANTS
  Thread <- NoThreads
  Program <- NoPrograms
  Memory0 <- NoMemory
  Order = "weak"
  HandlerHasBarrier = TRUE
  Code <- CodeOfCase
  Tests <- TheTests
  Orders <- TheOrders
  MostStates = ${limits.states}
  MostChoices = ${limits.choices}
INVARIANT Observe
CHECK_DEADLOCK FALSE
`;
  return { module, config };
}
