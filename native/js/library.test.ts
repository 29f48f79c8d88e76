import { describe, expect, it } from "vitest";
import { asked } from "../../spec/tlc/base/patient.fixture.js";
import { run } from "./compiler.js";
import { buildProgram, type ProgramOptions, runTap, sanitizes } from "./test/program.js";

const FLAVOURS = (["membarrier", "global", "signal", "mb"] as const).map((flavour) => ({ flavour }));
const SANITIZERS = ["address,undefined", "thread"] as const;
const usable = await Promise.all(SANITIZERS.map(sanitizes));
const sanitized = SANITIZERS.filter((_, i) => usable[i]);

/** How many tests each program has: one that doesn't run can't fail. */
const TESTS = {
  library: 27,
  races: 4,
  accesses: 12,
  refused: 7,
  counts: 6,
  flavours: 7,
  checked: 2,
  misuse: 17,
} as const;
const UPDATING =
  "J and E are full fences in the flavour mb, H and Q acquire, M and P release, O is a full barrier";
const REGISTERING = "unregistering releases (L), registering acquires and ends with a full fence (K)";
const PROGRAMS = ["library", "races"] as const;
const each = <T>(values: readonly T[]) =>
  PROGRAMS.flatMap((program) => values.map((v) => [program, v] as const));

describe("the C library", () => {
  it.each(each(FLAVOURS))("passes the tests of %s with %o", async (program, flavour) => {
    const report = await runTap(await buildProgram(program, flavour));
    expect(report).toMatchObject({ code: 0, failed: [] });
    expect(report.passed).toHaveLength(TESTS[program]);
  });

  it.each(each(sanitized))("passes the tests of %s under the sanitizer %s", async (program, sanitizer) => {
    const report = await runTap(await buildProgram(program, { sanitizer }));
    expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
    expect(report.passed).toHaveLength(TESTS[program]);
  });

  it("keeps each letter by what the specification says, access by access", async () => {
    const report = await runTap(await buildProgram("accesses"));
    expect(report).toMatchObject({ code: 0, failed: [] });
    expect(report.passed).toHaveLength(TESTS.accesses);
  });

  it("runs no more barriers than it needs, and nobody waits for those who needn't be waited for", async () => {
    const report = await runTap(await buildProgram("counts"));
    expect(report).toMatchObject({ code: 0 });
    expect(report.passed).toHaveLength(TESTS.counts);
  });

  it.each([{}, ...sanitized.map((sanitizer) => ({ sanitizer }))])(
    "reads in every flavour and way, with %o",
    async (how) => {
      const report = await runTap(await buildProgram("flavours", how));
      expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
      expect(report.passed).toHaveLength(TESTS.flavours);
    },
  );

  it("names mistakes in the debug build", async () => {
    const report = await runTap(await buildProgram("checked"));
    expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
    expect(report.passed).toHaveLength(TESTS.checked);
  });

  it.each([{}, ...sanitized.filter((one) => one !== "thread").map((sanitizer) => ({ sanitizer }))])(
    "names what it can't do, and is left in working order, with %o",
    async (how) => {
      const report = await runTap(await buildProgram("misuse", how));
      expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
      expect(report.passed).toHaveLength(TESTS.misuse);
    },
  );

  it("falls back to fences where membarrier is refused", async () => {
    const report = await runTap(await buildProgram("refused"));
    expect(report).toMatchObject({ code: 0, failed: [] });
    expect(report.passed).toHaveLength(TESTS.refused);
  });

  it.each([
    ["library", "inner-unlock-clears", "sections nest"],
    ["library", "register-takes-any", "register takes the lowest free slot, and says when there is none"],
    ["library", "early-return", "synchronize waits for a section"],
    ["library", "scan-waits-for-all", "synchronize does not wait for a younger section"],
    ["library", "free-before-scan", "replace waits for the section that may use it"],
    ["races", "register-in-two", "no two readers have the same slot"],
    ["races", "exchange-in-two", "racing updaters lose no object and free none twice"],
    ["races", "published-twice", "racing updaters lose no object and free none twice"],
    ["races", "published-again", "racing updaters lose no object and free none twice"],
    ["races", "defer-in-two", "several threads defer at the same time, and nothing is lost"],
    ["accesses", "no-fence-a", "A and C hold the compiler, B releases"],
    ["accesses", "no-fence-b", "A and C hold the compiler, B releases"],
    ["accesses", "no-fence-c", "A and C hold the compiler, B releases"],
    ["accesses", "no-fence-d", UPDATING],
    ["accesses", "no-fence-h", UPDATING],
    ["accesses", "unregister-relaxed", REGISTERING],
    ["accesses", "register-relaxed", REGISTERING],
  ] as const)("has tests in %s that fail for the mutant %s", async (program, mutant, test) => {
    const { code, failed } = await runTap(await buildProgram(program, { mutant }), undefined, test);
    expect(failed).toContain(test);
    expect(code).not.toBe(0); // null where what is freed twice ends the program
  });
});

interface Counts {
  readonly sections: number;
  readonly churned: number;
  readonly handled: number;
  readonly replaced: number;
  readonly reclaimed: number;
  readonly ended: number;
  readonly rested: number;
  readonly forked: number;
  readonly moved: number;
  readonly bad: number;
}

/** @param patience how long, in seconds, it may take; a program that hangs is ended by then */
async function stress(options: ProgramOptions, milliseconds = 1000, patience = 300) {
  const file = await buildProgram("stress", options);
  const { code, signal, stdout, stderr } = await run([file, String(milliseconds), String(patience)]);
  return {
    code,
    signal,
    stderr,
    counts: (stdout === "" ? undefined : JSON.parse(stdout)) as Counts | undefined,
  };
}

/** What has happened so seldom that the run says little about it. */
function tooFew(counts: Counts | undefined): string[] {
  const often = ["sections", "churned", "handled", "replaced", "reclaimed"] as const;
  const once = ["ended", "rested", "forked", "moved"] as const;
  const few = (names: readonly (keyof Counts)[], least: number) =>
    names.filter((name) => (counts?.[name] ?? 0) < least);
  return [...few(often, 11), ...few(once, 1)];
}

describe("free-running readers under real grace periods", () => {
  it.each(FLAVOURS)("never see freed memory, in the flavour $flavour", async (flavour) => {
    // On a busy machine a second may be too short for one of them: then there are more.
    const { code, counts } = await asked(
      () => stress(flavour),
      (run) => run.code !== 0 || run.counts?.bad !== 0 || tooFew(run.counts).length === 0,
    );
    expect(counts).toMatchObject({ bad: 0 });
    expect(code).toBe(0);
    expect(tooFew(counts)).toEqual([]);
  });

  it.each(sanitized)("please the sanitizer %s", async (sanitizer) => {
    expect(await stress({ sanitizer }, 500)).toMatchObject({ code: 0, stderr: "", counts: { bad: 0 } });
  });

  it.each(["early-return", "no-scan", "zero-number", "free-before-scan", "inner-unlock-clears"])(
    "see it with the mutant %s",
    async (mutant) => {
      const { counts } = await asked(
        () => stress({ mutant }, 1000, 20),
        (run) => (run.counts?.bad ?? 0) > 0,
      );
      expect(counts?.bad).toBeGreaterThan(0);
    },
  );

  it.each(["missed-wake-up", "unlock-and-forget"])("hang with the mutant %s", async (mutant) => {
    const hanging = asked(
      () => stress({ mutant }, 300, 2),
      ({ signal }) => signal !== null,
    );
    expect(await hanging).toMatchObject({ signal: "SIGALRM" });
  });
});
