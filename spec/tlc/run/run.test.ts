import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BadInputError, Interrupted } from "../base/errors.js";
import { seen } from "../base/patient.fixture.js";
import { OUT_OF_MEMORY } from "../tools/jvm.js";
import { findTools, type Tools } from "../tools/tools.js";
import { ENDLESS, TestHome } from "./home.fixture.js";
import { runTlc } from "./run.js";

const compiled = pathToFileURL(createRequire(import.meta.url).resolve("quiesce/spec/tlc/run/run")).href;

let tools: Tools;
beforeAll(async () => {
  tools = await findTools();
});

// Each test has its own folder, and the runs' scratch folders are made in it, so that leftovers show.
let home: TestHome;
beforeEach(async () => {
  home = await TestHome.create();
});
afterEach(() => home.remove());

/** Counts to `last` in single steps. */
const counter = (last: number): string => `EXTENDS Naturals
VARIABLE n
Init == n = 0
Next == n < ${last} /\\ n' = n + 1
Spec == Init /\\ [][Next]_n
Small == n < ${last}
Never == n < 0`;

describe("runTlc", () => {
  it("returns what TLC said, and leaves nothing", async () => {
    const module = home.writeModule("Counter", counter(4));
    const config = "SPECIFICATION Spec\nINVARIANT Small\n";
    const outcome = await runTlc({ tools, module, config, root: home.specs });
    expect(outcome).toMatchObject({ exitCode: 12, timedOut: false });
    expect(outcome.report.violated).toEqual({ kind: "invariant", name: "Small" });
    expect(outcome.report.trace?.states).toHaveLength(5);
    expect(outcome.report.statistics).toMatchObject({ distinct: 5 });
    expect(outcome.report.version).toBe(tools.abilities.version);
    expect(readdirSync(home.specs)).toEqual(["Counter.tla"]);
    await home.expectNothingLeft();
  });

  it("finds modules in folders below the root, and names them where they are", async () => {
    home.writeModule("Deep", "LOCAL INSTANCE Naturals\nUp(n) == n + 1", join(home.specs, "machine", "deep"));
    home.writeModule("Middle", 'EXTENDS Deep\nBad(n) == n + "x"', join(home.specs, "machine"));
    const module = home.writeModule(
      "Top",
      "EXTENDS Middle, Naturals\nVARIABLE n\nInit == n = 0\nNext == n' = Up(n)\nOops == n = 2 => Bad(n) = 0",
      join(home.specs, "rcu"),
    );
    const config = "INIT Init\nNEXT Next\nINVARIANT Oops\nCHECK_DEADLOCK FALSE\n";
    const outcome = await runTlc({ tools, module, config, root: home.specs });
    expect(outcome.exitCode).toBeGreaterThan(14);
    const locations = outcome.report.errors.flatMap((error) => error.location?.file ?? []);
    expect(locations).toContain(join(home.specs, "machine", "Middle.tla"));
    await expect(
      runTlc({ tools, module: join(home.specs, "No.tla"), config, root: home.specs }),
    ).rejects.toThrow(BadInputError);
    await home.expectNothingLeft();
  });

  it("runs several in parallel without one touching another", async () => {
    const module = home.writeModule("Counter", counter(50));
    const config = "SPECIFICATION Spec\nINVARIANT Never\n";
    const runs = [1, 2, 3, 4].map(() => runTlc({ tools, module, config, root: home.specs, short: true }));
    const outcomes = await Promise.all(runs);
    expect(outcomes.map((outcome) => outcome.exitCode)).toEqual([12, 12, 12, 12]);
    await home.expectNothingLeft();
  });

  it("writes the state graph where it is told to", async () => {
    const module = home.writeModule("Counter", counter(3));
    const dotFile = join(home.path, "graph.dot");
    const config = "SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n";
    const outcome = await runTlc({ tools, module, config, root: home.specs, dotFile });
    expect(outcome).toMatchObject({ exitCode: 0, report: { success: true } });
    const edges = readFileSync(dotFile, "utf8").match(/-> .*label="Next"/g);
    expect(edges).toHaveLength(3);
    await home.expectNothingLeft();
  });

  it("passes options on", async () => {
    const module = home.writeModule("Counter", counter(3));
    const run = { tools, module, config: "SPECIFICATION Spec\n", root: home.specs };
    expect((await runTlc(run)).exitCode).toBe(11);
    expect((await runTlc({ ...run, options: ["-deadlock"] })).exitCode).toBe(0);
    await home.expectNothingLeft();
  });

  it("bounds the memory", async () => {
    const grows = "EXTENDS Sequences\nVARIABLE s\nInit == s = <<1>>\nNext == s' = s \\o s";
    const module = home.writeModule("Grows", grows);
    const outcome = await runTlc({
      tools,
      module,
      config: "INIT Init\nNEXT Next\n",
      root: home.specs,
      memoryMiB: 64,
    });
    expect(outcome).toMatchObject({ exitCode: OUT_OF_MEMORY, report: { success: false } });
    await home.expectNothingLeft();
  });

  it("ends at the time limit", async () => {
    const module = home.writeModule("Endless", ENDLESS);
    const run = { tools, module, config: "SPECIFICATION Spec\n", root: home.specs };
    const outcome = await runTlc({ ...run, timeoutMs: 3000 });
    expect(outcome).toMatchObject({
      timedOut: true,
      signal: "SIGKILL",
      report: { success: false, truncated: true },
    });
    await home.expectNothingLeft();
  });

  it("stops immediately when cancelled in the middle, and leaves no process and no folder", async () => {
    const module = home.writeModule("Endless", ENDLESS);
    const stop = new AbortController();
    const run = runTlc({
      tools,
      module,
      config: "SPECIFICATION Spec\n",
      root: home.specs,
      signal: stop.signal,
    });
    const ended = expect(run).rejects.toThrow(Interrupted);
    await seen("TLC runs", () => home.tlcRuns());
    expect(home.processes()).toHaveLength(1);
    // It has no end of its own.
    stop.abort();
    await ended;
    await home.expectNothingLeft();
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "leaves nothing when %s ends our process in the middle",
    async (signal) => {
      const module = home.writeModule("Endless", ENDLESS);
      const model = { tools, module, config: "SPECIFICATION Spec\n", root: home.specs };
      const script = `import { runTlc } from ${JSON.stringify(compiled)}; await runTlc(${JSON.stringify(model)});`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      const ended = once(child, "exit");
      const early = ended.then(() => Promise.reject(new Error("it ended before TLC began")));
      early.catch(() => undefined);
      await Promise.race([seen("TLC runs", () => home.tlcRuns()), early]);
      child.kill(signal);
      expect(await ended).toEqual([null, signal]);
      await home.expectNothingLeft();
    },
  );

  it("starts nothing when the signal is already aborted", async () => {
    const module = home.writeModule("Endless", ENDLESS);
    const run = runTlc({
      tools,
      module,
      config: "SPECIFICATION Spec\n",
      root: home.specs,
      signal: AbortSignal.abort(),
    });
    await expect(run).rejects.toThrow(Interrupted);
    await home.expectNothingLeft();
  });
});
