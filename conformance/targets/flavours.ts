import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { Target } from "./target.js";

/** The C library in another flavour than the first: the same steps, and another barrier. Replay alone kills its mutants. */
function flavour(name: "global" | "mb", how: string): Target {
  const algorithm = `number-${name}` as const;
  return {
    name: `native-${name}`,
    drives: "Urcu",
    title: `the C library, on real threads with ${how}`,
    async replay(plan, options = {}) {
      const { replayNative } = await import("../../native/js/replay/replay.js");
      return replayNative(plan, { ...options, algorithm });
    },
    async mutants() {
      const { listMutants } = await import("../../native/js/mutants.js");
      return listMutants(algorithm).map(({ name: mutant, changes }) => ({
        name: mutant,
        changes,
        killer: "replay",
      }));
    },
    testMutant(mutant) {
      return Promise.reject(new BadInputError(`replay alone is declared to kill ${mutant}`));
    },
  };
}

/**
 * The flavours that take the specification's steps. QSBR's readers take others; and QS_SIGNAL's barrier waits for a reader
 * that is about to register, which no step of the specification does.
 */
export const flavours: readonly Target[] = [
  flavour("global", "membarrier() for all processes"),
  flavour("mb", "fences in its place"),
];
