import type { RecordedEvent, Recording } from "../../record/recording.js";
import type { Explanation, NextEvent } from "../../validate/explain.js";
import type { Breach, EventPlace, Guaranteed } from "../../validate/guarantee.js";
import type { Validated } from "../../validate/validate.js";
import { parametersOf, toNs } from "../validation/figures.js";
import type { Recorded, RecordedBox } from "./viewer/views.js";

/** So many events of each lane are shown, on either side of where it ends to be explained. */
const MOST_BEFORE = 60;
const MOST_AFTER = 20;

/** What of a lane is shown: from one of its events up to another, which is not. */
interface Window {
  readonly from: number;
  readonly to: number;
}

type Judged = Pick<RecordedBox, "state" | "why">;

/** A rejected recording, near the end of its longest explained prefix. */
export function recordedOf(
  { recording, prefix }: Pick<Validated, "recording" | "prefix">,
  explanation: Explanation | undefined,
): Recorded {
  const explained = explanation?.prefix ?? prefix;
  const windows = recording.lanes.map(({ events }, lane): Window => {
    const end = explained[lane] ?? 0;
    return { from: Math.max(0, end - MOST_BEFORE), to: Math.min(events.count, end + MOST_AFTER) };
  });
  return drawn(recording, windows, (lane, index) => {
    if (index < (explained[lane] ?? 0)) return { state: "explained" };
    const next = explanation?.next.find(
      (one) => one.lane === recording.lanes[lane]?.name && one.index === index,
    );
    if (next !== undefined) return { state: "next", why: whyNot(next) };
    // Nobody has looked more closely: the first of each lane is as far as one knows.
    return { state: explanation === undefined && index === explained[lane] ? "next" : "later" };
  });
}

function whyNot({ event, possible, otherwise, words, allowed }: NextEvent): string {
  const may = `the specification allows ${allowed.length === 0 ? "no step of this thread" : allowed.join(", ")} here`;
  if (!possible) return `Not possible: ${may}.`;
  if (otherwise)
    return `Not possible with ${parametersOf(event)}: the specification allows another ${event.step} here.`;
  if (words.length === 0) return `Possible, but it leads no further; ${may}.`;
  const wrong = words.map(
    ({ name, observed, expected }) => `${name} = ${observed} was observed, ${expected} is what it would be`,
  );
  return `${wrong.join("; ")}; ${may}.`;
}

/** A history that breaks RCU's promise: the two events that show it, and what lies around them. */
export function breachOf({ recording }: Pick<Guaranteed, "recording">, breach: Breach): Recorded {
  const { reader, until, other } = breach;
  const places = [reader, until, other].filter((one) => one !== undefined);
  const at = ({ lane, event }: EventPlace): number => recording.lanes[lane]?.events.startAt(event) ?? 0;
  const [first, last] = [Math.min(...places.map(at)), Math.max(...places.map(at))];
  const windows = recording.lanes.map(({ events }, lane): Window => {
    const own = places.filter((place) => place.lane === lane).map(({ event }) => event);
    const begin = own.length > 0 ? Math.min(...own) : firstFrom(events, first);
    const end = own.length > 0 ? Math.max(...own) + 1 : firstFrom(events, last);
    return {
      from: Math.max(0, begin - 5),
      to: Math.min(events.count, Math.max(begin, Math.min(end, begin + MOST_BEFORE)) + 5),
    };
  });
  const history = drawn(recording, windows, (lane, index) => {
    const isOne = places.some((place) => place.lane === lane && place.event === index);
    return isOne ? { state: "next", why: "Together, these break the promise." } : { state: "explained" };
  });
  return { ...history, isHistory: true };
}

/** The first event that begins at a moment or later. */
function firstFrom(events: Recording["lanes"][number]["events"], moment: number): number {
  let [low, high] = [0, events.count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events.startAt(middle) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

function drawn(
  recording: Recording,
  windows: readonly Window[],
  judge: (lane: number, index: number) => Judged,
): Recorded {
  const { lanes } = recording;
  const starts = lanes.flatMap(({ events }, lane) => {
    const { from, to } = windows[lane] as Window;
    return from < to ? [events.startAt(from)] : [];
  });
  const zero = Math.min(...starts);
  const ns = (ticks: number): number => toNs(recording, ticks - zero);
  return {
    lanes: lanes.map(({ name, events }, lane) => {
      const { from, to } = windows[lane] as Window;
      return {
        name,
        boxes: Array.from({ length: to - from }, (_, i) =>
          boxOf(events.at(from + i), ns, judge(lane, from + i)),
        ),
      };
    }),
    before: windows.reduce((sum, { from }) => sum + from, 0),
    after: windows.reduce((sum, { to }, lane) => sum + (lanes[lane]?.events.count ?? to) - to, 0),
  };
}

function boxOf(
  { step, start, end, with: given, words }: RecordedEvent,
  ns: (ticks: number) => number,
  judged: Judged,
): RecordedBox {
  return {
    step,
    start: ns(start),
    ...(end !== undefined && { end: ns(end) }),
    observed: [...Object.entries(given ?? {}), ...Object.entries(words ?? {})].map(
      ([name, value]) => `${name} = ${value}`,
    ),
    ...judged,
  };
}
