import { describe, expect, it } from "vitest";
import { wantedRows } from "./bench.js";

const NAMES = ["read pair, mb flavour", "read pairs, 8 readers", "grace period (a.b)"];

const wanted = (only: string | undefined): string[] => NAMES.filter(wantedRows(only, NAMES));

describe("--only", () => {
  it("is looked for in the names, whatever the case; without it, all are wanted", () => {
    expect(wanted("Read Pair,")).toEqual(["read pair, mb flavour"]);
    expect(wanted("read*flavour")).toEqual(["read pair, mb flavour"]);
    expect(wanted(undefined)).toEqual(NAMES);
  });

  it("takes nothing but * for anything else than itself", () => {
    expect(wanted("(a.b)")).toEqual(["grace period (a.b)"]);
    expect(() => wanted("a+b")).toThrow(/no row has/);
    expect(() => wanted("(axb)")).toThrow(/no row has/);
  });
});
