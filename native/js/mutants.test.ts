import { describe, expect, it } from "vitest";
import { isElsewhere } from "../../spec/tlc/base/elsewhere.fixture.js";
import { MutantError } from "./errors.js";
import { listMutants, mutantText, needsMachine, readMutant } from "./mutants.js";
import { randomPlan } from "./replay/plan-maker.fixture.js";
import { type ReplayOptions, replayNative } from "./replay/replay.js";
import { steps } from "./replay/scripts.fixture.js";
import { testMutant } from "./test/kill.js";
import { buildTogether, together } from "./together.fixture.js";

const random = { length: 100, seed: 1 };
/** The one has readers that get into each other's way, the other updaters that do. */
const plans = [
  randomPlan(steps, { updaters: 1, readers: 2, nesting: 2, updates: 2 }, { ...random, paths: 1000 }),
  randomPlan(steps, { updaters: 2, readers: 1, nesting: 1, updates: 2 }, { ...random, paths: 600 }),
];
const mutants = listMutants();
const unseen = mutants.filter(({ killer }) => killer !== "replay");
/** Files with something that replay sees. All of the others are seen at once not to matter to it. */
const reached = new Set(mutants.filter(({ killer }) => killer === "replay").map(({ file }) => file));
const remote = await together(unseen.filter(({ file }) => !reached.has(file)));

describe("the mutants of the library", () => {
  it("have names of their own", () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  it.each(mutants)("$name changes its file in one place", async (mutant) => {
    const changed = await mutantText(mutant);
    expect([...changed.keys()]).toEqual([mutant.file]);
  });

  it("are named in the message when there is none of a name", () => {
    expect(() => readMutant("nobody")).toThrow(MutantError);
    try {
      readMutant("nobody");
    } catch (error) {
      expect((error as MutantError).hint).toContain("scan-skips-reader");
    }
  });

  it("say so when the library has changed under them", async () => {
    const [mutant] = mutants;
    if (mutant === undefined) throw new Error("there are no mutants");
    await expect(mutantText({ ...mutant, lines: ["no such line"] })).rejects.toThrow(/stand 0 times/);
  });
});

describe("replay", () => {
  it.each(plans)("finds nothing in the library itself", async (plan) => {
    const result = await replayNative(plan);
    expect(result.failure).toBeUndefined();
    expect(result).toMatchObject({
      paths: plan.paths.length,
      steps: plan.paths.reduce((sum, path) => sum + path.length, 0),
    });
  });

  /** Whether what is driven fails on one of the plans; a step that takes `hangMs` fails, too. */
  async function failsOnOne(
    what: Pick<ReplayOptions, "mutant" | "target">,
    hangMs: number,
  ): Promise<boolean> {
    for (const plan of plans)
      if ((await replayNative(plan, { ...what, hangMs })).failure !== undefined) return true;
    return false;
  }

  it.skipIf(isElsewhere).each(mutants.filter(({ killer }) => killer === "replay"))(
    "kills $name",
    async ({ name }) => {
      expect(await failsOnOne({ mutant: name }, 500)).toBe(true);
    },
  );

  it.each(unseen.filter(({ file }) => reached.has(file)))(
    "can't see $name: a claim has to, or a test",
    async ({ name }) => {
      expect(await failsOnOne({ mutant: name }, 60_000)).toBe(false);
    },
  );

  it.each(remote)("can't see these, all at once: $names", async (group) => {
    const isSeen = await failsOnOne({ target: await buildTogether(group) }, 60_000);
    const alone: string[] = [];
    for (const mutant of isSeen ? group.names : [])
      if (await failsOnOne({ mutant }, 60_000)) alone.push(mutant);
    expect({ isSeen, alone }).toEqual({ isSeen: false, alone: [] });
  });

  it("would see one among them", async () => {
    const [first] = await together([
      ...unseen.filter(({ file }) => !reached.has(file)),
      readMutant("stale-number"),
    ]);
    if (first === undefined) throw new Error("there are no mutants");
    expect(first.names).toContain("stale-number");
    expect(await failsOnOne({ target: await buildTogether(first) }, 60_000)).toBe(true);
  });
});

describe("where replay can't see a mutant", () => {
  const claims = mutants.flatMap(({ name, killer }) =>
    killer !== "replay" && "claim" in killer ? [{ name, claim: killer.claim }] : [],
  );
  it.each(claims)("$name is the business of a claim, since only weak memory shows it", ({ claim }) => {
    expect(claim).toMatch(/^rcu\//);
  });

  const tested = mutants.flatMap(({ name, killer }) =>
    killer !== "replay" && "test" in killer ? [{ name, alone: needsMachine(killer) }] : [],
  );
  it.skipIf(isElsewhere).concurrent.each(tested.filter(({ alone }) => !alone))(
    "a test kills $name",
    async ({ name }) => {
      expect(await testMutant(name)).toMatchObject({ failed: true });
    },
  );
  it.skipIf(isElsewhere).each(tested.filter(({ alone }) => alone))(
    "a test kills $name, alone",
    async ({ name }) => {
      expect(await testMutant(name)).toMatchObject({ failed: true });
    },
  );

  it("says so when no test is declared for it", async () => {
    await expect(testMutant("not-raised")).rejects.toThrow(MutantError);
  });
});
