import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The test files that take longest: half a minute of a processor and more, or of waiting. On a clean checkout the runner
 * knows no times and goes by the files' sizes, and the shortest of these would begin last, with nothing beside them.
 */
export const LONGEST: readonly string[] = [
  "conformance/targets/libraries.test.ts",
  "conformance/targets/tracing.test.ts",
  "native/js/mutants.test.ts",
  "native/js/library.test.ts",
  "conformance/program/site/site.test.ts",
  "impl/replay/replay-impl.test.ts",
  "native/js/cross.test.ts",
  "spec/tlc/run/same.test.ts",
  "spec/tlc/distributed/distributed.test.ts",
  "conformance/kernel/kernel.test.ts",
  "native/js/install.test.ts",
  "conformance/silicon/mutants.test.ts",
  "conformance/silicon/silicon.test.ts",
  "conformance/litmus/litmus.test.ts",
  "spec/tlc/run/resume.test.ts",
  "native/js/tracing/overlap.test.ts",
  "conformance/plan/phase.test.ts",
];

/** Where a file stands in the order of a run: at the place that it has in LONGEST, or behind all of them. */
export function placeOf(path: string): number {
  const at = LONGEST.findIndex((name) => path.endsWith(`/${name}`));
  return at < 0 ? LONGEST.length : at;
}

/** Starts the longest test files first, and the others as the runner would. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a.moduleId) - placeOf(b.moduleId));
  }
}
