import { run } from "../../spec/tlc/base/process.js";

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

/** How a program ended: by itself or because it was asked to; or not as it should, and how. */
export type End =
  | { readonly kind: "ended" | "stopped" }
  | { readonly kind: "hung" | "crashed" | "refused"; readonly message: string };

export interface RunLimits {
  readonly milliseconds: number;
  /** 0: no limit. */
  readonly rounds: number;
  readonly seed: number;
  /** It says something ten times a second; when it has said nothing for so long, it hangs. */
  readonly silenceMs: number;
}

/** From the signal that asks a program to end to the one that ends it. */
const GRACE_MS = 5_000;

/**
 * Runs a test's program until its limits or the signal. What it told last counts in any case, also when it crashes or
 * hangs. `onTally` hears of each; where it returns true, that is enough.
 */
export async function runProgram(
  file: string,
  limits: RunLimits,
  signal: AbortSignal,
  onTally: (tally: Tally) => boolean = () => false,
): Promise<{ readonly tally: Tally; readonly end: End }> {
  const reader = new TallyReader();
  const silence = new AbortController();
  const enough = new AbortController();
  const listen = (): NodeJS.Timeout => setTimeout(() => silence.abort(), limits.silenceMs);
  let timer = listen();
  const words = ["rounds", "milliseconds", "seed"] as const;
  try {
    const ended = await run(file, [...words.map((word) => `${word}=${limits[word]}`), "tell=1"], {
      signal: AbortSignal.any([signal, silence.signal, enough.signal]),
      graceMs: GRACE_MS,
      onStdout: (chunk) => {
        clearTimeout(timer);
        timer = listen();
        if (reader.take(chunk) && onTally(reader.last)) enough.abort();
      },
    });
    return { tally: reader.last, end: endOf(ended, silence.signal.aborted, limits) };
  } finally {
    clearTimeout(timer);
  }
}

function endOf(ended: Awaited<ReturnType<typeof run>>, silent: boolean, limits: RunLimits): End {
  const said = ended.stderr.trim();
  if (silent)
    return { kind: "hung", message: `no round ended within ${limits.silenceMs / 1000} s: it was stopped` };
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
