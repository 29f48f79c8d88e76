import { beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { buildLiar, canLie, type Liar, runLying } from "./liar.js";

let made: Liar;
beforeAll(async () => {
  made = await buildLiar();
});

/** Each block of YAML in a program's output, without what it is indented by; read by who knows nothing of this one. */
function blocksOf(tap: string): string[] {
  return [...tap.matchAll(/^ {2}---\n((?: {2}.*\n)*?) {2}\.\.\.\n/gm)].map(([, block = ""]) =>
    block.replace(/^ {2}/gm, ""),
  );
}

describe.skipIf(!canLie)("the details of a test are YAML, as any reader of TAP takes them", () => {
  it.each([
    ["differs", ["--mistake", "get reports nothing"]],
    ["differs", ["--kernel", "0x5"]],
    ["inconclusive", ["--answer", "kill", "--command", "8"]],
    ["conforms", ["--mistake", "none"]],
  ] as const)("of a kernel that %s: %j", async (verdict, lie) => {
    const { tap, report } = await runLying(made, lie);
    expect(report.verdict).toBe(verdict);
    const read = blocksOf(tap).map((block) => {
      const document = parseDocument(block, { strict: true });
      expect([...document.errors, ...document.warnings], block).toEqual([]);
      return document.toJS() as unknown;
    });
    // Nothing is outside of a block, and the same is in it.
    expect(tap.split("\n").filter((line) => line === "  ---")).toHaveLength(read.length);
    expect(read).toMatchObject(
      report.differences.map(({ before, call, expected, answer }) => ({ before, call, expected, answer })),
    );
    expect(read.length > 0).toBe(verdict === "differs");
  });
});
