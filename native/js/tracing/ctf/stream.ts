import { type FileHandle, open } from "node:fs/promises";
import { Cursor } from "./decode.js";
import { TraceFormatError } from "./error.js";
import {
  type CtfRecord,
  type CtfType,
  type CtfValue,
  type EventClass,
  type Metadata,
  numberIn,
  type StreamClass,
} from "./types.js";

/** What was recorded, or lost, at a time: nanoseconds since 1970. */
export type StreamItem =
  | {
      readonly kind: "event";
      readonly time: bigint;
      readonly event: EventClass;
      readonly fields: CtfRecord;
      readonly thread: number | undefined;
      readonly cpu: number | undefined;
    }
  | {
      readonly kind: "lost";
      readonly time: bigint;
      readonly count: bigint;
      readonly thread: number | undefined;
      readonly cpu: number | undefined;
    };

/** More than a packet's header and context ever take. */
const HEAD_BYTES = 64 * 1024;
const MAGIC = 0xc1fc1fc1n;
/** A packet of more than this would not fit into our memory. */
const MOST_BYTES = 1 << 30;
const EMPTY: CtfRecord = { fields: new Map(), counts: new Set() };

interface Head {
  readonly stream: StreamClass;
  readonly header: CtfRecord;
  readonly context: CtfRecord;
  /** In bits, from the packet's begin. */
  readonly firstEvent: number;
  readonly contentBits: number;
  readonly bytes: number;
}

/** Reads one stream file packet by packet; it may still grow. */
export class StreamFile {
  private handle: FileHandle | undefined;
  private at = 0;
  private discarded = 0n;
  private clock = 0n;

  constructor(
    readonly file: string,
    private metadata: Metadata,
  ) {}

  /** The metadata has grown: there may be more events than it described before. */
  describe(metadata: Metadata): void {
    this.metadata = metadata;
  }

  /**
   * The next packet's events in the order of their times, or undefined at the file's end. An empty packet that reaches to
   * the end is what is still to be written: while the file grows, it stays in its place.
   *
   * @throws TraceFormatError where the file is damaged
   */
  async next(): Promise<readonly StreamItem[] | undefined> {
    for (;;) {
      const items = await this.packet();
      if (items === undefined || items.length > 0) return items;
    }
  }

  private async packet(): Promise<readonly StreamItem[] | undefined> {
    this.handle ??= await open(this.file, "r");
    const { size } = await this.handle.stat();
    if (this.at >= size) return undefined;
    const head = this.headOf(await this.bytes(this.at, Math.min(HEAD_BYTES, size - this.at)), size - this.at);
    if (head.contentBits <= head.firstEvent && this.at + head.bytes >= size) {
      const lost = this.lostIn(head, []);
      return lost.length > 0 ? lost : undefined;
    }
    if (this.at + head.bytes > size && this.at + Math.ceil(head.contentBits / 8) > size)
      throw new TraceFormatError("the recording's last packet is not whole", { where: this.file });
    const content = await this.bytes(this.at, Math.ceil(head.contentBits / 8));
    const items = this.lostIn(head, this.eventsIn(head, content));
    this.at += head.bytes;
    return items;
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }

  private async bytes(at: number, length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const read = await this.handle?.read(buffer, filled, length - filled, at + filled);
      if (read === undefined || read.bytesRead === 0) break;
      filled += read.bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  private headOf(bytes: Buffer, rest: number): Head {
    const cursor = new Cursor(bytes, 8 * bytes.length, `${this.file}, at ${this.at}`);
    const { packetHeader, streams } = this.metadata;
    const header = packetHeader ? record(cursor.read(packetHeader)) : EMPTY;
    const magic = numberIn(header.fields.get("magic"));
    if (magic !== undefined && magic !== MAGIC) throw cursor.damaged("a packet does not begin as one");
    const id = numberIn(header.fields.get("stream_id")) ?? 0n;
    const stream = streams.get(id);
    if (stream === undefined) throw cursor.damaged(`there is no stream ${id}`);
    const context = stream.packetContext ? record(cursor.read(stream.packetContext, [header])) : EMPTY;
    const bits = Number(numberIn(context.fields.get("packet_size")) ?? BigInt(8 * rest));
    const contentBits = Number(numberIn(context.fields.get("content_size")) ?? BigInt(bits));
    if (bits % 8 !== 0 || bits <= 0 || contentBits > bits || contentBits < cursor.at)
      throw cursor.damaged(`a packet of ${bits} bits with ${contentBits} of content`);
    if (contentBits / 8 > MOST_BYTES) throw cursor.damaged("a packet is larger than a GiB");
    return { stream, header, context, firstEvent: cursor.at, contentBits, bytes: bits / 8 };
  }

  private eventsIn(head: Head, content: Buffer): StreamItem[] {
    const { stream, header, context } = head;
    const cursor = new Cursor(content, head.contentBits, `${this.file}, packet at ${this.at}`);
    cursor.at = head.firstEvent;
    this.clock = numberIn(context.fields.get("timestamp_begin")) ?? this.clock;
    const items: StreamItem[] = [];
    const outer = [header, context];
    // What is left may be less than an event's alignment.
    while (cursor.at < head.contentBits) {
      cursor.restart();
      const eventHeader = stream.eventHeader ? record(cursor.read(stream.eventHeader, outer)) : EMPTY;
      const id = numberIn(inVariant(eventHeader, "id")) ?? 0n;
      const event = stream.events.get(id);
      if (event === undefined) throw cursor.damaged(`there is no event ${id}`);
      this.tick(stream.eventHeader, eventHeader);
      const scopes = [...outer, eventHeader];
      const contexts = [stream.eventContext, event.context].map((type) =>
        type ? record(cursor.read(type, scopes)) : EMPTY,
      );
      const fields = event.payload ? record(cursor.read(event.payload, [...scopes, ...contexts])) : EMPTY;
      const own = contexts.map((one) => numberIn(one.fields.get("_vtid") ?? one.fields.get("vtid")));
      const thread = own.find((value) => value !== undefined) ?? numberIn(context.fields.get("vtid"));
      items.push({
        kind: "event",
        time: this.toTime(this.clock),
        event,
        fields,
        thread: thread === undefined ? undefined : Number(thread),
        cpu: cpuOf(context),
      });
    }
    // A signal handler's event may stand behind the one that it interrupted, with the earlier time.
    const isSorted = items.every((item, i) => i === 0 || item.time >= (items[i - 1] as StreamItem).time);
    return isSorted ? items : items.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  }

  private lostIn({ context }: Head, items: StreamItem[]): StreamItem[] {
    const discarded = numberIn(context.fields.get("events_discarded"));
    if (discarded === undefined || discarded <= this.discarded) return items;
    const begin = numberIn(context.fields.get("timestamp_begin")) ?? this.clock;
    const thread = numberIn(context.fields.get("vtid"));
    const lost: StreamItem = {
      kind: "lost",
      time: this.toTime(begin),
      count: discarded - this.discarded,
      thread: thread === undefined ? undefined : Number(thread),
      cpu: cpuOf(context),
    };
    this.discarded = discarded;
    return [lost, ...items];
  }

  /** Clocks of fewer than 64 bits go around: the others are those of the time before. */
  private tick(type: CtfType | undefined, header: CtfRecord): void {
    const value = numberIn(inVariant(header, "timestamp"));
    if (value === undefined) return;
    const size = BigInt(timestampSize(type, header));
    if (size >= 64n) {
      this.clock = value;
      return;
    }
    const high = (this.clock >> size) << size;
    this.clock = high + value < this.clock ? high + value + (1n << size) : high + value;
  }

  private toTime(clock: bigint): bigint {
    const { frequency, offsetNs } = this.metadata.clock;
    return (frequency === 1_000_000_000n ? clock : (clock * 1_000_000_000n) / frequency) + offsetNs;
  }
}

function record(value: CtfValue): CtfRecord {
  if (typeof value === "object" && "fields" in value) return value;
  throw new TraceFormatError("the metadata has something else than a structure for a header");
}

function cpuOf(context: CtfRecord): number | undefined {
  const cpu = numberIn(context.fields.get("cpu_id"));
  return cpu === undefined ? undefined : Number(cpu);
}

/** A header's field; LTTng's headers have it in a variant where it needs more room. */
function inVariant(header: CtfRecord, name: string): CtfValue | undefined {
  const inner = header.fields.get("v");
  const nested = typeof inner === "object" && "fields" in inner ? inner.fields.get(name) : undefined;
  return nested ?? header.fields.get(name);
}

function timestampSize(type: CtfType | undefined, header: CtfRecord): number {
  if (type?.kind !== "struct") return 64;
  const direct = type.fields.find(({ name }) => name === "timestamp");
  const variant = type.fields.find(({ name }) => name === "v")?.type;
  if (variant?.kind !== "variant") return direct?.type.kind === "integer" ? direct.type.size : 64;
  const tag = header.fields.get(variant.tag);
  const label = typeof tag === "object" && "label" in tag ? tag.label : undefined;
  const chosen = variant.fields.find(({ name }) => name === label)?.type;
  const stamp = chosen?.kind === "struct" && chosen.fields.find(({ name }) => name === "timestamp")?.type;
  return stamp && stamp.kind === "integer" ? stamp.size : 64;
}
