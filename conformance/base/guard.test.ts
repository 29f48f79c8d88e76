import { describe, expect, it } from "vitest";
import { guarded } from "./guard.js";

const plain = { colours: false, live: false, json: false, github: false };

describe("what is written", () => {
  it("shows control characters and what turns the direction of a text, but keeps tabs and lines", () => {
    expect(guarded("a\tb\nc\r\n", plain)).toBe("a\tb\nc\r\n");
    expect(guarded("\x1b]52;c;eA==\x07 \x9b31m \0 \x7f \u202e \r!", plain)).toBe(
      "\\u001b]52;c;eA==\\u0007 \\u009b31m \\u0000 \\u007f \\u202e \\u000d!",
    );
    expect(guarded("λ ∈ {√, 🙂}", plain)).toBe("λ ∈ {√, 🙂}");
  });

  it("has colours only where there are any, and moves no cursor but for live lines", () => {
    const text = "\x1b[31mred\x1b[39m \x1b[2K\x1b]0;title\x07";
    expect(guarded(text, plain)).not.toContain("\x1b");
    expect(guarded(text, { ...plain, colours: true })).toBe(
      "\x1b[31mred\x1b[39m \\u001b[2K\\u001b]0;title\\u0007",
    );
    expect(guarded(text, { ...plain, live: true })).toBe("\x1b[31mred\x1b[39m \x1b[2K\\u001b]0;title\\u0007");
  });

  it("is no command for GitHub, in either form, and stays the same value in JSON", () => {
    const github = { ...plain, github: true };
    expect(guarded("::error::x\n  \t::set-output name=x::y\na ::b", github)).toBe(
      ": :error::x\n  \t: :set-output name=x::y\na ::b",
    );
    expect(guarded("a ##[add-mask]b", github)).toBe("a ## [add-mask]b");
    const value = { text: "##[error]", more: "\x9b\u2028" };
    const json = guarded(JSON.stringify(value), { ...github, json: true });
    expect(json).not.toContain("##[");
    expect(json).not.toMatch(/[\u009b\u2028]/);
    expect(JSON.parse(json)).toEqual(value);
    expect(guarded("::error::x", plain)).toBe("::error::x");
  });
});
