import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readClaims } from "../../../spec/tlc/claim/claim.js";
import { drawMarkdown, drawSvg } from "../pages/matrix-pages.js";
import { cellName, isLetter, readCells, withAnswers } from "./cells.js";
import { expectedCells } from "./expected.js";
import { linksFrom } from "./links.js";
import { matricesOf, wordOf } from "./matrix.js";
import { MATRIX_PAGE, MATRIX_PICTURE, ROOT } from "./place.js";
import { readReasons } from "./reasons.js";
import { showLegend, showMatrix, showRows } from "./show.js";
import { claimOfCell } from "./single.js";
import { readRowWords } from "./words.js";

const spec = join(dirname(createRequire(import.meta.url).resolve("quiesce/package.json")), "spec");
const cell = (missing: string, order: string, breaks: string, question = "use"): string =>
  `<<"cell", "number", "${missing}", "${question}", "${order}", 12, "${breaks}", 7>>`;

describe("the cells that TLC prints", () => {
  it("break by the first question that has a bad answer", () => {
    const cells = readCells("mb", [cell("B", "tso", "unseen", "guarantee"), cell("B", "tso", "freed")]);
    expect(cells).toHaveLength(1);
    expect(cells[0]?.broken?.breaks).toBe("freed");
    expect(cells[0] && cellName(cells[0])).toBe("number.mb.B.tso");
  });

  it("change the matrix when an answer changes", () => {
    const word = (breaks: string): string => {
      const [matrix] = matricesOf({
        cells: readCells("mb", [cell("B", "sc", breaks)]),
        undecided: new Map(),
      });
      const slot = matrix?.rows[0]?.cells[0]?.[0];
      return slot === undefined ? "" : wordOf(slot);
    };
    expect([word("freed"), word("")]).toEqual(["freed", "·"]);
  });

  it("are undecided, not a dot, where TLC has said nothing", () => {
    const cells = readCells("mb", [cell("B", "sc", "")]);
    const [matrix] = matricesOf({ cells, undecided: new Map([["signal", "not decided within 1 s"]]) });
    const words = matrix?.rows[0]?.cells.map((slots) => slots.map(wordOf));
    expect(words).toEqual([
      ["·", "?", "?", "?"],
      ["?", "?", "?", "?"],
    ]);
    expect(showLegend(matrix ? [matrix] : [])).toContain("not decided");
  });
});

describe("the expected matrix", () => {
  const cells = expectedCells(spec);
  const rows = new Map<string, string[]>();
  for (const c of cells) {
    const key = `${c.algorithm} ${c.flavour} ${c.missing}`;
    rows.set(key, [...(rows.get(key) ?? []), c.broken?.breaks ?? ""]);
  }

  it("has every letter and step of every flavour, under every order", () => {
    for (const algorithm of ["number", "phase"]) {
      for (const flavour of ["membarrier", "mb", "signal", "qsbr"]) {
        const own = cells.filter(
          (c) => c.algorithm === algorithm && c.flavour === flavour && c.order === "sc",
        );
        const letters = own
          .map((c) => c.missing)
          .filter(isLetter)
          .sort()
          .join("");
        expect(letters).toBe(algorithm === "number" ? "ABCDEHI" : "ABCDEFGHI");
        expect(own.length - letters.length).toBeGreaterThanOrEqual(10);
      }
    }
  });

  it("is sound: nothing breaks where nothing is missing", () => {
    for (const [key, breaks] of rows)
      if (key.endsWith("nothing")) expect([...breaks]).toEqual(["", "", "", ""]);
  });

  it("has a claim that says why something is there although nothing breaks without it", async () => {
    const reasons = readReasons(spec);
    const never = new Set<string>();
    for (const [key, breaks] of rows) {
      const [algorithm, , ...missing] = key.split(" ");
      const name = missing.join(" ");
      if (name !== "nothing" && breaks.every((b) => b === "")) never.add(`${algorithm} ${name}`);
    }
    expect(reasons.map((r) => `${r.algorithm} ${r.missing}`).sort()).toEqual([...never].sort());
    for (const { claim } of reasons)
      expect((await readClaims([claim], spec)).claims.length).toBeGreaterThan(0);
  });

  it("grows as the order weakens: what breaks under one order breaks under the weaker ones", () => {
    for (const [key, breaks] of rows) {
      const first = breaks.findIndex((b) => b !== "");
      if (first >= 0) expect(breaks.slice(first), key).not.toContain("");
    }
  });

  it("is drawn with a title for every cell, and leads from each to an anchor of a page", () => {
    const shown = cells.filter((c) => c.missing !== "nothing");
    const matrices = matricesOf({ cells, undecided: new Map() });
    const svg = drawSvg(matrices, spec, MATRIX_PICTURE);
    expect(svg.match(/<title>/g)).toHaveLength(shown.length);
    const page = drawMarkdown(matrices, spec, MATRIX_PAGE, "");
    const found = (text: string, link: RegExp) =>
      [...text.matchAll(link)].map(([, path = "", anchor = ""]) => ({ path, anchor }));
    const links = found(svg, /<a href="([^"#]+)#([^"]+)"/g);
    expect(links).toHaveLength(shown.length);
    const inPage = found(page, /\]\(([^)#]+)#(\S+) "/g);
    expect(inPage).toHaveLength(shown.length);
    expect(inPage).toEqual(expect.arrayContaining(links));
    for (const { path, anchor } of links)
      expect(readFileSync(join(spec, "rcu/generated", path), "utf8")).toContain(`<a id="${anchor}"></a>`);
    expect(matrices.map(showMatrix).join("\n")).toContain("end announcement");
  });

  it("has no link where a result differs", () => {
    const linkOf = linksFrom(spec, ROOT);
    const name = { flavour: "mb", algorithm: "number", missing: "A", order: "tso" } as const;
    const cell = (breaks: string) => withAnswers(name, [{ question: "use", states: 1, breaks }]);
    expect(linkOf(cell("freed"))).toBe("spec/rcu/generated/matrix/number-mb.md#A.tso");
    expect(linkOf(cell("unfilled"))).toBeUndefined();
  });

  it("has words for what each row leaves out", () => {
    const wordsOf = readRowWords(spec);
    expect(wordsOf("A")).toEqual({ side: "reader", what: "announce → use" });
    const matrices = matricesOf({ cells, undecided: new Map() });
    expect(showRows(matrices, wordsOf).split("\n")).toHaveLength(
      new Set(cells.map((c) => c.missing)).size - 1,
    );
    expect(() => wordsOf("unheard of")).toThrow("no words");
  });

  it("has a separate model for each cell that breaks, and none for the others", () => {
    const broken = cells.find((c) => cellName(c) === "number.membarrier.A.tso");
    const fine = cells.find((c) => cellName(c) === "phase.membarrier.F.weak");
    expect(broken && claimOfCell(broken, spec).config).toContain('Dropped   = "A"');
    expect(() => fine && claimOfCell(fine, spec)).toThrow("nothing breaks");
  });

  it("takes the sizes of all models from one module", () => {
    const sizes = readFileSync(join(spec, "rcu/necessity/NecessitySizes.tla"), "utf8");
    const batch = readFileSync(join(spec, "rcu/necessity/Necessity.tla"), "utf8");
    const single = cells.flatMap((c) => (c.broken ? [claimOfCell(c, spec).config] : [])).join("\n");
    const sized = /\b(Readers|Updates|Sections|Nesting|Raise|Scans)\s*(?:<-|=)\s*([^\s,]+)/g;
    for (const text of [batch, single]) {
      const given = [...text.matchAll(sized)];
      expect(new Set(given.map(([, name]) => name)).size).toBe(6);
      for (const [, , value] of given) expect(sizes).toMatch(new RegExp(`^${value}\\s*==`, "m"));
    }
  });
});
