import { badRecording, type Header, headerOf, readHeader } from "./header.js";
import { Events, type Observed, type RecordedEvent, type Recording } from "./recording.js";

/** What a recording in the binary format begins with. Text that has passed through a converter of line ends has not. */
export const MAGIC = Buffer.from("QSREC1\r\n", "latin1");

const LONGEST_HEADER = 1 << 24;

/**
 * Reads a file of recordings in the binary format, one after another.
 *
 * @throws BadInputError that says at which byte it is broken
 */
export function* readBinary(bytes: Buffer, file: string): Generator<Recording> {
  const reader = new Reader(bytes, file);
  while (!reader.atEnd) {
    reader.magic();
    const header = reader.header();
    const { steps, names, lanes, ...head } = header;
    yield {
      ...head,
      lanes: lanes.map(({ name, missing, events = 0 }) => ({
        name,
        missing,
        events: reader.events(events, header),
      })),
    };
  }
}

/** Which kind of value an observation has: the two lowest bits of its name's number. */
const KIND = { number: 0, text: 1, truth: 2 } as const;

class Reader {
  #at = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly file: string,
  ) {}

  get atEnd(): boolean {
    return this.#at >= this.bytes.length;
  }

  magic(): void {
    if (!this.bytes.subarray(this.#at, this.#at + MAGIC.length).equals(MAGIC))
      throw this.#broken("a recording should begin here, with QSREC1");
    this.#at += MAGIC.length;
  }

  header(): Header {
    if (this.#at + 4 > this.bytes.length) throw this.#cut();
    const length = this.bytes.readUInt32LE(this.#at);
    if (length > LONGEST_HEADER) throw this.#broken(`a header of ${length} bytes is too long to be one`);
    const end = this.#at + 4 + length;
    if (end > this.bytes.length) throw this.#cut();
    let value: unknown;
    try {
      value = JSON.parse(this.bytes.toString("utf8", this.#at + 4, end));
    } catch {
      throw this.#broken("the header is not JSON");
    }
    const header = readHeader(value, this.#where());
    this.#at = end;
    return header;
  }

  events(count: number, header: Header): Events {
    const events = new Events();
    let start = 0;
    for (let i = 0; i < count; i++) {
      const step = this.#name(header.steps, "step");
      start += this.#number();
      const length = this.#number();
      const end = length === 0 ? undefined : start + length - 1;
      if (Math.max(start, end ?? 0) > Number.MAX_SAFE_INTEGER)
        throw this.#broken("a time has more than 53 bits");
      if (end === undefined && i + 1 < count)
        throw this.#broken("this event has no end, so nothing can follow in its lane");
      const parameters = this.#number();
      const words = parameters === 0 ? this.#number() : 0;
      if (parameters === 0 && words === 0) {
        events.add(step, start, end);
        continue;
      }
      const given = this.#observed(parameters, header);
      const seen = this.#observed(parameters === 0 ? words : this.#number(), header);
      events.push({
        step,
        start,
        ...(end !== undefined && { end }),
        ...(given !== undefined && { with: given }),
        ...(seen !== undefined && { words: seen }),
      });
    }
    return events;
  }

  #observed(count: number, header: Header): Record<string, Observed> | undefined {
    if (count === 0) return undefined;
    const found: [string, Observed][] = [];
    for (let i = 0; i < count; i++) {
      const coded = this.#number();
      const name = header.names[Math.floor(coded / 4)];
      if (name === undefined) throw this.#broken("an observation has no name in the header");
      const kind = coded % 4;
      const value =
        kind === KIND.text
          ? this.#name(header.names, "text")
          : kind === KIND.truth
            ? this.#number() !== 0
            : this.#signed();
      found.push([name, value]);
    }
    // Whatever it is called, "__proto__" for one, it is a name like others.
    return Object.fromEntries(found);
  }

  #name(list: readonly string[], what: string): string {
    const name = list[this.#number()];
    if (name === undefined) throw this.#broken(`a ${what} has no name in the header`);
    return name;
  }

  /** Groups of seven bits, the lowest first. */
  #number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.#at];
      if (byte === undefined) throw this.#cut();
      this.#at++;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      if (value > Number.MAX_SAFE_INTEGER) break;
    }
    if (value > Number.MAX_SAFE_INTEGER) throw this.#broken("a number has more than 53 bits");
    return value;
  }

  /** The lowest bit is the sign. A number of 53 bits has 54 with it, so it is taken off first. */
  #signed(): number {
    const first = this.bytes[this.#at];
    if (first === undefined) throw this.#cut();
    this.#at++;
    const magnitude = ((first & 0x7f) >> 1) + (first < 0x80 ? 0 : this.#number() * 64);
    if (magnitude > Number.MAX_SAFE_INTEGER) throw this.#broken("a number has more than 53 bits");
    return first % 2 === 0 ? magnitude : -magnitude - 1;
  }

  #where(): string {
    return `${this.file}, byte ${this.#at}`;
  }

  #cut(): Error {
    return badRecording("the file ends in the middle of a recording", this.#where(), CUT_HINT);
  }

  #broken(message: string): Error {
    return badRecording(message, this.#where());
  }
}

const CUT_HINT = "Was the program that wrote it ended before it had closed the file?";

/** A recording in the binary format. */
export function writeBinary(recording: Recording): Buffer {
  const steps = new Map<string, number>();
  const names = new Map<string, number>();
  const place = (map: Map<string, number>, name: string): number => {
    const known = map.get(name) ?? map.size;
    map.set(name, known);
    return known;
  };
  const body = new Writer();
  for (const { events } of recording.lanes) {
    let before = 0;
    for (let i = 0; i < events.count; i++) {
      const event = events.at(i);
      body.number(place(steps, event.step));
      body.number(event.start - before);
      body.number(event.end === undefined ? 0 : event.end - event.start + 1);
      before = event.start;
      writeObserved(body, event, (name) => place(names, name));
    }
  }
  const header = Buffer.from(
    JSON.stringify({
      ...headerOf(recording),
      lanes: recording.lanes.map(({ name, missing, events }) => ({ name, missing, events: events.count })),
      steps: [...steps.keys()],
      names: [...names.keys()],
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([MAGIC, length, header, body.bytes()]);
}

function writeObserved(body: Writer, event: RecordedEvent, place: (name: string) => number): void {
  for (const observed of [event.with ?? {}, event.words ?? {}]) {
    const entries = Object.entries(observed);
    body.number(entries.length);
    for (const [name, value] of entries) {
      if (typeof value === "number") {
        body.number(place(name) * 4 + KIND.number);
        body.signed(value);
      } else if (typeof value === "string") {
        body.number(place(name) * 4 + KIND.text);
        body.number(place(value));
      } else {
        body.number(place(name) * 4 + KIND.truth);
        body.number(value ? 1 : 0);
      }
    }
  }
}

class Writer {
  readonly #bytes: number[] = [];

  number(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.#bytes.push(rest);
  }

  signed(value: number): void {
    const magnitude = value >= 0 ? value : -value - 1;
    const first = (magnitude % 64) * 2 + (value >= 0 ? 0 : 1);
    const rest = Math.floor(magnitude / 64);
    this.#bytes.push(rest === 0 ? first : first + 128);
    if (rest > 0) this.number(rest);
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }
}
