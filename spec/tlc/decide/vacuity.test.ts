import { describe, expect, it } from "vitest";
import type { Claim } from "../claim/claim.js";
import { readReport } from "../output/report.js";
import type { ClaimResult } from "./claim-result.js";
import { findVacuity } from "./vacuity.js";

type Verdict = Claim["declared"]["verdict"];

function claim(id: string, verdict: Verdict, more: Partial<Claim> = {}): Claim {
  const [file = id, row = "1"] = id.split(".");
  return {
    ...{
      id,
      file: `/s/${file}.cfg`,
      root: "/s",
      line: Number(row),
      module: "/s/Door.tla",
      sentence: "",
      set: "ci",
      config: "",
    },
    ...{ declared: { verdict }, overrides: id.includes(".") ? { Row: id } : {} },
    ...more,
  } as const;
}

/** A result with the given number of steps for each action; without counts where they are undefined. */
function result(of: Claim, counts?: Readonly<Record<string, number>>): ClaimResult {
  const actions = Object.entries(counts ?? {}).map(([name, taken], line) => ({
    ...{ name, taken },
    location: { module: "Door", line, column: 1 },
  }));
  return {
    ...{
      claim: of,
      verdict: of.declared.verdict as ClaimResult["verdict"],
      asDeclared: true,
      seconds: 0,
      fromCache: false,
    },
    report: { ...readReport([]), ...(counts && { actions }) },
  };
}

async function found(results: readonly ClaimResult[], others: readonly Claim[] = []): Promise<string[]> {
  const rows = [...results.map((one) => one.claim), ...others];
  const vacuity = await findVacuity(results, async ({ file }) => rows.filter((row) => row.file === file));
  return vacuity.map(({ kind, claim: { id }, name }) => `${id} ${kind} ${name}`);
}

describe("findVacuity", () => {
  it("names an action that a claim that holds never takes", async () => {
    expect(await found([result(claim("a", "holds"), { Open: 2, Lock: 0 })])).toEqual(["a never taken Lock"]);
    expect(await found([result(claim("a", "forbidden"), { Lock: 0 })])).toEqual(["a never taken Lock"]);
  });

  it("says nothing about one that another claim takes", async () => {
    const counts = { Open: 2, Lock: 0 };
    const other = result(claim("b", "holds"), { Open: 2, Lock: 1 });
    expect(await found([result(claim("a", "holds"), counts), other])).toEqual([]);
  });

  it("does not depend on whether the run of a violated claim was counted", async () => {
    const counts = { Open: 2, Lock: 0 };
    for (const other of [result(claim("b", "violated"), { Lock: 1 }), result(claim("b", "violated"))]) {
      expect(await found([result(claim("a", "holds"), counts), other])).toEqual(["a never taken Lock"]);
    }
  });

  it("says nothing where TLC did not count, or stopped early", async () => {
    expect(await found([result(claim("a", "holds"))])).toEqual([]);
    expect(await found([result(claim("a", "violated"), { Lock: 0 })])).toEqual([]);
  });

  it("says nothing about a declared action, unless it is taken or is not an action", async () => {
    const idle = ["Lock", "Lok", "Open"];
    expect(await found([result(claim("a", "holds", { idle }), { Open: 2, Lock: 0 })])).toEqual([
      "a unknown Lok",
      "a not idle Open",
    ]);
  });

  it("examines all rows of a sweep together", async () => {
    const [one, two] = [claim("a.1", "holds"), claim("a.2", "holds")];
    const counts = { Open: 0, Lock: 0 };
    expect(await found([result(one, counts), result(two, { Open: 0, Lock: 1 })])).toEqual([
      "a.1 never taken Open",
    ]);
    // What the omitted rows take is unknown.
    expect(await found([result(one, counts)], [two])).toEqual([]);
    expect(await found([result(one, counts), result(two)])).toEqual([]);
    // A violated row need not be there, since it is not counted.
    expect(await found([result(one, counts)], [claim("a.3", "violated")])).toHaveLength(2);
  });

  it("names a property whose left side is never true, unless a row violates it", async () => {
    const use = (enabled: boolean) => [
      { name: "Safe", location: { module: "Door", line: 9, column: 1 }, enabled },
    ];
    const holds = (id: string, enabled: boolean) => {
      const one = result(claim(id, "holds"), { Open: 1 });
      return { ...one, report: { ...readReport([]), ...one.report, uses: use(enabled) } };
    };
    expect(await found([holds("a", false)])).toEqual(["a never enabled Safe"]);
    expect(await found([holds("a", true)])).toEqual([]);
    expect(await found([holds("a.1", false), holds("a.2", true)])).toEqual([]);
  });

  it("leaves a row of the full set out where there are others", async () => {
    const full = claim("a.2", "holds", { set: "full" });
    const one = result(claim("a.1", "holds"), { Open: 0 });
    expect(await found([one], [full])).toEqual(["a.1 never taken Open"]);
    expect(await found([one, result(full, { Open: 0 })])).toEqual(["a.1 never taken Open"]);
  });
});
