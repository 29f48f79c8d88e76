import { join } from "node:path";
import { findTools } from "../../spec/tlc/tools/tools.js";
import type { Progress } from "../base/terminal.js";
import { runBatch } from "../litmus/batch.js";
import type { CompiledTest } from "../litmus/compile.js";
import type { Limits, Order } from "../litmus/model.js";
import { judge, type OrderResult, type Undecided } from "../litmus/result.js";

/** How the machine is asked. */
export interface MachineOptions {
  /** The root of the repository. */
  readonly root: string;
  readonly limits: Limits;
  readonly parallel: number;
  readonly timeoutMs: number;
  readonly memoryMiB?: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** What the machine says of a test under one order, or why it can't say. */
export type MachineResult = OrderResult | Undecided;

/** Has TLC decide all tests on the machine under one memory order. Throws Interrupted. */
export async function askMachine(
  tests: readonly CompiledTest[],
  order: Order,
  options: MachineOptions,
): Promise<readonly MachineResult[]> {
  if (tests.length === 0) return [];
  const { progress, signal } = options;
  const tell = (text: string): void => progress.line(text);
  let done = 0;
  const started = performance.now();
  const show = (): void => {
    const line = `TLC     ${done} of ${tests.length} tests   ${Math.round((performance.now() - started) / 1000)} s`;
    progress.update([line], line);
  };
  const timer = setInterval(show, 200);
  try {
    const seen = await runBatch(tests, {
      ...options,
      orders: [order],
      tools: await findTools({ signal, onFetch: tell, onNotice: tell }),
      machine: join(options.root, "spec", "machine"),
      onTest: () => done++,
    });
    return tests.map((test, n) => {
      const judged = judge(test, seen[n] ?? { unknown: "it did not run" });
      return "message" in judged ? judged : (judged[0] ?? { message: "it did not run" });
    });
  } finally {
    clearInterval(timer);
    progress.done();
  }
}
