import { execFileSync, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seen } from "../../../spec/tlc/base/patient.fixture.js";
import {
  COUNTER,
  claim,
  complaintsIn,
  createFolder,
  ending,
  HARD_LITMUS,
  module,
  PROGRAM,
  quiesce,
  start,
} from "./shared/program.fixture.js";
import { type ShownClaims, validated } from "./shared/schema.fixture.js";

const folder = createFolder();
const temporary = join(folder.path, "tmp");
afterAll(() => folder.remove());
beforeAll(() => {
  mkdirSync(temporary);
  folder.write({
    "Endless.tla": module(
      "Endless",
      "CONSTANT Top\nVARIABLE x\nInit == x = 0\nNext == x' = x + 1\nSpec == Init /\\ [][Next]_x\nSmall == x >= 0",
    ),
    "Endless.cfg": claim("Verdict: holds"),
    "Counter.tla": module("Counter", COUNTER),
    "Counter.cfg": claim("Verdict: holds\nStates: 4"),
    "refused.litmus": "C refused\n",
    "hard.litmus": HARD_LITMUS,
  });
});

/** Processes that have our temporary folder in their command line: the runs of TLC. */
function runsOfTlc(): string[] {
  const all = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8", maxBuffer: 1 << 26 });
  return all.split("\n").filter((line) => line.includes(temporary) && line.includes("tlc2.TLC"));
}

async function interrupted(signal: NodeJS.Signals, ...more: string[]) {
  const child = start(["check", join(folder.path, "Endless.cfg"), ...more], { env: { TMPDIR: temporary } });
  const ended = ending(child);
  await seen("TLC runs", () => runsOfTlc().length > 0);
  child.kill(signal);
  return await ended;
}

/** Starts a command with --json-lines and sends it SIGINT when its first line is there; the lines, and how it ends. */
async function afterFirstLine(...args: string[]) {
  const child = start([...args, "--json-lines"], { env: { TMPDIR: temporary } });
  const ended = ending(child);
  child.stdout?.once("data", () => child.kill("SIGINT"));
  const { code, stdout, stderr } = await ended;
  const lines = stdout.trimEnd().split("\n");
  return { code, stderr, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

/** The lines of --json-lines as --json would have them. */
function joined(name: string, lines: readonly Record<string, unknown>[]): string {
  const of = (kind: string) =>
    lines.filter((line) => line["kind"] === kind).map(({ kind: _, ...rest }) => rest);
  const [kind] = lines.map((line) => line["kind"] as string);
  return JSON.stringify({ ...of("summary")[0], [name]: of(kind ?? "") });
}

describe("a run that is interrupted", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "by %s ends immediately, says what it has not decided, and leaves nothing behind",
    async (signal) => {
      // What it is at has no end of its own.
      const { code, stdout, stderr } = await interrupted(signal);
      expect({ code, complaints: complaintsIn(stderr) }).toEqual({ code: 130, complaints: "" });
      expect(stdout).toMatch(/^Claims {3}0 of 1 as declared {3}\S+ s {3}interrupted, 1 not decided\n/);
      expect(stdout).toMatch(/Not decided\n {4}Endless {3}interrupted after \S+ s of it\n/);
      expect(runsOfTlc()).toEqual([]);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  it("has told of each claim as soon as it was decided, and says so as JSON", async () => {
    const paths = ["Counter.cfg", "Endless.cfg"].map((name) => join(folder.path, name));
    const { code, stderr, lines } = await afterFirstLine("check", ...paths);
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    expect(lines.map(({ kind, id }) => [kind, id])).toEqual([
      ["claim", "Counter"],
      ["claim", "Endless"],
      ["summary", undefined],
    ]);
    const shown = validated<ShownClaims>("check", joined("claims", lines));
    expect(shown).toMatchObject({
      interrupted: true,
      endedBy: "interrupted",
      undecided: 1,
      claims: [{ verdict: "holds" }, { verdict: "undecided", asDeclared: false }],
    });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("has decided some litmus tests, and says which not", async () => {
    const files = ["refused.litmus", "hard.litmus"].map((name) => join(folder.path, name));
    const { code, stderr, lines } = await afterFirstLine("litmus", ...files);
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    expect(validated<unknown>("litmus", joined("files", lines))).toMatchObject({
      interrupted: true,
      files: [
        { file: files[0], error: { kind: "refused" } },
        { file: files[1], error: { kind: "undecided", message: "interrupted" } },
      ],
    });
  });

  it("by its time limit is the same, but for the exit code", async () => {
    const limit = ["--time-limit", "1", "--json"];
    const endless = await quiesce(["check", join(folder.path, "Endless.cfg"), ...limit]);
    expect(endless.code).toBe(1);
    expect(validated<ShownClaims>("check", endless.stdout)).toMatchObject({
      interrupted: true,
      endedBy: "time limit",
      claims: [
        { verdict: "undecided", reason: expect.stringMatching(/^the time limit of the whole check was/) },
      ],
    });
    const matrix = await quiesce(["matrix", "--no-cache", ...limit]);
    expect({ code: matrix.code, stderr: matrix.stderr }).toEqual({ code: 1, stderr: "" });
    const flavours = ["membarrier", "mb", "signal", "qsbr"];
    expect(validated<unknown>("matrix", matrix.stdout)).toMatchObject({
      asExpected: false,
      interrupted: true,
      cells: [],
      undecided: flavours.map((flavour) => ({ flavour, reason: "the time limit was reached" })),
    });
  });

  it("because nobody reads on (head -1) ends without a word, and leaves nothing behind", async () => {
    const paths = ["Counter.cfg", "Endless.cfg"].map((name) => join(folder.path, name));
    const child = start(["check", ...paths, "--json-lines", "--time-limit", "5"], {
      env: { TMPDIR: temporary },
    });
    child.stdout?.once("data", () => child.stdout?.destroy());
    const { signal, stderr } = await ending(child);
    expect({ signal, stderr }).toEqual({ signal: null, stderr: "" });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("leaves nothing behind when its output is closed, either", async () => {
    const child = start(["check", "--list"], { env: { TMPDIR: temporary } });
    child.stdout?.destroy();
    const { code, signal, stderr } = await ending(child);
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: "" });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.runIf(existsSync("/dev/full"))("says that its output can't be written", async () => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [PROGRAM, "check", "--list"], { stdio: ["ignore", full, "pipe"] });
    expect(await ending(child)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^quiesce: the output can't/),
    });
    closeSync(full);
  });

  it("does not crash when nobody reads its errors", async () => {
    const child = start(["chek"]);
    child.stderr?.destroy();
    expect(await ending(child)).toMatchObject({ code: 2, signal: null });
  });
});

describe("paths", () => {
  it("when interrupted while TLC runs, ends immediately", async () => {
    const child = start(["paths", join(folder.path, "Endless.cfg")], { env: { TMPDIR: temporary } });
    const ended = ending(child);
    await seen("TLC runs", () => runsOfTlc().length > 0);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, stdout: "" });
    expect(runsOfTlc()).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

/** A driver that makes a mistake in its first process, and hangs in each later one: those try a shorter way. */
const HANGS_LATER = `import { existsSync, writeFileSync } from "node:fs";
const mark = (name) => new URL(name, import.meta.url);
const first = !existsSync(mark("wrong"));
export class Driver {
  x = 0;
  steps = 0;
  begin() {
    this.x = 0;
    if (first) return;
    writeFileSync(mark("hangs"), "");
    for (;;);
  }
  step({ step }) {
    this.x = step === "Back" ? 0 : (this.x + 1) % 4;
    this.steps++;
    return "done";
  }
  look() {
    if (this.steps < 4 || this.x !== 1) return { x: this.x };
    writeFileSync(mark("wrong"), "");
    return { x: 7 };
  }
}
`;

describe("conform", () => {
  it("that has found a failure when it is interrupted reports it, and was interrupted all the same", async () => {
    const loop =
      "VARIABLE x\nStart == x = 0\nNext == x' = (x + 1) % 4\nBack == x > 0 /\\ x' = 0\n" +
      "Either == Next \\/ Back\nSpec == Start /\\ [][Either]_x";
    folder.write({
      "Loop.tla": module("Loop", loop),
      "Loop.cfg": "SPECIFICATION Spec\n",
      "Loop.contract.json": JSON.stringify({
        lanes: [{ name: "hand", set: "{1}" }],
        steps: { Next: {}, Back: {} },
        words: [{ name: "x", value: "x" }],
      }),
      "driver.mjs": HANGS_LATER,
    });
    const args = ["--claim", "Loop.cfg", "--driver", "driver.mjs", "--no-save", "--hang", "600000"];
    const child = start(["conform", ...args], { cwd: folder.path, env: { TMPDIR: temporary } });
    const ended = ending(child);
    await seen("it hangs", () => existsSync(join(folder.path, "hangs")) || child.exitCode !== null);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(stdout).toMatch(/✗ path 1, .*: the state is not the specification's \(state\)/);
    expect(code).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe("doctor", () => {
  it("ends cleanly when head reads its output", async () => {
    const child = start(["doctor"]);
    child.stdout?.once("data", () => child.stdout?.destroy());
    expect((await ending(child)).stderr).toBe("");
    expect((await quiesce(["doctor"])).stdout).toContain("What this TLC can do");
  });
});
