import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { Target } from "./target.js";

/** The C library in another flavour than the first: the same steps, and another barrier. Replay alone kills its mutants. */
function flavour(name: "global" | "mb" | "signal" | "qsbr", how: string, drives = "Urcu"): Target {
  const algorithm = `number-${name}` as const;
  return {
    name: `native-${name}`,
    drives,
    title: `the C library, on real threads with ${how}`,
    async replay(plan, options = {}) {
      const { replayNative } = await import("../../native/js/replay/replay.js");
      return replayNative(plan, { ...options, algorithm });
    },
    async mutants() {
      const { listMutants } = await import("../../native/js/mutants.js");
      return listMutants(algorithm).map(({ name: mutant, changes, hangs = false }) => ({
        name: mutant,
        ...{ changes, hangs },
        killer: "replay",
      }));
    },
    testMutant(mutant) {
      return Promise.reject(new BadInputError(`replay alone is declared to kill ${mutant}`));
    },
  };
}

/**
 * The flavours beside membarrier, which is `native`. A reader that the driver holds before a step answers the signal of
 * QS_SIGNAL all the same. The readers of QS_QSBR take steps of their own.
 */
export const flavours: readonly Target[] = [
  flavour("global", "membarrier() for all processes"),
  flavour("mb", "fences in its place"),
  flavour("signal", "signals in its place"),
  flavour("qsbr", "quiescent states in place of sections", "UrcuQsbr"),
];
