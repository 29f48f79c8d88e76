import { fieldsOf, type ViewedItem, valueText } from "../../../native/js/tracing/index.js";
import { visible } from "../../../spec/tlc/base/visible.js";

/** A thread of a process: one line of the picture. */
export interface Lane {
  readonly program: string;
  readonly pid: number | undefined;
  readonly thread: number | undefined;
  readonly cpu: number | undefined;
  readonly lost: bigint;
}

/** From an event to the one that ends what it began, such as request_begin and request_end of one thread. */
export interface Span {
  readonly lane: number;
  readonly name: number;
  /** Nanoseconds since the first event. */
  readonly from: number;
  readonly to: number;
  /** How many spans of its thread it lies in. */
  readonly depth: number;
}

/** What a picture shows: events by thread. Times are nanoseconds since the first one. */
export interface Timeline {
  /** Since 1970. */
  readonly begin: bigint;
  readonly length: number;
  readonly lanes: readonly Lane[];
  /** Of events, with how many there are. */
  readonly names: readonly { readonly name: string; readonly count: number }[];
  readonly events: readonly TimelineEvent[];
  readonly spans: readonly Span[];
  /** Events that are not in it, since it would be too large. */
  readonly left: number;
  readonly lost: bigint;
}

export interface TimelineEvent {
  readonly at: number;
  readonly lane: number;
  readonly name: number;
  /** Its fields for a reader; empty where nobody asked for them. */
  readonly text: string;
}

export interface TimelineOptions {
  /** Of a larger recording, the first so many. */
  readonly most: number;
  readonly withFields: boolean;
  readonly onEvent?: (count: number) => void;
}

/** Longer texts of fields are cut. */
const LONGEST = 300;

/** Collects a recording's events for a picture. */
export async function timelineOf(
  items: AsyncIterable<ViewedItem>,
  { most, withFields, onEvent }: TimelineOptions,
): Promise<Timeline> {
  const lanes: { -readonly [K in keyof Lane]: Lane[K] }[] = [];
  const laneIds = new Map<string, number>();
  const names: { name: string; count: number }[] = [];
  const nameIds = new Map<string, number>();
  const events: TimelineEvent[] = [];
  const spans = new Spans();
  let begin: bigint | undefined;
  let length = 0;
  let left = 0;
  let lost = 0n;
  for await (const item of items) {
    begin ??= item.time;
    const lane = laneOf(item);
    if (item.kind === "lost") {
      lost += item.count;
      const found = lanes[lane];
      if (found !== undefined) found.lost += item.count;
      spans.lost(lane);
      continue;
    }
    const name = nameOf(item.event.name);
    const counted = names[name];
    if (counted !== undefined) counted.count++;
    if (events.length >= most) {
      left++;
      continue;
    }
    const at = Number(item.time - begin);
    length = Math.max(length, at);
    const event = { at, lane, name, text: withFields ? fieldText(item) : "" };
    events.push(event);
    spans.event(event, item.event.name);
    onEvent?.(events.length);
  }
  return {
    begin: begin ?? 0n,
    length,
    lanes,
    names,
    events,
    spans: spans.found,
    left,
    lost,
  };

  function laneOf({ process, thread, cpu }: ViewedItem): number {
    const key = `${process.folder} ${thread ?? ""} ${thread === undefined ? (cpu ?? "") : ""}`;
    const known = laneIds.get(key);
    if (known !== undefined) return known;
    laneIds.set(key, lanes.length);
    const { program, pid } = process;
    return lanes.push({ program, pid, thread, cpu: thread === undefined ? cpu : undefined, lost: 0n }) - 1;
  }

  function nameOf(name: string): number {
    const known = nameIds.get(name);
    if (known !== undefined) return known;
    nameIds.set(name, names.length);
    return names.push({ name, count: 0 }) - 1;
  }
}

function fieldText(item: Extract<ViewedItem, { readonly kind: "event" }>): string {
  const text = fieldsOf(item.fields)
    .map(([name, value]) => `${name} = ${valueText(value)}`)
    .join(", ");
  return visible(text.length > LONGEST ? `${text.slice(0, LONGEST)} ...` : text);
}

const BEGINS = /^(.*?)_?(?:begin|start|entry|enter)$/i;
const ENDS = /^(.*?)_?(?:end|stop|done|exit|leave|finish)$/i;

/**
 * Finds what begins with one event of a thread and ends with another. They nest; an end without a begin is just an event,
 * and where events of a thread were lost, an end belongs to nothing before that.
 */
export class Spans {
  readonly found: Span[] = [];
  private readonly open = new Map<number, TimelineEvent[]>();
  private readonly words: { readonly begins: string | undefined; readonly ends: string | undefined }[] = [];

  event(event: TimelineEvent, text: string): void {
    const { begins, ends } = this.wordsOf(event.name, text);
    const stack = this.open.get(event.lane) ?? [];
    this.open.set(event.lane, stack);
    if (begins !== undefined) stack.push(event);
    if (ends === undefined) return;
    const depth = stack.findLastIndex((begun) => this.words[begun.name]?.begins === ends);
    const begun = stack[depth];
    if (begun === undefined) return;
    // Whatever was begun inside, and has no end, has none.
    stack.length = depth;
    this.found.push({ lane: event.lane, name: begun.name, from: begun.at, to: event.at, depth });
  }

  lost(lane: number): void {
    this.open.delete(lane);
  }

  private wordsOf(name: number, text: string): (typeof this.words)[number] {
    const known = this.words[name];
    if (known !== undefined) return known;
    const made = { begins: BEGINS.exec(text)?.[1], ends: ENDS.exec(text)?.[1] };
    this.words[name] = made;
    return made;
  }
}

/** "server 4711, thread 4713", as a picture and a table call a lane. */
export function laneName({ program, pid, thread, cpu }: Lane): string {
  const process = pid === undefined ? program : `${program} ${pid}`;
  if (thread !== undefined) return `${process}, thread ${thread}`;
  return cpu === undefined ? process : `${process}, CPU ${cpu}`;
}

/** A length of time with three digits. */
export function timeText(ns: number): string {
  for (const [unit, factor] of [
    ["s", 1e9],
    ["ms", 1e6],
    ["us", 1e3],
  ] as const) {
    if (ns >= factor) return `${Number((ns / factor).toPrecision(3))} ${unit}`;
  }
  return `${Number(ns.toPrecision(3))} ns`;
}

/** Where to put marks on an axis: round numbers, about so many. */
export function ticks(length: number, about: number): number[] {
  if (length <= 0) return [0];
  const raw = length / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= raw) ?? raw;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => i * step);
}
