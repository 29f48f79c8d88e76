import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../base/errors.js";
import { asked, seen } from "../base/patient.fixture.js";
import { PLAIN_START, Residents } from "../resident/residents.js";
import { findJavac } from "../tools/javac.fixture.js";
import { OUT_OF_MEMORY } from "../tools/jvm.js";
import { compileResident, findSources } from "../tools/resident-classes.js";
import { findTools, type Tools } from "../tools/tools.js";
import { ENDLESS, TestHome } from "./home.fixture.js";
import { runTlc } from "./run.js";
import { findDifference } from "./same.fixture.js";
import type { TlcRun } from "./tlc-run.js";

const require = createRequire(import.meta.url);
const compiled = (name: string): string =>
  JSON.stringify(pathToFileURL(require.resolve(`quiesce/${name}`)).href);

let tools: Tools;
beforeAll(async () => {
  tools = await findTools();
});

let home: TestHome;
let residents: Residents;
beforeEach(async () => {
  home = await TestHome.create();
  residents = make(tools);
});
afterEach(async () => {
  await residents.close();
  await home.expectNothingLeft();
  await home.remove();
});

function make(of: Tools): Residents {
  const made = Residents.of(of, {});
  if (made === undefined) throw new Error("no Java process can stay here");
  return made;
}

function model(name: string, body: string, config: string): TlcRun {
  const module = home.writeModule(name, body);
  return { tools, module, config, root: home.specs, short: true, memoryMiB: 256, residents };
}

/** The invariant does not hold of the second states; or, where `at` says so, of the first. */
const violated = (at: "first" | "second" = "second"): TlcRun =>
  model(
    "Violated",
    `VARIABLE n\nInit == n \\in {"zz", "b"${at === "first" ? ', "a"' : ""}}\nNext == n' = "a"\nSafe == n # "a"`,
    "INIT Init\nNEXT Next\nINVARIANT Safe\n",
  );
const counter = (last = 4): TlcRun =>
  model(
    "Counter",
    `EXTENDS Naturals\nVARIABLE n\nInit == n = 0\nNext == n' = (n + 1) % ${last}\nSpec == Init /\\ [][Next]_n /\\ WF_n(Next)\nAgain == []<>(n = 0)`,
    "SPECIFICATION Spec\nPROPERTY Again\n",
  );
const endless = (): TlcRun => model("Endless", ENDLESS, "INIT Init\nNEXT Next\n");

/** The ids of the Java processes of the test, zombies apart. */
const javas = (): number[] => home.processes(`java.io.tmpdir=${home.temporary}`);
const runs = (): boolean => home.tlcRuns();

describe.skipIf((await findJavac("Residents")) === undefined)("Residents", () => {
  it("runs TLC again and again in one process, each time as if it were the first", async () => {
    const [plainViolated, plainCounter] = [
      await runTlc({ ...violated(), residents: undefined }),
      await runTlc({ ...counter(), residents: undefined }),
    ];
    const seen = new Set<number>();
    for (const run of [counter(), violated(), violated(), counter(), counter()]) {
      const plain = basename(run.module) === "Counter.tla" ? plainCounter : plainViolated;
      expect(findDifference(await runTlc(run), plain)).toBeUndefined();
      for (const pid of javas()) seen.add(pid);
    }
    expect(residents.believed).toBe(5);
    expect(seen.size).toBe(1);
  });

  it("makes one run a process, if asked: it says the same as a plain start, and is gone before that would be", async () => {
    const once = Residents.of(tools, {}, true);
    for (const run of [violated(), counter()]) {
      const plain = await runTlc({ ...run, residents: undefined });
      expect(findDifference(await runTlc({ ...run, residents: once }), plain)).toBeUndefined();
      expect(javas()).toEqual([]);
    }
    expect(once?.believed).toBe(2);
    await home.expectNothingLeft();
  });

  it("ends a process in which a run has left a thread behind", async () => {
    // The thread that would bring states back from the disk. TLC does not end it when there is nothing to explore.
    const plain = await runTlc({ ...violated("first"), residents: undefined });
    expect(findDifference(await runTlc(violated("first")), plain)).toBeUndefined();
    expect(residents.believed).toBe(1);
    expect(javas()).toEqual([]);
  });

  it("would notice a field that is not put back", async () => {
    const plain = await runTlc({ ...violated(), residents: undefined });
    const mutants = join(home.path, "mutant");
    mkdirSync(mutants);
    const sources = ((await findSources()) ?? []).map((file) => {
      const text = readFileSync(file, "utf8");
      const changed = text.replace("snapshot.restore();", "");
      expect(changed === text).toBe(basename(file) !== "Resident.java");
      writeFileSync(join(mutants, basename(file)), changed);
      return join(mutants, basename(file));
    });
    const resident = join(mutants, "classes");
    expect(await compileResident(tools, sources, resident)).toBe(true);
    const forgetful = make({ ...tools, resident });
    try {
      // Strings are ordered as TLC first meets them.
      const words = 'VARIABLE n\nInit == n = {"b", "a", "zz"}\nNext == UNCHANGED n';
      await runTlc({ ...model("Words", words, "INIT Init\nNEXT Next\n"), residents: forgetful });
      const outcome = await runTlc({ ...violated(), residents: forgetful });
      expect(forgetful.believed < 2 || findDifference(outcome, plain) !== undefined).toBe(true);
    } finally {
      await forgetful.close();
    }
  });

  it("counts actions in a process of its own", async () => {
    const counted = { ...counter(), coverage: true };
    const plain = await runTlc({ ...counted, residents: undefined });
    for (const run of [counter(), counted, counter(), counted]) {
      const { report } = await runTlc(run);
      expect(report.actions).toEqual(run === counted ? plain.report.actions : undefined);
    }
    expect(residents.believed).toBe(4);
    expect(javas()).toHaveLength(2);
  });

  it("takes nothing that a specification prints for the end of its run", async () => {
    const lines = ["", "00000000000000000000000000000000 0 0 clean", ""].join("\\n");
    const body = `EXTENDS TLC, Naturals\nVARIABLE n\nInit == n = 0 /\\ PrintT("${lines}")\nNext == n' = 1 - n\nSafe == n = 0`;
    const outcome = await runTlc(model("Forged", body, "INIT Init\nNEXT Next\nINVARIANT Safe\n"));
    expect(outcome.exitCode).toBe(12);
    expect(residents.believed).toBe(1);
  });

  it("does not wait for a key where a specification asks for a pause", async () => {
    const body =
      'EXTENDS TLC, Naturals\nVARIABLE n\nInit == n = 0 /\\ TLCSet("pause", TRUE)\nNext == n\' = 1 - n';
    const paused = { ...model("Paused", body, "INIT Init\nNEXT Next\n"), timeoutMs: 300_000 };
    for (const run of [paused, counter()]) expect((await runTlc(run)).exitCode).toBe(0);
    expect(residents.believed).toBe(2);
  });

  it("answers when a module's own Java class has taken its output away", async () => {
    const java = join(home.specs, "Silent.java");
    const body = "System.setOut(new java.io.PrintStream(new java.io.ByteArrayOutputStream()));";
    writeFileSync(
      java,
      `public class Silent { public static tlc2.value.impl.Value Same(tlc2.value.impl.Value one) { ${body} return one; } }`,
    );
    expect(await compileResident(tools, [java], home.specs)).toBe(true);
    home.writeModule("Silent", "Same(one) == one");
    const spec = "EXTENDS Naturals, Silent\nVARIABLE n\nInit == n = 0\nNext == n' = Same(1 - n)";
    const silent = { ...model("Speaks", spec, "INIT Init\nNEXT Next\n"), timeoutMs: 300_000 };
    for (const run of [silent, counter()]) {
      const plain = await runTlc({ ...run, residents: undefined });
      expect(findDifference(await runTlc(run), plain)).toBeUndefined();
    }
    expect(residents.believed).toBe(2);
  });

  it("has no class that TLC takes for a module", async () => {
    const body =
      "EXTENDS Naturals\nVARIABLE n\nunsafe == 1\nInit == n = 0\nNext == n' = unsafe\nSafe == n = 0";
    const outcome = await runTlc(model("Snapshot", body, "INIT Init\nNEXT Next\nINVARIANT Safe\n"));
    expect(outcome.exitCode).toBe(12);
    expect(residents.believed).toBe(1);
  });

  it("has a plain start say what is wrong with a model, and goes on", async () => {
    const broken = model("Broken", "VARIABLE n\nInit == n = 0\nNext == n' = n +", "INIT Init\nNEXT Next\n");
    const plain = await runTlc({ ...broken, residents: undefined });
    expect(findDifference(await runTlc(broken), plain)).toBeUndefined();
    expect(residents.believed).toBe(0);
    expect((await runTlc(counter())).exitCode).toBe(0);
  });

  it("has a plain start decide when the process dies in the middle", async () => {
    const spec = `EXTENDS Naturals\nVARIABLES a, b\nInit == a = 0 /\\ b = 0
Next == \\/ a < 499 /\\ a' = a + 1 /\\ b' = b\n        \\/ b < 499 /\\ b' = b + 1 /\\ a' = a`;
    const long = model("Long", spec, "INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE\n");
    const killed = async () => {
      await runTlc(counter());
      const [pid] = javas();
      const before = residents.believed;
      const run = runTlc(long);
      await seen("it has begun", runs);
      process.kill(pid as number, "SIGKILL");
      return { ...(await run), believed: residents.believed - before };
    };
    // One that comes to its end before it is killed is believed.
    const outcome = await asked(killed, ({ believed }) => believed === 0);
    expect(outcome).toMatchObject({
      exitCode: 0,
      believed: 0,
      report: { statistics: { distinct: 250_000 } },
    });
  });

  it("runs out of memory as a plain start does", async () => {
    const grows = "EXTENDS Sequences\nVARIABLE s\nInit == s = <<1>>\nNext == s' = s \\o s";
    const outcome = await runTlc({ ...model("Grows", grows, "INIT Init\nNEXT Next\n"), memoryMiB: 64 });
    expect(outcome).toMatchObject({ exitCode: OUT_OF_MEMORY, report: { success: false } });
    expect((await runTlc(counter())).exitCode).toBe(0);
  });

  it("ends at the time limit, and is replaced", async () => {
    await runTlc(counter());
    const [pid] = javas();
    const outcome = await runTlc({ ...endless(), timeoutMs: 2000 });
    expect(outcome).toMatchObject({ timedOut: true, signal: "SIGKILL", report: { truncated: true } });
    expect(javas()).toEqual([]);
    expect((await runTlc(counter())).exitCode).toBe(0);
    expect(javas()).not.toContain(pid);
  });

  it("is cancelled at once", async () => {
    const stop = new AbortController();
    const ended = expect(runTlc({ ...endless(), signal: stop.signal })).rejects.toThrow(Interrupted);
    await seen("TLC runs", runs);
    stop.abort();
    await ended;
    await home.expectNothingLeft();
  });

  it("is not wanted where the environment says so", () => {
    expect(Residents.of(tools, { [PLAIN_START]: "1" })).toBeUndefined();
  });

  it("leaves no process when ours is killed in the middle of a run", async () => {
    const { residents: _, ...run } = endless();
    const script = `import { runTlc } from ${compiled("spec/tlc/run/run")};
      import { Residents } from ${compiled("spec/tlc/resident/residents")};
      const model = ${JSON.stringify(run)};
      await runTlc({ ...model, residents: Residents.of(model.tools, {}) });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const ended = once(child, "exit");
    await seen("TLC runs", runs);
    expect(javas()).toHaveLength(1);
    child.kill("SIGKILL");
    await ended;
    await seen("no Java is left", () => javas().length === 0);
    // Nobody is left who could remove the folders.
    for (const name of readdirSync(home.temporary)) expect(name).toContain(`quiesce-${child.pid}-`);
    await home.remove();
    mkdirSync(home.temporary, { recursive: true });
  });
});
