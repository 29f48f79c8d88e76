import type { RecordedEvent, Recording } from "../../record/recording.js";
import { widthsOf } from "../../validate/boxes.js";

/** Least, median and greatest of some nanoseconds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** How wide boxes are, in nanoseconds; undefined where no event has ended. */
export function boxSpread(recordings: readonly Recording[]): Spread | undefined {
  const all = Float64Array.from(
    recordings.flatMap((recording) => [...widthsOf(recording)].map((ticks) => toNs(recording, ticks))),
  ).sort();
  const [min, median, max] = [all[0], all[Math.floor(all.length / 2)], all.at(-1)];
  return min === undefined || median === undefined || max === undefined
    ? undefined
    : { min: Math.round(min), median: Math.round(median), max: Math.round(max) };
}

/** Ticks of a recording in nanoseconds. */
export function toNs({ ticksPerSecond }: Recording, ticks: number): number {
  return (ticks * 1e9) / ticksPerSecond;
}

/** Nanoseconds for a person. */
export function showNs(ns: number): string {
  const [value, unit] = ns < 1e3 ? [ns, "ns"] : ns < 1e6 ? [ns / 1e3, "µs"] : [ns / 1e6, "ms"];
  return `${value >= 100 || unit === "ns" ? Math.round(value) : value.toPrecision(3)} ${unit}`;
}

/** The parameters that were recorded of a step, for a person: `v = 2, w = "a"`. */
export function parametersOf({ with: given = {} }: Pick<RecordedEvent, "with">): string {
  return Object.entries(given)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join(", ");
}
