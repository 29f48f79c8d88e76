import { join } from "node:path";
import { throwIfInterrupted } from "../../spec/tlc/base/errors.js";
import { inParallel } from "../../spec/tlc/base/pool.js";
import { findTools } from "../../spec/tlc/tools/tools.js";
import { type EndedEarly, unlessInterrupted, withTimeLimit } from "../base/interrupted.js";
import type { Progress } from "../base/terminal.js";
import { agreed } from "./agreed.js";
import type { Seen } from "./answers.js";
import { runBatch } from "./batch.js";
import type { CompiledTest } from "./compile.js";
import { type Refusal, readTest } from "./files.js";
import type { Limits, Order } from "./model.js";
import { type Explanation, judge, type OrderResult } from "./result.js";

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
  /** Another engine than the machine, and what it is for (default: none). */
  readonly other?: OtherEngine;
}

/** Something else that decides tests, without the machine. */
export interface OtherEngine {
  /**
   * Its answer is taken and the machine decides only what it leaves; it decides alone; or it decides and so does the
   * machine, and both must agree.
   */
  readonly role: "first" | "only" | "both";
  /** Decides tests, given as they are written. Throws Interrupted. */
  readonly decide: (
    texts: readonly string[],
    options: {
      readonly orders: readonly Order[];
      readonly signal: AbortSignal;
      readonly onTest: (index: number, seen: Seen, explained?: readonly Explanation[]) => void;
    },
  ) => Promise<void>;
}

/** Who decided a test. */
export type Engine = "machine" | "axioms" | "both";

/** The outcome of a file: results, or it is refused, or it could not be decided. */
export type FileResult = { readonly file: string } & (
  | {
      readonly kind: "decided";
      readonly test: CompiledTest;
      readonly results: readonly OrderResult[];
      readonly engine: Engine;
      readonly explained: readonly Explanation[];
    }
  | { readonly kind: "refused" | "undecided"; readonly error: Refusal }
);

export interface LitmusSummary {
  readonly files: readonly FileResult[];
  /** It ended before all were decided: these are undecided. */
  readonly endedEarly?: EndedEarly;
  /** Total wall time. */
  readonly seconds: number;
}

/** What neither engine decides says why for both. */
function withReason(machine: Seen, axioms: Seen | undefined): Seen {
  const isOpen = "unknown" in machine && axioms !== undefined && "unknown" in axioms;
  return isOpen ? { ...machine, unknown: `${machine.unknown}; ${axioms.unknown}` } : machine;
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
  const tests: { readonly test: CompiledTest; readonly text: string; readonly place: number }[] = [];
  for (const [index, one] of read.entries()) {
    const file = request.files[index] ?? "";
    if ("refused" in one) settle(index, { file, kind: "refused", error: one.refused });
    else tests.push({ ...one, place: index });
  }
  /** What the other engine says, by the number of the test; and why. */
  const said = new Map<number, Seen>();
  const reasons = new Map<number, readonly Explanation[]>();
  const judged = (n: number, seen: Seen, engine: Engine): FileResult => {
    const { test, place } = tests[n] as (typeof tests)[number];
    const file = request.files[place] ?? "";
    const found = judge(test, seen);
    return "message" in found
      ? { file, kind: "position" in found ? "refused" : "undecided", error: found }
      : { file, kind: "decided", test, results: found, engine, explained: reasons.get(n) ?? [] };
  };
  const tell = (text: string): void => progress.line(text);
  let done = 0;
  const show = (): void => {
    const line = `Litmus  ${done} of ${tests.length} tests   ${Math.round((performance.now() - started) / 1000)} s`;
    progress.update([line], line);
  };
  const timer = setInterval(show, 200);
  const finish = (n: number, seen: Seen, engine: Engine): void => {
    done++;
    settle((tests[n] as (typeof tests)[number]).place, judged(n, seen, engine));
  };
  const askOther = async ({ role, decide }: OtherEngine): Promise<void> => {
    const texts = tests.map(({ text }) => text);
    await decide(texts, {
      orders: request.orders,
      signal,
      onTest: (n, seen, explained = []) => {
        reasons.set(n, explained);
        if (role === "only" || (role === "first" && !("unknown" in seen))) finish(n, seen, "axioms");
        else said.set(n, seen);
      },
    });
  };
  const askMachine = async (): Promise<void> => {
    const left = tests.flatMap(({ place }, n) => (files[place] === undefined ? [n] : []));
    if (left.length === 0) return;
    await runBatch(
      left.map((n) => (tests[n] as (typeof tests)[number]).test),
      {
        ...request,
        signal,
        tools: await findTools({ signal, onFetch: tell, onNotice: tell }),
        machine: join(request.root, "spec", "machine"),
        onTest: (index, seen) => {
          const n = left[index] as number;
          if (request.other?.role !== "both") return finish(n, withReason(seen, said.get(n)), "machine");
          const { test } = tests[n] as (typeof tests)[number];
          finish(n, agreed(test, seen, said.get(n) ?? { unknown: "it was not asked" }), "both");
        },
      },
    );
  };
  try {
    const all = await unlessInterrupted(signal, async () => {
      if (tests.length > 0 && request.other !== undefined) await askOther(request.other);
      if (request.other?.role !== "only") await askMachine();
      return true;
    });
    const endedEarly = all === undefined ? ended() : undefined;
    const unknown =
      endedEarly === "time limit" ? "not decided before the time limit of the whole run" : "interrupted";
    for (const [n, { place }] of tests.entries())
      if (files[place] === undefined) settle(place, judged(n, { unknown }, "machine"));
    return { files, ...(endedEarly && { endedEarly }), seconds: (performance.now() - started) / 1000 };
  } finally {
    clearInterval(timer);
    progress.done();
  }
}
