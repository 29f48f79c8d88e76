import { describe, expect, it } from "vitest";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { type Cell, withAnswers } from "../necessity/cells.js";
import { groupsOf } from "../necessity/groups.js";
import { decidedTable, renderCellPage } from "./cell-page.js";
import type { Section } from "./section.js";

const cell = (missing: string, order: Cell["order"], breaks: string): Cell =>
  withAnswers({ flavour: "mb", algorithm: "number", missing, order }, [
    { question: "use", states: 1234, ...(breaks !== "" && { breaks }) },
    { question: "progress", states: 7 },
  ]);
const A = [
  cell("A", "sc", ""),
  cell("A", "tso", "unfilled"),
  cell("A", "pso", "freed"),
  cell("A", "weak", "freed"),
];
const claim: Claim = {
  id: "rcu/Necessity-flavours.mb",
  file: "/r/spec/rcu/Necessity-flavours.cfg",
  root: "/r/spec",
  line: 1,
  module: "/r/spec/rcu/Necessity.tla",
  sentence: "All is needed.",
  set: "full",
  declared: { verdict: "holds" },
  overrides: {},
  config: "",
};
const section = (anchor: string, body: string): [string, Section] => [
  anchor,
  { anchor, madeFrom: "0", tlc: "2.18", body },
];

describe("the page of a flavour's cells", () => {
  const parts = {
    cells: [...A, cell("scan", "sc", "freed")],
    claim,
    reasons: [
      { algorithm: "number" as const, missing: "A", why: "it is ours", claim: "rcu/number" },
      { algorithm: "phase" as const, missing: "F", why: "of the other", claim: "rcu/phase" },
    ],
    wordsOf: () => ({ side: "reader", what: "announce → use" }),
    sections: new Map([section("A.tso", "how under tso"), section("decided", decidedTable(A))]),
  };
  const page = renderCellPage(parts);

  it("has one counterexample for neighbouring orders that break in the same way", () => {
    expect(groupsOf(A).map((group) => group.map(({ order }) => order))).toEqual([["tso"], ["pso", "weak"]]);
    expect(groupsOf([cell("A", "weak", "freed"), cell("B", "weak", "freed")])).toHaveLength(2);
    expect(page).toContain('<a id="A.pso"></a><a id="A.weak"></a>\n\n### pso, weak: freed\n');
    expect(page).toContain("how under tso");
  });

  it("has an anchor for every cell, and says what TLC examined where nothing breaks", () => {
    for (const anchor of ["A.sc", "A.tso", "A.pso", "A.weak", "scan.sc"])
      expect(page.split(`<a id="${anchor}"></a>`)).toHaveLength(2);
    expect(page).toContain('| <a id="A.sc"></a>A | sc | 1,234 | 7 |');
    expect(page).toContain("| **A** | reader: announce → use | [·](#A.sc) | [unfilled](#A.tso) |");
  });

  it("has these anchors also where nothing is decided yet, since the matrix leads to them", () => {
    const undecided = renderCellPage({ ...parts, sections: new Map() });
    for (const anchor of ["A.sc", "A.tso", "A.pso", "A.weak", "scan.sc"])
      expect(undecided.split(`<a id="${anchor}"></a>`)).toHaveLength(2);
  });

  it("says how to see a counterexample that it lacks", () => {
    expect(page).toContain("`npx quiesce matrix --cell number.mb.scan.sc` shows how.");
  });

  it("says why a letter of its own algorithm is there although nothing breaks without it", () => {
    expect(page).toContain("Why there is A: it is ours (`rcu/number`).");
    expect(page).not.toContain("of the other");
  });
});
