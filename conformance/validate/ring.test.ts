import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildRingRecorder } from "../../native/js/tracing/record-ring.js";
import { asked } from "../../spec/tlc/base/patient.fixture.js";
import { specRoot } from "../base/root.js";
import { countEvents } from "../record/recording.js";
import { freeRuns } from "./free-runs.fixture.js";
import type { Source } from "./module.js";
import type { Validated } from "./validate.js";

const { record, decide } = freeRuns("ring");

/** Long limits: a busy machine runs a thread now and then. */
const LONG = { ms: 30_000, patience: 60_000 };
const RECORDINGS = 10;

async function recorded(mutant: string | undefined, overwrite: boolean): Promise<Source[]> {
  const options = { events: 200, recordings: RECORDINGS, overwrite: overwrite ? 1 : 0, ...LONG };
  const { sources, hung } = await record(await buildRingRecorder(mutant), options);
  expect({ hung, count: sources.length }).toEqual({ hung: false, count: RECORDINGS });
  return sources;
}

function stepsOf(sources: readonly Source[]): ReadonlySet<string> {
  return new Set(sources.flatMap(({ recording: { lanes } }) => lanes.flatMap(({ events }) => events.steps)));
}

/** Against the ring of native/record/ring.c, which has room for four, and any number of hits. */
function decided(sources: readonly Source[], overwrite: boolean): Promise<readonly Validated[]> {
  return decide(
    sources,
    `tracing/ring/Ring${overwrite ? "-overwrite" : ""}`,
    (config) => config.replace(/Size = \d+/, "Size = 4").replace(/Hits = \d+/, "Hits = 1000000"),
    join(specRoot, "tracing", "ring", "Ring-recorded.contract.json"),
  );
}

describe("a traced thread and the recorder of its ring, which run freely", () => {
  it.each([false, true])("take the specification's steps, overwriting: %s", async (overwrite) => {
    const others = overwrite ? ["Raise", "Know"] : ["Pass", "TurnAway", "Consume", "CopyLast"];
    const wanted = ["Return", "LookAgain", "Keep", ...others];
    const sources: Source[] = [];
    // On a busy machine the two may take turns and hardly meet.
    const steps = await asked(
      async () => {
        sources.push(...(await recorded(undefined, overwrite)));
        return stepsOf(sources);
      },
      (seen) => wanted.every((step) => seen.has(step)),
    );
    expect([...steps]).toEqual(expect.arrayContaining(wanted));
    const results = await decided(sources, overwrite);
    expect(results.filter(({ verdict }) => verdict !== "explained")).toEqual([]);
    // Something was recorded that could have been wrong.
    for (const { recording } of results) expect(countEvents(recording)).toBeGreaterThan(100);
  });

  it.each([
    ["handler-commits", false],
    ["lost-returns", false],
    ["never-full", false],
    ["leaves-first", false],
    ["tells-once", false],
    ["known-first", true],
  ])("are seen not to with the mutant %s", async (mutant, overwrite) => {
    const rejected = async () => {
      const results = await decided(await recorded(mutant, overwrite), overwrite);
      return results.filter(({ verdict }) => verdict === "rejected").length;
    };
    expect(await asked(rejected, (count) => count > 0)).toBeGreaterThan(0);
  });
});
