import { describe, expect, it } from "vitest";
import { run } from "./compiler.js";
import { buildProgram, type ProgramOptions, runTap, sanitizes } from "./test/program.fixture.js";

const FLAVOURS = [{ mb: false }, { mb: true }];
const SANITIZERS = ["address,undefined", "thread"] as const;
const usable = await Promise.all(SANITIZERS.map(sanitizes));
const sanitized = SANITIZERS.filter((_, i) => usable[i]);
const TESTS = 23;

describe("the C library", () => {
  it.each(FLAVOURS)("passes its tests, with mb: $mb", async (flavour) => {
    const report = await runTap(await buildProgram("library", flavour));
    expect(report).toMatchObject({ code: 0, failed: [] });
    expect(report.passed).toHaveLength(TESTS);
  });

  it.each(sanitized)("passes its tests under the sanitizer %s", async (sanitizer) => {
    const report = await runTap(await buildProgram("library", { sanitizer }));
    expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
    expect(report.passed).toHaveLength(TESTS);
  });

  it("falls back to fences where membarrier is refused", async () => {
    const report = await runTap(await buildProgram("refused"));
    expect(report).toMatchObject({ code: 0, failed: [] });
    expect(report.passed).toHaveLength(5);
  });

  it.each([
    ["inner-unlock-clears", "sections nest"],
    ["register-takes-any", "register takes the lowest free slot, and says when there is none"],
    ["early-return", "synchronize waits for a section"],
    ["scan-waits-for-all", "synchronize does not wait for a younger section"],
    ["free-before-scan", "replace waits for the section that may use it"],
  ])("has tests that fail for the mutant %s", async (mutant, test) => {
    const { code, failed } = await runTap(await buildProgram("library", { mutant }));
    expect(failed).toContain(test);
    expect(code).toBe(1);
  });
});

interface Counts {
  readonly sections: number;
  readonly churned: number;
  readonly handled: number;
  readonly replaced: number;
  readonly reclaimed: number;
  readonly bad: number;
}

async function stress(options: ProgramOptions, milliseconds = 1000, patience = 20) {
  const file = await buildProgram("stress", options);
  const { code, signal, stdout, stderr } = await run([file, String(milliseconds), String(patience)]);
  return {
    code,
    signal,
    stderr,
    counts: (stdout === "" ? undefined : JSON.parse(stdout)) as Counts | undefined,
  };
}

describe("free-running readers under real grace periods", () => {
  it.each(FLAVOURS)("never see freed memory, with mb: $mb", async (flavour) => {
    const { code, counts } = await stress(flavour);
    expect(counts).toMatchObject({ bad: 0 });
    expect(code).toBe(0);
    for (const count of [
      counts?.sections,
      counts?.churned,
      counts?.handled,
      counts?.replaced,
      counts?.reclaimed,
    ]) {
      expect(count).toBeGreaterThan(10);
    }
  });

  it.each(sanitized)("please the sanitizer %s", async (sanitizer) => {
    expect(await stress({ sanitizer }, 500)).toMatchObject({ code: 0, stderr: "", counts: { bad: 0 } });
  });

  it.each(["early-return", "no-scan", "zero-number", "free-before-scan", "inner-unlock-clears"])(
    "see it with the mutant %s",
    async (mutant) => {
      const { counts } = await stress({ mutant });
      expect(counts?.bad).toBeGreaterThan(0);
    },
  );

  it.each(["missed-wake-up", "unlock-and-forget"])("hang with the mutant %s", async (mutant) => {
    expect(await stress({ mutant }, 300, 2)).toMatchObject({ signal: "SIGALRM" });
  });
});
