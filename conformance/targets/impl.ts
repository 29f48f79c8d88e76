import type { Target } from "./target.js";

/** The TypeScript implementation. */
export const impl: Target = {
  name: "impl",
  drives: "Urcu",
  title: "the TypeScript implementation, on worker threads",
  async replay(plan, options = {}) {
    const { replayImpl } = await import("../../impl/replay/replay-impl.js");
    return replayImpl(plan, options);
  },
  async mutants() {
    const { listMutants } = await import("../../impl/mutants/mutants.js");
    return listMutants().map(({ name, change, killer, hangs }) => ({
      ...{ name, killer, hangs },
      changes: change,
    }));
  },
  async testMutant(mutant) {
    const { testMutant } = await import("../../impl/mutants/mutants.js");
    return testMutant(mutant);
  },
};
