import type { Plan } from "../../conformance/contract/plan.js";
import type { ReplayFailure, ReplayResult } from "../../conformance/contract/result.js";
import { sidesOfMutant } from "../mutants/mutants.js";
import { coreCount } from "./cores.js";
import type { FoundFailure } from "./failure.js";
import { sidesOfFault } from "./faults.js";
import { type ImplPlan, implPlan } from "./impl-plan.js";
import type { Counts } from "./messages.js";
import { type Ended, type Running, startProcess } from "./process.js";

export interface ReplayOptions {
  /** Replay this mutant instead of the implementation; see `listMutants`. */
  readonly mutant?: string;
  /** Ends the replay: no process is left, and the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** A step that takes longer is a hang, in milliseconds; 5,000 by default. */
  readonly hangMs?: number;
  /** Called several times a second. */
  readonly onProgress?: (progress: Counts) => void;
  /** How many processes replay side by side; by default one a core, fewer for a small plan. */
  readonly processes?: number;
}

const HANG_MS = 5000;
/** A process is worth its start for about so many paths. */
const PATHS_A_PROCESS = 100;

/**
 * Drives the implementation along every path of the plan, on real threads in processes of their own. Stops at
 * the first path (by its index) that does not go as planned and reports it; a crash or a hang is such a
 * failure, and leaves the caller unharmed.
 * @throws BadPlanError; UnknownMutantError; the signal's reason
 */
export async function replayImpl(plan: Plan, options: ReplayOptions = {}): Promise<ReplayResult> {
  const { signal, onProgress } = options;
  const mutant = options.mutant ?? null;
  if (mutant !== null && sidesOfFault(mutant) === null) sidesOfMutant(mutant);
  signal?.throwIfAborted();
  const encoded = implPlan(plan);
  if (plan.paths.length === 0) return { paths: 0, steps: 0, probes: 0, seconds: 0 };

  const stride = Math.max(
    1,
    Math.min(options.processes ?? coreCount(), Math.ceil(plan.paths.length / PATHS_A_PROCESS)),
  );
  const hangMs = options.hangMs ?? HANG_MS;
  const counts: Counts[] = [];
  const running: Running[] = Array.from({ length: stride }, (_, first) =>
    startProcess(
      { plan: encoded, mutant, share: { first, stride }, hangMs, core: first, careful: false },
      (now) => {
        counts[first] = now;
        onProgress?.(sum(counts));
      },
    ),
  );
  const kill = () => {
    for (const process of running) process.kill();
  };
  signal?.addEventListener("abort", kill, { once: true });
  try {
    const ends = await Promise.all(
      running.map(async (process, first) => {
        const ended = await process.ended;
        counts[first] = ended.counts;
        const failed = ended.failure?.path ?? ended.died?.path;
        // The first failure by path is the one to report, so that the same plan gives the same report.
        if (failed !== undefined) for (const other of running) other.limit(failed);
        return ended;
      }),
    );
    signal?.throwIfAborted();
    const failures = await Promise.all(
      ends.map((ended) => failureOf(ended, encoded, mutant, stride, hangMs, signal)),
    );
    signal?.throwIfAborted();
    const first = failures.filter((failure) => failure !== null).sort((a, b) => a.path - b.path)[0];
    const seconds = Math.max(...ends.map((ended) => ended.seconds));
    return { ...sum(counts), seconds, ...(first && { failure: inWords(first, plan) }) };
  } finally {
    signal?.removeEventListener("abort", kill);
  }
}

/**
 * For a process that died without a word, the last paths are replayed once more, carefully, to see the step
 * that it dies at.
 */
async function failureOf(
  ended: Ended,
  plan: ImplPlan,
  mutant: string | null,
  stride: number,
  hangMs: number,
  signal: AbortSignal | undefined,
): Promise<FoundFailure | null> {
  if (ended.died === null) return ended.failure;
  if (signal?.aborted === true) return null;
  const share = { first: ended.died.path, stride };
  const again = startProcess(
    { plan, mutant, share, hangMs, core: share.first % stride, careful: true },
    () => {},
  );
  const kill = () => again.kill();
  signal?.addEventListener("abort", kill, { once: true });
  const second = await again.ended.finally(() => signal?.removeEventListener("abort", kill));
  if (second.failure !== null) return second.failure;
  const { how, silent } = second.died ?? ended.died;
  const dead = silent
    ? `the process that replays has stopped: ${how}`
    : `the process that replays died (${how})`;
  const [path = ended.died.path, move = -1, thread = 0, step = 0] = second.died?.position ?? [];
  const message =
    second.died?.position == null
      ? `${dead}, in this path or soon after it; it did not die again when watched`
      : dead;
  return { kind: silent ? "hang" : "crash", path, move, thread, step, message };
}

function inWords(failure: FoundFailure, plan: Plan): ReplayFailure {
  const { thread: lane, step, ...rest } = failure;
  return { ...rest, lane, step: step === 0 ? "" : (plan.steps[step]?.name ?? "") };
}

function sum(counts: readonly (Counts | undefined)[]): Counts {
  const total = { paths: 0, steps: 0, probes: 0 };
  for (const count of counts) {
    total.paths += count?.paths ?? 0;
    total.steps += count?.steps ?? 0;
    total.probes += count?.probes ?? 0;
  }
  return total;
}
