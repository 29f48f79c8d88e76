import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readClaims } from "../../../spec/tlc/claim/claim.js";
import { drawFaces, drawMarkdown, drawSvg } from "../pages/matrix-pages.js";
import { cellName, isLetter, questionOf, readCells, withAnswers } from "./cells.js";
import { expectedCells } from "./expected.js";
import { linksFrom } from "./links.js";
import { matricesOf, wordOf } from "./matrix.js";
import {
  COMPILER_PAGE,
  COMPILER_PICTURE,
  MATRIX_PAGE,
  MATRIX_PICTURE,
  MEMBARRIER_PICTURE,
  ROOT,
} from "./place.js";
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
        expect(letters).toBe(algorithm === "number" ? "ABCDEHIJKLMNOPQRSTU" : "ABCDEFGHI");
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
    expect(svg.match(/<title>/g)).toHaveLength(shown.length + 1); // the picture has one, too
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

  it("asks the letters from J on what module Necessity asks them first", () => {
    const batch = readFileSync(join(spec, "rcu/necessity/Necessity.tla"), "utf8");
    const around = /^Around\(missing\) ==\n(.*?)\[\] OTHER/ms.exec(batch)?.[1] ?? "";
    const asked = [...around.matchAll(/missing (?:= |\\in \{)([^}>]*?)\}? -> <<"([^"]+)"/g)].flatMap(
      ([, letters = "", question]) => [...letters.matchAll(/[A-Z]/g)].map(([letter]) => [letter, question]),
    );
    expect(
      asked
        .map(([letter]) => letter)
        .sort()
        .join(""),
    ).toBe("JKLMNOPQRSTU");
    for (const [letter = "", question] of asked) expect(questionOf(letter, ""), letter).toBe(question);
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

describe("the other face", () => {
  const whole = new Map(expectedCells(spec).map((c) => [cellName(c), c.broken?.breaks]));
  const halves = expectedCells(spec, "compiler");

  it("has every letter of every flavour, and its cells have names of their own", () => {
    // A to U in the number algorithm, without F and G, and A to I in the other; flavours and orders.
    expect(halves).toHaveLength((19 + 9) * 4 * 4);
    expect(new Set(halves.map(cellName)).size).toBe(halves.length);
    expect(halves.every((c) => isLetter(c.missing) && !whole.has(cellName(c)))).toBe(true);
  });

  it("breaks nothing on sc, and nothing that the whole letter does not keep", () => {
    for (const { face, ...c } of halves) {
      if (c.order === "sc") expect(c.broken, cellName(c)).toBeUndefined();
      if (c.broken) expect(whole.get(cellName(c)), `${cellName(c)} ${face}`).toBeDefined();
    }
  });

  it("grows as the order weakens, and differs between orders and flavours", () => {
    for (const c of halves) {
      const weaker = halves.filter(
        (other) =>
          other.flavour === c.flavour && other.algorithm === c.algorithm && other.missing === c.missing,
      );
      const first = weaker.findIndex((other) => other.broken !== undefined);
      if (first >= 0)
        expect(
          weaker.slice(first).every((other) => other.broken !== undefined),
          cellName(c),
        ).toBe(true);
    }
    const word = (name: string): string => halves.find((c) => cellName(c) === name)?.broken?.breaks ?? "";
    expect(
      ["sc", "tso", "pso", "weak"].map((order) => word(`number.membarrier.B-compiler.${order}`)),
    ).toEqual(["", "", "unseen", "freed"]);
    expect([word("number.membarrier.A-compiler.tso"), word("number.mb.A-compiler.tso")]).toEqual([
      "",
      "freed",
    ]);
  });

  it("has P and Q need the processor but where E interrupts those who lead, too", () => {
    const broken = halves.filter((c) => c.missing === "P" && c.broken !== undefined);
    expect([...new Set(broken.map(({ flavour }) => flavour))].sort()).toEqual(["mb", "qsbr", "signal"]);
    expect(broken.every((c) => c.broken?.breaks === "back")).toBe(true);
  });

  it("has a separate model for each cell that breaks, in which the letter holds the compiler", () => {
    const broken = halves.find((c) => cellName(c) === "number.mb.J-compiler.tso");
    const claim = broken && claimOfCell(broken, spec);
    expect(claim?.config).toContain('Dropped   = "J"');
    expect(claim?.config).toContain('Face      = "compiler"');
    const whole = expectedCells(spec).find((c) => cellName(c) === "number.mb.J.tso");
    expect(whole && claimOfCell(whole, spec).config).toContain('Face      = "whole"');
  });

  it("leads from its page and picture to the pages of its cells", () => {
    const matrices = matricesOf({ cells: halves, undecided: new Map() });
    const page = drawMarkdown(matrices, spec, COMPILER_PAGE, "", "compiler");
    const links = [...page.matchAll(/\]\((matrix\/[^)#]+)#(\S+) "/g)];
    expect(links).toHaveLength(halves.length);
    for (const [, path = "", anchor = ""] of links)
      expect(readFileSync(join(spec, "rcu/generated", path), "utf8")).toContain(`<a id="${anchor}"></a>`);
    const svg = drawSvg(matrices, spec, COMPILER_PICTURE, "compiler");
    expect(svg.match(/<a href="matrix\/[a-z-]+-compiler\.md#/g)).toHaveLength(halves.length);
  });

  it("is read from what TLC prints", () => {
    const [cell] = readCells("mb", ['<<"cell", "number", "A", "use", "tso", 12, "freed", 7>>'], "compiler");
    expect(cell && cellName(cell)).toBe("number.mb.A-compiler.tso");
    expect(cell && linksFrom(spec, ROOT)(cell)).toBe("spec/rcu/generated/matrix/number-mb-compiler.md#A.tso");
  });

  it("stands beside the first one, where steps have no cell", () => {
    const svg = drawFaces(expectedCells(spec), halves, spec, MEMBARRIER_PICTURE);
    expect(svg).toContain("holds the compiler alone");
    const first = expectedCells(spec).filter(
      ({ flavour, algorithm, missing }) =>
        flavour === "membarrier" && algorithm === "number" && missing !== "nothing",
    );
    expect(svg.match(/<a href/g)).toHaveLength(first.length + 19 * 4);
    expect(svg.match(/number-membarrier-compiler\.md#/g)).toHaveLength(19 * 4);
  });
});
