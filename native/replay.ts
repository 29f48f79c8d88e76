import { closeSync } from "node:fs";
import { type DriveFailure, type DriveResult, loadAddon } from "./addon.js";
import { buildAddon, buildTarget } from "./build.js";
import { NativeInterrupted, throwIfAborted } from "./errors.js";
import { type Job, planBytes, planLengths } from "./replay/job.js";
import { encodePlan, type ReplayPlan } from "./replay/plan.js";
import { namelessFile } from "./replay/progress.js";
import type { DifferentWord, FailureKind, ReplayFailure, ReplayResult } from "./replay/result.js";
import { Shard } from "./replay/shard.js";

export interface ReplayOptions {
  /** A row of native/mutants.json; without it the library as it is. */
  readonly mutant?: string;
  /** Path of another target's shared library (native/replay/target.h); `mutant` is ignored then. */
  readonly target?: string;
  /** How many processors to use, each with a process of its own; all that there are by default. */
  readonly cores?: number;
  readonly signal?: AbortSignal;
  /** No step for so many milliseconds is a hang; 2000 by default. */
  readonly hangMs?: number;
  readonly onProgress?: (done: {
    readonly paths: number;
    readonly steps: number;
    readonly total: number;
  }) => void;
}

const POLL_MS = 100;
const HANG_MS = 2000;
/** A driving process reports a hang of the target by itself; only when it doesn't, it is given up. */
const PATIENCE = 4;
const START_MS = 20_000;

/**
 * Drives the native library along the plan's paths, on real threads with real membarrier. Each processor has a process of its own, so a
 * target that crashes or hangs takes nothing else down, and no process is left behind. Of several failures the one on
 * the path with the lowest index is reported, whichever process comes to its own first.
 *
 * @throws BadPlanError, CompileError, CompilerMissingError, MutantError, ReplayProcessError; NativeInterrupted on abort
 */
export async function replayNative(plan: ReplayPlan, options: ReplayOptions = {}): Promise<ReplayResult> {
  const { signal } = options;
  throwIfAborted(signal);
  const addonFile = await buildAddon(signal && { signal });
  const addon = await loadAddon();
  const target = options.target ?? (await buildTarget(options.mutant, signal && { signal }));
  const encoded = encodePlan(plan, addon.steps());
  const cpus = addon
    .cpus()
    .slice(0, Math.max(1, Math.min(options.cores ?? Number.POSITIVE_INFINITY, plan.paths.length)));
  const file = namelessFile(planBytes(encoded));
  try {
    const { readers, cells, words } = encoded;
    const shards = cpus.map((cpu, first) => {
      const drive = { target, cpu, hangMs: options.hangMs ?? HANG_MS, first, stride: cpus.length };
      const shape = { readers, cells, words };
      const job: Job = {
        parent: process.pid,
        addon: addonFile,
        options: drive,
        shape,
        lengths: planLengths(encoded),
      };
      return new Shard(job, file);
    });
    return merge(await drive(shards, plan.paths.length, options), plan);
  } finally {
    closeSync(file);
  }
}

async function drive(
  shards: readonly Shard[],
  total: number,
  options: ReplayOptions,
): Promise<DriveResult[]> {
  const { signal, onProgress } = options;
  const killAll = (): void => {
    for (const shard of shards) shard.kill();
  };
  const running = new Set(shards);
  const watch = setInterval(() => look(running, shards), POLL_MS);
  const look = stuckDetector((options.hangMs ?? HANG_MS) * PATIENCE, (paths, steps) =>
    onProgress?.({ paths, steps, total }),
  );
  signal?.addEventListener("abort", killAll, { once: true });
  if (signal?.aborted) killAll();
  let lowest = Number.POSITIVE_INFINITY;
  const outcomes = await Promise.allSettled(
    shards.map(async (shard) => {
      const result = await shard.ended.finally(() => running.delete(shard));
      if (result.failure !== undefined && result.failure.path < lowest) {
        lowest = result.failure.path;
        for (const other of running) other.limit(lowest);
      }
      return result;
    }),
  );
  clearInterval(watch);
  signal?.removeEventListener("abort", killAll);
  if (signal?.aborted) throw new NativeInterrupted();
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

type Look = (running: ReadonlySet<Shard>, all: readonly Shard[]) => void;

/** Looks at how far the processes are; gives up those that have not moved for `patience` milliseconds. */
function stuckDetector(patience: number, onProgress: (paths: number, steps: number) => void): Look {
  const seen = new Map<Shard, { steps: number; since: number }>();
  const done = new Map<Shard, { paths: number; steps: number }>();
  return (running, all) => {
    for (const shard of running) {
      const { paths, steps } = shard.progress();
      done.set(shard, { paths, steps });
      const before = seen.get(shard);
      if (before === undefined || before.steps !== steps) seen.set(shard, { steps, since: Date.now() });
      else if (Date.now() - before.since > patience + START_MS) shard.giveUp();
    }
    const sum = (key: "paths" | "steps"): number =>
      all.reduce((total, shard) => total + (done.get(shard)?.[key] ?? 0), 0);
    onProgress(sum("paths"), sum("steps"));
  };
}

function merge(results: readonly DriveResult[], plan: ReplayPlan): ReplayResult {
  const sum = (key: "paths" | "steps" | "probes"): number =>
    results.reduce((total, result) => total + result[key], 0);
  const failures = results.flatMap((result) => result.failure ?? []).toSorted((a, b) => a.path - b.path);
  const done = {
    paths: sum("paths"),
    steps: sum("steps"),
    probes: sum("probes"),
    seconds: Math.max(...results.map((result) => result.seconds)),
  };
  const [first] = failures;
  return first === undefined ? done : { ...done, failure: describe(first, plan) };
}

function describe(failure: DriveFailure, plan: ReplayPlan): ReplayFailure {
  const { kind, path, move, thread, message, expected, actual } = failure;
  const isMove = move >= 0 && move * 3 < (plan.paths[path]?.moves.length ?? 0);
  const step = isMove ? (plan.steps[failure.step] ?? "") : "";
  const words: DifferentWord[] | undefined =
    expected && actual
      ? plan.words.flatMap((name, i) => {
          const [planned, found] = [expected[i] ?? 0, actual[i] ?? 0];
          return planned === found ? [] : [{ name, expected: planned, actual: found }];
        })
      : undefined;
  return { kind: kind as FailureKind, path, move, thread, step, message, ...(words && { words }) };
}
