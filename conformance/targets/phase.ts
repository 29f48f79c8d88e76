import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { Target } from "./target.js";

/** The phase algorithm in C: another specification on the same engine as the library. */
export const phase: Target = {
  name: "native-phase",
  drives: "Phase",
  title: "the phase algorithm in C, on real threads with real membarrier()",
  async replay(plan, options = {}) {
    const { replayNative } = await import("../../native/js/replay/replay.js");
    return replayNative(plan, { ...options, algorithm: "phase" });
  },
  async mutants() {
    const { listMutants } = await import("../../native/js/mutants.js");
    return listMutants("phase").map(({ name, changes, hangs = false }) => ({
      ...{ name, changes, hangs },
      killer: "replay",
    }));
  },
  testMutant(mutant) {
    return Promise.reject(new BadInputError(`replay alone is declared to kill ${mutant}`));
  },
};
