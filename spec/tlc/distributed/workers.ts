import { join } from "node:path";
import { messageOf } from "../base/errors.js";
import type { RunResult } from "../base/process.js";
import type { TlcMessage } from "../output/messages.js";
import type { Tools } from "../tools/tools.js";
import type { WorkerHost } from "./worker-host.js";
import { runRemoteWorker, runWorker, type ServerAddress } from "./worker-process.js";

/** Events that a person should know about during a run. */
export type DistributedEvent =
  | { readonly kind: "ready"; readonly server: ServerAddress }
  | { readonly kind: "joined" | "lost"; readonly workers: number }
  | { readonly kind: "ended"; readonly host: string; readonly reason: string }
  /** The server starts again, with the workers that are available. */
  | { readonly kind: "over"; readonly reason: string }
  /** Something goes wrong in the model; only a run on one machine says what. */
  | { readonly kind: "again" };

/** Which workers to use, and where they find the server. */
export interface WorkersOptions {
  readonly tools: Tools;
  readonly hosts: readonly WorkerHost[];
  readonly server: ServerAddress;
  /** For the temporary files of those that run here. */
  readonly folder: string;
  /** How long the server waits for another one when none is left (default: a minute). */
  readonly aloneMs?: number;
  readonly onEvent?: (event: DistributedEvent) => void;
  /** No worker is left, and none is expected. */
  readonly onAlone: (reason: string) => void;
  /** The server has lost states that a worker had. */
  readonly onUnsound: (reason: string) => void;
}

const A_MINUTE = 60_000;
/** Bound of a worker's heap: it holds one block of states and their successors. */
const WORKER_HEAP_MIB = 1024;

/** How often a worker's process is restarted after it died. */
const RESTARTS = 3;

/** TLC's messages about its distributed mode. */
export const READY = 7000;
const REGISTERED = 7001;
const DEREGISTERED = 7002;
const UNREACHABLE = 7006;

/** Starts the workers when the server is ready, counts them, and notices when none is left. */
export class Workers {
  readonly #stop = new AbortController();
  readonly #processes: Promise<unknown>[] = [];
  readonly #failures: string[] = [];
  #running = 0;
  #registered = 0;
  #joined = false;
  #lost = false;
  /** Workers that the server gave up when checking on them, not when giving them work. */
  readonly #givenUp = new Set<string>();
  readonly #unreachable = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: WorkersOptions) {}

  /** Workers that the server has now. */
  get registered(): number {
    return this.#registered;
  }

  /** The server has lost a worker. */
  get lost(): boolean {
    return this.#lost;
  }

  take({ code, text }: TlcMessage): void {
    const worker = /rmi:\S+/.exec(text)?.[0] ?? "";
    if (code === READY) this.#start();
    else if (code === REGISTERED) this.#count("joined", 1);
    else if (code === UNREACHABLE) this.#unreached(worker);
    else if (code === DEREGISTERED) {
      this.#lost = true;
      if (!this.#unreachable.has(worker)) this.#givenUp.add(worker);
      this.#count("lost", -1);
    }
  }

  /**
   * Once a minute, TLC checks whether a worker that has nothing to do is still there. If not, TLC gives it up, but its
   * thread in the server goes on, takes states, fails to hand them over, and drops them, since the worker was already
   * given up (TLCServerThread.handleRemoteWorkerLost).
   */
  #unreached(worker: string): void {
    this.#unreachable.add(worker);
    if (this.#givenUp.has(worker))
      this.options.onUnsound("TLC's server lost the states of a worker that died");
  }

  #reason(): string {
    const why = this.#failures[0] === undefined ? "" : ` (${this.#failures[0]})`;
    return `no worker is left to do the work${why}`;
  }

  /** Stops those that are left, and waits for their end. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stop.abort();
    // More may be added while one ends, but none after all have.
    for (const process of this.#processes) await process;
  }

  #count(kind: "joined" | "lost", by: number): void {
    this.#registered += by;
    this.#joined ||= by > 0;
    this.options.onEvent?.({ kind, workers: this.#registered });
    this.#watch();
  }

  #start(): void {
    this.options.onEvent?.({ kind: "ready", server: this.options.server });
    const { tools, hosts, server } = this.options;
    const common = { tools, server, heapMiB: WORKER_HEAP_MIB, signal: this.#stop.signal };
    for (const host of hosts) {
      if (host.kind === "ssh") this.#add(host.host, () => runRemoteWorker({ ...common, host }));
      if (host.kind !== "here") continue;
      const threads = host.processes === undefined ? {} : { threads: 1 };
      for (let i = 0; i < (host.processes ?? 1); i++) {
        const folder = join(this.options.folder, `worker${this.#processes.length}`);
        const options = { ...common, ownAddress: server.host, ...threads };
        this.#add(host.host, () => runWorker(options, folder));
      }
    }
    this.#watch();
  }

  /**
   * A process that worked and died is started again: the new one also wakes whatever in TLC still waits for the old
   * one.
   */
  #add(host: string, start: () => Promise<RunResult>, restarts = RESTARTS): void {
    this.#running++;
    const process = start().then(
      (result) => {
        this.#running--;
        if (this.#stop.signal.aborted || result.exitCode === 0) return this.#watch();
        const said = result.stderr.trim().split("\n").at(-1) ?? "";
        this.#fail(host, result.failure ?? (said || `it ended with ${result.signal ?? result.exitCode}`));
        const worked = this.#joined || result.signal !== undefined;
        if (worked && restarts > 0) this.#add(host, start, restarts - 1);
      },
      (error: unknown) => {
        this.#running--;
        this.#fail(host, messageOf(error));
      },
    );
    this.#processes.push(process);
  }

  #fail(host: string, reason: string): void {
    this.#failures.push(`${host}: ${reason}`);
    this.options.onEvent?.({ kind: "ended", host, reason });
    this.#watch();
  }

  /** No worker is left: for good, when none is expected any more; otherwise for as long as one may take to join. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#registered > 0 || this.#stop.signal.aborted) return;
    const expected = this.#running > 0 || this.options.hosts.some(({ kind }) => kind === "join");
    const wait = expected ? (this.options.aloneMs ?? A_MINUTE) : 2_000;
    this.#timer = setTimeout(() => this.options.onAlone(this.#reason()), wait);
  }
}
