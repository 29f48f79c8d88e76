import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { IDLE } from "../../conformance/contract/plan.js";
import type { DomainOptions } from "../domain.js";
import type { Step } from "../generated/steps.js";
import { attachWords, DOORBELL_WORD, resetWords } from "../layout.js";
import { sidesOfMutant } from "../mutants/mutants.js";
import type { SharedMemory } from "../wasm.js";
import { Control } from "./control.js";
import { type FoundFailure, ReplayStopped } from "./failure.js";
import { sidesOfFault } from "./faults.js";
import { firstNumber, Hidden, RUNG } from "./hidden.js";
import type { ImplPlan } from "./impl-plan.js";
import { assertAllLeft, type Operations, ReaderOperations, UpdaterOperations } from "./operations.js";
import { type Share, Turns } from "./turns.js";

/** What the process gives each of its threads. */
export interface ThreadData {
  readonly me: number;
  readonly plan: ImplPlan;
  readonly control: Int32Array;
  readonly domain: SharedMemory;
  readonly mutant: string | null;
  readonly share: Share;
  /** Where to write each position before the move, or null. */
  readonly careful: number | null;
}

export type ThreadMessage =
  | { readonly type: "ready" }
  | { readonly type: "done" }
  | { readonly type: "failure"; readonly failure: FoundFailure };

const data = workerData as ThreadData;
const say = (message: ThreadMessage) => parentPort?.postMessage(message);

try {
  replay();
} catch (error) {
  say({ type: "failure", failure: failureOf(error) });
}

function replay(): void {
  const { me, plan } = data;
  const control = Control.of(data.control, plan);
  const words = attachWords(data.domain);
  const ids = new Map(plan.steps.map((step, id) => [step, id]));
  const turns: Turns = new Turns(
    me,
    plan,
    control,
    words,
    data.share,
    (path) => {
      assertAllLeft(words, control);
      resetWords(words, firstNumber(path));
      Atomics.store(words.ints, DOORBELL_WORD, RUNG);
      control.reset();
    },
    () => say({ type: "done" }),
  );
  if (data.careful !== null) turns.onMove = carefully(data.careful);

  const hidden = new Hidden(words);
  let beginning = false;
  const hook = (step: Step): void => {
    if (control.draining) return;
    const id = ids.get(step);
    if (id === undefined)
      turns.fail("step", `the implementation came to ${step}, which the plan does not know`);
    if (beginning) {
      hidden.show();
      turns.checkUnchanged();
    } else turns.arrive(id);
    beginning = false;
    if (control.draining) return;
    if (id !== turns.step) turns.fail("step", `came to ${step}, the spec to ${plan.steps[turns.step]}`);
    if (step === "Publish") turns.beforePublish();
  };
  const options: DomainOptions = {
    ...(data.mutant !== null && { sides: sidesOf(data.mutant) }),
    wait: (sleep) => turns.sleep(sleep),
  };
  const operations: Operations =
    me < plan.updaters
      ? new UpdaterOperations(
          me,
          data.domain,
          control,
          hook,
          (kind, message) => turns.fail(kind, message),
          options,
        )
      : new ReaderOperations(
          me,
          data.domain,
          control,
          hook,
          (kind, message) => turns.fail(kind, message),
          options,
        );

  say({ type: "ready" });
  turns.park();
  if (me === 0) turns.start();
  for (;;) {
    if (control.draining) {
      beginning = false;
      operations.leave();
      turns.left();
      continue;
    }
    const step = plan.steps[turns.step] as Step;
    beginning = true;
    hidden.hide();
    if (!operations.perform(step)) turns.fail("step", `no operation begins with ${step}`);
    hidden.show();
    if (!control.draining) turns.arrive(IDLE);
  }
}

function sidesOf(mutant: string) {
  return sidesOfFault(mutant) ?? sidesOfMutant(mutant);
}

function carefully(fd: number): (path: number, move: number, thread: number, step: number) => void {
  return (...position) => {
    try {
      writeSync(fd, `${position.join(" ")}\n`);
    } catch {
      // The reader is slow or gone: one position less.
    }
  };
}

function failureOf(error: unknown): FoundFailure {
  if (error instanceof ReplayStopped) return error.failure;
  const control = Control.of(data.control, data.plan);
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    kind: "crash",
    ...control.position,
    thread: data.me,
    message: `the implementation threw: ${message}`,
  };
}
