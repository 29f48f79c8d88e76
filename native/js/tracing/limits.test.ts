import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { TestedMutant } from "../mutants.js";
import { buildClockSet, buildTracedProgram, limited } from "./strange.fixture.js";
import {
  ALL_ON,
  babeltrace,
  buildFake,
  buildTestController,
  controllerMutants,
  fresh,
  hasBabeltrace,
  type Read,
  Running,
  told,
} from "./trace.fixture.js";

const mutants = controllerMutants().filter(({ test }) => test === "limits");
const [controller, fake, pingpong, data, clockSet] = await Promise.all([
  buildTestController("steps"),
  buildFake(),
  buildTracedProgram("pingpong"),
  buildTracedProgram("data"),
  buildClockSet(),
]);
const readable = await hasBabeltrace();

/** More programs than the limits let a controller open. */
const MANY = 12;
const FEW_FILES = "-n 10";
const SMALL_FILES = "-f 100";
const PASSES = 10_000;

async function switchedOn(): Promise<string> {
  const directory = fresh();
  await told([controller, "apply", directory], ALL_ON);
  return directory;
}

async function startMany(directory: string): Promise<Running[]> {
  const all = Array.from({ length: MANY }, () => new Running([fake, directory, "events", "10", "stay"]));
  for (const program of all) await program.said("done");
  return all;
}

/** The exit codes of what has to know all programs, and isn't allowed to. */
async function codesWithFewFiles(changed: string): Promise<(number | null)[]> {
  const directory = await switchedOn();
  const programs = await startMany(directory);
  const codes: (number | null)[] = [];
  for (const command of ["list", "status", "apply", "reap"]) {
    const { child, stdout } = await told(limited(FEW_FILES, [changed, command, directory]), ALL_ON);
    codes.push(child.exitCode);
    if (child.exitCode !== 0) expect(stdout).toMatch(/not all traced processes can be opened.*ulimit -n/);
  }
  for (const program of programs) await program.end("SIGKILL");
  return codes;
}

/** How much of 2,000 events a recorder has whose files must be small. */
async function recordedInSmallFiles(changed: string): Promise<number> {
  const [directory, out] = [await switchedOn(), fresh()];
  const program = new Running([fake, directory, "events", "2000", "ring", String(1 << 20), "stay"]);
  await program.said("done");
  await told(limited(SMALL_FILES, [changed, "record", directory, out, "--duration", "0"]));
  await program.end("SIGKILL");
  return (await babeltrace(out)).lines.length;
}

/** How often an event stands behind one that it caused, where the clock was set between the programs' openings. */
async function turnedRound(changed: string, before: readonly string[] = []): Promise<number> {
  const [directory, out] = [await switchedOn(), fresh()];
  const recorder = new Running([changed, "record", directory, out]);
  await recorder.said('"recording"');
  const players = new Running([...before, pingpong, directory, String(PASSES), clockSet], {
    CLOCK_SET_BACK: "3600",
  });
  expect({ code: await players.ended(), said: players.stderr }).toEqual({ code: 0, said: "" });
  expect(await recorder.end("SIGTERM")).toBe(0);
  const { lines, lost, complaints } = await babeltrace(out);
  expect({ passes: lines.length, lost: lost.size, complaints }).toEqual({
    passes: PASSES,
    lost: 0,
    complaints: [],
  });
  const numbers = lines.map((line) => Number(/number = (\d+) \}$/.exec(line)?.[1]));
  return numbers.filter((number, index) => number !== index).length;
}

/** Of the events of native/tracepoint/test/data.c: those that were recorded, how many are lost, and what was said. */
async function recordedData(changed: string): Promise<Read & { readonly stdout: string }> {
  const [directory, out] = [await switchedOn(), fresh()];
  expect(await told([data], "", { QUIESCE_TRACE_DIR: directory })).toMatchObject({ stdout: "", stderr: "" });
  const { stdout } = await told([changed, "record", directory, out, "--duration", "0"]);
  return { ...(await babeltrace(out)), stdout };
}

describe("who may not open all programs", () => {
  it("says so, and what to do, and has not switched some of them", async () => {
    expect(await codesWithFewFiles(controller)).toEqual([3, 3, 3, 3]);
  });

  it.runIf(readable)("records some, says so once, and records the others when those have ended", async () => {
    const [directory, out] = [await switchedOn(), fresh()];
    const programs = await startMany(directory);
    const recorder = new Running(limited("-n 20", [controller, "record", directory, out]));
    await recorder.said("not all traced processes can be opened");
    for (const program of programs) await program.end("SIGKILL");
    await recorder.said('"all traced processes can be opened again');
    expect(await recorder.end("SIGTERM")).toBe(0);
    expect(recorder.stdout.match(/not all traced processes/g)).toHaveLength(1);
    const { lines, complaints } = await babeltrace(out);
    expect({ lines: lines.length, complaints }).toEqual({ lines: 10 * MANY, complaints: [] });
  });
});

describe("a recorder whose trace directory is removed", () => {
  it("says so, and records who had it open", async () => {
    const [directory, out] = [await switchedOn(), fresh()];
    const recorder = new Running([controller, "record", directory, out]);
    await recorder.said('"recording"');
    rmSync(directory, { recursive: true });
    await recorder.said("the trace directory was removed");
    expect(await recorder.end("SIGTERM")).toBe(0);
  });
});

describe.runIf(readable)("a recorder whose files must be small", () => {
  it("makes them so, and loses nothing", async () => {
    expect(await recordedInSmallFiles(controller)).toBe(2000);
  });
});

describe.runIf(readable)("two programs that cause each other's events", () => {
  it("are in that order, also where somebody has set the clock meanwhile", async () => {
    expect(await turnedRound(controller)).toBe(0);
  });
});

describe.runIf(readable)("values of every kind", () => {
  it("are recorded, and what can't be is left out, counted and said", async () => {
    const { lines, lost, complaints, stdout } = await recordedData(controller);
    expect(complaints).toEqual([]);
    expect(lines).toHaveLength(14);
    expect([...lost.values()]).toEqual([2]);
    expect(stdout).toMatch(/descriptions that can't be read \(1\)/);
    expect(stdout).toContain('"damaged":0');
    const fields = lines.map((line) => line.slice(line.lastIndexOf("}, {") + 3));
    expect(fields[0]).toMatch(/\[0\] = nan, \[1\] = inf, \[2\] = -inf, \[3\] = -0,/);
    expect(fields[1]).toContain("small = [ ]");
    expect(fields[4]).toContain('"\\x01\\e[31m');
    expect(fields[5]).toBe(`{ text = "${"x".repeat(65535)}", after = 4 }`);
    expect(fields[6]).toMatch(/\[65535\] = 255 \], _longs_length = 0, longs = \[ \], after = 5 \}$/);
    expect(fields[7]).toMatch(/\[8191\] = 0 \], after = 6 \}$/);
    expect(fields.slice(9)).toEqual([
      "{ state = ( <unknown> : container = -2 ) }",
      '{ state = ( "GONE" : container = -1 ) }',
      '{ state = ( "FIRST" : container = -2147483648 ) }',
      '{ state = ( "LAST" : container = 2147483647 ) }',
      '{ state = ( "GONE" : container = -1 ) }',
    ]);
  });
});

/** What shows each of the mutants. */
const SHOWS: Readonly<Record<string, (changed: string) => Promise<boolean>>> = {
  "few-files-few-programs": async (changed) => (await codesWithFewFiles(changed)).includes(0),
  "parts-too-large": async (changed) => (await recordedInSmallFiles(changed)) < 2000,
  "clock-by-offset": async (changed) => (await turnedRound(changed)) > 0,
  "undescribed-is-damage": async (changed) => (await recordedData(changed)).stdout.includes('"damaged":1'),
};

describe.runIf(readable)("all of this would fail if", () => {
  it.each(mutants.map((mutant) => [mutant.changes, mutant] as const))(
    "%s",
    async (_, mutant: TestedMutant) => {
      const shows = SHOWS[mutant.name] ?? expect.fail(`nothing shows ${mutant.name}`);
      expect(await shows(await buildTestController("steps", mutant))).toBe(true);
    },
  );
});
