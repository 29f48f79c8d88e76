import { suggest } from "../../spec/tlc/base/suggest.js";
import { briefly, isPrintable } from "../base/printable.js";
import { badRecording, FORMAT, headerOf, readHeader } from "./header.js";
import { Events, type Observed, type RecordedEvent, type RecordedLane, type Recording } from "./recording.js";

/**
 * Reads recordings in JSON lines: a header, then the events of all lanes, in any mixture that keeps the order within
 * each lane. Another header begins another recording.
 *
 * @param text the file's content
 * @throws BadInputError that names the line that is wrong
 */
export function* readJsonLines(text: string, file: string): Generator<Recording> {
  let current: Open | undefined;
  let number = 0;
  for (let from = 0; from < text.length; ) {
    const found = text.indexOf("\n", from);
    const to = found < 0 ? text.length : found;
    const line = text.slice(from, to);
    from = to + 1;
    number++;
    if (line.trim() === "") continue;
    const where = `${file}:${number}`;
    const value = parse(line, where);
    if (typeof value === "object" && value !== null && "format" in value) {
      if (current !== undefined) yield current.recording;
      current = open(value, where);
    } else if (current === undefined) {
      throw badRecording(`the first line is not a header: {"format":"${FORMAT}","version":1,...}`, where);
    } else {
      take(current, value, where);
    }
  }
  if (current === undefined) throw badRecording("the file is empty", file);
  yield current.recording;
}

/** A recording whose events are being read. */
interface Open {
  readonly recording: Recording;
  readonly lanes: ReadonlyMap<string, RecordedLane>;
}

function parse(line: string, where: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw badRecording(`this line is not JSON: ${briefly(line, 60)}`, where);
  }
}

function open(value: unknown, where: string): Open {
  const { lanes, steps: _steps, names: _names, ...head } = readHeader(value, where);
  const made = lanes.map(({ name, missing }): RecordedLane => ({ name, missing, events: new Events() }));
  return { recording: { ...head, lanes: made }, lanes: new Map(made.map((lane) => [lane.name, lane])) };
}

function take({ recording, lanes }: Open, value: unknown, where: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRecording("an event is an object", where);
  const {
    lane,
    step,
    start,
    end,
    with: parameters,
    words,
    ...more
  } = value as Readonly<Record<string, unknown>>;
  // A misspelt "end" would make a box without an end, which explains more.
  const [odd] = Object.keys(more);
  if (odd !== undefined) {
    const meant = suggest(odd, KEYS);
    throw badRecording(
      `an event has no ${JSON.stringify(odd)}${meant ? `; did you mean "${meant}"?` : ""}`,
      where,
    );
  }
  const found =
    typeof lane === "number" ? recording.lanes[lane] : typeof lane === "string" ? lanes.get(lane) : undefined;
  if (found === undefined) {
    const known = recording.lanes.slice(0, LISTED).map(({ name }) => name);
    const more = recording.lanes.length > LISTED ? ", ..." : "";
    const asked =
      typeof lane === "number" || typeof lane === "string" ? JSON.stringify(lane) : "of that name";
    throw badRecording(`the header has no lane ${asked}; it has ${known.join(", ")}${more}`, where);
  }
  if (typeof step !== "string" || step === "" || !isPrintable(step))
    throw badRecording('"step" must be the name of an action', where);
  if (!isTime(start)) throw badRecording('"start" must be a whole number of ticks', where);
  if (end !== undefined && (!isTime(end) || end < start))
    throw badRecording(
      '"end" must be a whole number of ticks that is not below "start"; leave it out for a step that was not over',
      where,
    );
  const { events } = found;
  if (events.count > 0 && start < events.startAt(events.count - 1))
    throw badRecording(`it begins before the event of ${found.name} in front of it`, where);
  if (events.count > 0 && events.endAt(events.count - 1) === Number.POSITIVE_INFINITY)
    throw badRecording(`the event of ${found.name} in front of it has no end, so nothing can follow`, where);
  const event: RecordedEvent = {
    step,
    start,
    ...(end !== undefined && { end }),
    ...(parameters !== undefined && { with: readObserved(parameters, "with", where) }),
    ...(words !== undefined && { words: readObserved(words, "words", where) }),
  };
  events.push(event);
}

const LISTED = 10;
const KEYS = ["lane", "step", "start", "end", "with", "words"];

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function readObserved(value: unknown, name: string, where: string): Record<string, Observed> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRecording(`"${name}" must be an object`, where);
  for (const [key, one] of Object.entries(value)) {
    if (!isPrintable(key))
      throw badRecording(`a name in "${name}" has a control character in it: ${key}`, where);
    const whole = typeof one === "number" && Number.isSafeInteger(one);
    if (!whole && typeof one !== "boolean" && typeof one !== "string")
      throw badRecording(
        `"${name}": ${key} must be a whole number, a truth or a text`,
        where,
        typeof one === "object" && name === "words"
          ? `Leave it out, or see less of it: a word in the contract's "recorded", such as Len(${key}).`
          : undefined,
      );
  }
  return value as Record<string, Observed>;
}

/** A recording in JSON lines, its events in the order in which they begin. */
export function* writeJsonLines(recording: Recording): Generator<string> {
  const { lanes } = recording;
  yield `${JSON.stringify({
    ...headerOf(recording),
    lanes: lanes.map(({ name, missing }) => ({ name, missing })),
  })}\n`;
  const next = lanes.map(() => 0);
  for (;;) {
    let first: number | undefined;
    for (const [i, { events }] of lanes.entries()) {
      if ((next[i] as number) >= events.count) continue;
      const start = events.startAt(next[i] as number);
      const best = first === undefined ? undefined : lanes[first]?.events.startAt(next[first] as number);
      if (best === undefined || start < best) first = i;
    }
    if (first === undefined) return;
    const lane = lanes[first] as RecordedLane;
    const event = lane.events.at((next[first] as number)++);
    yield `${JSON.stringify({ lane: lane.name, ...event })}\n`;
  }
}
