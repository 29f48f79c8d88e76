import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Interrupted } from "../base/errors.js";
import type { Limits } from "../base/limits.js";
import { withScratch } from "../base/scratch.js";
import { readConfig } from "../claim/config.js";
import { MessageReader, type TlcMessage } from "../output/messages.js";
import { readProgress, type TlcProgress } from "../output/report.js";
import { linkLibraries } from "../run/library-links.js";
import { type TlcOutcome, toOutcome } from "../run/outcome.js";
import { jvmArguments } from "../tools/jvm.js";
import { runJava } from "../tools/run-java.js";
import type { Tools } from "../tools/tools.js";
import { ownAddress } from "./addresses.js";
import { StallWatch } from "./stall.js";
import type { WorkerHost } from "./worker-host.js";
import { PORT_PROPERTY } from "./worker-process.js";
import { type DistributedEvent, Workers } from "./workers.js";

/** A model for TLC's distributed mode. */
export interface DistributedRun extends Limits {
  readonly tools: Tools;
  readonly module: string;
  readonly config: string;
  readonly libraries: readonly string[];
  readonly hosts: readonly WorkerHost[];
  /** The port of the server's registry (default: a free one). */
  readonly port?: number;
  readonly signal?: AbortSignal;
  readonly memoryMiB: number;
  /** How long the server waits when no worker is left (default: a minute). */
  readonly aloneMs?: number;
  /** How long nothing may happen after a worker was lost (default: a minute). */
  readonly stallMs?: number;
  /** How long a worker may take for one request, which is usually a second's work (default: two minutes). */
  readonly answerMs?: number;
  readonly onProgress?: (progress: TlcProgress) => void;
  readonly onEvent?: (event: DistributedEvent) => void;
}

/** The result of a run of the server. */
export interface ServerRun {
  readonly outcome: TlcOutcome;
  /** Why it means nothing: it was given up; `alone`: because no worker was left. */
  readonly failed?: { readonly alone: boolean; readonly reason: string };
}

const SERVER = "tlc2.tool.distributed.TLCServer";
/** How often the server reports its progress. */
const REPORT_MS = 5_000;
const STALL_MS = 60_000;
const ANSWER_MS = 120_000;

/** Runs TLC's server once. When this returns or throws, neither it nor a worker that was started is left. */
export async function runServer(model: DistributedRun & { readonly port: number }): Promise<ServerRun> {
  const { tools } = model;
  const config = readConfig(model.config);
  const server = { host: await ownAddress(model.hosts), port: model.port };
  const module = resolve(model.module);
  return await withScratch("server", async (folder) => {
    const temporary = join(folder, "tmp");
    await mkdir(temporary);
    await writeFile(join(folder, "model.cfg"), model.config);
    const libraries = await linkLibraries([...new Set([dirname(module), ...model.libraries])], folder);
    const stop = new AbortController();
    const signal = model.signal === undefined ? stop.signal : AbortSignal.any([model.signal, stop.signal]);
    let failed: ServerRun["failed"];
    const giveUp = (alone: boolean, reason: string): void => {
      failed ??= { alone, reason };
      stop.abort();
    };
    const workers = new Workers({
      ...model,
      ...{ server, folder },
      onAlone: (reason) => giveUp(true, reason),
      onUnsound: (reason) => giveUp(false, reason),
    });
    const stallMs = model.stallMs ?? STALL_MS;
    const stall = new StallWatch(
      stallMs,
      () => workers.lost && workers.registered > 0,
      () => giveUp(false, `nothing happened for ${stallMs / 1000} s after a worker was lost`),
    );
    const messages: TlcMessage[] = [];
    const reader = new MessageReader();
    const take = (arrived: readonly TlcMessage[]): void => {
      for (const message of arrived) {
        messages.push({ ...message, text: libraries.restore(message.text) });
        workers.take(message);
        const progress = readProgress(message);
        if (progress === undefined) continue;
        stall.take(progress);
        model.onProgress?.(progress);
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
        // Otherwise it would wait for ever for a machine that hangs or is cut off.
        `-Dsun.rmi.transport.tcp.responseTimeout=${model.answerMs ?? ANSWER_MS}`,
      ],
    };
    try {
      const result = await runJava(
        tools.java,
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
      return { outcome: toOutcome(result, messages), ...(failed && { failed }) };
    } finally {
      stall.end();
      await workers.end();
    }
  });
}
