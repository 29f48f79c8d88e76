import { join } from "node:path";
import { throwIfInterrupted } from "../../spec/tlc/base/errors.js";
import { inParallel } from "../../spec/tlc/base/pool.js";
import { findTools } from "../../spec/tlc/tools/tools.js";
import { type EndedEarly, unlessInterrupted, withTimeLimit } from "../base/interrupted.js";
import type { Progress } from "../base/terminal.js";
import type { Seen } from "./answers.js";
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
  /** Seconds for all of them together; without any, they may take as long as they take. */
  readonly timeLimit?: number | undefined;
  /** Called for each file as soon as its outcome is known. */
  readonly onFile?: (result: FileResult) => void;
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
  /** It ended before all were decided: these are undecided. */
  readonly endedEarly?: EndedEarly;
  /** Total wall time. */
  readonly seconds: number;
}

/** How many files are read in parallel. */
const READ_AT_ONCE = 16;

/**
 * Reads litmus tests and runs them on the machine, many in one run of TLC. When it is interrupted, or its time is over,
 * the summary has what was known by then; throws Interrupted before the first test runs.
 */
export async function runLitmus(request: LitmusRequest): Promise<LitmusSummary> {
  const { progress } = request;
  const { signal, ended } = withTimeLimit(request.signal, request.timeLimit);
  const started = performance.now();
  const read = await inParallel(request.files, READ_AT_ONCE, async (file) => {
    throwIfInterrupted(signal);
    return await readTest(file);
  });
  const files: FileResult[] = [];
  const settle = (index: number, result: FileResult): void => {
    files[index] = result;
    request.onFile?.(result);
  };
  const tests: CompiledTest[] = [];
  const places: number[] = [];
  for (const [index, one] of read.entries()) {
    const file = request.files[index] ?? "";
    if ("refused" in one) settle(index, { file, kind: "refused", error: one.refused });
    else places[tests.push(one.test) - 1] = index;
  }
  const judged = (n: number, seen: Seen): FileResult => {
    const file = request.files[places[n] as number] ?? "";
    const test = tests[n] as CompiledTest;
    const found = judge(test, seen);
    return "message" in found
      ? { file, kind: "position" in found ? "refused" : "undecided", error: found }
      : { file, kind: "decided", test, results: found };
  };
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
        : await unlessInterrupted(signal, async () =>
            runBatch(tests, {
              ...request,
              signal,
              tools: await findTools({ signal, onFetch: tell, onNotice: tell }),
              machine: join(request.root, "spec", "machine"),
              onTest: (n, what) => {
                done++;
                settle(places[n] as number, judged(n, what));
              },
            }),
          );
    const endedEarly = seen === undefined ? ended() : undefined;
    const unknown =
      endedEarly === "time limit" ? "not decided before the time limit of the whole run" : "interrupted";
    for (const [n, index] of places.entries()) {
      if (files[index] === undefined) settle(index, judged(n, { unknown }));
    }
    return { files, ...(endedEarly && { endedEarly }), seconds: (performance.now() - started) / 1000 };
  } finally {
    clearInterval(timer);
    progress.done();
  }
}
