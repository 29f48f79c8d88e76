import { join } from "node:path";
import { throwIfInterrupted } from "../../spec/tlc/base/errors.js";
import { inParallel } from "../../spec/tlc/base/pool.js";
import { findTools } from "../../spec/tlc/tools/tools.js";
import type { Progress } from "../base/terminal.js";
import { runBatch } from "./batch.js";
import type { CompiledTest } from "./compile.js";
import { type Refusal, readTest } from "./files.js";
import type { Limits, Order } from "./model.js";
import { judge, type OrderResult } from "./result.js";

export interface LitmusRequest {
  readonly files: readonly string[];
  /** The root of the repository, for the machine. */
  readonly root: string;
  readonly orders: readonly Order[];
  readonly limits: Limits;
  readonly parallel: number;
  readonly timeoutMs: number;
  readonly memoryMiB?: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** The outcome of a file: results, or it is refused, or it could not be decided. */
export type FileResult = { readonly file: string } & (
  | { readonly kind: "decided"; readonly test: CompiledTest; readonly results: readonly OrderResult[] }
  | { readonly kind: "refused" | "undecided"; readonly error: Refusal }
);

export interface LitmusSummary {
  readonly files: readonly FileResult[];
  /** Total wall time. */
  readonly seconds: number;
}

/** How many files are read in parallel. */
const READ_AT_ONCE = 16;

/** Reads litmus tests and runs them on the machine, many in one run of TLC. Throws Interrupted. */
export async function runLitmus(request: LitmusRequest): Promise<LitmusSummary> {
  const { signal, progress } = request;
  const started = performance.now();
  const read = await inParallel(request.files, READ_AT_ONCE, async (file) => {
    throwIfInterrupted(signal);
    return await readTest(file);
  });
  const tests = read.flatMap((one) => ("test" in one ? [one.test] : []));
  const tell = (text: string): void => progress.line(text);
  let done = 0;
  const show = (): void => {
    const line = `Litmus  ${done} of ${tests.length} tests   ${Math.round((performance.now() - started) / 1000)} s`;
    progress.update([line], line);
  };
  const timer = setInterval(show, 200);
  try {
    const seen =
      tests.length === 0
        ? []
        : await runBatch(tests, {
            ...request,
            tools: await findTools({ signal, onFetch: tell, onNotice: tell }),
            machine: join(request.root, "spec", "machine"),
            onTest: () => done++,
          });
    let next = 0;
    const files = read.map((one, index): FileResult => {
      const file = request.files[index] ?? "";
      if ("refused" in one) return { file, kind: "refused", error: one.refused };
      const judged = judge(one.test, seen[next++] ?? { unknown: "it did not run" });
      return "message" in judged
        ? { file, kind: "position" in judged ? "refused" : "undecided", error: judged }
        : { file, kind: "decided", test: one.test, results: judged };
    });
    return { files, seconds: (performance.now() - started) / 1000 };
  } finally {
    clearInterval(timer);
    progress.done();
  }
}
