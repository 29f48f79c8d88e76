import { describe, expect, it } from "vitest";
import { block, code, plain, table } from "./markdown.js";

describe("plain", () => {
  it("shows text that Markdown and HTML would take for markup", () => {
    expect(plain("a*b_ _c_ [x](y) <script>alert(1)</script> | `z` ~~s~~ $m$ &lt; \\")).toBe(
      "a\\*b\\_ \\_c\\_ \\[x\\](y) \\<script\\>alert(1)\\</script\\> \\| \\`z\\` \\~\\~s\\~\\~ \\$m\\$ \\&lt; \\\\",
    );
  });

  it("leaves names readable, and makes one line", () => {
    expect(plain("mb_a pairs\n  with rq->curr")).toBe("mb_a pairs with rq-\\>curr");
  });

  it("begins neither a heading nor a list", () => {
    expect(["# a", "- a", "+ a", "1. a", "2) a", "3 a"].map(plain)).toEqual([
      "\\# a",
      "\\- a",
      "\\+ a",
      "1\\. a",
      "2\\) a",
      "3 a",
    ]);
  });
});

describe("code", () => {
  it("is fenced by more ticks than it has", () => {
    expect(code("a `b` c")).toBe("``a `b` c``");
    expect(code("`")).toBe("`` ` ``");
    expect(code("x | y")).toBe("`x \\| y`");
    expect(block("text", "a\n```\nb")).toBe("````text\na\n```\nb\n````");
  });
});

it("table has one line per row", () => {
  expect(table(["a", "b"], [["1", "2"]])).toBe("| a | b |\n|---|---|\n| 1 | 2 |");
});
