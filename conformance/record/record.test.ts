import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
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
