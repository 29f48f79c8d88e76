import type { Recording } from "../record/recording.js";

/**
 * What the boxes say about the order of a recording's events: `needs[lane][event][other]` is how many events of the
 * other lane have surely happened before it. `required[lane]` is how many of a lane's events have surely happened at
 * all; the one behind them was not over when the recording ended, and may have.
 */
export interface BoxOrder {
  readonly needs: readonly (readonly (readonly number[])[])[];
  readonly required: readonly number[];
}

/**
 * How wide a box may be at most, in ticks, while an order is looked for: a narrower box is part of the box, so an order
 * that fits narrower boxes fits. "start" is no width at all: each event comes where its box begins.
 */
export type Width = number | "start";

/** The order that the boxes impose, each cut down to a width; Infinity leaves them as they are. */
export function orderOf({ lanes }: Pick<Recording, "lanes">, width: Width): BoxOrder {
  const starts = lanes.map(({ events }) => startsOf(events));
  const ends = lanes.map(({ events }, i) => endsOf(events, starts[i] as number[], width));
  const needs = lanes.map((_, lane) => {
    const own = starts[lane] as number[];
    const next = lanes.map(() => 0);
    return own.map((start) =>
      lanes.map((_other, other) => {
        if (other === lane) return 0;
        const theirs = ends[other] as number[];
        // Of two that begin at the same moment, the first lane's comes first.
        const before = (end: number): boolean =>
          width === "start" ? end < start || (end === start && other < lane) : end < start;
        while ((next[other] as number) < theirs.length && before(theirs[next[other] as number] as number))
          (next[other] as number)++;
        return next[other] as number;
      }),
    );
  });
  const required = lanes.map(({ events }) =>
    events.count > 0 && events.endAt(events.count - 1) === Number.POSITIVE_INFINITY
      ? events.count - 1
      : events.count,
  );
  return { needs, required };
}

type Columns = Recording["lanes"][number]["events"];

/** No event happens before one that stands in front of it in its lane can. */
function startsOf(events: Columns): number[] {
  const starts: number[] = [];
  for (let i = 0; i < events.count; i++) starts.push(Math.max(events.startAt(i), starts[i - 1] ?? 0));
  return starts;
}

/** Nor after one that stands behind it must have. */
function endsOf(events: Columns, starts: readonly number[], width: Width): number[] {
  const ends: number[] = [];
  let latest = Number.POSITIVE_INFINITY;
  for (let i = events.count - 1; i >= 0; i--) {
    const start = starts[i] as number;
    const end = events.endAt(i);
    latest = Math.min(latest, width === "start" ? start : Math.min(end, start + width));
    ends[i] = latest;
  }
  return ends;
}

/** The widths of a recording's boxes, in ticks, from the narrowest to the widest; those without an end are left out. */
export function widthsOf({ lanes }: Pick<Recording, "lanes">): Float64Array {
  const widths: number[] = [];
  for (const { events } of lanes) {
    for (let i = 0; i < events.count; i++) {
      const width = events.endAt(i) - events.startAt(i);
      if (width !== Number.POSITIVE_INFINITY) widths.push(width);
    }
  }
  return Float64Array.from(widths).sort();
}

/** From the beginning of each event to that of the next one in its lane, in ticks. */
export function* stepsOf({ lanes }: Pick<Recording, "lanes">): Generator<number> {
  for (const { events } of lanes)
    for (let i = 1; i < events.count; i++) yield events.startAt(i) - events.startAt(i - 1);
}
