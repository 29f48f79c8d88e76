import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../base/root.js";
import { LONGEST, placeOf } from "./long-first.fixture.js";

it("starts the longest test files first, of those that there are", () => {
  expect(LONGEST.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  expect(new Set(LONGEST).size).toBe(LONGEST.length);
  const last = LONGEST.at(-1) ?? "";
  const files = ["a/b.test.ts", last, `else/${last}s`, LONGEST[0] ?? ""].map((name) => join(root, name));
  expect(files.map(placeOf)).toEqual([LONGEST.length, LONGEST.length - 1, LONGEST.length, 0]);
});
