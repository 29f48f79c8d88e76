import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { freePort, ownAddress } from "./addresses.js";
import { type Config, readConfig } from "./config.js";
import { Interrupted } from "./errors.js";
import { jvmArguments } from "./jvm.js";
import { linkLibraries } from "./library-links.js";
import { MessageReader, type TlcMessage } from "./messages.js";
import { run } from "./process.js";
import { readProgress, readReport, type TlcProgress } from "./report.js";
import { runTlc, type TlcOutcome, toOutcome } from "./run.js";
import { withScratch } from "./scratch.js";
import type { Tools } from "./tools.js";
import type { WorkerHost } from "./worker-host.js";
import { PORT_PROPERTY } from "./worker-process.js";
import { type DistributedEvent, Workers } from "./workers.js";

/** A model for TLC's distributed mode. */
export interface DistributedRun {
  readonly tools: Tools;
  readonly module: string;
  readonly config: string;
  readonly libraries: readonly string[];
  readonly hosts: readonly WorkerHost[];
  /** The port of the server's registry (default: a free one). */
  readonly port?: number;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly memoryMiB: number;
  /** How long the server waits when no worker is left (default: a minute). */
  readonly aloneMs?: number;
  readonly onProgress?: (progress: TlcProgress) => void;
  readonly onEvent?: (event: DistributedEvent) => void;
}

const SERVER = "tlc2.tool.distributed.TLCServer";
/** How often the server says how far it is. */
const REPORT_MS = 5_000;
/** TLC's messages: temporal properties are checked; the first states are computed; one of them, or a path, is bad. */
const LIVENESS = 2212;
const COMPUTING_INIT = 2189;
const WRONG: ReadonlySet<number> = new Set([2102, 2121, 2217]);

/** Why a model can't be checked in a distributed way; undefined when its configuration allows it. */
export function notDistributable(config: Config): string | undefined {
  const unsupported = [
    ...(config.symmetry.length > 0 ? ["SYMMETRY"] : []),
    ...(config.constraints.length > 0 ? ["CONSTRAINT"] : []),
    ...(config.view === undefined ? [] : ["VIEW"]),
    ...(config.postconditions.length > 0 ? ["POSTCONDITION"] : []),
  ];
  if (unsupported.length === 0) return undefined;
  return `TLC's distributed mode does not treat ${unsupported.join(" and ")} as TLC on one machine does`;
}

/**
 * Runs TLC's distributed mode: the server here, workers on the hosts. It decides only that nothing is violated: when
 * something is, the server says neither what, nor whether it could be evaluated at all, so then the model is run again
 * on this machine, and the outcome is that of this run. A worker that dies takes nothing with it; when none is left, the
 * run ends without a result. When this returns or throws, none of the processes is left.
 */
export async function runDistributed(model: DistributedRun): Promise<TlcOutcome> {
  const refused = notDistributable(readConfig(model.config));
  if (refused !== undefined) return inconclusive(refused);
  const alone = { ...model, workers: 1 };
  const first = await tryFirst(alone);
  if (first !== undefined) return first;
  const outcome = await runServer(model);
  if (!outcome.messages.some(({ code }) => WRONG.has(code))) return outcome;
  model.onEvent?.({ kind: "again" });
  return await runTlc(alone);
}

/**
 * What the server doesn't do: check assumptions, and say that it leaves temporal properties out. TLC on one machine
 * does both before it computes the first state; there it is stopped. Undefined when nothing speaks against going on.
 */
async function tryFirst(model: DistributedRun): Promise<TlcOutcome | undefined> {
  const stop = new AbortController();
  const signal = model.signal === undefined ? stop.signal : AbortSignal.any([model.signal, stop.signal]);
  let begun = false;
  let liveness = false;
  try {
    const outcome = await runTlc({
      ...model,
      signal,
      short: true,
      onMessage({ code }) {
        if (code === LIVENESS) liveness = true;
        if (code !== COMPUTING_INIT) return;
        begun = true;
        stop.abort();
      },
    });
    // It ended before it could be stopped.
    return liveness ? inconclusive(NO_LIVENESS) : outcome;
  } catch (error) {
    if (!(error instanceof Interrupted) || !begun || model.signal?.aborted) throw error;
    return liveness ? inconclusive(NO_LIVENESS) : undefined;
  }
}

const NO_LIVENESS = "TLC's distributed mode does not check temporal properties (liveness)";

async function runServer(model: DistributedRun): Promise<TlcOutcome> {
  const { tools } = model;
  const config = readConfig(model.config);
  const server = { host: await ownAddress(model.hosts), port: model.port ?? (await freePort()) };
  const module = resolve(model.module);
  return await withScratch("server", async (folder) => {
    const temporary = join(folder, "tmp");
    await mkdir(temporary);
    await writeFile(join(folder, "model.cfg"), model.config);
    const libraries = await linkLibraries([...new Set([dirname(module), ...model.libraries])], folder);
    const stop = new AbortController();
    const signal = model.signal === undefined ? stop.signal : AbortSignal.any([model.signal, stop.signal]);
    const workers = new Workers({ ...model, server, folder, onAlone: () => stop.abort() });
    const messages: TlcMessage[] = [];
    const reader = new MessageReader();
    const take = (arrived: readonly TlcMessage[]): void => {
      for (const message of arrived) {
        messages.push({ ...message, text: libraries.restore(message.text) });
        workers.take(message);
        const progress = readProgress(message);
        if (progress) model.onProgress?.(progress);
      }
    };
    const jvm = {
      ...tools,
      temporary,
      heapMiB: model.memoryMiB,
      short: false,
      libraries: libraries.folders,
      more: [
        `-D${PORT_PROPERTY}=${server.port}`,
        `-D${SERVER}.report=${REPORT_MS}`,
        `-Djava.rmi.server.hostname=${server.host}`,
      ],
    };
    try {
      const result = await run(
        tools.java.command,
        jvmArguments(jvm, SERVER, [
          ...["-tool", "-fp", "0", "-checkpoint", "0", "-metadir", join(folder, "states")],
          // In this mode TLC overlooks CHECK_DEADLOCK in a configuration.
          ...(config.checksDeadlock ? [] : ["-deadlock"]),
          ...["-config", "model.cfg", basename(module, ".tla")],
        ]),
        {
          cwd: folder,
          graceMs: 0,
          signal,
          onStdout: (chunk) => take(reader.push(chunk)),
          ...(model.timeoutMs !== undefined && { timeoutMs: model.timeoutMs }),
        },
      );
      take(reader.end());
      if (model.signal?.aborted) throw new Interrupted();
      if (result.aborted) return inconclusive(workers.reason(), result.seconds);
      return toOutcome(result, messages);
    } finally {
      await workers.end();
    }
  });
}

/** An outcome that decides nothing, with the reason. */
function inconclusive(message: string, seconds = 0): TlcOutcome {
  const report = { ...readReport([]), truncated: false, errors: [{ kind: "internal" as const, message }] };
  return { exitCode: 0, timedOut: false, messages: [], report, stderr: "", seconds };
}
