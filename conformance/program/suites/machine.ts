import { root } from "../../base/root.js";
import type { CompiledTest } from "../../litmus/compile.js";
import type { Order } from "../../litmus/model.js";
import { askMachine, type MachineResult } from "../../silicon/machine.js";
import type { SuiteContext } from "./suite.js";

const LIMITS = { states: 500_000, choices: 5_000 };
const TIMEOUT_MS = 600_000;

/** What the machine says of tests under one order. */
export function askAbout(
  tests: readonly CompiledTest[],
  order: Order,
  { signal, progress }: Pick<SuiteContext, "signal" | "progress">,
): Promise<readonly MachineResult[]> {
  return askMachine(tests, order, {
    root,
    limits: LIMITS,
    parallel: 1,
    timeoutMs: TIMEOUT_MS,
    signal,
    progress,
  });
}
