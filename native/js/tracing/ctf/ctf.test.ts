import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { TraceFormatError } from "./error.js";
import { fieldsOf, valueText } from "./fields.js";
import { readMetadata } from "./metadata.js";
import { openRecording, type ReadOptions, readRecording } from "./recording.js";
import { StreamFile, type StreamItem } from "./stream.js";

const scratch = mkdtempSync(join(tmpdir(), "quiesce-ctf-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let made = 0;

const NUMBERS = [1, 2, 4, 8]
  .flatMap((bytes) => [
    `typealias integer { size = ${8 * bytes}; align = 8; signed = false; } := u${bytes};`,
    `typealias integer { size = ${8 * bytes}; align = 8; signed = true; } := i${bytes};`,
  ])
  .join("\n");

interface Described {
  readonly events?: string;
  readonly header?: string;
  readonly clock?: string;
}

const EVENTS = `
event { name = "p:text"; id = 0; stream_id = 0; loglevel = 6;
  fields := struct { string _s; u4 __q_length; u1 _q[__q_length]; }; };
event { name = "p:kinds"; id = 1; stream_id = 0;
  fields := struct { i1 _i; integer { size = 4; align = 4; signed = true; } _low;
    integer { size = 4; align = 4; } _high; integer { size = 32; align = 8; base = 16; } _x;
    enum : i4 { "A", "B" = 5, "C", "D" = 10 ... 12 } _e; }; };
`;

/** A trace's metadata: a packet's head takes 56 bytes. */
function metadata({
  events = EVENTS,
  header = "struct { u8 id; u8 timestamp; } align(64)",
  clock = "freq = 1000000000; offset_s = 1; offset = 5;",
}: Described = {}): string {
  return `/* CTF 1.8 */
${NUMBERS}
trace { major = 1; minor = 8; byte_order = le; packet.header := struct { u4 magic; u4 stream_id; }; };
env { procname = "prog"; vpid = 7; };
clock { name = "monotonic"; ${clock} };
stream { id = 0; event.header := ${header};
  packet.context := struct { u8 timestamp_begin; u8 timestamp_end; u8 content_size; u8 packet_size;
    u8 events_discarded; u4 vtid; u4 cpu_id; }; };
${events}`;
}

const HEAD = 56;
const PACKET = 256;

interface Packet {
  readonly events?: readonly Buffer[];
  readonly begin?: number;
  readonly lost?: number;
  readonly magic?: number;
  readonly stream?: number;
  /** In bits. */
  readonly content?: number;
  readonly size?: number;
}

function packet({
  events = [],
  begin = 0,
  lost = 0,
  magic = 0xc1fc1fc1,
  stream = 0,
  ...sizes
}: Packet): Buffer {
  const body = Buffer.concat(events);
  const bytes = Buffer.alloc(Math.max(PACKET, HEAD + body.length));
  bytes.writeUInt32LE(magic, 0);
  bytes.writeUInt32LE(stream, 4);
  const words = [
    begin,
    begin,
    sizes.content ?? 8 * (HEAD + body.length),
    sizes.size ?? 8 * bytes.length,
    lost,
  ];
  for (const [i, word] of words.entries()) bytes.writeBigUInt64LE(BigInt(word), 8 + 8 * i);
  bytes.writeUInt32LE(77, 48);
  bytes.writeUInt32LE(3, 52);
  body.copy(bytes, HEAD);
  return bytes;
}

/** An event of the kind 0, and zeros up to the end of its last word. */
function text(time: number, words: string, { id = 0, count = 0 } = {}): Buffer {
  const bytes = Buffer.alloc(16 + Math.ceil((words.length + 5) / 8) * 8);
  bytes.writeBigUInt64LE(BigInt(id), 0);
  bytes.writeBigUInt64LE(BigInt(time), 8);
  bytes.write(`${words}\0`, 16, "latin1");
  bytes.writeUInt32LE(count, 16 + words.length + 1);
  return bytes;
}

/** With three letters, an event ends where a word does, and so may stand in front of another. */
const ONE = text(10, "one");
const TWO = text(20, "two");

function fileOf(...packets: readonly Buffer[]): string {
  const file = join(scratch, String(++made));
  writeFileSync(file, Buffer.concat(packets));
  return file;
}

function open(file: string, described?: Described): StreamFile {
  return new StreamFile(file, readMetadata(Buffer.from(metadata(described)), "metadata"));
}

async function all(stream: StreamFile): Promise<StreamItem[]> {
  const items: StreamItem[] = [];
  try {
    for (let more = await stream.next(); more !== undefined; more = await stream.next()) {
      items.push(...more);
      if (items.length > 100) throw new Error("the file never ends");
    }
  } finally {
    await stream.close();
  }
  return items;
}

const shown = (item: StreamItem): string =>
  item.kind === "lost"
    ? `${item.time} lost ${item.count}`
    : `${item.time} ${item.event.name} ${fieldsOf(item.fields)
        .map(([name, value]) => `${name}=${valueText(value)}`)
        .join(" ")}`;

async function read(packets: readonly Buffer[], described?: Described): Promise<string[]> {
  return (await all(open(fileOf(...packets), described))).map(shown);
}

describe("packets", () => {
  it("are read one after another: events, their fields, times and threads", async () => {
    const items = await all(open(fileOf(packet({ events: [ONE] }), packet({ events: [TWO] }))));
    expect(items.map(shown)).toEqual(['1000000015 p:text s="one" q=[]', '1000000025 p:text s="two" q=[]']);
    expect(items[0]).toMatchObject({ thread: 77, cpu: 3, event: { level: 6 } });
  });

  it("say how many events were lost since the one before, and that once", async () => {
    const packets = [
      packet({ lost: 2, begin: 4 }),
      packet({ lost: 5, begin: 9, events: [ONE] }),
      packet({ lost: 5 }),
    ];
    expect(await read(packets)).toEqual([
      "1000000009 lost 2",
      "1000000014 lost 3",
      '1000000015 p:text s="one" q=[]',
    ]);
    const stream = open(fileOf(packet({ lost: 1 })));
    expect(await stream.next()).toHaveLength(1);
    expect(await stream.next()).toBeUndefined();
    await stream.close();
  });

  it("have events in the order of their times, though a handler's stands behind what it interrupted", async () => {
    const three = text(30, "six");
    expect((await read([packet({ events: [three, ONE, TWO] })])).map((line) => line.slice(0, 10))).toEqual([
      "1000000015",
      "1000000025",
      "1000000035",
    ]);
  });

  it.each([
    ["no magic number", { magic: 0xc1fc1fc0 }, /does not begin as one/],
    ["an unknown stream", { stream: 1 }, /no stream 1/],
    ["half a byte", { size: 8 * PACKET + 1 }, /a packet of 2049 bits/],
    ["no size", { size: 0, content: 0 }, /a packet of 0 bits/],
    ["more content than size", { size: 8 * PACKET, content: 8 * PACKET + 8 }, /2056 of content/],
    ["less content than its head", { content: 8 * HEAD - 8 }, /440 of content/],
    ["more than a GiB", { size: 2 ** 35, content: 2 ** 34 }, /larger than a GiB/],
    ["an unknown event", { events: [text(1, "one", { id: 9 })] }, /no event 9/],
    ["a string without end", { events: [ONE], content: 8 * (HEAD + 18) }, /a string has no end/],
    ["a number without end", { events: [ONE], content: 8 * (HEAD + 22) }, /runs over the packet's end/],
    [
      "a sequence that is too long for it",
      { events: [text(1, "one", { count: 1000 })] },
      /runs over the packet's end/,
    ],
    [
      "a sequence that is too long for anybody",
      { events: [text(1, "one", { count: 0xffffffff })] },
      /an array of 4294967295 elements/,
    ],
  ])("are refused with %s", async (_, damaged: Packet, message) => {
    const reading = read([packet(damaged)]);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(TraceFormatError);
  });

  it("that only end where the file does are whole as far as their content goes", async () => {
    const file = fileOf(packet({ events: [ONE] }));
    truncateSync(file, HEAD + ONE.length);
    expect((await all(open(file))).map(shown)).toEqual(['1000000015 p:text s="one" q=[]']);
    truncateSync(file, HEAD + ONE.length - 1);
    await expect(all(open(file))).rejects.toThrow("the recording's last packet is not whole");
  });

  it("may still have to be written: an empty one at the end stays where it is", async () => {
    const file = fileOf(packet({ events: [ONE] }), packet({}));
    const stream = open(file);
    expect(await stream.next()).toHaveLength(1);
    expect(await stream.next()).toBeUndefined();
    writeFileSync(file, Buffer.concat([packet({ events: [ONE] }), packet({ events: [TWO] }), packet({})]));
    expect((await stream.next())?.map(shown)).toEqual(['1000000025 p:text s="two" q=[]']);
    expect(await stream.next()).toBeUndefined();
    appendFileSync(file, packet({ events: [ONE] }));
    expect(await stream.next()).toHaveLength(1);
    await stream.close();
  });
});

describe("values", () => {
  const kinds = (...bytes: readonly number[]): Buffer => {
    const event = Buffer.alloc(32);
    event.writeBigUInt64LE(1n, 0);
    Buffer.from(bytes).copy(event, 16);
    return event.subarray(0, 16 + bytes.length);
  };

  it.each([
    [[0xff, 0x7e, 0xef, 0xbe, 0xad, 0xde, 0, 0, 0, 0], "i=-1 low=-2 high=7 x=0xDEADBEEF e=A (0)"],
    [[0x7f, 0x81, 0, 0, 0, 0, 6, 0, 0, 0], "i=127 low=1 high=8 x=0x0 e=C (6)"],
    [[0, 0, 1, 0, 0, 0, 12, 0, 0, 0], "i=0 low=0 high=0 x=0x1 e=D (12)"],
    [[0, 0, 1, 0, 0, 0, 13, 0, 0, 0], "i=0 low=0 high=0 x=0x1 e=13"],
  ])("of all kinds: %j", async (bytes, expected) => {
    expect(await read([packet({ events: [kinds(...bytes)] })])).toEqual([`1000000005 p:kinds ${expected}`]);
  });
});

describe("clocks", () => {
  it.each([
    ["freq = 1000; offset_s = 2; offset = 500;", "2510000000"],
    ["freq = 1000000000; offset_s = -1; offset = 0;", "-999999990"],
    ["", "10"],
  ])("with %s", async (clock, time) => {
    expect(await read([packet({ events: [ONE] })], { clock })).toEqual([`${time} p:text s="one" q=[]`]);
  });

  it("of few bits go around", async () => {
    const header = "struct { u4 id; u4 timestamp; } align(64)";
    const at = (time: number): Buffer => {
      const event = Buffer.alloc(24);
      event.writeUInt32LE(time, 4);
      event.write("one\0", 8, "latin1");
      return event.subarray(0, 16);
    };
    const events = [at(0xfffffff0), at(0xfffffff8), at(8)];
    const clock = "freq = 1000000000;";
    const begin = 3 * 2 ** 32 + 0xfffffff0;
    const lines = await read([packet({ begin, events })], { header, clock });
    expect(lines.map((line) => Number(line.split(" ")[0]) - begin)).toEqual([0, 8, 24]);
  });
});

describe("metadata", () => {
  const parse = (bytes: string | Buffer) => readMetadata(Buffer.from(bytes), "metadata");

  it("may be in packets, as LTTng writes them", () => {
    const parts = [metadata().slice(0, 400), metadata().slice(400)].map((part) => {
      const header = Buffer.alloc(37);
      header.writeUInt32LE(0x75d11d57, 0);
      header.writeUInt32LE(8 * (37 + part.length), 24);
      header.writeUInt32LE(8 * (37 + part.length + 11), 28);
      return Buffer.concat([header, Buffer.from(part), Buffer.alloc(11)]);
    });
    expect([...(parse(Buffer.concat(parts)).streams.get(0n)?.events.keys() ?? [])]).toEqual([0n, 1n]);
    const size = (parts[0] as Buffer).length;
    for (const [at, bits] of [
      [28, 8],
      [24, 8 * size + 8],
    ] as const) {
      const broken = Buffer.concat(parts);
      broken.writeUInt32LE(bits, at);
      expect(() => parse(broken)).toThrow("the metadata's packets are damaged");
    }
  });

  it.each([
    ["event { id = 3; stream_id = 0; };", "an event without a name or a stream"],
    ['event { name = "a:b"; id = 3; stream_id = 4; };', "an event without a name or a stream"],
    ["typealias integer { size = 65; } := a;", "size is from 1 to 64, not 65"],
    ["typealias integer { size = 8; align = 8192; } := a;", "align is from 1 to 4096, not 8192"],
    ["typealias floating_point { exp_dig = 5; mant_dig = 11; } := a;", "a float of 16 bits"],
    ["struct a { unknown b; };", 'there is no type "unknown"'],
    [`struct a { ${"struct { ".repeat(200)}`, "nested too deeply"],
    ["enum a : u4 { A = x };", "x is no whole number"],
    ["env { a = ; };", 'the metadata has ";"'],
    ["env { a = 1;", "the metadata ends too early"],
    ["env { a = @; };", "which is no TSDL"],
  ])("that can't be is refused, with its line: %.60s", (text, message) => {
    const parsing = (): unknown => parse(`${metadata()}\n${text}`);
    expect(parsing).toThrow(message);
    expect(parsing).toThrow(TraceFormatError);
  });
});

describe("a recording", () => {
  const folderOf = (files: Readonly<Record<string, Buffer>>): string => {
    const folder = join(scratch, String(++made));
    mkdirSync(folder);
    for (const [name, bytes] of Object.entries({ metadata: Buffer.from(metadata()), ...files }))
      writeFileSync(join(folder, name), bytes);
    return folder;
  };
  const readAll = async (folder: string, options: ReadOptions = {}): Promise<string[]> => {
    const lines: string[] = [];
    const recording = await openRecording(folder, options);
    for await (const item of readRecording(recording, options)) lines.push(shown(item));
    return lines;
  };
  const times = (...list: readonly number[]): Buffer =>
    packet({ events: list.map((time) => text(time, "one")), begin: list[0] ?? 0 });

  it("has the events of all its streams in the order of their times", async () => {
    const folder = folderOf({
      stream_0: Buffer.concat([times(1, 5), times(6, 20)]),
      stream_1: times(2, 3, 9),
      stream_2: times(4, 7, 8),
      // What a recorder was killed over.
      ".part": packet({ magic: 1 }),
    });
    const lines = await readAll(folder);
    expect(lines.map((line) => Number(line.split(" ")[0]) - 1_000_000_005)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 20,
    ]);
  });

  it("is read as far as it goes: what is damaged is said, and the rest is there", async () => {
    const folder = folderOf({
      stream_0: Buffer.concat([times(1), packet({ magic: 1 }), times(3)]),
      stream_1: times(2, 4),
    });
    await expect(readAll(folder)).rejects.toThrow("does not begin as one");
    const damage: string[] = [];
    const lines = await readAll(folder, { onDamage: ({ message }) => damage.push(message) });
    expect(lines.map((line) => Number(line.split(" ")[0]) - 1_000_000_005)).toEqual([1, 2, 4]);
    expect(damage).toHaveLength(1);
  });
});
