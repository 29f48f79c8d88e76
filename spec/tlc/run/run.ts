import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Interrupted } from "../base/errors.js";
import { expectRoom, withScratch } from "../base/scratch.js";
import type { BoundedMode } from "../claim/claim-run.js";
import { closeModules } from "../claim/modules.js";
import { EC } from "../output/codes.js";
import { COVERAGE_OPTION } from "../output/coverage.js";
import { isBelieved } from "../resident/resident-process.js";
import { tlcArguments } from "../tools/jvm.js";
import { expectStarted, runJava } from "../tools/run-java.js";
import { linkLibraries } from "./library-links.js";
import { type TlcOutcome, toOutcome } from "./outcome.js";
import { RunOutput } from "./run-output.js";
import { runResident } from "./run-resident.js";
import type { TlcRun } from "./tlc-run.js";

/** TLC checks once a minute whether a checkpoint is due, so this is as often as it can. */
const CHECKPOINT_MINUTES = 1;

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
    // The plain start finds nothing of a run that was not to be believed.
    if (model.residents !== undefined) await rm(join(folder, "states"), { recursive: true, force: true });
    const jvm = {
      ...tools,
      temporary,
      heapMiB: model.memoryMiB ?? tools.java.choices?.heapMiB ?? 1024,
      short: model.short ?? false,
      libraries: libraries.folders,
      jars: (model.jars ?? []).map(({ path }) => path),
      more: [
        ...(model.stackMiB === undefined ? [] : [`-Xss${model.stackMiB}m`]),
        ...(model.javaProperties ?? []).map((one) => `-D${one}`),
      ],
    };
    let saving = Promise.resolve();
    const output = new RunOutput(libraries, {
      onMessage: (message) => {
        model.onMessage?.(message);
        if (message.code === EC.TLC_FINISHED) model.onDone?.();
        if (message.code === EC.TLC_CHECKPOINT_END) saving = saving.then(() => model.checkpoint?.saved());
      },
      onProgress: model.onProgress,
    });
    const result = await runJava(tools.java, tlcArguments(jvm, options), {
      // TLC finds the configuration here, and the module by its name on the library path. A configuration outside of
      // the module's folder is not found when the module is given by its path.
      cwd: folder,
      // TLC has nothing to clean up: its folder is removed.
      graceMs: 0,
      ...(model.environment && { env: model.environment }),
      onStdout: (chunk) => output.push(chunk),
      ...(model.signal && { signal: model.signal }),
      ...(model.timeoutMs !== undefined && { timeoutMs: model.timeoutMs }),
    });
    await saving;
    if (result.aborted) throw new Interrupted();
    output.end();
    if (result.exitCode !== undefined && !isBelieved(result.exitCode))
      await expectRoom(model.checkpoint?.folder ?? dirname(folder));
    expectStarted(
      tools.java,
      result.exitCode,
      `${result.stderr}\n${output.messages.map(({ text }) => text).join("\n")}`,
    );
    return toOutcome(result, output.messages);
  });
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
    ...(model.coverage && model.mode === undefined ? COVERAGE_OPTION : []),
    ...modeOptions(model.mode),
    ...(model.options ?? []),
  ];
}

function modeOptions(mode: BoundedMode | undefined): string[] {
  if (mode === undefined) return [];
  if (mode.kind === "depth-first") return ["-dfid", String(mode.depth)];
  const { behaviours, depth, seed } = mode;
  return ["-simulate", `num=${behaviours}`, "-depth", String(depth), "-seed", String(seed)];
}
