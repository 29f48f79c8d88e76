import { createRequire } from "node:module";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { Target } from "./target.js";

const DRIVER = createRequire(import.meta.url).resolve("quiesce/conformance/targets/shared-memory-driver");

/** Processes that share a domain of the C library, and are killed at every step. */
export const sharedMemory: Target = {
  name: "native-shared",
  drives: "SharedMemory",
  title: "the C library's domain in shared memory, in processes that die",
  async replay(plan, options = {}) {
    const { buildSharedLane } = await import("../../native/js/build.js");
    const { mutant, signal } = options;
    const program = await buildSharedLane(mutant, signal ? { signal } : {});
    const { drive } = await import("../drive/drive.js");
    const { hosted } = await import("../drive/open.js");
    return drive(plan, hosted(DRIVER, program), options);
  },
  // They are the library's, and stand with it: a test of this folder shows which of them replay kills.
  mutants: async () => [],
  testMutant: (mutant) => Promise.reject(new BadInputError(`there is no mutant ${mutant} of its own`)),
};
