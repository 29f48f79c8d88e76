import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runRecorder } from "../../native/js/record.js";
import { buildRingRecorder } from "../../native/js/tracing/record-ring.js";
import { requireClaims } from "../../spec/tlc/claim/asked-claims.js";
import { Residents } from "../../spec/tlc/resident/residents.js";
import { findTools, type Tools } from "../../spec/tlc/tools/tools.js";
import { cores } from "../base/cores.js";
import { specRoot } from "../base/root.js";
import { readRecordings } from "../record/read.js";
import { countEvents } from "../record/recording.js";
import type { Source } from "./module.js";
import { readSpecification } from "./specification.js";
import { type Validated, validate } from "./validate.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce-ring-test-"));
let tools: Tools;
let residents: Residents | undefined;
beforeAll(async () => {
  tools = await findTools();
  residents = Residents.of(tools);
});
afterAll(async () => {
  await residents?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Long limits: a busy machine runs a thread now and then. */
const LONG = { ms: 30_000, patience: 60_000 };
const RECORDINGS = 10;

async function recorded(mutant: string | undefined, overwrite: boolean): Promise<Source[]> {
  const file = join(folder, "run");
  const options = { events: 200, recordings: RECORDINGS, overwrite: overwrite ? 1 : 0, ...LONG, out: file };
  const { hung } = await runRecorder(await buildRingRecorder(mutant), options);
  expect(hung).toBe(false);
  const sources: Source[] = [];
  for await (const recording of readRecordings(file)) sources.push({ file, recording });
  return sources;
}

/** Against the ring of native/record/ring.c, which has room for four, and any number of hits. */
async function decided(sources: readonly Source[], overwrite: boolean): Promise<readonly Validated[]> {
  const [claim] = await requireClaims([`tracing/Ring${overwrite ? "-overwrite" : ""}`], specRoot);
  if (claim === undefined) throw new Error("the claim is gone");
  const config = claim.config.replace(/Size = \d+/, "Size = 4").replace(/Hits = \d+/, "Hits = 1000000");
  const contract = join(specRoot, "tracing", "Ring-recorded.contract.json");
  return await validate(sources, {
    specification: await readSpecification({ ...claim, config }, contract),
    ...{ tools, residents, parallel: cores(), signal: new AbortController().signal },
  });
}

describe("a traced thread and the recorder of its ring, which run freely", () => {
  it.each([false, true])("take the specification's steps, overwriting: %s", async (overwrite) => {
    const sources = await recorded(undefined, overwrite);
    expect(sources).toHaveLength(RECORDINGS);
    const results = await decided(sources, overwrite);
    expect(results.filter(({ verdict }) => verdict !== "explained")).toEqual([]);
    // Something was recorded that could have been wrong.
    for (const { recording } of results) expect(countEvents(recording)).toBeGreaterThan(100);
    const steps = new Set(
      sources.flatMap(({ recording: { lanes } }) => lanes.flatMap(({ events }) => events.steps)),
    );
    const others = overwrite ? ["Raise", "Know"] : ["Pass", "TurnAway", "Consume", "CopyLast"];
    expect([...steps]).toEqual(expect.arrayContaining(["Return", "LookAgain", "Keep", ...others]));
  });

  it.each([
    ["handler-commits", false],
    ["lost-returns", false],
    ["never-full", false],
    ["leaves-first", false],
    ["tells-once", false],
    ["known-first", true],
  ])("are seen not to with the mutant %s", async (mutant, overwrite) => {
    const results = await decided(await recorded(mutant, overwrite), overwrite);
    expect(results.filter(({ verdict }) => verdict === "rejected").length).toBeGreaterThan(0);
  });
});
