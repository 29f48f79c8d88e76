import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { run } from "../compiler.js";
import {
  ALL_OFF,
  ALL_ON,
  babeltrace,
  buildStepper,
  buildTestController,
  buildVictim,
  foldersOf,
  fresh,
  hasBabeltrace,
  Running,
  remove,
  told,
  wrongWith,
} from "./trace.fixture.js";
import { listTracedMutants } from "./traced-programs.js";

/** QUIESCE_TRACE_KILLS=3000 makes this a long one; it is divided into rounds, each in a folder of its own. */
const KILLS = Number(process.env["QUIESCE_TRACE_KILLS"] ?? 240);
const ROUND = 60;

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
  "LookCommitted",
  "LookUse",
  "LookBegin",
  "Keep",
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
const [victim, stepper] = await Promise.all([buildVictim(), buildStepper()]);
/** Numbers that are the same in each run. */
let state = 20261129;
function any(limit: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

/** Where a round takes place. */
interface Place {
  readonly directory: string;
  readonly out: string;
}

const kills = new Map<string, number>();

function count(at: string, more = 1): void {
  kills.set(at, (kills.get(at) ?? 0) + more);
}

/** A way to end a program: at one of its steps, at an instruction behind one of its system calls, or after some time. */
interface Way {
  readonly at: string;
  readonly before: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly ms: number;
}

function someWay(who: string, steps: readonly string[], calls: number): Way {
  switch (any(3)) {
    case 0:
      return { at: `${who}, after some time`, before: [], env: {}, ms: any(12) };
    case 1: {
      const before = [stepper, String(any(calls)), String(any(any(1000) + 1))];
      return { at: `${who}, at any instruction`, before, env: {}, ms: 5000 };
    }
    default: {
      const step = steps[any(steps.length)] ?? "";
      const passes = OFTEN.has(step) ? any(4) : 0;
      return { at: step, before: [], env: { QUIESCE_TRACE_KILL: `${step}:${passes}` }, ms: 60 };
    }
  }
}

/** Runs what may be killed, and counts it if it was. */
async function kill(command: readonly string[], { at, before, env, ms }: Way, input: string): Promise<void> {
  const running = new Running([...before, ...command], env, "pipe");
  running.child.stdin?.on("error", () => undefined);
  running.child.stdin?.write(input);
  if (input !== "") running.child.stdin?.end();
  const late = setTimeout(() => running.child.kill("SIGKILL"), ms);
  await running.ended();
  clearTimeout(late);
  const { exitCode, signalCode } = running.child;
  if (signalCode === "SIGKILL" || (before.length > 0 && exitCode === 0)) count(at);
}

async function killControllers({ directory }: Place, times: number): Promise<string[]> {
  const wrong: string[] = [];
  for (let i = 0; i < times; i++) {
    const rules = any(4) === 0 ? ALL_OFF : `${ALL_ON}rule\t*\tvictim\t*\t14\t0\t0\t${1 + any(3)}\t-\n`;
    await kill([controller, "apply", directory], someWay("a controller", CONTROLLER_STEPS, 100), rules);
    if (i % 8 !== 0) continue;
    // One that isn't killed finishes, whatever the dead have left, and waits for nobody.
    const { child, stdout } = await told([controller, "apply", directory], ALL_ON);
    if (child.exitCode !== 0 || !stdout.includes('"waiting":[]')) wrong.push(`apply: ${stdout}`);
  }
  return wrong;
}

/** What is wrong with a recording as it is, whoever was killed: folders that are as they were aren't read again. */
function reader({ out }: Place): () => Promise<string[]> {
  const read = new Map<string, string>();
  return async () => {
    const wrong: string[] = [];
    for (const folder of foldersOf(out)) {
      const files = readdirSync(folder).map((file) => statSync(join(folder, file), { bigint: true }));
      const state = files.map(({ ino, mtimeNs, size }) => `${ino} ${mtimeNs} ${size}`).join();
      if (read.get(folder) === state) continue;
      read.set(folder, state);
      for (const problem of wrongWith(await babeltrace(folder)).slice(0, 3))
        wrong.push(`${basename(folder)}: ${problem}`);
    }
    return wrong;
  };
}

/** Meanwhile controllers and programs are killed; nobody else records. */
async function killRecorders(place: Place, times: number): Promise<string[]> {
  const wrong: string[] = [];
  const wrongNow = reader(place);
  for (let i = 0; i < times; i++) {
    const way = someWay("a recorder", RECORDER_STEPS, 200);
    await kill([controller, "record", place.directory, place.out], way, "");
    for (const problem of await wrongNow()) wrong.push(`after ${way.at}: ${problem}`);
  }
  return wrong;
}

/** Programs with threads are killed after some time; others at an instruction of theirs, and many by one that forks. */
async function killPrograms({ directory }: Place, times: number): Promise<string[]> {
  const wrong: string[] = [];
  for (let i = 0; i < times / 2; i++) {
    const program = new Running([victim, directory, "threads", "2", "pause", "30", "ring", "16384"]);
    await sleep(5 + any(40));
    await program.end("SIGKILL");
    count("a traced program, after some time");
  }
  if (process.arch !== "x64") return wrong;
  const words = ["steps", String(Math.ceil(times / 2)), "seed", String(any(1e9)), "ring", "4096"];
  const stepped = await told([victim, directory, ...words]);
  if (stepped.child.exitCode !== 0) wrong.push(`victim: ${stepped.stdout.slice(-200)}${stepped.stderr}`);
  const functionAt = await functionsOf(victim);
  for (const [, part = "", address = ""] of stepped.stdout.matchAll(/^(\w+) ([0-9a-f]+)$/gm))
    count(`a traced program, ${part}: ${functionAt(Number.parseInt(address, 16))}`);
  return wrong;
}

/** Which function of a program has an address; all that lies behind it is others'. */
async function functionsOf(program: string): Promise<(address: number) => string> {
  const { stdout } = await run(["nm", "-n", program]);
  const starts = [...stdout.matchAll(/^([0-9a-f]+) [tTwW] (\S+)$/gm)].map(
    ([, at = "", name = ""]) => [Number.parseInt(at, 16), name] as const,
  );
  const end = Number.parseInt(/^([0-9a-f]+) . _end$/m.exec(stdout)?.[1] ?? "0", 16);
  return (address) =>
    address < end
      ? (starts.findLast(([at]) => at <= address)?.[1] ?? "its own code")
      : "the C library or the kernel's page";
}

/** A third of the kills each of controllers, recorders and programs; one program survives, and is recorded. */
async function round(third: number): Promise<void> {
  const place: Place = { directory: fresh(), out: fresh() };
  const { directory, out } = place;
  await told([controller, "apply", directory], ALL_ON);
  const survivor = new Running([victim, directory, "threads", "2", "pause", "1000", "ring", "8192"]);
  await survivor.said("open");
  const [switching, recording, programs] = await Promise.all([
    killControllers(place, third),
    killRecorders(place, third),
    killPrograms(place, third),
  ]);
  expect([...switching, ...recording, ...programs]).toEqual([]);
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
  expect(await reader(place)()).toEqual([]);
  remove(directory, out);
}

it.skipIf(!(await hasBabeltrace()))(
  "whoever is killed, all that was written is read, once",
  async () => {
    for (let left = KILLS; left > 0; left -= ROUND) await round(Math.ceil(Math.min(left, ROUND) / 3));
    const total = [...kills.values()].reduce((sum, times) => sum + times, 0);
    expect(total).toBeGreaterThan(KILLS / 2);
    for (const step of ["RulesFlipped", "GraceScan", "PacketWritten", "BeforeConsumed"])
      if (KILLS > 1000) expect([...kills.keys()]).toContain(step);
    if (process.env["QUIESCE_TRACE_KILLS"] !== undefined)
      console.log(`${total} kills:`, Object.fromEntries([...kills].toSorted()));
  },
  600_000 + KILLS * 2000,
);

it.skipIf(process.arch !== "x64" || !(await hasBabeltrace()))(
  "a record that is committed before it is written is seen to be torn",
  async () => {
    const mutant = listTracedMutants().find(({ name }) => name === "commits-before-it-writes");
    const torn = await buildVictim(mutant ?? expect.fail("no such mutant"));
    const wrong: string[] = [];
    for (let seed = 1; seed <= 40 && wrong.length === 0; seed++) {
      const [traces, recorded] = [fresh(), fresh()];
      await told([controller, "apply", traces], ALL_ON);
      await told([torn, traces, "steps", "10", "seed", String(seed), "ring", "4096"]);
      const { stdout } = await told([controller, "record", traces, recorded, "--duration", "0"]);
      if (!stdout.includes('"damaged":0')) wrong.push(stdout);
      for (const folder of foldersOf(recorded)) wrong.push(...wrongWith(await babeltrace(folder)));
    }
    expect(wrong).not.toEqual([]);
  },
);
