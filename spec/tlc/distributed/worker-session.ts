import { EnvironmentError } from "../base/errors.js";
import type { RunResult } from "../base/process.js";
import { reach } from "./addresses.js";
import { runWorker, type WorkerOptions } from "./worker-process.js";

/** How to stay with a server. */
export interface SessionOptions extends WorkerOptions {
  /** Called with each line that the worker writes. */
  readonly onLine: (line: string) => void;
  /** The server is gone; we look for it again for a while. */
  readonly onGone?: () => void;
  /** How long (default: half a minute). */
  readonly patienceMs?: number;
  /** How often we look for it (default: every 3 s). */
  readonly lookMs?: number;
}

const PATIENCE_MS = 30_000;
const LOOK_MS = 3_000;
/** What TLC's worker says when the server has told it that the work is done. */
export const COMPUTED = /Computed: (\d+)/;
/** What it says when it no longer finds a server; then, too, it says what it computed. */
const GONE = /TLCServer is gone/;

/**
 * Runs a worker until its server says that the work is done, or the signal is aborted. A server that goes away before
 * that may come back, since it starts over when it has lost states: we look for it again, at the same address.
 *
 * @throws EnvironmentError when it does not come back
 */
export async function stayWithServer(options: SessionOptions, folder: string): Promise<RunResult> {
  const { server, patienceMs = PATIENCE_MS, lookMs = LOOK_MS } = options;
  for (;;) {
    const stop = new AbortController();
    const signal =
      options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
    let done = false;
    let gone = false;
    const onLine = (line: string): void => {
      gone ||= GONE.test(line);
      done ||= COMPUTED.test(line) && !gone;
      options.onLine(line);
    };
    // TLC's worker itself looks for its server only after a minute without work, and not while it computes.
    const watch = watchServer(server, lookMs, () => stop.abort());
    const result = await runWorker({ ...options, signal, onLine }, folder).finally(watch);
    gone ||= stop.signal.aborted;
    if (done || !gone || options.signal?.aborted)
      return { ...result, aborted: options.signal?.aborted ?? false };
    options.onGone?.();
    await waitFor(options, patienceMs, lookMs);
    if (options.signal?.aborted) return { ...result, aborted: true };
  }
}

/** Calls back when the server is not found twice in a row; call the returned function to stop looking. */
function watchServer(server: WorkerOptions["server"], everyMs: number, onGone: () => void): () => void {
  let missed = 0;
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void reach(server.host, server.port)
      .then(
        () => {
          missed = 0;
        },
        () => {
          if (++missed === 2) onGone();
        },
      )
      .finally(() => {
        looking = false;
      });
  }, everyMs);
  return () => clearInterval(timer);
}

async function waitFor(
  { server, signal }: SessionOptions,
  patienceMs: number,
  everyMs: number,
): Promise<void> {
  const started = performance.now();
  while (!signal?.aborted) {
    const found = await reach(server.host, server.port).then(
      () => true,
      () => false,
    );
    if (found) return;
    if (performance.now() - started > patienceMs) {
      throw new EnvironmentError(
        `the server at ${server.host}:${server.port} went away before the work was done`,
        {
          hint: "Its output there says why.",
        },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
