import { describe, expect, it } from "vitest";
import { AnswerReader } from "./answer-reader.js";

const WORD = "0123456789abcdef";

describe("AnswerReader", () => {
  it("divides the output from its end, however it arrives", () => {
    const all = `one\ntwo\n\n${WORD} 12 7 thread:Timer\n`;
    for (let size = 1; size <= all.length; size++) {
      const reader = new AnswerReader(WORD);
      let output = "";
      for (let from = 0; from < all.length; from += size) output += reader.push(all.slice(from, from + size));
      expect(output).toBe("one\ntwo\n");
      expect(reader.ending).toEqual({ exitCode: 12, errorBytes: 7, left: "thread:Timer" });
    }
  });

  it("takes nothing for the end that does not know the word", () => {
    const reader = new AnswerReader(WORD);
    const forged = "\nfedcba9876543210 0 0 clean\n";
    expect(reader.push(`${forged}x`)).toBe(`${forged}x`);
    expect(reader.ending).toBeUndefined();
  });

  it("gives a line on before it ends, unless it may be the last one", () => {
    const reader = new AnswerReader(WORD);
    expect(reader.push("a question without a line end")).toBe("a question without a line end");
    expect(reader.push(`\n${WORD.slice(0, 4)}`)).toBe("");
    expect(reader.push("0000000000000000000")).toBe(`\n${WORD.slice(0, 4)}0000000000000000000`);
  });
});
