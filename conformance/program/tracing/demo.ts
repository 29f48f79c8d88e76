import { accessSync, constants, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildDemo } from "../../../native/js/tracing/demo-programs.js";
import {
  type Changed,
  disable,
  enable,
  type Recorded,
  record,
  view,
} from "../../../native/js/tracing/index.js";
import { EnvironmentError, throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import { run } from "../../../spec/tlc/base/process.js";
import { createScratch } from "../../../spec/tlc/base/scratch.js";
import { writeOutput } from "../../base/output-file.js";
import { type Spread, spread } from "../speed/figures.js";
import { timelinePage } from "./page.js";
import { timelineSvg } from "./svg.js";
import { type Timeline, timelineOf } from "./timeline.js";

export interface DemoRequest {
  /** The folder that the recording and its pictures go into. */
  readonly out: string;
  /** Of each of its three parts. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly onProgress: (what: string) => void;
  readonly onWarning: (message: string) => void;
}

export interface DemoResult {
  /** Requests a second, slice by slice: tracing off, on and recorded, and off again. */
  readonly off: Spread;
  readonly on: Spread;
  readonly offAgain: Spread;
  readonly enabled: Changed;
  readonly recorded: Recorded;
  readonly timeline: Timeline;
  readonly recording: string;
  readonly svg: string;
  readonly html: string;
}

const THREADS = 2;
const SLICE_MS = 100;
const WARM_MS = 500;
/** A picture of more is slow to open, and looks the same. */
const DRAWN = 20_000;

/**
 * A small server with several threads answers as fast as it is asked, while its tracepoints are switched on, recorded, and
 * switched off again. Leaves the recording and its pictures.
 */
export async function demo(request: DemoRequest): Promise<DemoResult> {
  const { out, seconds, signal, onProgress, onWarning } = request;
  onProgress("building the server, what asks it, and the recorder");
  const programs = await buildDemo({ signal });
  const recording = join(out, "recording");
  rmSync(recording, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  // Memory, if there is a folder of it: the demo's own directory, so that nobody else's programs are switched.
  const scratch = await createScratch("trace-demo", memoryFolder());
  const done = new AbortController();
  const stop = (): void => done.abort();
  signal.addEventListener("abort", stop, { once: true });
  const options = { directory: scratch.path, signal, onWarning };
  const running: Promise<unknown>[] = [];
  try {
    const server = new Child(
      programs.server,
      [join(scratch.path, "socket"), String(THREADS)],
      scratch.path,
      done.signal,
    );
    running.push(server.ended);
    await server.firstLine();
    const load = new Child(
      programs.load,
      [join(scratch.path, "socket"), String(THREADS), String(SLICE_MS)],
      scratch.path,
      done.signal,
    );
    running.push(load.ended);
    const slices = async (what: string, ms: number): Promise<number[]> => {
      onProgress(what);
      return await load.rates(ms, signal);
    };
    await slices("warming up", WARM_MS);
    const off = await slices("tracing is off", 1000 * seconds);
    const recorder = new AbortController();
    const stopRecorder = (): void => recorder.abort();
    signal.addEventListener("abort", stopRecorder, { once: true });
    // First who records, then what: so nothing is lost.
    let onStart = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      onStart = resolve;
    });
    const recorded = record(recording, { ...options, signal: recorder.signal, onStart });
    // Whatever fails meanwhile is waited for below.
    recorded.catch(() => undefined);
    await Promise.race([started, recorded]);
    let enabled: Changed;
    let on: number[];
    try {
      enabled = await enable("server:*", {}, options);
      on = await slices("tracing is on, and recorded", 1000 * seconds);
    } finally {
      stopRecorder();
    }
    await disable("server:*", {}, options);
    const counts = await recorded;
    await slices("tracing was switched off", SLICE_MS);
    const offAgain = await slices("tracing is off again", 1000 * seconds);
    done.abort();
    await Promise.all(running);
    throwIfInterrupted(signal);
    onProgress("drawing");
    const { timeline, svg, html } = await draw(recording, out, signal);
    return {
      off: spread(off),
      on: spread(on),
      offAgain: spread(offAgain),
      enabled,
      recorded: counts,
      timeline,
      recording,
      svg,
      html,
    };
  } finally {
    done.abort();
    signal.removeEventListener("abort", stop);
    await Promise.allSettled(running);
    await scratch.remove();
  }
}

async function draw(
  recording: string,
  out: string,
  signal: AbortSignal,
): Promise<{ readonly timeline: Timeline; readonly svg: string; readonly html: string }> {
  const timeline = await timelineOf(view(recording, { signal }), { most: DRAWN, withFields: true });
  const [svg, html] = [join(out, "picture.svg"), join(out, "picture.html")];
  writeOutput(svg, timelineSvg(timeline, "A small server"), "the picture", "--out");
  writeOutput(html, timelinePage(timeline, "A small server"), "the page", "--out");
  return { timeline, svg, html };
}

function memoryFolder(): string | undefined {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return undefined;
  }
}

/** One of the demo's programs. It ends with the signal. */
class Child {
  readonly ended: Promise<void>;
  private readonly lines: string[] = [];
  private rest = "";
  private failure: Error | undefined;
  private onLine: () => void = () => undefined;

  constructor(program: string, args: readonly string[], directory: string, signal: AbortSignal) {
    this.ended = run(program, args, {
      signal,
      env: { QUIESCE_TRACE_DIR: directory },
      // Its input stays open, which is what it waits for.
      onStart: () => undefined,
      onStdout: (chunk) => {
        const parts = (this.rest + chunk).split("\n");
        this.rest = parts.pop() ?? "";
        this.lines.push(...parts);
        this.onLine();
      },
    }).then((result) => {
      if (!result.aborted) {
        const how = result.signal ?? result.exitCode ?? result.failure ?? "nothing";
        this.failure = new EnvironmentError(`${program} ended with ${how}`, { hint: result.stderr.trim() });
      }
      this.onLine();
    });
  }

  async firstLine(): Promise<void> {
    while (this.lines.length === 0) await this.change();
    this.lines.length = 0;
  }

  /** How many requests a second were answered, in each slice of the next so many milliseconds. */
  async rates(ms: number, signal: AbortSignal): Promise<number[]> {
    // A slice that has begun before is not ours.
    while (this.lines.length === 0) await this.change();
    this.lines.length = 0;
    const rates: number[] = [];
    for (let taken = 0; taken < ms; ) {
      throwIfInterrupted(signal);
      while (this.lines.length === 0) await this.change();
      for (const line of this.lines.splice(0)) {
        const [ns = 0, requests = 0] = line.split(" ").map(Number);
        taken += ns / 1e6;
        rates.push((requests * 1e9) / ns);
      }
    }
    return rates;
  }

  private async change(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    await new Promise<void>((resolve) => {
      this.onLine = resolve;
    });
    if (this.failure !== undefined) throw this.failure;
  }
}
