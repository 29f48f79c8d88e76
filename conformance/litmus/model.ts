import type { CompiledTest } from "./compile.js";

/** The memory orders, each of which allows what the one before it allows, and more. */
export const ORDERS = ["sc", "tso", "pso", "weak"] as const;
export type Order = (typeof ORDERS)[number];

/** How far a test is followed under one memory order. */
export interface Limits {
  /** Distinct states. */
  readonly states: number;
  /** Orders and ways that the compiler and the branches may choose between. */
  readonly choices: number;
}

/** The module's name. */
export const MODULE = "LitmusBatch";

/**
 * A module and its configuration that run many tests on the machine (spec/machine/AnySchedule.tla). After `seconds`,
 * tests that have not ended are given up.
 */
export function batchModel(
  tests: readonly CompiledTest[],
  orders: readonly Order[],
  limits: Limits,
  seconds: number,
): { module: string; config: string } {
  const module = `---- MODULE ${MODULE} ----
EXTENDS AnySchedule
TheTests == <<
  ${tests.map((test) => test.text).join(",\n  ")} >>
TheOrders == <<${orders.map((order) => `"${order}"`).join(", ")}>>
====
`;
  const config = `SPECIFICATION AnySpec
CONSTANTS
  Thread <- NoThreads
  Program <- NoPrograms
  Memory0 <- NoMemory
  Order = "weak"
  HandlerHasBarrier = TRUE
  Code <- CodeInAnyOrder
  AllSchedules <- PartialOrders
  Built <- NoCode
  Precise <- PreciseInAnyOrder
  Tests <- TheTests
  Orders <- TheOrders
  MostStates = ${limits.states}
  MostChoices = ${limits.choices}
  MostSeconds = ${seconds}
INVARIANT ObserveAll
CHECK_DEADLOCK FALSE
`;
  return { module, config };
}
