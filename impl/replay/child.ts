import { Worker } from "node:worker_threads";
import { Domain } from "../domain.js";
import { Control } from "./control.js";
import type { FoundFailure } from "./failure.js";
import { sharePlan } from "./impl-plan.js";
import type { FromChild, ToChild } from "./messages.js";
import type { ThreadData, ThreadMessage } from "./thread.js";

/*
 * The process that a replay runs in: one thread for each of the plan's, and this one, which only watches.
 * It reports what goes wrong in the threads to the parent, with the position that they share, and then ends
 * the process: nothing in it can be trusted any more.
 */

type Start = Extract<ToChild, { type: "start" }>;

const PROGRESS_MS = 50;
/**
 * How many looks of the watchdog in a row must find no move. A busy machine that stops this thread stops the
 * looks, too.
 */
const LOOKS = 8;

// The parent is gone: nobody wants to know.
process.on("disconnect", () => process.exit(1));
process.on("message", (message: ToChild) => {
  if (message.type === "start") start(message);
  else if (control !== null) control.limit = Math.min(control.limit, message.path);
});

let control: Control | null = null;

function start(task: Start): void {
  const plan = sharePlan(task.plan);
  const shared = Control.create(plan);
  control = shared;
  shared.setPosition(task.share.first, -1, 0, 0);
  const domain = Domain.create({ capacity: plan.readers }).memory;
  let ready = 0;
  let began = 0;
  const seconds = () => (performance.now() - began) / 1000;
  const fail = (failure: FoundFailure) =>
    end({ type: "failure", counts: shared.counts, seconds: seconds(), failure });

  const begin = () => {
    began = performance.now();
    // Said before the first step, which may be the last: from now on silence means something.
    tell({ type: "progress", counts: shared.counts, path: shared.position.path }, () => shared.letGo(0));
    setInterval(
      () => tell({ type: "progress", counts: shared.counts, path: shared.position.path }),
      PROGRESS_MS,
    );
    watch(shared, task.hangMs, fail);
  };
  for (let me = 0; me < shared.threads; me++) {
    const data: ThreadData = {
      me,
      plan,
      control: shared.words,
      domain,
      mutant: task.mutant,
      share: task.share,
      careful: task.careful,
    };
    const thread = new Worker(new URL("./thread.js", import.meta.url), { workerData: data });
    thread.on("message", (message: ThreadMessage) => {
      if (message.type === "failure") fail(message.failure);
      else if (message.type === "done") end({ type: "done", counts: shared.counts, seconds: seconds() });
      else if (++ready === shared.threads) begin();
    });
    thread.on("exit", (code) => {
      fail({
        kind: "crash",
        ...shared.position,
        thread: me,
        message: `the thread of ${plan.lanes[me]} ended by itself (exit code ${code})`,
      });
    });
    thread.on("error", (error) => {
      fail({
        kind: "crash",
        ...shared.position,
        thread: me,
        message: `the thread of ${plan.lanes[me]} died: ${error.message}`,
      });
    });
  }
}

/** Reports the position when nothing has moved for so long. */
function watch(shared: Control, hangMs: number, fail: (failure: FoundFailure) => void): void {
  let beat = shared.beat;
  let still = 0;
  setInterval(() => {
    still = shared.beat === beat ? still + 1 : 0;
    beat = shared.beat;
    if (still < LOOKS) return;
    const what = shared.draining
      ? "the threads were let go to leave, and did not"
      : "the step did not come to its end";
    fail({ kind: "hang", ...shared.position, message: `${what} within ${hangMs} ms` });
  }, hangMs / LOOKS);
}

function tell(message: FromChild, then?: () => void): void {
  process.send?.(message, undefined, undefined, then);
}

let ending = false;

/** The first word is the last: what follows from a failure is none. */
function end(message: FromChild): void {
  if (ending) return;
  ending = true;
  tell(message, () => process.exit(0));
}
