import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Interrupted } from "../base/errors.js";
import type { Limits } from "../base/limits.js";
import { type RunResult, run } from "../base/process.js";
import { withScratch } from "../base/scratch.js";
import { closeModules } from "../claim/modules.js";
import { EC } from "../output/codes.js";
import { COVERAGE_OPTION, isCoverageDetail } from "../output/coverage.js";
import { MessageReader, type TlcMessage, UNFRAMED } from "../output/messages.js";
import { readProgress, readReport, type TlcProgress, type TlcReport } from "../output/report.js";
import type { Residents } from "../resident/residents.js";
import { tlcArguments } from "../tools/jvm.js";
import type { Tools } from "../tools/tools.js";
import type { Checkpoint } from "./checkpoint.js";
import { linkLibraries } from "./library-links.js";
import { runResident } from "./run-resident.js";

/** A model for TLC, and how to run it; by default the heap has 1024 MiB. */
export interface TlcRun extends Limits {
  readonly tools: Tools;
  /** Path of the module. */
  readonly module: string;
  /** The text of the configuration. */
  readonly config: string;
  /** The folders of the modules that it depends on; else they are looked for below `root` (see modules.ts). */
  readonly libraries?: readonly string[];
  /** Default: the current folder. */
  readonly root?: string;
  readonly signal?: AbortSignal;
  /** Java's stack in MiB (default: Java's own, 1), for deep recursion. */
  readonly stackMiB?: number;
  /** TLC's worker threads (default 1, which alone is deterministic). */
  readonly workers?: number;
  /** The run is expected to take no more than a few seconds: Java then compiles less. */
  readonly short?: boolean;
  /** Which of TLC's fingerprint polynomials, from 0 (the default) to 130. */
  readonly fingerprint?: number;
  /** Has TLC write the state graph with its actions' names to this file, whose name must end in `.dot`. */
  readonly dotFile?: string;
  /** Where the run saves checkpoints, and where it resumes from. */
  readonly checkpoint?: Checkpoint;
  /** TLC counts how often each action is taken. */
  readonly coverage?: boolean;
  /** Further options of TLC, such as `-deadlock` (which means: do not check for deadlock). */
  readonly options?: readonly string[];
  /** Called when TLC reports its progress, about once a minute. */
  readonly onProgress?: (progress: TlcProgress) => void;
  /** Called with each message as it arrives. */
  readonly onMessage?: (message: TlcMessage) => void;
  /**
   * Called when TLC has said that it is done. Java then takes a third of a second to exit, idle: it waits for a thread
   * of TLC's that sits in a system call.
   */
  readonly onDone?: () => void;
  /** Java processes that stay. Short runs with nothing special about them are made there; the outcome is the same. */
  readonly residents?: Residents | undefined;
}

/** The outcome of a run. It is not a verdict (see verdict.ts). */
export interface TlcOutcome {
  /** Undefined when TLC was ended by a signal or could not be started. */
  readonly exitCode?: number;
  readonly signal?: string;
  readonly timedOut: boolean;
  /** Everything that TLC said, in order. */
  readonly messages: readonly TlcMessage[];
  readonly report: TlcReport;
  /** What Java wrote to its error output, shortened. */
  readonly stderr: string;
  /** Wall time. */
  readonly seconds: number;
}

/** The lines outside of messages (what a specification prints) that are kept of one run. */
export const UNFRAMED_KEPT = 20_000;

/** TLC checks once a minute whether a checkpoint is due, so this is as often as it can. */
const CHECKPOINT_MINUTES = 1;

/** TLC's message that a checkpoint is complete. */
const SAVED = EC.TLC_CHECKPOINT_END;

/** TLC's last message: finished, in so many seconds. */
const DONE = EC.TLC_FINISHED;

/**
 * Runs TLC once. The configuration, TLC's states and Java's temporary files are in a scratch folder of this run; when
 * this returns or throws, neither it nor a process is left. Throws Interrupted when the signal is aborted, and
 * BadInputError when the modules can't be found.
 */
export async function runTlc(model: TlcRun): Promise<TlcOutcome> {
  const { tools } = model;
  const module = resolve(model.module);
  const found = model.libraries ?? (await closeModules(module, model.root ?? process.cwd())).folders;
  return await withScratch("run", async (folder) => {
    const config = join(folder, "model.cfg");
    const temporary = join(folder, "tmp");
    await mkdir(temporary);
    await writeFile(config, model.config);
    const libraries = await linkLibraries([...new Set([dirname(module), ...found])], folder);
    const options = [...tlcOptions(model, folder, config), basename(module, ".tla")];
    const kept = await runResident(model, options, libraries);
    if (kept !== undefined) return kept;
    await rm(join(folder, "states"), { recursive: true, force: true });
    const jvm = {
      ...tools,
      temporary,
      heapMiB: model.memoryMiB ?? 1024,
      short: model.short ?? false,
      libraries: libraries.folders,
      ...(model.stackMiB !== undefined && { more: [`-Xss${model.stackMiB}m`] }),
    };
    const messages: TlcMessage[] = [];
    const reader = new MessageReader();
    let saving = Promise.resolve();
    let unframed = 0;
    const take = (arrived: readonly TlcMessage[]): void => {
      for (const message of arrived) {
        if (isCoverageDetail(message)) continue;
        if (message.code === UNFRAMED && ++unframed > UNFRAMED_KEPT) continue;
        messages.push({ ...message, text: libraries.restore(message.text) });
        model.onMessage?.(message);
        if (message.code === DONE) model.onDone?.();
        if (message.code === SAVED) saving = saving.then(() => model.checkpoint?.saved());
        const progress = model.onProgress && readProgress(message);
        if (progress) model.onProgress?.(progress);
      }
    };
    const result = await run(tools.java.command, tlcArguments(jvm, options), {
      // TLC finds the configuration here, and the module by its name on the library path. A configuration outside of
      // the module's folder is not found when the module is given by its path.
      cwd: folder,
      // TLC has nothing to clean up: its folder is removed.
      graceMs: 0,
      onStdout: (chunk) => take(reader.push(chunk)),
      ...(model.signal && { signal: model.signal }),
      ...(model.timeoutMs !== undefined && { timeoutMs: model.timeoutMs }),
    });
    await saving;
    if (result.aborted) throw new Interrupted();
    take(reader.end());
    return toOutcome(result, messages);
  });
}

/** The outcome of a process of TLC that was not aborted, from everything that it said. */
export function toOutcome(result: RunResult, messages: readonly TlcMessage[]): TlcOutcome {
  return {
    ...(result.exitCode !== undefined && { exitCode: result.exitCode }),
    ...(result.signal !== undefined && { signal: result.signal }),
    timedOut: result.timedOut,
    messages,
    report: readReport(messages),
    stderr: result.failure ?? result.stderr.slice(-4096),
    seconds: result.seconds,
  };
}

function tlcOptions(model: TlcRun, folder: string, config: string): string[] {
  const { abilities } = model.tools;
  return [
    "-tool",
    ...["-fp", String(model.fingerprint ?? 0)],
    ...["-workers", String(model.workers ?? 1)],
    // Two runs that start in the same second must not share this folder: TLC names its own subfolder after the second.
    ...["-metadir", model.checkpoint?.folder ?? join(folder, "states")],
    ...["-checkpoint", model.checkpoint === undefined ? "0" : String(CHECKPOINT_MINUTES)],
    ...(model.checkpoint?.recover === undefined ? [] : ["-recover", model.checkpoint.recover]),
    ...["-config", config],
    // Liveness once, at the end: the count of states then does not depend on when it was checked.
    ...(abilities.lncheckFinal ? ["-lncheck", "final"] : []),
    ...(abilities.noGenerateSpecTE ? ["-noGenerateSpecTE"] : []),
    ...(model.dotFile === undefined ? [] : ["-dump", "dot,actionlabels", resolve(model.dotFile)]),
    ...(model.coverage ? COVERAGE_OPTION : []),
    ...(model.options ?? []),
  ];
}
