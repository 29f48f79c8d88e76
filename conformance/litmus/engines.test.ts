import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../base/root.js";
import { createProgress } from "../base/terminal.js";
import type { Seen } from "./answers.js";
import { type OtherEngine, runLitmus } from "./run.js";

const FILES = ["SB+poonceonces", "SB+fencembonceonces"].map((name) =>
  join(root, "conformance", "litmus", "tests", `${name}.litmus`),
);

/** What the threads and words of these tests have at the end, if both read 0. */
const BOTH_MISS = {
  finals: [
    [0, 0],
    [0, 0],
  ],
  words: [],
};
const seen = (...ends: (typeof BOTH_MISS)[]): Seen => ({ cases: [{ order: "sc", states: 1, ends }] });

async function run(role: OtherEngine["role"], answers: readonly Seen[]) {
  const { files } = await runLitmus({
    files: FILES,
    root,
    orders: ["sc"],
    limits: { states: 1_000, choices: 100 },
    parallel: 1,
    timeoutMs: 1_200_000,
    signal: new AbortController().signal,
    progress: await createProgress(true),
    other: {
      role,
      decide: async (texts, { onTest }) => {
        for (const [n] of texts.entries()) onTest(n, answers[n] ?? { unknown: "no answer" });
      },
    },
  });
  return files.map((file) =>
    file.kind === "decided" ? [file.engine, file.results[0]?.observation] : [file.kind, file.error.message],
  );
}

describe("two engines", () => {
  it("one first: its answer counts, and the machine decides what it leaves", async () => {
    const answers = [{ unknown: "too large" }, seen(BOTH_MISS)];
    expect(await run("first", answers)).toEqual([
      ["machine", "Never"],
      ["axioms", "Always"],
    ]);
  });

  it("one alone: what it leaves is undecided", async () => {
    const answers = [{ unknown: "too large" }, seen(BOTH_MISS)];
    expect(await run("only", answers)).toEqual([
      ["undecided", "too large"],
      ["axioms", "Always"],
    ]);
  });

  it("both: where they differ, or only one decides, there is no verdict", async () => {
    const [first, second] = await run("both", [{ unknown: "too large" }, seen(BOTH_MISS)]);
    expect(first).toEqual(["undecided", "only the machine decides it. The axioms: too large"]);
    expect(second).toEqual([
      "undecided",
      expect.stringMatching(
        /^the engines differ: under sc only the machine allows 0:r0=\d 1:r0=\d; under sc only the axioms allow 0:r0=0 1:r0=0$/,
      ),
    ]);
  });
});
