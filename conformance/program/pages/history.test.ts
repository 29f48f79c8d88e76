import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readClaims } from "../../../spec/tlc/claim/claim.js";
import { root, specRoot } from "../../base/root.js";
import { GROUPS, type HistoricBug, problemsOf, SEEN, SHOWS } from "./history.js";
import { linkOf, renderHistory } from "./history-page.js";

const { claims } = await readClaims([], specRoot);
const json = readFileSync(join(root, "spec", "history.json"), "utf8");
const bugs = JSON.parse(json) as HistoricBug[];
const [first] = bugs as [HistoricBug];
const [commit] = first.commits as [string];

describe("spec/history.json", () => {
  it.each(bugs)("$id is found by its claims", (bug) => {
    expect(problemsOf(bug, claims)).toEqual([]);
  });

  it("has each bug and each commit once", () => {
    const names = bugs.flatMap(({ id, project, commits = [] }) => [
      id,
      ...commits.map((c) => `${project} ${c}`),
    ]);
    expect(names).toEqual([...new Set(names)]);
  });

  it("uses every group, and every way to have read a bug or to show it", () => {
    const used = (words: Readonly<Record<string, unknown>>, by: readonly (string | undefined)[]): string[] =>
      Object.keys(words).filter((word) => !by.includes(word));
    const violated = bugs
      .flatMap((bug) => bug.claims)
      .map((id) => claims.find((claim) => claim.id === id)?.declared.violates);
    expect(
      used(
        GROUPS,
        bugs.map(({ group }) => group),
      ),
    ).toEqual([]);
    expect(
      used(
        SEEN,
        bugs.map(({ seen }) => seen),
      ),
    ).toEqual([]);
    expect(used(SHOWS, violated)).toEqual([]);
  });
});

describe("problemsOf", () => {
  it("reports a claim that is missing, one that holds, and a source without the commit", () => {
    expect(problemsOf({ ...first, claims: [] }, claims)).toEqual([`${first.id}: no claim catches it`]);
    expect(problemsOf({ ...first, claims: ["rcu/none"] }, claims)).toEqual([
      `${first.id}: there is no claim rcu/none`,
    ]);
    expect(problemsOf({ ...first, claims: ["rcu/number-steps/Urcu"] }, claims)).toEqual([
      `${first.id}: rcu/number-steps/Urcu is declared holds`,
    ]);
    expect(
      problemsOf({ ...first, references: [], claims: ["rcu/number-steps/Urcu-not-raised"] }, claims),
    ).toEqual([`${first.id}: the source of rcu/number-steps/Urcu-not-raised does not name ${commit}`]);
  });

  it("reports an unknown group, an unknown way to have read it, and a bug without a reference", () => {
    expect(problemsOf({ ...first, group: "x", seen: "y", commits: [], references: [] }, claims)).toEqual([
      `${first.id}: there is no group "x"`,
      `${first.id}: "y" is not a known way to have read it`,
      `${first.id}: it has neither a commit nor a reference`,
    ]);
  });
});

describe("renderHistory", () => {
  const page = renderHistory(json, claims);
  const sections = page.split(/^## /m).slice(1);

  it("has one section per group, with one row per bug, the oldest first", () => {
    expect(sections.map((section) => section.split("\n", 1)[0])).toEqual(
      Object.values(GROUPS).map(({ title }) => title),
    );
    const years = sections.map((section) =>
      section
        .split("\n")
        .filter((line) => /^\| \d{4} /.test(line))
        .map((line) => Number(line.slice(2, 6))),
    );
    expect(years.flat()).toHaveLength(bugs.length);
    expect(years).toEqual(years.map((some) => some.toSorted((a, b) => a - b)));
  });

  it("links commits, threads and claims", () => {
    expect(page).toContain("](claims/rcu/");
    expect(page).toContain("](https://github.com/torvalds/linux/commit/907565337ebf)");
    expect(linkOf("a/b.c#12")).toBe("[a/b.c#12](https://github.com/a/b.c/issues/12)");
    expect(linkOf("LWN 5")).toBe("[LWN 5](https://lwn.net/Articles/5/)");
    expect(linkOf("Some book, chapter #5")).toBe("Some book, chapter #5");
  });

  it("links only to pages of claims, and places on them, that exist", () => {
    const links = [...page.matchAll(/\]\((claims\/[^)#]+)(?:#([^)]+))?\)/g)];
    expect(links.length).toBeGreaterThan(bugs.length - 1);
    const broken = links.filter(([, path = "", anchor]) => {
      const file = join(root, "spec", "generated", decodeURIComponent(path));
      if (!existsSync(file)) return true;
      return (
        anchor !== undefined &&
        !readFileSync(file, "utf8").includes(`<a id="${decodeURIComponent(anchor)}"></a>`)
      );
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it("refuses a row whose claim does not exist", () => {
    expect(() => renderHistory(JSON.stringify([{ ...first, claims: ["rcu/none"] }]), claims)).toThrow(
      /there is no claim rcu\/none/,
    );
  });
});
