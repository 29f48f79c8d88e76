import { describe, expect, it } from "vitest";
import type { Target } from "../targets/target.js";
import type { Candidate } from "./matrix.js";
import { inTurns } from "./turns.js";

const candidates = (...names: string[]): Candidate[] =>
  names.map((name) => ({
    target: { name: "none" } as Target,
    mutant: { name, changes: "", killer: "replay", ...(name.startsWith("alone") && { alone: true }) },
  }));

/** Who was under way whenever one more began. */
function watched() {
  const now = new Set<string>();
  const beside = new Map<string, string[]>();
  const attempt = async ({ mutant: { name } }: Candidate): Promise<string> => {
    beside.set(name, [...now]);
    now.add(name);
    // The first ones take longest.
    for (let turns = name.endsWith("1") ? 40 : 10; turns > 0; turns--)
      await new Promise((resolve) => setImmediate(resolve));
    now.delete(name);
    return name;
  };
  return { attempt, beside };
}

describe("candidates", () => {
  it("are tried beside each other, but for those that must be alone, and told in their order", async () => {
    const names = ["a1", "alone1", "b", "c", "alone2", "d"];
    const { attempt, beside } = watched();
    expect(await inTurns(candidates(...names), 2, attempt, () => undefined)).toEqual(names);
    for (const name of ["alone1", "alone2"]) expect(beside.get(name)).toEqual([]);
    expect(beside.get("b")).toEqual(["a1"]);
    expect(beside.get("c")).toEqual(["a1"]);
  });

  it("end where one throws, and those under way are told to", async () => {
    let told = 0;
    const failing = inTurns(
      candidates("a", "b", "alone1"),
      1,
      ({ mutant: { name } }) => Promise.reject(new Error(name)),
      () => told++,
    );
    await expect(failing).rejects.toThrow("a");
    expect(told).toBe(1);
  });
});
