import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { runRecorder } from "../../native/js/record.js";
import { requireClaims } from "../../spec/tlc/claim/asked-claims.js";
import { Residents } from "../../spec/tlc/resident/residents.js";
import { findTools, type Tools } from "../../spec/tlc/tools/tools.js";
import { cores } from "../base/cores.js";
import { specRoot } from "../base/root.js";
import { readRecordings } from "../record/read.js";
import type { Source } from "./module.js";
import { readSpecification } from "./specification.js";
import { type Validated, validate } from "./validate.js";

/** Records what runs freely, and has it decided: for one file of tests, which it cleans up behind. */
export interface FreeRuns {
  readonly record: (
    recorder: string,
    options: Readonly<Record<string, number>>,
  ) => Promise<{ sources: Source[]; hung: boolean }>;
  /** Validates recordings against a claim whose constants are changed, by its contract or another one. */
  readonly decide: (
    sources: readonly Source[],
    claim: string,
    change: (config: string) => string,
    contract?: string,
  ) => Promise<readonly Validated[]>;
}

/** @param name is a part of the folder's name */
export function freeRuns(name: string): FreeRuns {
  const folder = mkdtempSync(join(tmpdir(), `quiesce-${name}-test-`));
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
  return {
    record: async (recorder, options) => {
      const file = join(folder, "run");
      const { hung } = await runRecorder(recorder, { ...options, out: file });
      const sources: Source[] = [];
      for await (const recording of readRecordings(file)) sources.push({ file, recording });
      return { sources, hung };
    },
    decide: async (sources, id, change, contract) => {
      const [claim] = await requireClaims([id], specRoot);
      if (claim === undefined) throw new Error("the claim is gone");
      return await validate(sources, {
        specification: await readSpecification({ ...claim, config: change(claim.config) }, contract),
        ...{ tools, residents, parallel: cores(), signal: new AbortController().signal },
      });
    },
  };
}
