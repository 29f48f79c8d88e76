import { describe, expect, it } from "vitest";
import type { Plan } from "../contract/plan.js";
import { drive } from "./drive.js";
import { LAMP, lamp } from "./lamp.fixture.js";

describe("drive", () => {
  it("follows every path, and asks in each state for what isn't allowed there", async () => {
    const result = await drive(LAMP, lamp("chatty"));
    expect(result).toEqual({ paths: 1, steps: 4, probes: 2, wandered: 200, seconds: expect.any(Number) });
  });

  it.each([
    ["state", 1, "SwitchOff", "the state is not the specification's"],
    ["refused", 1, "SwitchOff", "it refuses a step that the specification allows"],
    ["taken", 0, "SwitchOff", "it takes a step that the specification does not allow here"],
  ])("finds a fault of the kind %s, with its place", async (kind, move, step, message) => {
    const { failure } = await drive(LAMP, lamp(kind));
    expect(failure).toMatchObject({ kind, move, lane: 0, step, message });
  });

  it("says what differs", async () => {
    const { failure } = await drive(LAMP, lamp("state"));
    expect(failure?.words).toEqual([{ name: "on", expected: false, actual: true }]);
  });

  it.each([
    ["unknown", "unmapped", "the driver knows no such step"],
    ["broken", "driver", "its answer is not JSON: {nothing"],
    ["strange", "driver", 'it shows "colour", which is no word of the contract; there are: on'],
    ["says", "driver", "the driver says: the fuse has blown"],
  ])("a driver that is wrong (%s) is a verdict of its own", async (fault, kind, message) => {
    const { failure } = await drive(LAMP, lamp(fault));
    expect(failure).toMatchObject({ kind, message });
  });

  it("a crash is a verdict, with what the process had to say", async () => {
    const { failure } = await drive(LAMP, lamp("crash"));
    expect(failure?.kind).toBe("crash");
    expect(failure?.message).toMatch(/SIGSEGV.*it said: the bulb is gone/);
  });

  it("a hang is a verdict, with what its threads are doing", async () => {
    const { failure } = await drive(LAMP, lamp("hang"), { hangMs: 500 });
    expect(failure?.kind).toBe("hang");
    expect(failure?.message).toMatch(/has not answered for 500 ms\n.*[Tt]hread/);
  });

  it("names the words that the driver never shows", async () => {
    expect((await drive(LAMP, lamp("blind"))).unseen).toEqual(["on"]);
  });

  it("a driver that can't be started is no verdict", async () => {
    await expect(drive(LAMP, { command: "quiesce-no-such-program", args: [] })).rejects.toThrow(
      /can't be started: there is no program quiesce-no-such-program/,
    );
  });

  it("interrupted, or at its time limit, returns what it has done so far", async () => {
    const long: Plan = { ...LAMP, paths: Array.from({ length: 2000 }, () => [0, 1]) };
    const limited = await drive(long, lamp("slow"), { limitMs: 2000, processes: 1 });
    expect(limited.interrupted).toBe(true);
    expect(limited.failure).toBeUndefined();
    expect(limited.paths).toBeLessThan(2000);
    const abort = new AbortController();
    const running = drive(long, lamp("slow"), {
      signal: abort.signal,
      processes: 1,
      onProgress: ({ steps }) => {
        if (steps > 0) abort.abort();
      },
    });
    const interrupted = await running;
    expect(interrupted.interrupted).toBe(true);
    expect(interrupted.steps).toBeGreaterThan(0);
  });
});

/** A die: after `Throw` one of two sides shows, by itself; which, is the die's choice. */
const DIE: Plan = {
  ...LAMP,
  steps: [
    { name: "Idle", with: {} },
    { name: "Fall1", with: {}, hidden: "urgent" },
    { name: "Fall2", with: {}, hidden: "urgent" },
    { name: "Throw", with: {} },
  ],
  words: ["side"],
  groups: [{ name: "side", first: 0, count: 1 }],
  refusable: [],
  states: [["none"], ["none"], ["one"], ["two"]],
  edges: [
    [0, 0, 3, 1],
    [1, 0, 1, 2],
    [1, 0, 2, 3],
    [2, 0, 3, 1],
    [3, 0, 3, 1],
  ],
  paths: [
    [0, 1, 3, 2],
    [0, 2, 4, 1],
  ],
};

/** A die in one line of JavaScript, which shows the sides of a list in turn. */
const die = (sides: string) => ({
  command: process.execPath,
  args: [
    "-e",
    `let n = 0; let side = "none"; const sides = ${sides};
     require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
       const message = JSON.parse(line);
       if (message.do === "begin") side = "none";
       if (message.do === "step") side = sides[n++ % sides.length];
       console.log(JSON.stringify(message.do === "end" ? {} : { words: { side } }));
     });`,
  ],
});

describe("what happens by itself", () => {
  it("leaves a choice: who always does the same conforms, and what it never did is counted", async () => {
    const result = await drive(DIE, die('["one"]'), { processes: 1 });
    expect(result).toMatchObject({ declined: 1, untaken: 0 });
    expect(result.failure).toBeUndefined();
    expect(result.left).toBeGreaterThan(0);
  });

  it("has to be one of what the specification allows", async () => {
    const { failure } = await drive(DIE, die('["one", "three"]'), { processes: 1 });
    expect(failure).toMatchObject({ kind: "state", words: [{ name: "side", actual: "three" }] });
  });

  it("has to happen: an urgent step that never comes is found", async () => {
    const { failure } = await drive(DIE, die('["none"]'), { processes: 1 });
    expect(failure).toMatchObject({ kind: "hang", words: [{ name: "side", actual: "none" }] });
  });
});
