import { stripVTControlCharacters as plain } from "node:util";
import { describe, expect, it } from "vitest";
import type { MutantRow } from "./matrix.js";
import { showMatrix } from "./show.js";

const row = (name: string, more: Partial<MutantRow>): MutantRow => ({
  target: "native",
  name,
  changes: "something",
  declared: "replay",
  killedBy: null,
  ...more,
});
const failure = { kind: "state" as const, path: 4, move: 2, lane: 0, step: "Raise", message: "it differs" };

describe("showMatrix", () => {
  it("says how many of its mutants each suite kills, and how each mutant is killed", () => {
    const rows = [
      row("seen", { failure, plan: "rcu/steps/Urcu-any", killedBy: "replay" }),
      row("tested", { declared: "test", test: { test: "a b", failed: true }, killedBy: "test" }),
      row("weak", {
        declared: "claim",
        claim: { id: "rcu/x", violated: true, asDeclared: true },
        killedBy: "claim",
      }),
    ];
    expect(plain(showMatrix({ rows, untried: [] })).split("\n")).toEqual([
      "Mutants of native   replay kills 1 of 1   tests 1 of 1 that it can't see   " +
        "only weak memory shows 1 more: claims catch 1",
      "",
      "                  replay                                   claim, or test",
      "  native  seen    path 5 of Urcu-any, step 3 Raise: state  -",
      '  native  tested  can\'t see it                             "a b" fails',
      "  native  weak    can't see it                             rcu/x violated",
    ]);
  });

  it("marks the mutants that their suite does not kill", () => {
    const rows = [
      row("seen", {}),
      row("tested", { declared: "test", test: { test: "a b", failed: false } }),
      row("weak", { declared: "claim", claim: { id: "rcu/x", violated: false, asDeclared: false } }),
      row("safe", { declared: "claim", claim: { id: "rcu/y", violated: false, asDeclared: true } }),
    ];
    expect(
      plain(showMatrix({ rows, untried: [] }))
        .split("\n")
        .slice(3),
    ).toEqual([
      "✗ native  seen    SURVIVED      -",
      '✗ native  tested  can\'t see it  "a b" PASSES',
      "✗ native  weak    can't see it  rcu/x NOT AS DECLARED",
      "✗ native  safe    can't see it  rcu/y holds",
    ]);
    const unsure = row("slow", { failure: { ...failure, kind: "hang" }, plan: "a/b", others: 0.7 });
    expect(
      plain(showMatrix({ rows: [unsure], untried: [] }))
        .split("\n")
        .slice(3),
    ).toEqual([
      "? native  slow  path 5 of b, step 3 Raise: hang, on a busy machine  -",
      "",
      "? seemed to hang, and may only have waited for the processors: try when the machine is idle.",
    ]);
    expect(plain(showMatrix({ rows, untried: [] }))).toMatch(
      /replay kills 0 of 1 {3}tests 0 of 1 .*claims catch 0\n/,
    );
  });
});
