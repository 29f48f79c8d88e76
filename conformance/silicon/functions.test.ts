import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../base/root.js";
import { OF_WORDS, OPERATIONS } from "../litmus/operations.js";
import { FUNCTIONS, functionsTable } from "./functions.js";

describe("the functions of a test", () => {
  it("are known to the program wherever they are to the machine, and none besides", () => {
    expect([...FUNCTIONS.keys()].sort()).toEqual([...OF_WORDS.keys(), ...OPERATIONS.keys()].sort());
  });

  it("stand in native/silicon/README.md as they are", () => {
    const page = readFileSync(join(root, "native", "silicon", "README.md"), "utf8");
    const table = /<!-- functions -->\n([\s\S]*)<!-- \/functions -->/.exec(page)?.[1];
    expect(table).toBe(functionsTable());
  });
});
