import { beforeAll, describe, expect, it } from "vitest";
import { buildLiar, canLie, type Liar, runLying } from "./liar.js";

let made: Liar;
beforeAll(async () => {
  made = await buildLiar();
});

/** So many paths are waited for, each for its own limit, before the program gives up: see MOST_HANGS in walk.c. */
const PATIENCE = 4;

describe.skipIf(!canLie).concurrent("a kernel in which calls don't return any more", () => {
  it("is asked a few times, and then says what was not asked", async () => {
    const { report, tap } = await runLying(made, ["--hang-from", "500"], []);
    expect(report).toMatchObject({ verdict: "inconclusive", differences: [] });
    const reasons = report.undecided.map(({ why }) => why.replace(/ to step .*/, ""));
    expect(reasons.filter((why) => why === "no answer")).toHaveLength(PATIENCE);
    expect(new Set(reasons.slice(PATIENCE))).toEqual(
      new Set(["not asked, since there was no answer 4 times"]),
    );
    expect(report.undecided.slice(PATIENCE).map(({ test }) => test)).toEqual(
      report.walked.map(({ claim }) => expect.stringMatching(`^${claim}, the other \\d+ paths$`)),
    );
    expect(report.ordering).toMatchObject([
      { result: "inconclusive", why: "not tried, since calls don't return" },
    ]);
    expect(tap).toContain("\n# verdict: inconclusive\n");
  });

  it("in a second process leaves nobody behind that is waited for", async () => {
    const options = ["--no-ordering", "--only", "membarrier/registration/Api-walk-two"];
    const { report } = await runLying(made, ["--hang-from", "3000"], options);
    expect(report).toMatchObject({ verdict: "inconclusive", differences: [] });
    expect(report.undecided.some(({ why }) => why.startsWith("not asked"))).toBe(true);
  });

  it("keeps no test of order waiting: those that are left are not tried", async () => {
    const { report } = await runLying(made, ["--hang-from", "300"], ["--no-walk"]);
    expect(report.verdict).toBe("inconclusive");
    // One processor: nothing is tried at all.
    if (report.ordering.length === 1) return;
    expect(report.ordering.at(-1)).toMatchObject({ why: "not tried, since a call did not return" });
    for (const { result } of report.ordering) expect(result).toBe("inconclusive");
  });
});
