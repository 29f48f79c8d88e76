import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readClaims } from "../../spec/tlc/claim.js";
import { root, specRoot } from "../cli/context.js";
import { type HistoricBug, problemsOf, renderHistory } from "./history.js";

const { claims } = await readClaims([], specRoot);
const json = readFileSync(join(root, "spec", "history.json"), "utf8");
const bugs = JSON.parse(json) as HistoricBug[];
const [first] = bugs as [HistoricBug];

describe("spec/history.json", () => {
  it.each(bugs)("$id is found by its claims", (bug) => {
    expect(problemsOf(bug, claims)).toEqual([]);
  });

  it("has each bug and each commit once", () => {
    const names = bugs.flatMap(({ id, project, commits }) => [id, ...commits.map((c) => `${project} ${c}`)]);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe("problemsOf", () => {
  it("tells a claim that is missing, one that holds, and a source without the commit", () => {
    expect(problemsOf({ ...first, claims: [] }, claims)).toEqual([`${first.id}: no claim catches it`]);
    expect(problemsOf({ ...first, claims: ["rcu/none"] }, claims)).toEqual([
      `${first.id}: there is no claim rcu/none`,
    ]);
    expect(problemsOf({ ...first, claims: ["rcu/Urcu"] }, claims)).toEqual([
      `${first.id}: rcu/Urcu is declared holds`,
      `${first.id}: the source of rcu/Urcu does not name ${first.commits[0]}`,
    ]);
  });
});

describe("renderHistory", () => {
  it("has a row a bug, the oldest first, with links to its claims", () => {
    const rows = renderHistory(json, claims)
      .split("\n")
      .filter((line) => /^\| \d{4} /.test(line));
    expect(rows).toHaveLength(bugs.length);
    const years = rows.map((row) => Number(row.slice(2, 6)));
    expect(years).toEqual(years.toSorted((a, b) => a - b));
    expect(rows[0]).toContain("](claims/rcu/");
  });

  it("refuses a row whose claim does not exist", () => {
    expect(() => renderHistory(JSON.stringify([{ ...first, claims: ["rcu/none"] }]), claims)).toThrow(
      /there is no claim rcu\/none/,
    );
  });
});
