import { closeSync } from "node:fs";
import { type Plan, startOf } from "../../../conformance/contract/plan.js";
import type {
  DifferentWord,
  FailureKind,
  ReplayFailure,
  ReplayResult,
} from "../../../conformance/contract/result.js";
import { throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import { type Addon, type DriveFailure, type DriveResult, FLAVOURS, loadAddon } from "../addon.js";
import { placed } from "../asks.js";
import { buildAddon, buildTarget } from "../build.js";
import { run } from "../compiler.js";
import { type DrivePlan, drivePlan } from "../drive-plan.js";
import { MembarrierMissingError } from "../errors.js";
import type { NativeTarget } from "../mutants.js";
import { astray } from "./astray.js";
import { driveShards } from "./drive.js";
import { type Job, planBytes, planLengths } from "./job.js";
import { namelessFile } from "./progress.js";
import { Shard } from "./shard.js";

export interface ReplayOptions {
  /** A row of native/mutants.json; without it the library as it is. */
  readonly mutant?: string;
  /** Which of ours to drive; the library if there is none. */
  readonly algorithm?: NativeTarget;
  /**
   * Path of somebody else's shared library (native/replay/target.h); `mutant` is ignored then, and nothing is said about
   * membarrier, which it need not use.
   */
  readonly target?: string;
  /**
   * How many processors to use, each with a process of its own. By default all that there are, as long as each has
   * a few hundred paths to drive.
   */
  readonly cores?: number;
  readonly signal?: AbortSignal;
  /** No step for this many milliseconds is a hang; 2000 by default. */
  readonly hangMs?: number;
  /** Ends the replay after this many milliseconds: each process goes on to the end of its path. */
  readonly limitMs?: number;
  /** Called several times a second; `total` is the number of the plan's paths. */
  readonly onProgress?: (done: Progressed) => void;
}

export interface Progressed {
  readonly paths: number;
  readonly steps: number;
  readonly total: number;
}

const HANG_MS = 2000;
const PATHS_A_CORE = 200;

/**
 * Drives the native library along the plan's paths, on real threads with real membarrier. Each processor has a process
 * of its own, so a target that crashes or hangs takes nothing else down, and no process is left behind. Of several
 * failures the one on the path with the lowest index is reported, whichever process comes to its own first.
 *
 * @throws BadPlanError, CompileError, CompilerMissingError, MembarrierMissingError, MutantError, ReplayProcessError;
 *   Interrupted when the signal is aborted
 */
export async function replayNative(plan: Plan, options: ReplayOptions = {}): Promise<ReplayResult> {
  const { signal, onProgress, hangMs = HANG_MS, limitMs } = options;
  throwIfInterrupted(signal);
  const building = signal ? { signal } : {};
  const addonFile = await buildAddon(building);
  const addon = await loadAddon();
  if (options.target === undefined) await requireMembarrier(addonFile, addon);
  const target = options.target ?? (await buildTarget(options.mutant, building, options.algorithm));
  const encoded = drivePlan(plan);
  const total = plan.paths.length;
  const cores = Math.min(options.cores ?? Math.ceil(total / PATHS_A_CORE), total);
  const cpus = addon.cpus().slice(0, Math.max(1, cores));
  const file = namelessFile(planBytes(encoded));
  try {
    throwIfInterrupted(signal);
    const shards = cpus.map((cpu, first) => {
      const drive = { target, cpu, hangMs, first, stride: cpus.length };
      return new Shard(job(addonFile, drive, encoded), file);
    });
    const watch = {
      hangMs,
      ...(signal && { signal }),
      ...(limitMs !== undefined && { limitMs }),
      ...(onProgress && { onProgress: (done: Omit<Progressed, "total">) => onProgress({ ...done, total }) }),
    };
    return merge(await driveShards(shards, watch), plan, encoded, options.target !== undefined);
  } finally {
    closeSync(file);
  }
}

/**
 * Whether a domain of this addon's uses membarrier. A process of its own looks, since the library may be somebody's
 * mutant that crashes there: undefined then.
 */
export async function membarrierWorks(addonFile: string): Promise<boolean | undefined> {
  const script =
    "const addon = require(process.argv[1]); console.log(addon.domainFlavour(addon.domainCreate(1, 0)));";
  const { code, stdout } = await run([process.execPath, "--no-warnings", "-e", script, addonFile]);
  return code === 0 ? FLAVOURS[Number(stdout)] === "membarrier" : undefined;
}

/** The plan counts on real barriers; a domain that has fallen back to fences can't follow it. Replay will report a crash. */
async function requireMembarrier(addonFile: string, addon: Addon): Promise<void> {
  if ((await membarrierWorks(addonFile)) !== false) return;
  throw new MembarrierMissingError("membarrier PRIVATE_EXPEDITED can't be used here, and replay needs it", {
    where: `membarrier's QUERY answers ${addon.membarrierQuery()}`,
    hint:
      "It needs Linux 4.14 or newer, and a sandbox (seccomp) that lets the system call pass. Where `quiesce doctor` " +
      "finds nothing wrong with it, a change to native/src/ keeps the library from using it.",
  });
}

function job(addon: string, options: Job["options"], plan: DrivePlan): Omit<Job, "token"> {
  const { states: _states, starts: _starts, offsets: _offsets, moves: _moves, asks: _asks, ...shape } = plan;
  return {
    parent: process.pid,
    addon,
    options,
    shape,
    lengths: planLengths(plan),
  };
}

function merge(
  results: readonly DriveResult[],
  plan: Plan,
  { asks }: DrivePlan,
  isForeign: boolean,
): ReplayResult {
  const sum = (key: "paths" | "steps" | "probes"): number =>
    results.reduce((total, result) => total + result[key], 0);
  const failures = results.flatMap(({ failure }) =>
    failure === undefined ? [] : asks === undefined ? failure : placed(failure, asks, plan),
  );
  const [first] = failures.toSorted((a, b) => a.path - b.path);
  const blameless = first && isForeign ? astray(first, plan) : undefined;
  const paths = sum("paths");
  return {
    paths,
    steps: sum("steps"),
    probes: sum("probes"),
    seconds: Math.max(...results.map((result) => result.seconds)),
    ...(blameless !== undefined && { astray: blameless }),
    ...(first && blameless === undefined && { failure: describe(first, plan) }),
    ...(!first && paths < plan.paths.length && { interrupted: true as const }),
  };
}

function describe(failure: DriveFailure, plan: Plan): ReplayFailure {
  const { kind, path, move, lane, message, expected, actual, probe } = failure;
  const isMove = probe !== undefined || (move >= 0 && move < (plan.paths[path]?.length ?? 0));
  const step = isMove ? (plan.steps[failure.step]?.name ?? "") : "";
  const words = expected && actual ? difference(plan.words, expected, actual) : undefined;
  return {
    kind: kind as FailureKind,
    path,
    move,
    lane,
    step,
    message,
    ...(words && { words }),
    ...(probe && { probe }),
    ...(probe && plan.paths[path]?.length === 0 && { start: startOf(plan, path) }),
  };
}

function difference(
  names: readonly string[],
  expected: readonly number[],
  actual: readonly number[],
): DifferentWord[] {
  return names
    .map((name, i) => ({ name, expected: expected[i] ?? 0, actual: actual[i] ?? 0 }))
    .filter((word) => word.expected !== word.actual);
}
