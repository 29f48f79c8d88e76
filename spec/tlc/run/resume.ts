import { withoutComments } from "../claim/modules.js";
import { EC } from "../output/codes.js";
import { OUT_OF_MEMORY } from "../tools/jvm.js";
import { openCheckpoint } from "./checkpoint.js";
import type { TlcOutcome } from "./outcome.js";
import { runTlc } from "./run.js";
import type { TlcRun } from "./tlc-run.js";

/** TLC's message that it has read a checkpoint: how many states there were. */
const RECOVERED = EC.TLC_CHECKPOINT_RECOVER_END;

/**
 * Can a model go on from a checkpoint? Not one that gathers what it sees in TLC's registers (TLCSet, as module Batch
 * does): a checkpoint has the states but not the registers, so what was gathered before would be lost.
 */
export function isResumable(files: readonly { readonly text: string }[]): boolean {
  return !files.some(({ text }) => /\bTLCSet\b/.test(withoutComments(text)));
}

/**
 * Runs TLC with checkpoints. When it is interrupted, or runs out of time or memory, the next run of the same model
 * resumes from the last checkpoint; when it ends, or can't be resumed, nothing of it is kept. `results` is the file
 * that the outcome is kept in (see results.ts).
 */
export async function runResumably(
  model: TlcRun,
  cache: string,
  results: string,
  onResumed: (states: number) => void = () => undefined,
): Promise<TlcOutcome> {
  const checkpoint = await openCheckpoint(cache, results);
  if (checkpoint === undefined) return await runTlc(model);
  let keep = true;
  try {
    const outcome = await runTlc({
      ...model,
      checkpoint,
      onMessage(message) {
        model.onMessage?.(message);
        const states = /([\d,]+) states examined/.exec(message.code === RECOVERED ? message.text : "")?.[1];
        if (states !== undefined) onResumed(Number(states.replaceAll(",", "")));
      },
    });
    keep = outcome.timedOut || outcome.signal !== undefined || outcome.exitCode === OUT_OF_MEMORY;
    return outcome;
  } finally {
    await checkpoint.release(keep);
  }
}
