import { defineConfig } from "vitest/config";
import { LongFirst } from "./conformance/setup/long-first.fixture.js";

export default defineConfig({
  test: {
    globalSetup: ["./conformance/setup/vitest-build.ts"],
    include: ["{spec,impl,native,conformance}/**/*.test.ts"],
    // Tests start JVMs, compilers and pinned threads: more of them at once than cores only adds noise.
    maxWorkers: 2,
    minWorkers: 1,
    sequence: { sequencer: LongFirst },
    // Of tests that say that they may run beside each other, since they mostly wait.
    maxConcurrency: 2,
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
  },
});
