import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireClaims } from "../../spec/tlc/claim/asked-claims.js";
import { Residents } from "../../spec/tlc/resident/residents.js";
import { findTools, type Tools } from "../../spec/tlc/tools/tools.js";
import { cores } from "../base/cores.js";
import { specRoot } from "../base/root.js";
import type { RecordedEvent, Recording } from "../record/recording.js";
import { checkGuarantee } from "./guarantee.js";
import { recordingOf } from "./recording.fixture.js";
import { readSpecification } from "./specification.js";
import { validate } from "./validate.js";

const at = (
  step: string,
  start: number,
  end: number,
  given?: Readonly<Record<string, number>>,
): RecordedEvent => ({ step, start, end, ...(given !== undefined && { with: given }) });

function verdictOf(lanes: Readonly<Record<string, readonly RecordedEvent[]>>) {
  const { verdict, breaches, undecided } = checkGuarantee({ file: "", recording: recordingOf(lanes) });
  return { verdict, kinds: breaches.map(({ kind }) => kind), undecided };
}

const NONE = { sections: 0, reads: 0 };

describe("the promise of RCU in a history", () => {
  const grace = [at("Synchronize", 10, 20)];

  it("is broken by a section that spans a grace period, and by no other", () => {
    const section = (lock: number, unlock: number) =>
      verdictOf({ reader: [at("Lock", lock, lock), at("Unlock", unlock, unlock)], updater: grace });
    expect(section(5, 25)).toEqual({ verdict: "broken", kinds: ["spans"], undecided: NONE });
    expect(section(5, 15).verdict).toBe("kept");
    expect(section(15, 25).verdict).toBe("kept");
    expect(section(30, 40).verdict).toBe("kept");
  });

  it("is not certain where boxes leave it open", () => {
    const reader = [at("Lock", 5, 12), at("Unlock", 25, 25)];
    expect(verdictOf({ reader, updater: grace })).toEqual({
      verdict: "inconclusive",
      kinds: [],
      undecided: { sections: 1, reads: 0 },
    });
  });

  it("is broken by a section that never ends, once a grace period does", () => {
    expect(verdictOf({ reader: [at("Lock", 5, 5)], updater: grace }).kinds).toEqual(["spans"]);
    expect(verdictOf({ reader: [at("Lock", 15, 15)], updater: grace }).verdict).toBe("kept");
  });

  it("is broken by whoever looks at an object that is freed, poisoned, or gone since a grace period", () => {
    const updater = [at("Publish", 5, 6, { replaces: 1 }), ...grace, at("Free", 30, 31, { frees: 1 })];
    const reads = (step: string, moment: number, name = "sees") =>
      verdictOf({ updater, reader: [at(step, moment, moment, { [name]: 1 })] });
    expect(reads("Read", 15).verdict).toBe("kept");
    expect(reads("Read", 25).kinds).toEqual(["stale"]);
    expect(reads("Read", 2, "poisoned").kinds).toEqual(["poisoned"]);
    expect(reads("Find", 15).kinds).toEqual(["replaced"]);
    expect(
      verdictOf({ a: [at("Free", 5, 6, { frees: 1 })], b: [at("Read", 7, 8, { sees: 1 })] }).kinds,
    ).toEqual(["freed"]);
  });

  it("leaves less open where a find shows that an object had not been replaced yet", () => {
    const slow = [at("Publish", 0, 100, { replaces: 1 })];
    const other = [at("Synchronize", 10, 20)];
    const read = at("Read", 50, 51, { sees: 1 });
    expect(verdictOf({ slow, other, reader: [read] }).verdict).toBe("inconclusive");
    expect(verdictOf({ slow, other, reader: [at("Find", 40, 41, { sees: 1 }), read] }).verdict).toBe("kept");
  });

  it.each([
    ["a step of something else", [at("LoadGp", 1, 2)], /"LoadGp" is no step of a history/],
    ["an end without a beginning", [at("Unlock", 1, 2)], /a section ends that has not begun/],
    ["a section in a section", [at("Lock", 1, 1), at("Lock", 2, 2)], /begins inside of a section/],
    ["a read of nothing", [at("Read", 1, 2)], /Read must say which object it sees/],
  ] as const)("refuses %s", (_what, events, message) => {
    expect(() => verdictOf({ "reader 1": [...events] })).toThrow(message);
  });

  it("takes less than a minute of a processor for a million sections", () => {
    const reader: RecordedEvent[] = [];
    const updater: RecordedEvent[] = [];
    for (let i = 0; i < 1_000_000; i++)
      reader.push(at("Lock", i * 10, i * 10), at("Unlock", i * 10 + 5, i * 10 + 5));
    for (let i = 0; i < 100_000; i++) updater.push(at("Synchronize", i * 100, i * 100 + 50));
    const started = process.cpuUsage();
    expect(verdictOf({ reader, updater }).verdict).toBe("kept");
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).toBeLessThan(60);
  });
});

/** A number below another, from a seed: the histories are the same in each run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const THREADS = 3;
const OBJECTS = 2;

/** A small history in which anything may happen. Events of a thread follow each other without overlapping. */
function smallHistory(seed: number): Record<string, RecordedEvent[]> {
  const roll = dice(seed);
  const lanes: Record<string, RecordedEvent[]> = {};
  for (let thread = 0; thread < THREADS; thread++) {
    const events: RecordedEvent[] = [];
    let now = roll(4);
    let inside = false;
    let waiting = false;
    for (let i = 2 + roll(3); i > 0; i--) {
      const object = 1 + roll(OBJECTS);
      const start = now;
      const end = start + roll(6);
      now = end + 1 + roll(3);
      switch (roll(6)) {
        case 0:
        case 1:
          events.push(at(inside ? "Unlock" : "Lock", start, end));
          inside = !inside;
          break;
        case 2:
        case 3:
          events.push(at(waiting ? "End" : "Begin", start, end));
          waiting = !waiting;
          break;
        case 4:
          events.push(at("Publish", start, end, { replaces: object }));
          break;
        default:
          if (roll(3) === 0) events.push(at("Free", start, end, { frees: object }));
          else events.push(at(roll(2) === 0 ? "Read" : "Find", start, end, { sees: object }));
      }
    }
    lanes[`thread ${thread}`] = events;
  }
  return lanes;
}

/** The history, and a look at its end at whether the promise was broken. */
function lookingBroken(lanes: Record<string, RecordedEvent[]>): Recording {
  const look: RecordedEvent = { ...at("Publish", 1000, 1000, { replaces: 1 }), words: { broken: true } };
  return recordingOf({ ...lanes, "thread 0": [...(lanes["thread 0"] ?? []), look] });
}

describe("the checker and TLC", () => {
  let tools: Tools;
  let residents: Residents | undefined;
  beforeAll(async () => {
    tools = await findTools();
    residents = Residents.of(tools);
  });
  afterAll(() => residents?.close());

  const explained = async (recordings: readonly Recording[], tolerant: boolean): Promise<boolean[]> => {
    const [claim] = await requireClaims(["rcu/grace-period/Promise"], specRoot);
    if (claim === undefined) throw new Error("the claim is gone");
    const config = claim.config
      .replace(/Threads = \d+/, `Threads = ${THREADS}`)
      .replace(/Objects = \d+/, `Objects = ${OBJECTS}`)
      .replace(/Tolerant = \w+/, `Tolerant = ${tolerant ? "TRUE" : "FALSE"}`);
    const results = await validate(
      recordings.map((recording) => ({ file: "", recording })),
      {
        specification: await readSpecification({ ...claim, config }),
        ...{ tools, residents, parallel: cores(), signal: new AbortController().signal },
      },
    );
    expect(results.filter(({ verdict }) => verdict === "inconclusive")).toEqual([]);
    return results.map(({ verdict }) => verdict === "explained");
  };

  it("agree on 2,000 small histories: broken, kept, or not certain", async () => {
    const histories = Array.from({ length: 2000 }, (_, seed) => smallHistory(seed));
    const said = histories.map((lanes) => verdictOf(lanes).verdict);
    const canBeKept = await explained(
      histories.map((lanes) => recordingOf(lanes)),
      false,
    );
    const canBeBroken = await explained(histories.map(lookingBroken), true);
    const decided = histories.map((_, i) =>
      canBeKept[i] ? (canBeBroken[i] ? "inconclusive" : "kept") : "broken",
    );
    expect(said.map((verdict, i) => `${i} ${verdict}`)).toEqual(
      decided.map((verdict, i) => `${i} ${verdict}`),
    );
    // There is enough of each to be wrong about.
    for (const verdict of ["kept", "broken", "inconclusive"])
      expect(said.filter((one) => one === verdict).length).toBeGreaterThan(100);
  });
});
