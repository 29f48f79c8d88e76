import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { printable } from "../base/printable.js";
import { readBinary, writeBinary } from "./binary.js";
import { readJsonLines, writeJsonLines } from "./json-lines.js";
import { readRecordings } from "./read.js";
import { Events, type Recording } from "./recording.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce-record-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const observed = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== "__proto__"),
  fc.oneof(fc.maxSafeInteger(), fc.boolean(), fc.string({ maxLength: 8 })),
  { minKeys: 1, maxKeys: 3 },
);

const lane = fc
  .array(
    fc.record({
      step: fc.constantFrom("Lock", "Unlock", 'λ "quoted"'),
      after: fc.nat(1_000_000),
      length: fc.nat(1_000_000),
      with: fc.option(observed, { nil: undefined }),
      words: fc.option(observed, { nil: undefined }),
    }),
    { maxLength: 100 },
  )
  .chain((list) => fc.boolean().map((open) => ({ list, open })))
  .map(({ list, open }) => {
    const events = new Events();
    let start = 0;
    for (const [i, { step, after, length, ...rest }] of list.entries()) {
      start += after;
      const isOpen = open && i + 1 === list.length;
      const given = {
        ...(rest.with !== undefined && { with: rest.with }),
        ...(rest.words !== undefined && { words: rest.words }),
      };
      events.push({ step, start, ...(!isOpen && { end: start + length }), ...given });
    }
    return events;
  });

const recording: fc.Arbitrary<Recording> = fc
  .record({
    name: fc.string({ maxLength: 5 }),
    ticksPerSecond: fc.integer({ min: 1, max: 5_000_000_000 }),
    drain: fc.nat(10_000),
    hung: fc.boolean(),
    lost: fc.nat(10),
    made: fc.constant({ by: "a test" }),
    lanes: fc.array(lane, { minLength: 1, maxLength: 4 }),
  })
  .map(({ lanes, ...head }) => ({
    ...head,
    lanes: lanes.map((events, i) => ({ name: `reader ${i}`, missing: i, events })),
  }));

/** A recording as plain values, which can be compared. */
function plain({ lanes, ...head }: Recording): unknown {
  return {
    ...head,
    lanes: lanes.map(({ name, missing, events }) => ({
      name,
      missing,
      events: Array.from({ length: events.count }, (_, i) => events.at(i)),
    })),
  };
}

/** What means something to a reader of either format, or to a terminal. */
const TEXTS = [
  "QSREC1\r\n",
  '{"format":"quiesce-recording","version":1,"lanes":[',
  '{"lane":0,"step":"a","start":9007199254740993}\n',
  '{"lane":{},"step":"\\u001b[2J","start":1}\n',
  "[".repeat(100_000),
  `{"format":${"[".repeat(5000)}${"]".repeat(5000)}}\n`,
  `{"format":"quiesce-recording","version":${"[".repeat(9000)}${"]".repeat(9000)}}\n`,
  `{"format":"quiesce-recording","version":1,"name":${"[".repeat(9000)}${"]".repeat(9000)}}\n`,
  "-1e999",
  "null",
  "\x1b[2J",
  "\u2028",
];

describe("both formats", () => {
  it("give back what was written, also several recordings in one file", () => {
    fc.assert(
      fc.property(fc.array(recording, { minLength: 1, maxLength: 3 }), (all) => {
        const text = all.flatMap((one) => [...writeJsonLines(one)]).join("");
        const bytes = Buffer.concat(all.map(writeBinary));
        expect([...readJsonLines(text, "f")].map(plain)).toEqual(all.map(plain));
        expect([...readBinary(bytes, "f")].map(plain)).toEqual(all.map(plain));
      }),
      { numRuns: 200 },
    );
  });

  it("never end in anything but an error of ours, whatever byte is broken", () => {
    fc.assert(
      fc.property(recording, fc.nat(), fc.integer({ min: 0, max: 255 }), (one, place, byte) => {
        const bytes = writeBinary(one);
        bytes[place % bytes.length] = byte;
        try {
          for (const read of readBinary(bytes, "f")) plain(read);
        } catch (error) {
          expect(error).toMatchObject({ name: "BadInputError", exitCode: 2 });
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** What one does to a file to break what reads it. */
const damage = fc.oneof(
  fc.record({ kind: fc.constant("byte" as const), at: fc.nat(), to: fc.nat(255) }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat() }),
  fc.record({ kind: fc.constant("gap" as const), at: fc.nat(), length: fc.nat(64) }),
  fc.record({ kind: fc.constant("more" as const), at: fc.nat(), bytes: fc.uint8Array({ maxLength: 64 }) }),
  // A number without end, and lengths and counts that are larger than any file.
  fc.record({
    kind: fc.constant("large" as const),
    at: fc.nat(),
    byte: fc.constantFrom(0xff, 0x80, 0x7f, 0),
  }),
  fc.record({ kind: fc.constant("text" as const), at: fc.nat(), text: fc.constantFrom(...TEXTS) }),
);

function damaged(
  bytes: Buffer,
  { at, ...how }: typeof damage extends fc.Arbitrary<infer T> ? T : never,
): Buffer {
  const place = at % (bytes.length + 1);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (how.kind) {
    case "byte":
      return Buffer.concat([before, Buffer.of(how.to), after.subarray(1)]);
    case "cut":
      return before;
    case "gap":
      return Buffer.concat([before, after.subarray(how.length)]);
    case "more":
      return Buffer.concat([before, how.bytes, after]);
    case "large":
      return Buffer.concat([before, Buffer.alloc(10, how.byte), after.subarray(10)]);
    case "text":
      return Buffer.concat([before, Buffer.from(how.text), after]);
  }
}

describe("a hostile file", () => {
  const isOurs = (work: () => unknown): void => {
    try {
      work();
    } catch (error) {
      expect(error).toMatchObject({ name: "BadInputError", exitCode: 2 });
      const { message } = error as Error;
      expect(message.length).toBeLessThan(500);
      expect(printable(message)).toBe(message);
    }
  };

  it("in either format never ends in anything but an error of ours, which a terminal can show", () => {
    fc.assert(
      fc.property(recording, fc.array(damage, { minLength: 1, maxLength: 4 }), (one, all) => {
        const broken = (bytes: Buffer): Buffer => all.reduce(damaged, bytes);
        isOurs(() => [...readBinary(broken(writeBinary(one)), "f")].map(plain));
        const lines = broken(Buffer.from([...writeJsonLines(one)].join("")));
        isOurs(() => [...readJsonLines(lines.toString(), "f")].map(plain));
      }),
      { numRuns: 1500 },
    );
  });

  const binary = (header: object, ...body: readonly number[]): Buffer => {
    const text = Buffer.from(JSON.stringify({ format: "quiesce-recording", version: 1, ...header }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return Buffer.concat([Buffer.from("QSREC1\r\n"), length, text, Buffer.from(body)]);
  };
  const large = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
  const lane = (events: number) => ({ lanes: [{ name: "r", events }], steps: ["S"], names: ["__proto__"] });

  it.each([
    [
      "times that add up to more than 53 bits",
      lane(2),
      [0, ...large, 1, 0, 0, 0, ...large, 1, 0, 0],
      /53 bits/,
    ],
    ["an end of more than 53 bits", lane(1), [0, ...large, ...large, 0, 0], /53 bits/],
    ["an event behind one without an end", lane(2), [0, 1, 0, 0, 0, 0, 1, 1, 0, 0], /nothing can follow/],
    ["more events than there are", lane(2 ** 52), [0, 1, 1, 0, 0], /ends in the middle/],
    [
      "a name that moves the cursor",
      { ...lane(0), steps: ["\x1b[2J"] },
      [],
      /control character in it: \ufffd\[2J/,
    ],
    ["a name that is no text", { ...lane(0), name: { a: 1 } }, [], /"name" of the header must be a text/],
    ["a version that is no number", { ...lane(0), version: [[[]]] }, [], /has a version that is no number/],
  ])("with %s is refused", (_, header, body, message) => {
    expect(() => [...readBinary(binary(header, ...body), "f")]).toThrow(message);
  });

  it("may have names that JavaScript has for itself, as many as it likes, and threads by the hundred thousand", () => {
    const [one] = readBinary(binary(lane(1), 0, 1, 1, 0, 1, 0, 14), "f");
    expect(Object.entries(one?.lanes[0]?.events.at(0).words ?? {})).toEqual([["__proto__", 7]]);
    const events = new Events();
    for (let i = 0; i < 70_000; i++)
      events.push({ step: `S${i}`, start: i, words: { toString: 1, [`w${i}`]: i } });
    for (let i = 0; i < 70_000; i++) events.push({ step: "S", start: i, words: { [`v${i}`]: i } });
    events.push({ step: "S", start: 1, words: { toString: 3 } });
    expect(events.at(69_999)).toMatchObject({ step: "S69999" });
    expect(events.numberAt(139_999, "v69999")).toBe(69_999);
    expect(events.at(140_000)).toEqual({ step: "S", start: 1, words: { toString: 3 } });
    const many = Array.from({ length: 200_000 }, (_, i) => `r${i}`);
    const [wide] = readJsonLines(
      JSON.stringify({ format: "quiesce-recording", version: 1, lanes: many }),
      "f",
    );
    expect(wide?.lanes).toHaveLength(200_000);
  });
});

const HEAD = '{"format":"quiesce-recording","version":1,"lanes":["reader 1"]}';

async function read(content: string | Uint8Array, name = "run.jsonl"): Promise<Recording[]> {
  const file = join(folder, name);
  writeFileSync(file, content);
  const all: Recording[] = [];
  for await (const one of readRecordings(file)) all.push(one);
  return all;
}

describe("a file of recordings", () => {
  it("may leave out of its header what has a default", async () => {
    const [one] = await read(`${HEAD}\n{"lane":0,"step":"Lock","start":1,"end":2}\n\n`);
    expect(one).toMatchObject({ ticksPerSecond: 1_000_000_000, drain: 0, hung: false, lost: 0 });
    expect(one?.lanes[0]?.events.at(0)).toEqual({ step: "Lock", start: 1, end: 2 });
  });

  it.each([
    ["nothing", "", /the file is empty/, /run\.jsonl$/],
    ["no header", '{"lane":0}', /the first line is not a header/, /:1$/],
    ["something else", '{"format":"har"}', /this is not a recording/, /:1$/],
    ["another version", HEAD.replace("1,", "9,"), /version 9 .* 1 is known/, /:1$/],
    ["no lanes", '{"format":"quiesce-recording","version":1}', /"lanes" of the header/, /:1$/],
    ["a lane twice", HEAD.replace('"reader 1"', '"a","a"'), /two lanes .* "a"/, /:1$/],
    ["text", `${HEAD}\nLock`, /this line is not JSON: Lock/, /:2$/],
    [
      "a misspelt key",
      `${HEAD}\n{"lane":"reader 1","step":"S","start":1,"ends":2}`,
      /no "ends"; did you mean "end"\?/,
      /:2$/,
    ],
    ["an unknown lane", `${HEAD}\n{"lane":"r"}`, /no lane "r"; it has reader 1/, /:2$/],
    ["no step", `${HEAD}\n{"lane":0,"start":1}`, /"step" must be the name/, /:2$/],
    ["half a tick", `${HEAD}\n{"lane":0,"step":"a","start":0.5}`, /"start" must be a whole number/, /:2$/],
    ["an end before the start", `${HEAD}\n{"lane":0,"step":"a","start":2,"end":1}`, /"end" must be/, /:2$/],
    [
      "a step back",
      `${HEAD}\n{"lane":0,"step":"a","start":2,"end":3}\n{"lane":0,"step":"a","start":1,"end":3}`,
      /begins before the event of reader 1 in front of it/,
      /:3$/,
    ],
    [
      "a step behind one without an end",
      `${HEAD}\n{"lane":0,"step":"a","start":2}\n{"lane":0,"step":"a","start":3}`,
      /has no end, so nothing can follow/,
      /:3$/,
    ],
    [
      "a list as a word",
      `${HEAD}\n{"lane":0,"step":"a","start":2,"words":{"x":[1]}}`,
      /x must be a whole/,
      /:2$/,
    ],
    ["a cut file", Buffer.from("QSREC1\r\n\0"), /ends in the middle of a recording/, /byte 8$/],
    ["other bytes", Uint8Array.from([0xff, 0xfe, 0, 1]), /neither .* nor text/, /run\.jsonl$/],
  ] as const)("that holds %s is refused, with its place", async (_what, content, message, where) => {
    await expect(read(content)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
      where: expect.stringMatching(where),
    });
  });

  it("must be a file", async () => {
    mkdirSync(join(folder, "folder"));
    const open = async (name: string) => {
      for await (const one of readRecordings(join(folder, name))) return one;
      return undefined;
    };
    await expect(open("folder")).rejects.toThrow(/this is a folder/);
    await expect(open("nowhere")).rejects.toThrow(/there is no such file/);
  });
});
