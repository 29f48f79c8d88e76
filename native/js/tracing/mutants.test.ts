import { describe, expect, it } from "vitest";
import { runTap } from "../test/program.js";
import {
  ALL_ON,
  babeltrace,
  buildControllerTests,
  buildFake,
  buildTestController,
  controllerMutants,
  fresh,
  hasBabeltrace,
  Running,
  told,
  wrongWith,
} from "./trace.fixture.js";

const mutants = controllerMutants();
const fake = await buildFake();

const STEPS = [
  "FolderWritten",
  "PartWritten",
  "PartVisible",
  "PacketWritten",
  "PacketVisible",
  "BeforeConsumed",
];
/** More events than the ring has room for; and a ring that is written in pieces. */
const FULL = { events: 200, ring: 4096 };
const PIECES = { events: 8000, ring: 1 << 20 };
/** The controller's tests in C. */
const TESTS = 20;

/** One recorder is killed at the step, and another goes on: what is wrong with what they have written. */
async function wrongAfter(controller: string, step: string, { events, ring } = FULL): Promise<string[]> {
  const [directory, out] = [fresh(), fresh()];
  await told([controller, "apply", directory], ALL_ON);
  const program = new Running([fake, directory, "events", String(events), "ring", String(ring), "stay"]);
  await program.said("done");
  const record = [controller, "record", directory, out, "--duration", "0"];
  const killed = await told(record, "", { QUIESCE_TRACE_KILL: step });
  expect(killed.child.signalCode).toBe("SIGKILL");
  const wrong = wrongWith(
    await babeltrace(out).catch(() => ({ lines: [], lost: new Map(), complaints: ["?"] })),
  );
  await told(record);
  await program.end("SIGKILL");
  const read = await babeltrace(out);
  wrong.push(...wrongWith(read));
  const lost = [...read.lost.values()].reduce((sum, count) => sum + count, 0);
  if (read.lines.length + lost !== events) wrong.push(`${read.lines.length} events, and ${lost} lost`);
  return wrong;
}

/** As many rules as there may be, each with a configuration of its own. */
const rulesFrom = (sample: number): string =>
  `running\t1\n${Array.from({ length: 127 }, (_, i) => `rule\t*\t*\t*\t14\t0\t0\t${sample + i}\t-\n`).join("")}`;

/**
 * A controller is killed when its rules hold and no word says so yet. The next one has too few free configurations: what the
 * words of a program name when it begins the grace period after which it takes others.
 */
async function namedWhenRoomIsMade(controller: string): Promise<{ before: unknown; then: unknown }> {
  const directory = fresh();
  const apply = [controller, "apply", directory];
  const killedAt = async (sample: number, step: string): Promise<void> => {
    const { child } = await told(apply, rulesFrom(sample), { QUIESCE_TRACE_KILL: step });
    expect(child.signalCode).toBe("SIGKILL");
  };
  const named = async (): Promise<unknown> => {
    const [line] = (await told([controller, "list", directory])).lines();
    return (line?.["process"]?.["events"] as { config: unknown }[] | undefined)?.[0]?.config;
  };
  await told(apply, rulesFrom(1000));
  const program = new Running([fake, directory, "events", "1", "stay"]);
  await program.said("done");
  const before = await named();
  await killedAt(2000, "RulesRaised");
  expect(await named()).toBe(before);
  await killedAt(3000, "GraceBegin");
  const then = await named();
  await program.end("SIGKILL");
  return { before, then };
}

describe("a controller that has no room for new rules", () => {
  it("first switches all to those that hold, whoever was killed before", async () => {
    const { before, then } = await namedWhenRoomIsMade(await buildTestController("steps"));
    expect(before).toBeGreaterThan(0);
    expect(then).toBeGreaterThan(0);
    expect(then).not.toBe(before);
  });

  it.each(mutants.filter(({ test }) => test === "room"))("shows $name", async (mutant) => {
    const { before, then } = await namedWhenRoomIsMade(await buildTestController("steps", mutant));
    expect(then).toBe(before);
  });
});

describe("the controller's tests in C", () => {
  it("pass", async () => {
    const report = await runTap(await buildControllerTests());
    expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
    expect(report.passed).toHaveLength(TESTS);
  });

  it.each(mutants.filter(({ test }) => !["record", "pieces", "room", "limits"].includes(test)))(
    "kill $name",
    async (mutant) => {
      const report = await runTap(await buildControllerTests(mutant));
      // A mutant that crashes has no more tests.
      const last = report.passed.length + 1;
      expect(report.failed.includes(mutant.test) || (report.signal !== null && last <= TESTS)).toBe(true);
    },
  );
});

describe.runIf(await hasBabeltrace())("a recorder that goes on where another was killed", () => {
  it.each(STEPS)("at %s, has each event once", async (step) => {
    expect(await wrongAfter(await buildTestController("steps"), step)).toEqual([]);
  });

  it.each(["BeforeConsumed", "Consumed"])("at %s of the first piece, has each event once", async (step) => {
    expect(await wrongAfter(await buildTestController("steps"), step, PIECES)).toEqual([]);
  });

  it.each(mutants.filter(({ test }) => test === "pieces"))("shows $name", async (mutant) => {
    const controller = await buildTestController("steps", mutant);
    expect(await wrongAfter(controller, "Consumed", PIECES)).not.toEqual([]);
  });

  it.each(mutants.filter(({ test }) => test === "record"))("shows $name", async (mutant) => {
    const controller = await buildTestController("steps", mutant);
    const wrong: string[] = [];
    for (const step of STEPS) wrong.push(...(await wrongAfter(controller, step)));
    expect(wrong).not.toEqual([]);
  });
});
