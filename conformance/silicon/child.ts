import { run } from "../../spec/tlc/base/process.js";
import { isStarved, type Share, shareOf } from "./share.js";

/** An outcome as a program tells it: its values, `1` or, for the address of the word 0, `&0`. */
export interface Told {
  readonly count: number;
  /** The number of the first round that had it, from 0. */
  readonly first: number;
  readonly values: readonly string[];
}

/** What a program had seen when it spoke last. */
export interface Tally {
  readonly rounds: number;
  readonly seconds: number;
  readonly outcomes: readonly Told[];
  /** Rounds whose outcomes were too many to tell apart. */
  readonly lost: number;
}

export const NOTHING_SEEN: Tally = { rounds: 0, seconds: 0, outcomes: [], lost: 0 };

/**
 * How a program ended: by itself or because it was asked to; or not as it should, and how. One that is starved said
 * nothing because others had the processors.
 */
export type End =
  | { readonly kind: "ended" | "stopped" }
  | { readonly kind: "hung" | "starved" | "crashed" | "refused"; readonly message: string };

export interface RunLimits {
  readonly milliseconds: number;
  /** 0: no limit. */
  readonly rounds: number;
  readonly seed: number;
  /** It says something ten times a second; when it has said nothing for so long, it hangs, or is starved. */
  readonly silenceMs: number;
}

/** From the signal that asks a program to end to the one that ends it. */
const GRACE_MS = 5_000;

/**
 * Runs a test's program until its limits or the signal. What it told last counts in any case, also when it crashes or
 * hangs. `onTally` hears of each; where it returns true, that is enough. `share` tells what a process has had of the
 * processors.
 */
export async function runProgram(
  file: string,
  limits: RunLimits,
  signal: AbortSignal,
  onTally: (tally: Tally) => boolean = () => false,
  share: (pid: number) => Share | undefined = shareOf,
): Promise<{ readonly tally: Tally; readonly end: End }> {
  const reader = new TallyReader();
  const silence = new AbortController();
  const enough = new AbortController();
  let pid: number | undefined;
  let starved = false;
  let heard = 0;
  const listen = (): NodeJS.Timeout => {
    const before = pid === undefined ? undefined : share(pid);
    const now = ++heard;
    const judge = (): void => {
      if (heard !== now) return;
      starved = isStarved(before, pid === undefined ? undefined : share(pid), limits.silenceMs);
      silence.abort();
    };
    // Where we were late ourselves, what it said may be there by now.
    return setTimeout(() => setImmediate(judge), limits.silenceMs);
  };
  let timer = listen();
  const words = ["rounds", "milliseconds", "seed"] as const;
  try {
    const ended = await run(file, [...words.map((word) => `${word}=${limits[word]}`), "tell=1"], {
      signal: AbortSignal.any([signal, silence.signal, enough.signal]),
      graceMs: GRACE_MS,
      onStart: (_, started, close) => {
        close();
        pid = started;
        clearTimeout(timer);
        timer = listen();
      },
      onStdout: (chunk) => {
        clearTimeout(timer);
        timer = listen();
        if (reader.take(chunk) && onTally(reader.last)) enough.abort();
      },
    });
    return {
      tally: reader.last,
      end: endOf(ended, silence.signal.aborted ? (starved ? "starved" : "hung") : undefined, limits),
    };
  } finally {
    heard++;
    clearTimeout(timer);
  }
}

function endOf(
  ended: Awaited<ReturnType<typeof run>>,
  silent: "starved" | "hung" | undefined,
  limits: RunLimits,
): End {
  const said = ended.stderr.trim();
  const within = `no round ended within ${limits.silenceMs / 1000} s`;
  if (silent === "starved")
    return {
      kind: "starved",
      message: `${within}: others had the processors. Run it again when they are idle`,
    };
  if (silent === "hung") return { kind: "hung", message: `${within}: it was stopped` };
  if (ended.aborted) return { kind: "stopped" };
  if (ended.failure !== undefined)
    return { kind: "refused", message: `it can't be started: ${ended.failure}` };
  if (ended.exitCode === 0) return { kind: "ended" };
  if (ended.exitCode === 3) return { kind: "refused", message: said };
  const how = ended.signal === undefined ? `exit code ${ended.exitCode}` : ended.signal;
  return { kind: "crashed", message: `${how}${said === "" ? "" : `: ${said}`}` };
}

/** Puts together what a program prints with tell=1 (native/silicon/run.c). */
export class TallyReader {
  last = NOTHING_SEEN;
  #rest = "";
  #rounds = 0;
  #seconds = 0;
  #lost = 0;
  #outcomes: Told[] = [];

  /** Takes more of the output; returns whether a tally became complete. One that breaks off counts for nothing. */
  take(chunk: string): boolean {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    let complete = false;
    for (const line of lines) complete = this.#line(line) || complete;
    return complete;
  }

  #line(line: string): boolean {
    const [word, ...rest] = line.split(" ");
    const [first = Number.NaN, second = Number.NaN] = rest.map(Number);
    if (word === "rounds") {
      this.#rounds = first;
      this.#seconds = second / 1000;
      this.#lost = 0;
      this.#outcomes = [];
    } else if (word === "seen") this.#outcomes.push({ count: first, first: second, values: rest.slice(2) });
    else if (word === "lost") this.#lost = first;
    else if (word === "more" || word === "end") {
      const { seconds, rounds, lost, outcomes } = {
        seconds: this.#seconds,
        rounds: this.#rounds,
        lost: this.#lost,
        outcomes: this.#outcomes,
      };
      this.last = { rounds, seconds, outcomes, lost };
      return true;
    }
    return false;
  }
}
