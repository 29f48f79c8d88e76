import { describe, expect, it } from "vitest";
import { readAlgorithm, type Translation, whyOutOfStep } from "./pluscal.js";

/** A module with an algorithm and what follows it, from a line `BEGIN TRANSLATION` on. */
function module(translation: string, algorithm = "--algorithm P"): string {
  return `---- MODULE P ----\n(* ${algorithm} { { skip; } } *)\n${translation}\n====\n`;
}

function noted(pcal: string, tla: string): string {
  return `\\* BEGIN TRANSLATION (chksum(pcal) = "${pcal}" /\\ chksum(tla) = "${tla}")`;
}

/** As pcal.trans 1.11 wrote it. */
const BODY = ["VARIABLE pc", "", "vars == << pc >>"];

function why(text: string, made: string): string | undefined {
  const algorithm = readAlgorithm(text);
  if (algorithm === undefined) throw new Error("no algorithm");
  return whyOutOfStep(algorithm, readAlgorithm(made)?.translation as Translation);
}

describe("readAlgorithm", () => {
  it("finds an algorithm, its translation and what the translator noted", () => {
    expect(readAlgorithm("---- MODULE P ----\n\\* an algorithm -- algorithm\n====")).toBeUndefined();
    expect(readAlgorithm(module(""))).toEqual({ line: 2 });
    expect(readAlgorithm(module("\\** BEGIN TRANSLATION\na \n\n b\n\\** END TRANSLATION"))).toMatchObject({
      line: 2,
      translation: { line: 3, text: "a\n b" },
    });
    expect(
      readAlgorithm(module(`${noted("aa", "bb")}\n\\* END TRANSLATION`, "--fair algorithm P"))?.translation
        ?.noted,
    ).toEqual({ pcal: "aa", tla: "bb" });
  });

  it("computes the checksum as the translator does", () => {
    const text = `${noted("a", "b")}\n123456789\n\\* END TRANSLATION`;
    expect(readAlgorithm(module(text))?.translation?.checksum).toBe("cbf43926");
  });
});

describe("whyOutOfStep", () => {
  const translation = (first: string, body = BODY): string =>
    module([first, ...body, "\\* END TRANSLATION"].join("\n"));
  const sum = readAlgorithm(translation(noted("a", "b")))?.translation?.checksum ?? "";
  const other = ["VARIABLE pc", "", "vars == <<pc>>"];

  it("takes the same text as in step, whatever is noted and however it is spaced", () => {
    expect(why(translation("\\* BEGIN TRANSLATION"), translation(noted("a", sum)))).toBeUndefined();
    expect(
      why(translation(noted("x", "y"), ["VARIABLE pc  ", "vars == << pc >>"]), translation(noted("a", sum))),
    ).toBeUndefined();
  });

  it.each([
    ["the algorithm was changed", noted("0b", sum), "after it was translated"],
    ["the translation was changed", noted("a", "bad"), "changed by hand"],
    ["nothing was noted", "\\* BEGIN TRANSLATION", "not what this translator makes"],
    ["what is noted is the same for all", noted("7c28162a", sum), "not what this translator makes"],
  ])("says so when %s", (_what, first, expected) => {
    expect(why(translation(first), translation(noted("a", "b"), other))).toContain(expected);
  });

  it("believes what is noted when another version wrote the same in other words", () => {
    expect(why(translation(noted("a", sum)), translation(noted("a", "b"), other))).toBeUndefined();
  });
});
