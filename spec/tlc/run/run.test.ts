import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BadInputError, Interrupted } from "../base/errors.js";
import { createScratch, type Scratch } from "../base/scratch.js";
import { OUT_OF_MEMORY } from "../tools/jvm.js";
import { findTools, type Tools } from "../tools/tools.js";
import { runTlc } from "./run.js";

const compiled = pathToFileURL(createRequire(import.meta.url).resolve("quiesce/spec/tlc/run/run")).href;

let tools: Tools;
beforeAll(async () => {
  tools = await findTools();
});

// Each test has its own folder, and the runs' scratch folders are made in it, so that leftovers show.
let home: Scratch;
let specs: string;
let temporary: string;
const old = process.env["TMPDIR"];
beforeEach(async () => {
  home = await createScratch("test");
  specs = join(home.path, "specs");
  temporary = join(home.path, "tmp");
  mkdirSync(specs);
  mkdirSync(temporary);
  process.env["TMPDIR"] = temporary;
});
afterEach(async () => {
  if (old === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = old;
  await home.remove();
});

function writeModule(name: string, body: string, folder = specs): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.tla`);
  writeFileSync(file, `---- MODULE ${name} ----\n${body}\n====\n`);
  return file;
}

/** Counts to `last` in single steps. */
const counter = (last: number): string => `EXTENDS Naturals
VARIABLE n
Init == n = 0
Next == n < ${last} /\\ n' = n + 1
Spec == Init /\\ [][Next]_n
Small == n < ${last}
Never == n < 0`;

/** Has far too many states to be explored in a minute. */
const ENDLESS = `EXTENDS Naturals
VARIABLES a, b
Init == a = 0 /\\ b = 0
Next == a' = (a + 1) % 100000 /\\ b' \\in {b, (b + 1) % 100000}
Spec == Init /\\ [][Next]_<<a, b>>`;

/** The processes with the test's folder in their command line, except zombies. */
function processesOfTest(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return "";
      }
    })
    .filter((line) => line.includes(temporary));
}

/** Nothing may be left of a run; a process that was just killed may take a moment to be collected. */
async function expectNothingLeft(): Promise<void> {
  for (let i = 0; i < 1500 && processesOfTest().length > 0; i++) await new Promise((r) => setTimeout(r, 20));
  expect(processesOfTest()).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
}

/** Waits until TLC has begun to write states into the run's folder. */
async function untilTlcRuns(): Promise<void> {
  for (let i = 0; i < 1500; i++) {
    const [run] = readdirSync(temporary);
    const files = run === undefined ? [] : readdirSync(join(temporary, run), { recursive: true });
    if (files.some((file) => String(file).endsWith(".st"))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("TLC did not begin within 30 s");
}

describe("runTlc", () => {
  it("returns what TLC said, and leaves nothing", async () => {
    const module = writeModule("Counter", counter(4));
    const config = "SPECIFICATION Spec\nINVARIANT Small\n";
    const outcome = await runTlc({ tools, module, config, root: specs });
    expect(outcome).toMatchObject({ exitCode: 12, timedOut: false });
    expect(outcome.report.violated).toEqual({ kind: "invariant", name: "Small" });
    expect(outcome.report.trace?.states).toHaveLength(5);
    expect(outcome.report.statistics).toMatchObject({ distinct: 5 });
    expect(outcome.report.version).toBe(tools.abilities.version);
    expect(readdirSync(specs)).toEqual(["Counter.tla"]);
    await expectNothingLeft();
  });

  it("finds modules in folders below the root, and names them where they are", async () => {
    writeModule("Deep", "LOCAL INSTANCE Naturals\nUp(n) == n + 1", join(specs, "machine", "deep"));
    writeModule("Middle", 'EXTENDS Deep\nBad(n) == n + "x"', join(specs, "machine"));
    const module = writeModule(
      "Top",
      "EXTENDS Middle, Naturals\nVARIABLE n\nInit == n = 0\nNext == n' = Up(n)\nOops == n = 2 => Bad(n) = 0",
      join(specs, "rcu"),
    );
    const config = "INIT Init\nNEXT Next\nINVARIANT Oops\nCHECK_DEADLOCK FALSE\n";
    const outcome = await runTlc({ tools, module, config, root: specs });
    expect(outcome.exitCode).toBeGreaterThan(14);
    const locations = outcome.report.errors.flatMap((error) => error.location?.file ?? []);
    expect(locations).toContain(join(specs, "machine", "Middle.tla"));
    await expect(runTlc({ tools, module: join(specs, "No.tla"), config, root: specs })).rejects.toThrow(
      BadInputError,
    );
    await expectNothingLeft();
  });

  it("runs several in parallel without one touching another", async () => {
    const module = writeModule("Counter", counter(50));
    const config = "SPECIFICATION Spec\nINVARIANT Never\n";
    const runs = [1, 2, 3, 4].map(() => runTlc({ tools, module, config, root: specs, short: true }));
    const outcomes = await Promise.all(runs);
    expect(outcomes.map((outcome) => outcome.exitCode)).toEqual([12, 12, 12, 12]);
    await expectNothingLeft();
  });

  it("writes the state graph where it is told to", async () => {
    const module = writeModule("Counter", counter(3));
    const dotFile = join(home.path, "graph.dot");
    const config = "SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n";
    const outcome = await runTlc({ tools, module, config, root: specs, dotFile });
    expect(outcome).toMatchObject({ exitCode: 0, report: { success: true } });
    const edges = readFileSync(dotFile, "utf8").match(/-> .*label="Next"/g);
    expect(edges).toHaveLength(3);
    await expectNothingLeft();
  });

  it("passes options on", async () => {
    const module = writeModule("Counter", counter(3));
    const run = { tools, module, config: "SPECIFICATION Spec\n", root: specs };
    expect((await runTlc(run)).exitCode).toBe(11);
    expect((await runTlc({ ...run, options: ["-deadlock"] })).exitCode).toBe(0);
    await expectNothingLeft();
  });

  it("bounds the memory", async () => {
    const grows = "EXTENDS Sequences\nVARIABLE s\nInit == s = <<1>>\nNext == s' = s \\o s";
    const module = writeModule("Grows", grows);
    const outcome = await runTlc({
      tools,
      module,
      config: "INIT Init\nNEXT Next\n",
      root: specs,
      memoryMiB: 64,
    });
    expect(outcome).toMatchObject({ exitCode: OUT_OF_MEMORY, report: { success: false } });
    await expectNothingLeft();
  });

  it("ends at the time limit", async () => {
    const module = writeModule("Endless", ENDLESS);
    const run = { tools, module, config: "SPECIFICATION Spec\n", root: specs };
    const outcome = await runTlc({ ...run, timeoutMs: 3000 });
    expect(outcome).toMatchObject({
      timedOut: true,
      signal: "SIGKILL",
      report: { success: false, truncated: true },
    });
    expect(outcome.seconds).toBeLessThan(60);
    await expectNothingLeft();
  });

  it("stops immediately when cancelled in the middle, and leaves no process and no folder", async () => {
    const module = writeModule("Endless", ENDLESS);
    const stop = new AbortController();
    const run = runTlc({ tools, module, config: "SPECIFICATION Spec\n", root: specs, signal: stop.signal });
    const ended = expect(run).rejects.toThrow(Interrupted);
    await untilTlcRuns();
    expect(processesOfTest()).toHaveLength(1);
    const start = performance.now();
    stop.abort();
    await ended;
    expect(performance.now() - start).toBeLessThan(20_000);
    await expectNothingLeft();
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "leaves nothing when %s ends our process in the middle",
    async (signal) => {
      const module = writeModule("Endless", ENDLESS);
      const model = { tools, module, config: "SPECIFICATION Spec\n", root: specs };
      const script = `import { runTlc } from ${JSON.stringify(compiled)}; await runTlc(${JSON.stringify(model)});`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      const ended = once(child, "exit");
      const early = ended.then(() => Promise.reject(new Error("it ended before TLC began")));
      early.catch(() => undefined);
      await Promise.race([untilTlcRuns(), early]);
      child.kill(signal);
      expect(await ended).toEqual([null, signal]);
      await expectNothingLeft();
    },
  );

  it("starts nothing when the signal is already aborted", async () => {
    const module = writeModule("Endless", ENDLESS);
    const run = runTlc({
      tools,
      module,
      config: "SPECIFICATION Spec\n",
      root: specs,
      signal: AbortSignal.abort(),
    });
    await expect(run).rejects.toThrow(Interrupted);
    await expectNothingLeft();
  });
});
