import { describe, expect, it } from "vitest";
import { buildProgram, type ProgramName, runTap, sanitizes } from "./test/program.js";

const SANITIZERS = ["address,undefined", "thread"] as const;
const usable = await Promise.all(SANITIZERS.map(sanitizes));
const sanitized = SANITIZERS.filter((_, i) => usable[i]);

/** How many tests each program has: one that doesn't run can't fail. */
const PROGRAMS: readonly (readonly [ProgramName, number])[] = [
  ["deferral", 34],
  ["structures", 5],
];

describe.each(PROGRAMS)("the tests of %s", (program, count) => {
  it("pass", async () => {
    const report = await runTap(await buildProgram(program));
    expect(report).toMatchObject({ code: 0, failed: [] });
    expect(report.passed).toHaveLength(count);
  });

  it.each(sanitized)("pass under the sanitizer %s", async (sanitizer) => {
    const report = await runTap(await buildProgram(program, { sanitizer }));
    expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
    expect(report.passed).toHaveLength(count);
  });
});
