import { describe, expect, it } from "vitest";
import type { Contract } from "../contract/contract.js";
import { Binding, literal } from "./bind.js";

const contract: Contract = {
  file: "Queue.contract.json",
  lanes: [{ name: "producer", set: "Producers" }],
  steps: [],
  words: [],
  recorded: [{ name: "items", each: { parameter: "p", set: "Producers" }, value: "items[p]" }],
} as unknown as Contract;
const binding = new Binding(contract, "CONSTANTS\n  Producers = {p1, p2}\n  Values = {1}\n");

describe("what a recording says", () => {
  it.each([
    ["p1", "Qs_p1"],
    ["-3", "-3"],
    ["p9", '"p9"'],
    ['"p1"', '"p1"'],
    ['"say \\"so\\""', '"say \\"so\\""'],
  ])("is a thread, a model value or a text: %s", (said, thread) => {
    expect(binding.lane(`producer ${said}`, "f").of?.thread).toBe(thread);
  });

  it("never becomes a formula, whatever quotes it has", () => {
    const said = '"p1" \\/ TRUE \\/ "p2"';
    const thread = '"p1\\" \\\\/ TRUE \\\\/ \\"p2"';
    expect(binding.lane(`producer ${said}`, "f").of?.thread).toBe(thread);
    expect(binding.word(`items[${said}]`, "f")).toBe(`QsvWord_items(${thread})`);
    expect(literal('"\n\\')).toBe('"\\"\\n\\\\"');
  });
});
