import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { withScratch } from "../../../spec/tlc/base/scratch.js";
import { run } from "../compiler.js";
import { mutantTextOf, type TestedMutant } from "../mutants.js";
import { SOURCES } from "../root.js";

const TABLE = "native/js/tracing/mutants.json";
const FOLDER = join(SOURCES, "js", "tracing");
/** The TypeScript of this folder with one thing changed; the test is a file of tests below this folder. */
const mutants = JSON.parse(readFileSync(join(FOLDER, "mutants.json"), "utf8")) as readonly TestedMutant[];

/** What is copied and changed: it needs nothing beside it but spec/tlc/base. */
const PARTS = ["ctf", "filter", "model"];
const TESTS = [...new Set(mutants.map(({ test }) => test))];
const UNCHANGED = "unchanged";

/** All copies' tests are one run of vitest, in one thread: each is short, and what surrounds it is not. */
const CONFIG = `export default {
  test: {
    include: ["*/native/js/tracing/**/*.test.ts"],
    pool: "threads",
    poolOptions: { threads: { singleThread: true, isolate: false } },
    testTimeout: 600000,
  },
};
`;

/** A copy of the parts with some of their tests, and with a file that is changed. */
async function copy(to: string, tests: readonly string[], mutant?: TestedMutant): Promise<void> {
  const folder = join(to, "native", "js", "tracing");
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(SOURCES, "..", "spec"), join(to, "spec"));
  const isTest = (path: string): boolean => path.endsWith(".test.ts");
  for (const part of PARTS)
    cpSync(join(FOLDER, part), join(folder, part), { recursive: true, filter: (path) => !isTest(path) });
  for (const test of tests) copyFileSync(join(FOLDER, test), join(folder, test));
  if (mutant === undefined) return;
  for (const [file, text] of await mutantTextOf(mutant, TABLE)) writeFileSync(join(to, "native", file), text);
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** What has become of the tests of each copy: how many passed and failed. */
const outcomes = new Map<string, { passed: number; failed: number }>();

beforeAll(async () => {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  await withScratch("mutants", async (folder) => {
    symlinkSync(join(SOURCES, "..", "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "vitest.config.mjs"), CONFIG);
    await copy(join(folder, UNCHANGED), TESTS);
    for (const mutant of mutants) await copy(join(folder, mutant.name), [mutant.test], mutant);
    const out = join(folder, "report.json");
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST")),
    );
    const words = [vitest, "run", "--root", folder, "--reporter=json", `--outputFile=${out}`];
    const { stderr } = await run([process.execPath, ...words], undefined, env);
    const report = JSON.parse(readFileSync(out, "utf8")) as Report;
    for (const { name, assertionResults } of report.testResults) {
      const [copied = ""] = name.slice(folder.length + 1).split("/");
      const known = outcomes.get(copied) ?? { passed: 0, failed: 0 };
      const count = (status: string): number =>
        assertionResults.filter((one) => one.status === status).length;
      outcomes.set(copied, {
        passed: known.passed + count("passed"),
        failed: known.failed + count("failed"),
      });
    }
    if (outcomes.size === 0) throw new Error(`the copies' tests did not run: ${stderr}`);
  });
});

describe("tracing's TypeScript, changed in one place,", () => {
  it("passes its tests as it is", () => {
    expect(outcomes.get(UNCHANGED)).toMatchObject({ failed: 0 });
    expect(outcomes.get(UNCHANGED)?.passed).toBeGreaterThan(100);
  });

  it.each(mutants.map(({ name, test }) => [name, test]))("%s: is seen by %s", (name) => {
    // Tests that could not even begin would have failed none.
    expect(outcomes.get(name)?.passed).toBeGreaterThan(0);
    expect(outcomes.get(name)?.failed).toBeGreaterThan(0);
  });
});
