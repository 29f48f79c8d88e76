import { describe, expect, it } from "vitest";
import { buildProgram, type ProgramOptions, runTap, sanitizes } from "./test/program.js";

const FLAVOURS: readonly ProgramOptions[] = [{}, { global: true }];
const SANITIZERS = ["address,undefined", "thread"] as const;
const usable = await Promise.all(SANITIZERS.map(sanitizes));
const sanitized = SANITIZERS.filter((_, i) => usable[i]);

describe("the domain in shared memory", () => {
  it.each([...FLAVOURS, ...sanitized.map((sanitizer) => ({ sanitizer }))])(
    "does what its header says, %o",
    async (options) => {
      const report = await runTap(await buildProgram("shared", options));
      expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
      expect(report.passed).toHaveLength(19);
    },
  );

  // QUIESCE_KILLS=100000 makes this a long one. Mutants that it kills are in native/mutants.json.
  it("survives 2,500 kills and more, at each of its steps", async () => {
    const report = await runTap(await buildProgram("kills"));
    expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
    expect(report.passed).toHaveLength(4);
  });

  it("has a test that fails when a reader is taken for dead because it is busy", async () => {
    const { failed } = await runTap(await buildProgram("kills", { mutant: "shared-busy-is-dead" }));
    expect(failed).toContain("nobody uses what is freed");
  });
});
