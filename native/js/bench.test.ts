import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asked } from "../../spec/tlc/base/patient.fixture.js";
import { buildBench, findLiburcu, lackOf, lacksIn, runBench } from "./bench.js";
import { figuresToDisk } from "./bench-disk.js";
import { figuresFrom } from "./bench-figures.js";
import { BenchError } from "./errors.js";
import { SOURCES } from "./root.js";

const ended = { code: 0, signal: null, stdout: "{}", stderr: "" } as const;

describe("what a measuring program says", () => {
  it("is an object of numbers, and nothing else counts", () => {
    expect(figuresFrom({ ...ended, stdout: '{"ns": 1.5, "who": "x", "none": null}\n' })).toEqual({ ns: 1.5 });
  });

  it.each([
    [{ ...ended, code: null, signal: "SIGALRM" as const }, "it did not end in time"],
    [{ ...ended, code: null, signal: "SIGSEGV" as const }, "it was ended by SIGSEGV"],
    [{ ...ended, code: 3, stderr: "too many readers\n" }, "too many readers"],
    [{ ...ended, code: 3 }, "it ended with exit code 3"],
    [{ ...ended, stdout: "1 ns" }, "what it says is not JSON: 1 ns"],
    [{ ...ended, stdout: "7" }, "what it says is not an object"],
  ])("is never taken for a figure when it has failed: %j", (how, message) => {
    expect(() => figuresFrom(how)).toThrow(new BenchError(message));
  });
});

describe("what a recorder has written of a measuring program's events", () => {
  const ran = { events: 1000, us: 50 };

  it("is what was not lost, in that time", () => {
    const figures = { written_us: 15, bytes_event: 48, lost_percent: 25 };
    expect(figuresToDisk(ran, { lost: 250, bytes: 36_000 })).toEqual(figures);
    expect(figuresToDisk(ran, { lost: 250, bytes: 36_000, events: 750 })).toEqual(figures);
  });

  it("is no figure where an event is neither written nor lost, or all are lost", () => {
    expect(() => figuresToDisk(ran, { lost: 250, bytes: 36_000, events: 749 })).toThrow(
      new BenchError("of 1000 events, 749 were written and 250 lost"),
    );
    expect(() => figuresToDisk(ran, { lost: 1000, bytes: 0 })).toThrow(BenchError);
  });
});

describe("what a change of the rules costs who is traced", () => {
  it.each(["fences", "signals", "expedited", "private"])("is measured, with %s", async (how) => {
    const program = await buildBench("trace_change", "trace-controller");
    const figures = await runBench(program, { how, who: "program", ms: 20 });
    expect(figures["changes"]).toBeGreaterThan(0);
    expect(figures["us"]).toBeGreaterThan(1);
  });

  it("is an interrupt where there is a signal", async () => {
    const program = await buildBench("trace_change", "trace-controller");
    const disturbed = async () => {
      const { interrupts = 0, switches = 0 } = await runBench(program, {
        how: "signals",
        who: "program",
        ms: 200,
      });
      return interrupts + switches;
    };
    // It is told less what others, too, take the processor for.
    expect(await asked(disturbed, (times) => times > 0.3)).toBeGreaterThan(0.3);
    await expect(runBench(program, { how: "letters" })).rejects.toThrow(/how must be fences/);
  });
});

describe("what a side needs", () => {
  const side = "/*\n * Ours.\n *\n * Needs: qs_barrier in quiesce/quiesce.h\n * Needs: qs_x in x.h\n */\n";

  it("is found where all of it is in our headers", () => {
    expect(lacksIn(side, () => "void qs_barrier(void); int qs_x;")).toBeUndefined();
  });

  it("is missed where the header is missing, or has only a longer name", () => {
    expect(lacksIn(side, () => undefined)).toBe("qs_barrier in quiesce/quiesce.h");
    expect(lacksIn(side, () => "qs_barrier_wait qs_x")).toBe("qs_barrier in quiesce/quiesce.h");
    expect(lacksIn(side, (path) => (path === "x.h" ? "qs_xy" : "qs_barrier"))).toBe("qs_x in x.h");
  });
});

describe("the measuring programs", () => {
  it("name our library in the headers of our sides only, so that a new interface is adapted to there", async () => {
    const folder = join(SOURCES, "bench");
    const names = (await readdir(folder)).filter((name) => /\.[ch]$/.test(name));
    for (const name of names.filter((name) => !name.startsWith("side_quiesce"))) {
      const text = (await readFile(join(folder, name), "utf8")).replace(/\/\*[\s\S]*?\*\//g, "");
      // The number of the system call has one door, which is in our library.
      expect(text.replace("qs_membarrier_number", ""), name).not.toMatch(/\bqs_|quiesce\//);
    }
  });

  it("measure our read pair, and a grace period with its membarriers", async () => {
    const reading = await buildBench("read_pair", "quiesce");
    const pair = await asked(
      () => runBench(reading, { ms: 2 }),
      ({ ns = 0 }) => ns < 1000,
    );
    expect(pair["ns"]).toBeGreaterThan(0.1);
    expect(pair["ns"]).toBeLessThan(1000);
    const asleep = await runBench(await buildBench("grace_period", "quiesce"), { reader: "asleep", ms: 5 });
    expect(asleep["us"]).toBeGreaterThan(0);
    expect(asleep["membarriers"]).toBeGreaterThan(0);
  });

  it.each(["quiesce", "quiesce-gentle", "quiesce-every-cpu"] as const)(
    "measure what a grace period of %s costs a process beside it",
    async (side) => {
      const figures = await runBench(await buildBench("bystander", side), { ms: 50 });
      expect(figures["calls"]).toBeGreaterThan(0);
      expect(figures["us"]).toBeGreaterThan(0);
      expect(figures["switches"]).toBeGreaterThanOrEqual(0);
    },
  );

  it("see that going everywhere takes the processor away from a process beside it", async () => {
    const program = await buildBench("bystander", "quiesce-every-cpu");
    const switches = async () => (await runBench(program, { ms: 300 }))["switches"] ?? 0;
    // Where others took the processor away more often before than during it, it says 0: then it is asked again.
    expect(await asked(switches, (times) => times > 0.1, 200)).toBeGreaterThan(0.1);
  });

  it("count the membarriers of liburcu, too, where it is installed", async (context) => {
    if ((await findLiburcu()) === undefined) context.skip();
    const program = await buildBench("grace_period", "liburcu-memb");
    // liburcu has two in each grace period.
    expect(await runBench(program, { reader: "asleep", ms: 5 })).toMatchObject({ membarriers: 2 });
  });

  it("are ended by themselves when they hang", async () => {
    const program = await buildBench("updaters", "quiesce");
    const hanging = runBench(program, { reader: "asleep", ms: 600_000, limit: 1 });
    await expect(hanging).rejects.toThrow("it did not end in time");
  });

  it("refuse what they can't measure, and say so", async () => {
    const program = await buildBench("grace_period", "quiesce");
    await expect(runBench(program, { reader: "dancing" })).rejects.toThrow(/which kind of reader/);
    await expect(runBench(program, { reader: "asleep", readers: 65 })).rejects.toThrow(/from 1 to 64/);
  });

  it("compile for every side that our headers have", async () => {
    for (const side of [
      "quiesce-membarrier",
      "quiesce-known",
      "quiesce-enter",
      "quiesce-thread",
      "quiesce-mb",
      "quiesce-qsbr",
      "quiesce-signal",
    ] as const) {
      if (lackOf(side) === undefined) await buildBench("read_pair", side);
    }
    if (lackOf("quiesce-defer") === undefined) await buildBench("deferral", "quiesce-defer");
  });
});
