import { type ChildProcess, execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { afterAll, describe, expect, it } from "vitest";
import { seen } from "../../../spec/tlc/base/patient.fixture.js";
import { createFolder, ending, quiesce, start } from "./shared/program.fixture.js";
import { validated } from "./shared/schema.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());

const HEAD = '{"format":"quiesce-recording","version":1,"lanes":["reader 1","updater 0"]}';
const event = (lane: number, step: string, at: number): string =>
  `{"lane":${lane},"step":"${step}","start":${at},"end":${at + 1}}`;
const JOINED = ["Register", "RaiseUsed", "AddReader"].map((step, i) => event(0, step, i * 10));
const SECTION = [event(0, "Lock", 0), event(0, "Unlock", 5)];

/** So wide that TLC has to try each order of very many steps, longer than any test lasts. */
function wide(): string {
  const lanes = Array.from({ length: 9 }, (_, i) => (i === 0 ? "updater 0" : `reader ${i}`));
  const steps = ["Register", "RaiseUsed", "AddReader", "LoadGp", "Announce", "Dereference", "Unlock", "Wake"];
  const events = lanes
    .slice(1)
    .flatMap((lane) => steps.map((step, i) => JSON.stringify({ lane, step, start: i, end: 1_000_000 + i })));
  return [HEAD.replace(/"lanes":.*/, `"lanes":${JSON.stringify(lanes)}}`), ...events].join("\n");
}

folder.write({
  "good.jsonl": [HEAD, ...JOINED].join("\n"),
  "wide.jsonl": wide(),
  "kept.jsonl": [HEAD, ...SECTION, event(1, "Synchronize", 20)].join("\n"),
});

const FILES = ["json=r.json", "junit=r.xml", "html=r.html", "json-lines=r.jsonl"];
const REPORTED = FILES.flatMap((file) => ["--reporter", file]);
const read = (name: string): string => readFileSync(join(folder.path, name), "utf8");

/** Whether a process has started another, whose command line has some text. */
function runs({ pid }: ChildProcess, text: string): boolean {
  const all = execFileSync("ps", ["-eo", "ppid=,args="], { encoding: "utf8", maxBuffer: 1 << 26 });
  return all.split("\n").some((line) => line.trim().startsWith(`${pid} `) && line.includes(text));
}

/** The root of the JUnit file, with its suites and cases. */
function junit() {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    isArray: (name) => name === "testsuite" || name === "testcase",
  });
  return parser.parse(read("r.xml")).testsuites;
}

/** The last line of the report in lines of JSON. */
const summary = () => JSON.parse(read("r.jsonl").trimEnd().split("\n").at(-1) ?? "");

interface Ended {
  readonly interrupted: boolean;
  readonly endedBy?: string;
  readonly verdict?: string;
  readonly recordings?: readonly { readonly verdict: string; readonly reason?: string }[];
}

describe("validate, ended early, reports to files", () => {
  it("by Ctrl-C: what was decided, the rest as not decided, and that it was interrupted", async () => {
    const temporary = join(folder.path, "tmp");
    mkdirSync(temporary);
    const args = ["validate", "--parallel", "1", "good.jsonl", "wide.jsonl", ...REPORTED];
    const child = start(args, { cwd: folder.path, env: { TMPDIR: temporary } });
    const ended = ending(child);
    // Each run of TLC has a folder of its own: with the second, the first recording is decided.
    const runs = new Set<string>();
    await seen("a recording is decided", () => {
      for (const name of readdirSync(temporary)) if (name.includes("recorded")) runs.add(name);
      return runs.size > 1 || child.exitCode !== null;
    });
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    const shown = validated<Ended>("validate", read("r.json"));
    expect(shown).toMatchObject({
      interrupted: true,
      endedBy: "interrupted",
      recordings: [{ verdict: "explained" }, { verdict: "inconclusive", reason: "interrupted" }],
    });
    expect(junit()).toMatchObject({ tests: "2", failures: "0", errors: "1" });
    expect(read("r.html")).toContain("1 of 2 as expected, 1 not decided, interrupted");
    expect(summary()).toMatchObject({ pass: 1, undecided: 1, interrupted: true, endedEarly: "interrupted" });
    expect(readdirSync(folder.path).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("by its time limit: the same, with exit code 1", async () => {
    const args = ["validate", "--parallel", "1", "wide.jsonl", "--time-limit", "2", ...REPORTED];
    const { code, stdout } = await quiesce(args, { cwd: folder.path });
    expect(code).toBe(1);
    expect(stdout).toContain("The time limit is over: this is what was known by then.");
    const shown = validated<Ended>("validate", read("r.json"));
    expect(shown).toMatchObject({
      interrupted: true,
      endedBy: "time limit",
      recordings: [{ verdict: "inconclusive", reason: "the time limit was reached" }],
    });
    expect(junit()).toMatchObject({ tests: "1", failures: "0", errors: "1" });
    expect(summary()).toMatchObject({ undecided: 1, endedEarly: "time limit" });
  });

  it("not at all, when all histories were checked within the limit", async () => {
    const args = ["validate", "--guarantee", "kept.jsonl", "--time-limit", "600", ...REPORTED];
    expect((await quiesce(args, { cwd: folder.path })).code).toBe(0);
    expect(validated<Ended>("validate", read("r.json")).interrupted).toBe(false);
    expect(summary()).toMatchObject({ pass: 1, interrupted: false });
  });
});

describe("kernel, ended early, reports to files", () => {
  /** Far more rounds than any test lasts. */
  const args = ["kernel", "--rounds", "100000000", "--patient", ...REPORTED];

  /** What the reports have in common; they have all that the text has. */
  function expectReports(endedBy: string, stdout: string): void {
    const shown = validated<Ended & { readonly walked: readonly unknown[] }>("kernel", read("r.json"));
    expect(shown).toMatchObject({ interrupted: true, endedBy });
    expect(["inconclusive", "unavailable"]).toContain(shown.verdict);
    expect(stdout).toContain("what is above had been tried");
    const graphs = stdout.match(/\d+ of \d+ edges/g) ?? [];
    expect(shown.walked).toHaveLength(graphs.length);
    expect(Number(junit().tests)).toBeGreaterThanOrEqual(graphs.length);
    for (const graph of graphs) expect(read("r.html")).toContain(graph);
    expect(summary()).toMatchObject({ interrupted: true, endedEarly: endedBy });
  }

  it("by Ctrl-C: what had been tried, and that it was interrupted", async () => {
    const child = start(args, { cwd: folder.path });
    const ended = ending(child);
    await seen("its program runs", () => runs(child, "/kernel-") || child.exitCode !== null);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    // Where there is no membarrier, it has ended by itself.
    if (code === 3) return;
    expect(code).toBe(130);
    expectReports("interrupted", stdout);
  });

  it("by its time limit: the same, with exit code 1", async () => {
    const { code, stdout } = await quiesce([...args, "--time-limit", "2"], { cwd: folder.path });
    if (code === 3) return;
    expect(code).toBe(1);
    expectReports("time limit", stdout);
  });
});

describe("conform --mutant reports to files", () => {
  it("how replay saw it, step by step", async () => {
    const args = ["conform", "--mutant", "not-raised", "--driver", "impl", ...REPORTED];
    const { code, stdout } = await quiesce(args, { cwd: folder.path });
    expect(code).toBe(0);
    const { mutants } = validated<{ readonly mutants: readonly { readonly failure: { message: string } }[] }>(
      "conform",
      read("r.json"),
    );
    expect(mutants).toMatchObject([{ name: "not-raised", target: "impl", killedBy: "replay" }]);
    expect(stdout).toContain("killed, on the plan of rcu/number-steps/Urcu-any-updates");
    expect(junit()).toMatchObject({ tests: "1", failures: "0" });
    expect(junit().testsuite[0].testcase).toMatchObject([{ name: "impl not-raised" }]);
    expect(read("r.html")).toContain("killed, on the plan of rcu/number-steps/Urcu-any-updates");
    expect(summary()).toMatchObject({ command: "conform --mutants", pass: 1 });
  });

  it("and --mutants, interrupted before any was tried: that each is not tried", async () => {
    const child = start(["conform", "--mutants", "--driver", "impl", "--no-cache", ...REPORTED], {
      cwd: folder.path,
    });
    const ended = ending(child);
    await seen("TLC runs", () => runs(child, "tlc2") || child.exitCode !== null);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(validated<Ended>("conform", read("r.json"))).toMatchObject({ interrupted: true });
    const [, untried] = /Ended early: (\d+) mutants have not been tried/.exec(stdout) ?? [];
    expect(junit().errors).toBe(untried);
    expect(read("r.html")).toContain(`${untried} not decided, interrupted`);
    expect(summary()).toMatchObject({ undecided: Number(untried), endedEarly: "interrupted" });
  });
});
