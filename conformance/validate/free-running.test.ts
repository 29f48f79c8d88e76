import { describe, expect, it } from "vitest";
import { buildRecorder, type RecordProgram } from "../../native/js/record.js";
import { asked } from "../../spec/tlc/base/patient.fixture.js";
import { countEvents } from "../record/recording.js";
import { freeRuns } from "./free-runs.fixture.js";
import { checkGuarantee } from "./guarantee.js";
import type { Source } from "./module.js";
import type { Validated } from "./validate.js";

const { record, decide } = freeRuns("free-running");

async function recorded(
  program: RecordProgram,
  mutant: string | undefined,
  options: Readonly<Record<string, number>>,
): Promise<{ sources: Source[]; hung: boolean }> {
  return record(await buildRecorder(program, mutant), options);
}

function decided(
  sources: readonly Source[],
  updaters: number,
  readers: number,
): Promise<readonly Validated[]> {
  return decide(sources, "rcu/number-steps/Urcu-any-updates", (config) =>
    config
      .replace(/Updaters = \d+/, `Updaters = ${updaters}`)
      .replace(/Readers = \d+/, `Readers = ${readers}`),
  );
}

/** Long limits: a busy machine runs a thread now and then. */
const LONG = { ms: 300_000, patience: 300_000 };

describe("free-running threads of the native library", () => {
  it.each([
    [1, 2, 0],
    [2, 3, 0],
    [2, 2, 1],
  ])(
    "take the specification's steps: %i updaters, %i readers, fences %i",
    async (updaters, readers, fences) => {
      const options = { updaters, readers, fences, events: 200, recordings: 30, ...LONG };
      const { sources, hung } = await recorded("steps", undefined, options);
      expect({ hung, count: sources.length }).toEqual({ hung: false, count: 30 });
      const results = await decided(sources, updaters, readers);
      expect(results.filter(({ verdict }) => verdict !== "explained")).toEqual([]);
      // Something was recorded that could have been wrong.
      for (const { recording } of results) expect(countEvents(recording)).toBeGreaterThan(100);
    },
  );

  it.each([
    ["stale-number", 1],
    ["nested-overwrites", 1],
    ["not-raised", 1],
    ["asks-for-nothing", 1],
    ["early-return", 1],
    ["ring-first", 2],
  ])("are seen not to with the mutant %s", async (mutant, updaters) => {
    const options = { updaters, readers: 2, events: 200, recordings: 30, ...LONG };
    const rejected = async () => {
      const { sources } = await recorded("steps", mutant, options);
      return (await decided(sources, updaters, 2)).filter(({ verdict }) => verdict === "rejected").length;
    };
    expect(await asked(rejected, (count) => count > 0)).toBeGreaterThan(0);
  });

  it("are seen to hang with the mutant missed-wake-up", async () => {
    const options = { recordings: 1000, ms: 60_000, patience: 2_000 };
    const hangs = () => recorded("steps", "missed-wake-up", options);
    expect(await asked(hangs, ({ hung }) => hung, 5)).toMatchObject({ hung: true });
  });
});

describe("the promise of RCU, kept by free-running threads", () => {
  const check = async (mutant?: string) => {
    const { sources } = await recorded("history", mutant, { events: 400_000, ms: 2_000, patience: 5_000 });
    return sources.map((source) => checkGuarantee(source));
  };

  it("is not broken in some hundred thousand sections", async () => {
    const [result] = await asked(
      () => check(),
      ([one]) => one?.verdict === "broken" || ((one?.sections ?? 0) > 100 && (one?.gracePeriods ?? 0) > 10),
    );
    expect(result).toMatchObject({ broken: 0, breaches: [] });
    expect(result?.sections).toBeGreaterThan(100);
    expect(result?.gracePeriods).toBeGreaterThan(10);
  });

  it.each(["early-return", "no-scan", "zero-number", "free-before-scan", "inner-unlock-clears"])(
    "is broken with the mutant %s",
    async (mutant) => {
      const [result] = await asked(
        () => check(mutant),
        ([one]) => one?.verdict === "broken",
      );
      expect(result).toMatchObject({ verdict: "broken" });
    },
  );
});
