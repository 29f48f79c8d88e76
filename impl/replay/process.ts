import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import type { Readable } from "node:stream";
import { Patience } from "../../spec/tlc/base/patience.js";
import { coresToPin } from "./cores.js";
import type { FoundFailure } from "./failure.js";
import type { ImplPlan } from "./impl-plan.js";
import type { Counts, FromChild, ToChild } from "./messages.js";
import { SLEEPERS_FLAG } from "./sleepers.js";
import type { Share } from "./turns.js";

export interface Task {
  readonly plan: ImplPlan;
  readonly mutant: string | null;
  readonly share: Share;
  readonly hangMs: number;
  /** Which of the machine's cores it should keep to, counted from 0. */
  readonly core: number;
  /** Writes each position before the move: slow, but a crash is then reported exactly. */
  readonly careful: boolean;
}

/** How a process ended, whatever became of it. */
export interface Ended {
  readonly counts: Counts;
  readonly seconds: number;
  readonly failure: FoundFailure | null;
  /** Set if it died without a word: where it was seen last, and what is known about its death. */
  readonly died: {
    readonly path: number;
    readonly how: string;
    readonly position: readonly number[] | null;
    /** It was ended from here, since it no longer said anything: it has stopped as a whole. */
    readonly silent: boolean;
  } | null;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** Do not begin paths from this one on. */
  limit(path: number): void;
  /** Ends it immediately; nothing of it is left when `ended` is settled. */
  kill(): void;
}

/** Where the process writes its positions when it is careful. */
const POSITION_FD = 4;
/** How much to keep of what a dying process says, in characters. */
const LAST_WORDS = 2000;
/** A process that has not even begun by then never will, in milliseconds. */
const START_MS = 30_000;
/** It reports its progress many times a second, and its own hangs; it is given up this much later, in times of hangMs. */
const SILENCES = 2;

/** Starts a process that replays its share of the plan. `onProgress` is called several times a second. */
export function startProcess(task: Task, onProgress: (counts: Counts) => void): Running {
  const child = forkOn(task.core);
  const ended = follow(child, task, onProgress);
  const { plan, mutant, share, hangMs } = task;
  send(child, { type: "start", plan, mutant, share, hangMs, careful: task.careful ? POSITION_FD : null });
  return {
    ended,
    limit: (path) => send(child, { type: "limit", path }),
    kill: () => child.kill("SIGKILL"),
  };
}

function forkOn(core: number): ChildProcess {
  const program = createRequire(import.meta.url).resolve("quiesce/impl/replay/child");
  const pin = coresToPin();
  const node = [SLEEPERS_FLAG];
  return fork(program, [], {
    // taskset pins itself and then becomes node, so the process is ours all the same.
    ...(pin === null
      ? { execArgv: node }
      : {
          execPath: pin.taskset,
          execArgv: ["-c", String(pin.cores[core % pin.cores.length]), process.execPath, ...node],
        }),
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc", "pipe"],
  });
}

function send(child: ChildProcess, message: ToChild): void {
  // A child that is gone already is reported when it is found to have ended.
  if (child.connected) child.send(message, () => {});
}

function follow(child: ChildProcess, task: Task, onProgress: (counts: Counts) => void): Promise<Ended> {
  return new Promise((resolve) => {
    let counts: Counts = { paths: 0, steps: 0, probes: 0 };
    let path = task.share.first;
    let last: Extract<FromChild, { type: "done" | "failure" }> | null = null;
    let lastWords = "";
    let position: number[] | null = null;
    const began = performance.now();
    let startTimer: NodeJS.Timeout | null = setTimeout(() => child.kill("SIGKILL"), START_MS);
    let silent = false;
    const silence = new Patience(task.hangMs * SILENCES, () => {
      silent = true;
      child.kill("SIGKILL");
    });
    const started = () => {
      if (startTimer !== null) clearTimeout(startTimer);
      startTimer = null;
    };
    const heard = () => {
      started();
      silence.begin();
    };
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      lastWords = (lastWords + text).slice(-LAST_WORDS);
    });
    const positions = child.stdio[POSITION_FD] as Readable | null | undefined;
    let tail = "";
    positions?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (tail + text).split("\n");
      tail = lines.pop() ?? "";
      const line = lines.at(-1);
      if (line !== undefined) position = line.split(" ").map(Number);
    });
    positions?.on("error", () => {});
    child.on("message", (message: FromChild) => {
      heard();
      counts = message.counts;
      if (message.type === "progress") path = message.path;
      else last = message;
      onProgress(counts);
    });
    child.on("error", (error) => {
      lastWords += error.message;
    });
    // "close" comes after "exit", when the pipes are drained.
    child.on("close", (code, signal) => {
      started();
      silence.end();
      if (last !== null) {
        const failure = last.type === "failure" ? last.failure : null;
        resolve({ counts, seconds: last.seconds, failure, died: null });
        return;
      }
      const words = lastWords.trim();
      const status = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const how = words === "" ? status : `${status}: ${words}`;
      resolve({
        counts,
        seconds: (performance.now() - began) / 1000,
        failure: null,
        died: {
          path,
          how: silent ? `it said nothing for ${task.hangMs * SILENCES} ms` : how,
          position,
          silent,
        },
      });
    });
  });
}
