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
const EVENTS = 200;

/**
 * One recorder is killed at the step, and another goes on: what is wrong with what they have written. There are more events
 * than the ring has room for.
 */
async function wrongAfter(controller: string, step: string): Promise<string[]> {
  const [directory, out] = [fresh(), fresh()];
  await told([controller, "apply", directory], ALL_ON);
  const program = new Running([fake, directory, "events", String(EVENTS), "ring", "4096", "stay"]);
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
  if (read.lines.length + lost !== EVENTS) wrong.push(`${read.lines.length} events, and ${lost} lost`);
  return wrong;
}

describe("the controller's tests in C", () => {
  it("pass", async () => {
    const report = await runTap(await buildControllerTests());
    expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
    expect(report.passed).toHaveLength(11);
  });

  it.each(mutants.filter(({ test }) => test !== "record"))("kill $name", async (mutant) => {
    const report = await runTap(await buildControllerTests(mutant));
    // A mutant that crashes has no more tests.
    const last = report.passed.length + 1;
    expect(report.failed.includes(mutant.test) || (report.signal !== null && last <= 11)).toBe(true);
  });
});

describe.runIf(await hasBabeltrace())("a recorder that goes on where another was killed", () => {
  it.each(STEPS)("at %s, has each event once", async (step) => {
    expect(await wrongAfter(await buildTestController("steps"), step)).toEqual([]);
  });

  it.each(mutants.filter(({ test }) => test === "record"))("shows $name", async (mutant) => {
    const controller = await buildTestController("steps", mutant);
    const wrong: string[] = [];
    for (const step of STEPS) wrong.push(...(await wrongAfter(controller, step)));
    expect(wrong).not.toEqual([]);
  });
});
