import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listLibraryMutants } from "../../../native/js/libraries.js";
import { listMutants } from "../../../native/js/mutants.js";
import { SOURCES } from "../../../native/js/root.js";
import { root } from "../../base/root.js";
import { isRight } from "./matrix.js";
import { leftOut, PAGE_FILE, pageText, readKept } from "./page.js";
import { listRows, UNCHANGED } from "./rows.js";

const rows = await listRows();
const kept = readKept();
const again = "Run:  quiesce conform --mutants --suites --page";

describe("the mutants of the matrix", () => {
  it("are all of native's, of the libraries', of the kernel's, each once", () => {
    const all = JSON.parse(readFileSync(join(SOURCES, "mutants.json"), "utf8")) as { name: string }[];
    const names = rows.map(({ of, name }) => `${of} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    const ofNative = rows.filter(({ subject }) => subject.kind === "native").map(({ name }) => name);
    expect(ofNative.toSorted()).toEqual(all.map(({ name }) => name).toSorted());
    const native = new Set(listMutants().map(({ name }) => name));
    for (const { name, libraries } of listLibraryMutants())
      if (!native.has(name)) for (const library of libraries) expect(names).toContain(`${library} ${name}`);
    expect(rows.filter(({ of, name }) => of === "kernel" && name !== UNCHANGED).length).toBeGreaterThan(30);
    expect(rows.filter(({ of }) => of === "litmus").length).toBeGreaterThan(100);
    expect(rows.filter(({ of }) => of === "impl").length).toBeGreaterThan(50);
  });
});

describe("conformance/mutants/generated/MATRIX.md", () => {
  it("has every mutant, and none that is no more; each is killed", () => {
    expect(leftOut(rows, kept?.rows ?? []), again).toEqual({ missing: [], gone: [] });
    const alive = (kept?.rows ?? []).filter((row) => !isRight(row));
    expect(alive.map(({ of, name }) => `${of} ${name}`)).toEqual([]);
  });

  it("is made from matrix.json", () => {
    if (kept === undefined) throw new Error("there is no matrix.json");
    expect(readFileSync(join(root, PAGE_FILE), "utf8") === pageText(kept), again).toBe(true);
  });

  it("would notice a mutant that is not there, one that is no more, and one that nothing has been run on", () => {
    const [first, second, ...others] = kept?.rows ?? [];
    if (first === undefined || second === undefined) throw new Error("it is empty");
    const empty = { ...second, results: {} };
    const found = leftOut(rows, [{ ...first, name: "gone" }, empty, ...others]);
    expect(found).toEqual({
      missing: [`${first.of} ${first.name}`, `${second.of} ${second.name}`],
      gone: [`${first.of} gone`],
    });
  });
});
