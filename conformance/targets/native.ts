import type { Target } from "./target.js";

/** The C library. Its driver is loaded on demand, since it needs the addon and a compiler. */
export const native: Target = {
  name: "native",
  drives: "Urcu",
  title: "the C library, on real threads with real membarrier()",
  async replay(plan, options = {}) {
    const { replayNative } = await import("../../native/js/replay/replay.js");
    return replayNative(plan, options);
  },
  async mutants() {
    const { listMutants, needsMachine } = await import("../../native/js/mutants.js");
    return listMutants().map(({ name, changes, killer, hangs = false }) => ({
      ...{ name, changes, killer, hangs },
      ...(needsMachine(killer) && { alone: true }),
    }));
  },
  async testMutant(mutant, signal) {
    const { testMutant } = await import("../../native/js/test/kill.js");
    return testMutant(mutant, signal ? { signal } : {});
  },
};
