import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import {
  ALL_OFF,
  ALL_ON,
  babeltrace,
  buildFake,
  buildTestController,
  foldersOf,
  hasBabeltrace,
  Running,
  remove,
  told,
  traceFolder,
  wrongWith,
} from "./trace.fixture.js";

/** QUIESCE_TRACE_KILLS=3000 makes this a long one. */
const KILLS = Number(process.env["QUIESCE_TRACE_KILLS"] ?? 240);

/** The steps of native/tracepoint/controller, as QS_TRACE_STEP() has them. */
const CONTROLLER_STEPS = [
  "ConfigMarked",
  "ConfigsWritten",
  "RulesWrite",
  "RulesFlip",
  "RulesFlipped",
  "RulesRaised",
  "WordWritten",
  "Switched",
  "GraceBegin",
  "GraceRaise",
  "GraceScan",
  "GraceEnd",
];
const RECORDER_STEPS = [
  "FileWritten",
  "FolderWritten",
  "PartWritten",
  "PartVisible",
  "PacketWritten",
  "PacketVisible",
  "BeforeConsumed",
  "Consumed",
  "PartClosed",
];

/** Those that one run passes more than once. */
const OFTEN = new Set(["WordWritten", "GraceScan", ...RECORDER_STEPS]);

const controller = await buildTestController("steps");
const fake = await buildFake();
const directory = traceFolder();
const out = traceFolder();
afterAll(() => remove(directory, out));

/** Numbers that are the same in each run. */
let state = 20261129;
function any(limit: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

const kills = new Map<string, number>();

/** Runs what may be killed: at a step, or at any time; says whether it was. */
async function killed(command: readonly string[], steps: readonly string[], input: string): Promise<boolean> {
  const step = any(2) === 0 ? undefined : steps[any(steps.length)];
  const env = step === undefined ? {} : { QUIESCE_TRACE_KILL: `${step}:${OFTEN.has(step) ? any(4) : 0}` };
  const running = new Running(command, env, "pipe");
  running.child.stdin?.on("error", () => undefined);
  running.child.stdin?.write(input);
  if (input !== "") running.child.stdin?.end();
  const late = setTimeout(() => running.child.kill("SIGKILL"), step === undefined ? any(12) : 60);
  await running.ended();
  clearTimeout(late);
  if (running.child.signalCode !== "SIGKILL") return false;
  const at = step === undefined ? "at any instruction" : step;
  kills.set(at, (kills.get(at) ?? 0) + 1);
  return true;
}

async function killControllers(count: number): Promise<string[]> {
  const wrong: string[] = [];
  for (let i = 0; i < count; i++) {
    const rules = any(4) === 0 ? ALL_OFF : `${ALL_ON}rule\t*\tfake\t*\t14\t0\t0\t${1 + any(3)}\t-\n`;
    await killed([controller, "apply", directory], CONTROLLER_STEPS, rules);
    if (i % 8 !== 0) continue;
    // One that isn't killed finishes, whatever the dead have left, and waits for nobody.
    const { child, stdout } = await told([controller, "apply", directory], ALL_ON);
    if (child.exitCode !== 0 || !stdout.includes('"waiting":[]')) wrong.push(`apply: ${stdout}`);
  }
  return wrong;
}

async function killRecorders(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await killed([controller, "record", directory, out], RECORDER_STEPS, "");
}

async function killPrograms(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const program = new Running([fake, directory, "threads", "2", "pause", "30", "ring", "16384"]);
    await sleep(5 + any(40));
    await program.end("SIGKILL");
    kills.set("the traced program", (kills.get("the traced program") ?? 0) + 1);
  }
}

it.skipIf(!(await hasBabeltrace()))("whoever is killed, all that was written is read, once", async () => {
  await told([controller, "apply", directory], ALL_ON);
  const survivor = new Running([fake, directory, "threads", "2", "pause", "50", "ring", "65536"]);
  await survivor.said("open");
  const third = Math.ceil(KILLS / 3);
  const [wrong] = await Promise.all([killControllers(third), killRecorders(third), killPrograms(third / 2)]);
  expect(wrong).toEqual([]);
  await told([controller, "apply", directory], ALL_ON);
  const recorder = new Running([controller, "record", directory, out]);
  await recorder.said('"progress"');
  await survivor.end("SIGKILL");
  expect(await recorder.end("SIGTERM")).toBe(0);
  // Nothing is left of the dead, no configuration, and no file.
  expect((await told([controller, "status", directory])).lines()).toMatchObject([
    { status: { processes: 0, dead: 0, damaged: 0, configs: 1, configs_waiting: 0 } },
  ]);
  const files = readdirSync(directory).filter((name) => !name.startsWith(".control-"));
  expect(files.toSorted()).toEqual(["control", "lock", "recorder"]);
  const problems: string[] = [];
  for (const folder of foldersOf(out)) problems.push(...wrongWith(await babeltrace(folder)).slice(0, 3));
  expect(problems).toEqual([]);
  const total = [...kills.values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThan(KILLS / 2);
  for (const step of ["RulesFlipped", "GraceScan", "PacketWritten", "BeforeConsumed"])
    if (KILLS > 1000) expect([...kills.keys()]).toContain(step);
  if (process.env["QUIESCE_TRACE_KILLS"] !== undefined)
    console.log(`${total} kills:`, Object.fromEntries(kills));
});
