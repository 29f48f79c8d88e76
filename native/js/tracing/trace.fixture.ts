import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";
import { codeOf } from "../../../spec/tlc/base/errors.js";
import { build } from "../artifact.js";
import { LIBRARY } from "../build.js";
import { run } from "../compiler.js";
import { mutantTextOf, type TestedMutant } from "../mutants.js";
import { SOURCES } from "../root.js";
import { CONTROLLER, TRACED, TRACED_USES } from "../traced.js";
import type { TracedMutant } from "./traced-programs.js";

/** All that every program with an event of these tests has on. */
export const ALL_ON = "running\t1\nrule\t*\t*\t*\t14\t0\t0\t1\t-\n";
export const ALL_OFF = "running\t1\n";

const SANITIZED = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

const TABLE = join(SOURCES, "tracepoint", "controller", "mutants.json");

/** The test of a mutant is one in C, or of mutants.test.ts ("record", "pieces", "room"), or limits.test.ts. */
export function controllerMutants(): TestedMutant[] {
  return JSON.parse(readFileSync(TABLE, "utf8")) as TestedMutant[];
}

async function changedBy(
  mutant: TestedMutant | undefined,
): Promise<{ changed?: ReadonlyMap<string, string> }> {
  return mutant === undefined
    ? {}
    : { changed: await mutantTextOf(mutant, "native/tracepoint/controller/mutants.json") };
}

/** The controller as tests want it: with points at which it kills itself, or with sanitizers. */
export async function buildTestController(
  how: "steps" | "sanitized",
  mutant?: TestedMutant,
): Promise<string> {
  return build({
    name: ["quiesce-trace", how, mutant?.name].filter(Boolean).join("-"),
    ending: "",
    sources: [...LIBRARY, ...CONTROLLER, "tracepoint/controller/main.c"],
    options: ["-O2", "-g", ...(how === "steps" ? ["-DQS_TRACE_STEPS"] : SANITIZED)],
    ...(await changedBy(mutant)),
  });
}

/** The controller's tests in C. */
export async function buildControllerTests(mutant?: TestedMutant): Promise<string> {
  return build({
    name: ["test-trace-controller", mutant?.name].filter(Boolean).join("-"),
    ending: "",
    sources: [
      ...LIBRARY,
      ...CONTROLLER,
      ...["trace", "grace", "reading", "draining", "suites"].map((name) => `tracepoint/test/${name}.c`),
      ...["check", "door"].map((name) => `test/${name}.c`),
    ],
    options: ["-O2", "-g", "-Wl,--wrap=syscall", "-include", join(SOURCES, "test", "door.h")],
    uses: ["test"],
    ...(await changedBy(mutant)),
  });
}

/** A traced program against the controller, on two processors: native/tracepoint/test/overlap.c. */
export async function buildOverlap(mutant?: TestedMutant): Promise<string> {
  return build({
    name: ["trace-overlap", mutant?.name].filter(Boolean).join("-"),
    ending: "",
    sources: [...LIBRARY, ...CONTROLLER, ...TRACED, "tracepoint/test/overlap.c"],
    options: ["-O2", "-g"],
    uses: ["test"],
    ...(await changedBy(mutant)),
  });
}

/** The fake traced process: native/tracepoint/test/fake.c. */
export function buildFake(): Promise<string> {
  return build({
    name: "trace-fake",
    ending: "",
    sources: [...LIBRARY, "tracepoint/test/fake.c", "tracepoint/test/fake_events.c"],
    options: ["-O2", "-g"],
  });
}

/** A program that the library itself traces, to be killed: native/tracepoint/test/victim.c. */
export async function buildVictim(mutant?: TracedMutant): Promise<string> {
  return build({
    name: ["trace-victim", mutant?.name].filter(Boolean).join("-"),
    ending: "",
    sources: [...TRACED_USES, ...TRACED, "tracepoint/test/victim.c"],
    // What is found when it is first called would take most of the steps.
    options: ["-O2", "-g", "-Wl,-z,now"],
    ...(mutant === undefined
      ? {}
      : { changed: await mutantTextOf(mutant, "native/tracepoint/traced/mutants.json") }),
  });
}

/** Kills a program at an instruction: native/tracepoint/test/stepper.c. */
export function buildStepper(): Promise<string> {
  return build({
    name: "trace-stepper",
    ending: "",
    sources: ["tracepoint/test/stepper.c"],
    options: ["-O2", "-g"],
  });
}

/** Writes what no program would into a trace directory: native/tracepoint/test/scribble.c. */
export function buildScribbler(): Promise<string> {
  return build({
    name: "trace-scribble",
    ending: "",
    sources: ["tracepoint/test/scribble.c"],
    options: ["-O2", "-g"],
  });
}

/** How the folders of tests are called: after the process that has made them, so that the next finds what it has left. */
const LEFT = /^quiesce-trace-test-(\d+)-/;

function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

/** A folder in memory where there is one, as trace directories are. What a killed test has left is removed. */
export function traceFolder(): string {
  for (const place of ["/dev/shm", tmpdir()]) {
    try {
      for (const name of readdirSync(place)) {
        const [, pid] = LEFT.exec(name) ?? [];
        if (pid !== undefined && isGone(Number(pid))) remove(join(place, name));
      }
      return mkdtempSync(join(place, `quiesce-trace-test-${process.pid}-`));
    } catch {
      // Elsewhere, then.
    }
  }
  throw new Error("no folder can be made");
}

/** A folder of the test that runs, removed when it has ended. */
export function fresh(): string {
  const folder = traceFolder();
  onTestFinished(() => remove(folder));
  return folder;
}

export function remove(...folders: string[]): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

const started: ChildProcess[] = [];
// A test that fails ends nothing by itself.
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
});

/** A program that runs, and what it has said so far. */
export class Running {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  private readonly closed: Promise<unknown>;

  constructor(command: readonly string[], env: NodeJS.ProcessEnv = {}, stdin: "ignore" | "pipe" = "ignore") {
    const [program = "", ...rest] = command;
    this.child = spawn(program, rest, { stdio: [stdin, "pipe", "pipe"], env: { ...process.env, ...env } });
    this.child.stdout?.on("data", (chunk: Buffer) => {
      this.stdout += String(chunk);
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += String(chunk);
    });
    this.closed = once(this.child, "close");
    started.push(this.child);
  }

  /** Until it has said something; throws when it ends without. */
  async said(text: string): Promise<void> {
    while (!this.stdout.includes(text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`ended without "${text}": ${this.stdout}${this.stderr}`);
      await Promise.race([once(this.child.stdout ?? this.child, "data"), this.closed]);
    }
  }

  async ended(): Promise<number | null> {
    await this.closed;
    return this.child.exitCode;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended();
  }

  lines(): Record<string, Record<string, unknown>>[] {
    return this.stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>);
  }
}

/** Gives a program its input, and waits for its end. */
export async function told(
  command: readonly string[],
  input = "",
  env: NodeJS.ProcessEnv = {},
): Promise<Running> {
  const running = new Running(command, env, "pipe");
  running.child.stdin?.on("error", () => undefined);
  running.child.stdin?.end(input);
  await running.ended();
  return running;
}

/** What babeltrace2 says about a recording's folder: lines, and how many events it says were lost in which ring. */
export interface Read {
  readonly lines: string[];
  readonly lost: Map<string, number>;
  /** What else it says on standard error. */
  readonly complaints: string[];
}

const DISCARDED =
  /^WARNING: Tracer discarded (\d+) events? between .*within stream ".*\/stream_(\d+)_\d+_\d+".*$/;

export async function babeltrace(folder: string): Promise<Read> {
  // A recording of what somebody has scribbled over has made it take all of a machine's memory.
  const limited = 'ulimit -v 4194304; exec babeltrace2 --clock-seconds "$0"';
  const { code, signal, stdout, stderr } = await run(["sh", "-c", limited, folder]);
  const lost = new Map<string, number>();
  const complaints = code === 0 ? [] : [`exit code ${code}, signal ${signal}`];
  for (const line of stderr.split("\n").filter((text) => text !== "")) {
    const [, count, ring] = DISCARDED.exec(line) ?? [];
    if (ring === undefined) complaints.push(line);
    else lost.set(ring, (lost.get(ring) ?? 0) + Number(count));
  }
  return { lines: stdout.split("\n").filter((line) => line !== ""), lost, complaints };
}

export function foldersOf(out: string): string[] {
  return readdirSync(out)
    .filter((name) => !name.startsWith("."))
    .map((name) => join(out, name));
}

/** True where there is a babeltrace2 to read with. */
export async function hasBabeltrace(): Promise<boolean> {
  try {
    return (await run(["babeltrace2", "--version"])).code === 0;
  } catch {
    return false;
  }
}

/**
 * What is wrong with the numbered events of a recording of the fake, or of the victim: a ring's must come from one
 * thread, one after another, each once and whole, no time before the last one's, and what is missing between them must
 * have been counted as lost.
 */
export function wrongWith({ lines, lost, complaints }: Read): string[] {
  const wrong = [...complaints];
  const rings = new Map<string, { thread: string; count: number; next: number; time: bigint }>();
  for (const line of lines) {
    const [, seconds = "", ns = "", ring = "", thread = "", number, text] =
      /^\[(\d+)\.(\d{9})\].*ring = (\d+),.*\{ thread = (\d+), n = (\d+), text = "([^"]*)" \}$/.exec(line) ??
      [];
    if (text === undefined) continue;
    const n = Number(number);
    const time = BigInt(seconds + ns);
    const state = rings.get(ring) ?? { thread, count: 0, next: 0, time };
    if (thread !== state.thread) wrong.push(`in another's ring: ${line}`);
    if (text !== `${String.fromCharCode(97 + (n % 26)).repeat(n % 41)}${n}`) wrong.push(`torn: ${line}`);
    if (n < state.next) wrong.push(`again, or out of order: ${line}`);
    if (time < state.time) wrong.push(`before the last one: ${line}`);
    rings.set(ring, { thread: state.thread, count: state.count + 1, next: n + 1, time });
  }
  for (const [ring, { count, next }] of rings)
    if (next - count > (lost.get(ring) ?? 0))
      wrong.push(`ring ${ring}: ${next - count} events are missing, and ${lost.get(ring) ?? 0} were counted`);
  return wrong;
}
