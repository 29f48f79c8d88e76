import { TraceFormatError } from "./error.js";
import { type Block, parseTsdl } from "./tsdl.js";
import type { EventClass, Metadata, StreamClass } from "./types.js";

const PACKET_MAGIC = 0x75d11d57;
const PACKET_HEADER = 37;

/**
 * Reads the metadata of a trace: as a text, or divided into packets, as LTTng writes it.
 *
 * @param where the file, for messages
 * @throws TraceFormatError
 */
export function readMetadata(bytes: Buffer, where: string): Metadata {
  const blocks = parseTsdl(textOf(bytes, where), where);
  const streams = new Map<bigint, StreamClass>();
  const of = (kind: string): Block[] => blocks.filter((block) => block.kind === kind);
  for (const { values, types } of of("stream")) {
    const stream: StreamClass = { events: new Map() };
    const [context, header, eventContext] = ["packet.context", "event.header", "event.context"].map((name) =>
      types.get(name),
    );
    if (context) stream.packetContext = context;
    if (header) stream.eventHeader = header;
    if (eventContext) stream.eventContext = eventContext;
    streams.set(whole(values.get("id")), stream);
  }
  for (const { values, types, line } of of("event")) {
    const stream = streams.get(whole(values.get("stream_id")));
    const name = values.get("name");
    if (stream === undefined || name === undefined)
      throw new TraceFormatError("the metadata has an event without a name or a stream", {
        where: `${where}:${line}`,
      });
    stream.events.set(whole(values.get("id")), eventOf(name, values, types));
  }
  const [trace] = of("trace");
  const packetHeader = trace?.types.get("packet.header");
  const [clock] = of("clock");
  return {
    ...(packetHeader && { packetHeader }),
    env: new Map(of("env").flatMap(({ values }) => [...values])),
    clock: clockOf(clock?.values ?? new Map()),
    streams,
  };
}

function eventOf(name: string, values: Block["values"], types: Block["types"]): EventClass {
  const context = types.get("context");
  const payload = types.get("fields");
  const level = values.get("loglevel");
  return {
    name,
    level: level === undefined ? undefined : Number(whole(level)),
    ...(context && { context }),
    ...(payload && { payload }),
  };
}

function clockOf(values: Block["values"]): Metadata["clock"] {
  const frequency = whole(values.get("freq") ?? "1000000000") || 1_000_000_000n;
  const offset = whole(values.get("offset"));
  return {
    frequency,
    offsetNs: whole(values.get("offset_s")) * 1_000_000_000n + (offset * 1_000_000_000n) / frequency,
  };
}

function whole(text: string | undefined): bigint {
  return /^-?\d+$/.test(text ?? "") ? BigInt(text as string) : 0n;
}

/** The text in packets of metadata, each behind a header of its own. */
function textOf(bytes: Buffer, where: string): string {
  if (bytes.length < PACKET_HEADER || bytes.readUInt32LE(0) !== PACKET_MAGIC) return bytes.toString("utf8");
  const parts: string[] = [];
  for (let at = 0; at + PACKET_HEADER <= bytes.length; ) {
    const contentBits = bytes.readUInt32LE(at + 24);
    const packetBits = bytes.readUInt32LE(at + 28);
    const size = packetBits / 8;
    if (bytes.readUInt32LE(at) !== PACKET_MAGIC || size < PACKET_HEADER || contentBits > packetBits)
      throw new TraceFormatError("the metadata's packets are damaged", { where });
    parts.push(bytes.toString("utf8", at + PACKET_HEADER, Math.min(at + contentBits / 8, bytes.length)));
    at += size;
  }
  return parts.join("");
}
