import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { readClaims } from "../claim/claim.js";
import { closeModules } from "../claim/modules.js";
import { planLook } from "../look/counted.js";
import { Residents } from "../resident/residents.js";
import { findTools, type Tools } from "../tools/tools.js";
import { runTlc } from "./run.js";
import { findDifference } from "./same.fixture.js";

const spec = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** With QUIESCE_ALL_CLAIMS=1, every claim of the ci set; else one in so many. */
const EVERY = process.env["QUIESCE_ALL_CLAIMS"] === "1" ? 1 : 41;

let tools: Tools;
beforeAll(async () => {
  tools = await findTools();
});

describe("a run in a process that stays", () => {
  it("says the same as a plain start of TLC, claim after claim", async () => {
    const residents = Residents.of(tools, {});
    if (residents === undefined) throw new Error("no Java process can stay here");
    const { claims } = await readClaims([], spec);
    const some = claims.filter(({ set }) => set === "ci").filter((_, index) => index % EVERY === 0);
    const differences: string[] = [];
    let kept = 0;
    try {
      for (const claim of some) {
        const modules = await closeModules(claim.module, spec);
        const coverage = planLook(claim, modules, "small")?.actions ?? false;
        const libraries = modules.folders;
        const run = { tools, module: claim.module, config: claim.config, libraries, coverage, short: true };
        const before = residents.believed;
        const ours = await runTlc({ ...run, residents, memoryMiB: 2048 });
        if (residents.believed > before) kept++;
        const difference = findDifference(ours, await runTlc({ ...run, memoryMiB: 2048 }));
        if (difference !== undefined) differences.push(`${claim.id}: ${difference}`);
        if (EVERY === 1) process.stderr.write(`${claim.id} ${difference ?? "same"}\n`);
      }
    } finally {
      await residents.close();
    }
    expect(differences).toEqual([]);
    // It would be no comparison if plain starts were compared with plain starts.
    expect(kept).toBeGreaterThan(0.9 * some.length);
  }, 3_600_000);
});
