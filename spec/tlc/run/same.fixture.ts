import { EC } from "../output/codes.js";
import type { TlcMessage } from "../output/messages.js";
import type { TlcOutcome } from "./outcome.js";

/** Messages about the process and the time it takes: versions and options, progress, memory. */
const OF_THE_PROCESS: ReadonlySet<number> = new Set([2187, 2200, 2268]);

/**
 * Where a temporal property is violated, TLC shows one counterexample of many. In a process that stays it has been seen
 * to be another one (rcu/library/Library-callback-remains); the verdict is what has to be the same.
 */
const OF_A_LIVENESS_TRACE: ReadonlySet<number> = new Set([
  EC.TLC_STATE_PRINT2,
  EC.TLC_STATE_PRINT3,
  EC.TLC_BACK_TO_STATE,
]);

/** What differs between two runs of the same model by plain TLC, too. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\(?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\)?/g, "TIME"],
  [/\b\d+(h|min|ms|s)\b/g, "DURATION"],
  [/seed -?\d+/g, "SEED"],
  [/\[pid: \d+\]/g, "PID"],
  [/(?<=Parsing file )\S*[/\\](?=\w+\.tla)/g, ""],
];

/**
 * How the outcome of a run in a process that stays differs from that of a plain start: exit code, or the first message
 * that is another one. Undefined when they are the same but for times, and for names of scratch files.
 */
export function findDifference(kept: TlcOutcome, plain: TlcOutcome): string | undefined {
  if (kept.exitCode !== plain.exitCode) return `exit code ${kept.exitCode}, plain ${plain.exitCode}`;
  const [left, right] = [kept, plain].map(({ messages }) => {
    const temporal = messages.some(({ code }) => code === EC.TLC_TEMPORAL_PROPERTY_VIOLATED);
    return messages.filter(({ code }) => !(temporal && OF_A_LIVENESS_TRACE.has(code))).flatMap(constant);
  }) as [string[], string[]];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    if (left[i] !== right[i]) return `${left[i] ?? "nothing"}, plain ${right[i] ?? "nothing"}`;
  }
  return undefined;
}

function constant({ code, severity, text }: TlcMessage): string[] {
  if (OF_THE_PROCESS.has(code)) return [];
  let shown = text;
  for (const [pattern, by] of CHANGING) shown = shown.replace(pattern, by);
  return [`${code}:${severity} ${shown}`];
}
