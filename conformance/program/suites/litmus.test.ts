import { describe, expect, it } from "vitest";
import { findTools } from "../../../spec/tlc/tools/tools.js";
import { cores } from "../../base/cores.js";
import { createProgress } from "../../base/terminal.js";
import { compiledReader, isInlined } from "./compiled-reader.js";
import { rcuLitmus } from "./rcu-litmus.js";
import { listRows, type Row } from "./rows.js";
import type { SuiteContext } from "./suite.js";
import { SUITES } from "./suites.js";

const rows = await listRows();
const context: SuiteContext = {
  signal: new AbortController().signal,
  progress: await createProgress(true),
  plans: () => Promise.reject(new Error("no plans")),
  tools: () => findTools(),
};

function changeOf(name: string) {
  const subject = rows.find((row) => row.of === "native" && row.name === name)?.subject;
  if (subject?.kind !== "native") throw new Error(`native has no mutant ${name}`);
  return subject.change;
}

describe("litmus tests with the library's sections and grace periods", () => {
  // Two threads that never run at the same time show nothing.
  it.skipIf(cores() < 2)(
    "show a grace period that waits for nobody, and nothing of the library as it is",
    async () => {
      expect(await rcuLitmus(changeOf("skip-always"), context)).toMatchObject({
        verdict: "killed",
        how: expect.stringMatching(/^RCU\+sync-in-slow-section: 1:r0=0 1:r1=1 in \d+ of \d+ rounds$/),
      });
      expect(await rcuLitmus(undefined, context)).toEqual({ verdict: "missed", how: "" });
    },
  );
});

describe("the reader of a mutant, as compiled", () => {
  it("is decided by the machine where a compiler makes something else of it", async () => {
    expect(await compiledReader(changeOf("zero-number"), context)).toMatchObject({
      verdict: "killed",
      how: expect.stringContaining("NoUseAfterFree is violated"),
    });
  });

  it("is the reader's alone", () => {
    expect(isInlined(changeOf("no-fence-a"))).toBe(true);
    expect(isInlined(changeOf("no-fence-j"))).toBe(false);
  });
});

describe("which suites have something to do with a mutant", () => {
  const suitesOf = (found: Row | undefined): string[] =>
    found === undefined
      ? []
      : SUITES.filter((suite) => suite.part(found) !== undefined).map(({ name }) => name);
  const row = (of: string, name: string) => rows.find((one) => one.of === of && one.name === name);

  it.each([
    ["native", "no-fence-e", ["replay", "drive", "validation", "guarantee", "litmus", "claim"]],
    ["native", "no-fence-j", ["replay", "drive", "validation", "guarantee", "litmus", "claim", "test"]],
    ["native", "membarrier-of-others", ["replay", "drive", "validation", "guarantee", "litmus", "kernel"]],
    ["native", "shared-no-scan", ["replay", "test"]],
    ["native", "(nothing)", ["replay", "drive", "validation", "guarantee", "litmus"]],
    ["impl", "not-raised", ["replay", "claim"]],
    ["liburcu-memb", "returns-at-once", ["drive"]],
    ["kernel", "fork loses", process.arch === "x64" ? ["kernel", "claim"] : ["claim"]],
    ["litmus", "SB+fencembonceonces, P0 16:2: smp_mb() is barrier()", ["litmus", "machine"]],
  ])("%s %s", (of, name, suites) => {
    expect(suitesOf(row(of, name))).toEqual(suites);
  });
});
