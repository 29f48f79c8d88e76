import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixture } from "./fixtures/fixture.js";
import { MessageReader, readMessages, type TlcMessage } from "./messages.js";

const inPieces = (text: string, cuts: readonly number[]): TlcMessage[] => {
  const reader = new MessageReader();
  const bounds = [0, ...cuts.map((c) => c % (text.length + 1)).sort((a, b) => a - b), text.length];
  const pieces = bounds.slice(1).map((end, i) => text.slice(bounds[i], end));
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
};

describe("MessageReader", () => {
  it("reads frames and the lines between them", () => {
    const text = "@!@!@STARTMSG 2262:0 @!@!@\nTLC2\nVersion\n@!@!@ENDMSG 2262 @!@!@\nhello\n\nyou\n";
    expect(readMessages(text)).toEqual([
      { code: 2262, severity: 0, text: "TLC2\nVersion" },
      { code: -1, severity: -1, text: "hello" },
      { code: -1, severity: -1, text: "" },
      { code: -1, severity: -1, text: "you" },
    ]);
  });

  it("delivers a nested frame by itself and in the text of the outer one", () => {
    const text = fixture("EvaluationTypes.out");
    const messages = readMessages(text);
    const inner = messages.find((m) => m.code === 2154);
    const outer = messages.find((m) => m.code === 1000);
    expect(inner).toMatchObject({ severity: 0, nested: true });
    expect(inner?.text).toMatch(/^Attempted to apply the operator/);
    expect(outer?.text).toMatch(/RuntimeException\n: Attempted to apply .*IntValue$/s);
    expect(outer?.text).not.toContain("@!@!@");
    expect(outer?.nested).toBeUndefined();
  });

  it("keeps the text of an outer frame that goes on after the nested one", () => {
    const outer = readMessages(fixture("ConfigNotInvariant.out")).find((m) => m.code === 2102);
    expect(outer?.text).toBe(
      "TLC expected a boolean value, but did not find one. line 9, col 12 to line 9, col 12 of module " +
        "ConfigNotInvariant\nWhile working on the initial state:\nx = 0\n",
    );
  });

  it("reads frames that are glued to text, and text that is glued to frames", () => {
    const text = "before@!@!@STARTMSG 1:2 @!@!@\nin\n@!@!@ENDMSG 1 @!@!@after\n";
    expect(readMessages(text).map((m) => [m.code, m.text])).toEqual([
      [-1, "before"],
      [1, "in"],
      [-1, "after"],
    ]);
  });

  it("marks what never ended as truncated", () => {
    const text = "@!@!@STARTMSG 1:1 @!@!@\nouter\n@!@!@STARTMSG 2:0 @!@!@\ninner";
    expect(readMessages(text)).toEqual([
      { code: 2, severity: 0, text: "inner", nested: true, truncated: true },
      { code: 1, severity: 1, text: "outer\ninner", truncated: true },
    ]);
  });

  it("marks an inner frame as truncated when the outer one ends first", () => {
    const text = "@!@!@STARTMSG 1:1 @!@!@\na\n@!@!@STARTMSG 2:0 @!@!@\nb\n@!@!@ENDMSG 1 @!@!@\n";
    expect(readMessages(text).map((m) => [m.code, m.truncated])).toEqual([
      [2, true],
      [1, undefined],
    ]);
  });

  it("takes an end that matches nothing for text", () => {
    expect(readMessages("x @!@!@ENDMSG 7 @!@!@ y\n")).toEqual([
      { code: -1, severity: -1, text: "x @!@!@ENDMSG 7 @!@!@ y" },
    ]);
  });

  it("accepts the line ends of Windows", () => {
    const text = fixture("Lasso.out");
    expect(readMessages(text.replaceAll("\n", "\r\n"))).toEqual(readMessages(text));
  });

  it("does not care where chunks are split", () => {
    const text = fixture("EvaluationTypes.out");
    const whole = readMessages(text);
    expect(whole.length).toBeGreaterThan(10);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => {
        expect(inPieces(text, cuts)).toEqual(whole);
      }),
    );
    expect(inPieces(text, [...Array(text.length).keys()])).toEqual(whole);
  });

  it("delivers a message with the chunk that completes it", () => {
    const reader = new MessageReader();
    expect(reader.push("@!@!@STARTMSG 2200:0 @!@!@\nProgress\n@!@!@END")).toEqual([]);
    expect(reader.push("MSG 2200 @!@!@\n")).toHaveLength(1);
  });
});
