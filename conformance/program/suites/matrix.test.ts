import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters as plain } from "node:util";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { CompileError } from "../../../native/js/errors.js";
import { EnvironmentError, Interrupted } from "../../../spec/tlc/base/errors.js";
import { createProgress } from "../../base/terminal.js";
import { isNeedless, isRight, killersOf, type MatrixOptions, suiteMatrix } from "./matrix.js";
import { knownResults } from "./page.js";
import type { Row } from "./rows.js";
import { showSuites } from "./show.js";
import { fileOf, keepResult, type Result } from "./store.js";
import { killed, MISSED, type Outcome, open, type Suite } from "./suite.js";
import { costsOf, totalsOf } from "./totals.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce-suites-test-"));
const before = process.env["QUIESCE_CACHE"];
let cache = 0;
beforeEach(() => {
  process.env["QUIESCE_CACHE"] = join(folder, String(cache++));
});
afterEach(() => {
  if (before === undefined) delete process.env["QUIESCE_CACHE"];
  else process.env["QUIESCE_CACHE"] = before;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const progress = await createProgress(true);
const row = (name: string, of = "native"): Row => ({
  ...{ of, name, changes: "something" },
  ...{ subject: { kind: "mistake", mistake: name }, claims: [] },
});

/** A suite that does as told, and counts how often it is asked. */
function suite(
  name: string,
  make: (row: Row, signal: AbortSignal) => Outcome | Promise<Outcome>,
  depends = "",
) {
  const asked: string[] = [];
  const made: Suite = {
    ...{ name, about: name, version: 1 },
    part: (of) => ({
      depends: async () => depends,
      async run({ signal }) {
        asked.push(of.name);
        return make(of, signal);
      },
    }),
  };
  return { ...made, asked };
}

function options(suites: readonly Suite[], more: Partial<MatrixOptions> = {}): MatrixOptions {
  return {
    ...{ suites, progress, cache: true, kept: false, limitMs: 600_000, signal: new AbortController().signal },
    plans: () => Promise.reject(new Error("no plans")),
    tools: () => Promise.reject(new Error("no tools")),
    ...more,
  };
}

const sharp = () => suite("sharp", ({ name }) => (name === "lives" ? MISSED : killed("it is seen")));
const blunt = () => suite("blunt", () => MISSED);

describe("the matrix", () => {
  it("says which suites kill a mutant, which miss it, and what survives", async () => {
    const found = await suiteMatrix([row("dies"), row("lives")], options([sharp(), blunt()]));
    expect(found.rows.map(killersOf)).toEqual([["sharp"], []]);
    expect(found.rows.map(isRight)).toEqual([true, false]);
    expect(totalsOf(found)).toMatchObject([
      { suite: "sharp", applies: 2, kills: 1, misses: 1, alone: 1 },
      { suite: "blunt", applies: 2, kills: 0, misses: 2, seconds: undefined },
    ]);
    expect(plain(showSuites(found))).toMatch(/^✗ lives {5}native {2}- {10}-$/m);
    expect(plain(showSuites(found))).toMatch(/1 of 2 mutants are killed$/);
  });

  it("is wrong where a suite kills what changes nothing", async () => {
    const found = await suiteMatrix([row("(nothing)")], options([sharp()]));
    expect(found.rows.map(isRight)).toEqual([false]);
    expect(plain(showSuites(found))).toContain("what changes nothing is killed, too: native");
    const right = await suiteMatrix([row("(nothing)")], options([blunt()]));
    expect(right.rows.map(isRight)).toEqual([true]);
  });

  it("does not count a barrier that is not needed, unless a processor shows that it is", async () => {
    const machine = suite("machine", () => MISSED);
    const needless = await suiteMatrix([row("x", "litmus")], options([machine]));
    expect(needless.rows.map((one) => [isNeedless(one), isRight(one)])).toEqual([[true, true]]);
    const seen = await suiteMatrix(
      [row("x", "litmus")],
      options([suite("litmus", () => killed("seen")), machine]),
    );
    expect(seen.rows.map(isNeedless)).toEqual([false]);
    const other = await suiteMatrix([row("x", "native")], options([machine]));
    expect(other.rows.map(isNeedless)).toEqual([false]);
  });

  it("interrupted, has what was found, and goes on there when it is run again", async () => {
    const stop = new AbortController();
    const first = sharp();
    const second = suite("second", ({ name }) => {
      if (name !== "b") return MISSED;
      stop.abort();
      throw new Interrupted();
    });
    const rows = [row("a"), row("b"), row("c")];
    const found = await suiteMatrix(rows, options([first, second], { signal: stop.signal }));
    expect(found.interrupted).toBe(true);
    expect(found.rows.map(({ results }) => Object.keys(results))).toEqual([
      ["sharp", "second"],
      ["sharp"],
      ["sharp"],
    ]);
    expect(found.rows.map(({ notRun }) => notRun)).toEqual([[], ["second"], ["second"]]);
    const [again, rest] = [sharp(), suite("second", () => MISSED)];
    expect((await suiteMatrix(rows, options([again, rest]))).interrupted).toBe(false);
    expect([again.asked, rest.asked]).toEqual([[], ["b", "c"]]);
  });

  it("runs the cheapest suite first, and one that has never run last", async () => {
    const asked: string[] = [];
    const noting = (name: string): Suite =>
      suite(name, (one) => {
        asked.push(`${name} ${one.name}`);
        return MISSED;
      });
    const suites = [noting("dear"), noting("new"), noting("cheap")];
    const before = [{ dear: 40, cheap: 5 }, { dear: 60, cheap: 7 }, { dear: 1 }].map((seconds) => ({
      ...{ of: "native", name: "x", changes: "", notRun: [] },
      results: Object.fromEntries(
        Object.entries(seconds).map(([name, one]) => [name, { ...MISSED, seconds: one, day: "2026-11-29" }]),
      ),
    }));
    const found = await suiteMatrix([row("a"), row("b")], options(suites, { costs: costsOf(before) }));
    expect(asked).toEqual(["cheap a", "cheap b", "dear a", "dear b", "new a", "new b"]);
    expect(found.suites).toEqual(["dear", "new", "cheap"]);
  });

  it("marks what was missed on a busy machine, and tries it again when all else is done", async () => {
    const timed = { ...suite("timed", () => MISSED), timed: true as const };
    const kept = { ...MISSED, seconds: 1, day: "2026-11-29", others: 0.4 };
    const [a, b] = [row("a"), row("b")];
    const part = timed.part(a);
    if (part === undefined) throw new Error("it has a part");
    const file = await fileOf(a, timed, part, options([timed]));
    await keepResult(file, kept);
    const told = await suiteMatrix([a], options([timed], { kept: true }));
    expect(plain(showSuites(told))).toMatch(/^✗ a {9}native {2}\(-\)$/m);
    expect(timed.asked).toEqual([]);
    const found = await suiteMatrix([a, b], options([timed]));
    expect(timed.asked).toEqual(["b", "a"]);
    expect(found.rows.map(({ results }) => results["timed"]?.others)).toEqual([
      expect.any(Number),
      expect.any(Number),
    ]);
    const plainly = suite("sure", () => MISSED);
    expect((await suiteMatrix([a], options([plainly]))).rows[0]?.results["sure"]).not.toHaveProperty(
      "others",
    );
  });

  it("runs nothing when it is asked for what was kept, and knows what there was nothing to do about", async () => {
    const none: Suite = {
      ...{ name: "none", about: "none", version: 1 },
      part: () => ({ depends: async () => "", run: async () => undefined }),
    };
    await suiteMatrix([row("a")], options([sharp(), none]));
    const again = sharp();
    const found = await suiteMatrix([row("a"), row("b")], options([again, none], { kept: true }));
    expect(again.asked).toEqual([]);
    expect(found.rows.map(({ results }) => Object.keys(results))).toEqual([["sharp"], []]);
    expect(found.rows.map(({ notRun }) => notRun)).toEqual([[], ["sharp", "none"]]);
  });

  it("runs only what a page lacks, and what it missed on a busy machine", async () => {
    const one = suite("one", () => MISSED);
    const result = { ...MISSED, seconds: 1, day: "2026-11-29" };
    const results: Record<string, Result>[] = [{ one: result }, {}, { one: { ...result, others: 0.5 } }];
    const kept = ["a", "b", "c"].map((name, i) => ({
      ...{ of: "native", name, changes: "", notRun: [] },
      results: results[i] ?? {},
    }));
    const known = knownResults({ machine: "", rows: kept });
    const found = await suiteMatrix([row("a"), row("b"), row("c")], options([one], { known }));
    expect(one.asked).toEqual(["b", "c"]);
    expect(found.rows.map((r) => r.results["one"]?.day === "2026-11-29")).toEqual([true, false, false]);
    const ended = options([one], { known, cache: false, signal: AbortSignal.abort() });
    const [a, b] = (await suiteMatrix([row("a"), row("b")], ended)).rows;
    expect([a?.notRun, b?.notRun]).toEqual([[], ["one"]]);
  });

  it("at a time limit is not certain, and a later run tries again", async () => {
    const slow = (): Suite & { asked: string[] } =>
      suite("slow", (_, signal) =>
        new Promise((_resolve, reject) => {
          if (signal.aborted) reject(new Interrupted());
          else signal.addEventListener("abort", () => reject(new Interrupted()));
        }));
    const found = await suiteMatrix([row("a")], options([slow()], { limitMs: 50 }));
    expect(found).toMatchObject({ interrupted: false, rows: [{ results: { slow: { verdict: "open" } } }] });
    expect(found.rows[0]?.results["slow"]?.how).toBe("not decided within 0.05 s");
    const again = slow();
    await suiteMatrix([row("a")], options([again], { limitMs: 50 }));
    expect(again.asked).toEqual(["a"]);
  });

  it("keeps no result when something has changed, or when it is told not to", async () => {
    const one = (depends: string) => suite("one", () => MISSED, depends);
    const runs = [one("x"), one("x"), one("y"), { ...one("x"), version: 2 }];
    for (const made of runs) await suiteMatrix([row("a")], options([made]));
    expect(runs.map(({ asked }) => asked.length)).toEqual([1, 0, 1, 1]);
    const forced = one("x");
    await suiteMatrix([row("a")], options([forced], { cache: false }));
    expect(forced.asked).toEqual(["a"]);
    expect(readdirSync(join(process.env["QUIESCE_CACHE"] ?? "", "mutants"))).toHaveLength(3);
  });

  it("takes a mutant that can't be compiled for nothing certain, and loses nothing when something is missing", async () => {
    const broken = suite("broken", () => {
      throw new CompileError("it can't be compiled");
    });
    expect((await suiteMatrix([row("a")], options([broken]))).rows).toMatchObject([
      { results: { broken: { verdict: "open", how: "it can't be compiled" } } },
    ]);
    const missing = suite("missing", () => {
      throw new EnvironmentError("no Java");
    });
    const found = await suiteMatrix([row("a"), row("b")], options([sharp(), missing]));
    expect(found.error).toBeInstanceOf(EnvironmentError);
    expect(found.rows.map(({ notRun }) => notRun)).toEqual([["missing"], ["missing"]]);
    expect(found.rows.map(killersOf)).toEqual([["sharp"], ["sharp"]]);
  });

  it("shows what is not certain, with the reason", async () => {
    const found = await suiteMatrix([row("a")], options([suite("one", () => open("a busy machine"))]));
    expect(plain(showSuites(found))).toMatch(/^✗ a {9}native {2}\? {10}one: a busy machine$/m);
  });
});
