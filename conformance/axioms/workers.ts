import { once } from "node:events";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { Interrupted, messageOf } from "../../spec/tlc/base/errors.js";
import { inParallel } from "../../spec/tlc/base/pool.js";
import type { OtherEngine } from "../litmus/run.js";
import type { Answer, Question } from "./worker.js";

export interface WorkersOptions {
  readonly role: OtherEngine["role"];
  readonly parallel: number;
  /** Time limit of each test. */
  readonly timeoutMs: number;
  /** Are reasons asked for, too? */
  readonly explain?: boolean;
}

/** The axioms as an engine of `quiesce litmus`: threads of their own, so that Ctrl-C ends them at once. */
export function axiomsEngine({ role, parallel, timeoutMs, explain = false }: WorkersOptions): OtherEngine {
  return {
    role,
    decide: async (texts, { orders, signal, onTest }) => {
      const idle: Worker[] = [];
      const all = new Set<Worker>();
      const stop = (): void => {
        for (const worker of all) void worker.terminate();
      };
      signal.addEventListener("abort", stop);
      try {
        await inParallel(texts, Math.min(parallel, texts.length), async (text, index) => {
          if (signal.aborted) throw new Interrupted();
          const worker = idle.pop() ?? startWorker();
          all.add(worker);
          const answer = await ask(worker, { text, orders, timeoutMs, explain });
          if (signal.aborted) throw new Interrupted();
          if ("ended" in answer) {
            all.delete(worker);
            await worker.terminate();
            return onTest(index, { unknown: `the axioms failed: ${answer.ended}` });
          }
          idle.push(worker);
          onTest(index, answer.seen, answer.explained);
        });
      } finally {
        signal.removeEventListener("abort", stop);
        await Promise.all([...all].map((worker) => worker.terminate()));
      }
    },
  };
}

/** More than a test within its time limit needs. */
const MOST_MEMORY_MIB = 1024;

function startWorker(): Worker {
  const program = createRequire(import.meta.url).resolve("quiesce/conformance/axioms/worker");
  return new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MIB } });
}

/** A worker's answer; or why it has ended instead. */
async function ask(worker: Worker, question: Question): Promise<Answer | { readonly ended: string }> {
  const wait = new AbortController();
  const { signal } = wait;
  const answer = once(worker, "message", { signal }).then(([said]) => said as Answer);
  const end = once(worker, "exit", { signal }).then(() => ({ ended: "their thread was ended" }));
  worker.postMessage(question);
  try {
    return await Promise.race([answer, end]);
  } catch (error) {
    // `once` fails with what the worker throws, running out of memory included.
    return { ended: messageOf(error) };
  } finally {
    wait.abort();
    await Promise.allSettled([answer, end]);
  }
}
