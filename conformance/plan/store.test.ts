import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { LAMP } from "../drive/lamp.fixture.js";
import { coverShape } from "./cover-shape.js";
import { storePlan } from "./store.js";

const root = mkdtempSync(join(tmpdir(), "quiesce-store-"));
afterAll(() => rmSync(root, { recursive: true }));

const { report } = coverShape({ nodes: 1, initial: [0], from: Int32Array.of(0), to: Int32Array.of(0) }, 9);

describe("a plan's file", () => {
  it("has its pieces in their order, and is not there where it would be too long to be read", () => {
    const folder = join(root, "build", "plans");
    const mebibyte = "x".repeat(1 << 20);
    const long = Array.from({ length: 513 }, () => mebibyte);
    storePlan(root, { plan: { ...LAMP, source: "long" }, report, sha256: "", text: long });
    expect(existsSync(folder)).toBe(false);
    storePlan(root, { plan: { ...LAMP, source: "short" }, report, sha256: "", text: ["{", '"a":1', "}"] });
    expect(readdirSync(folder).toSorted()).toEqual(["short.json", "short.json.report.json"]);
    expect(readFileSync(join(folder, "short.json"), "utf8")).toBe('{"a":1}');
  });
});
