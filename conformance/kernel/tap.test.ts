import { describe, expect, it } from "vitest";
import { reportOf, reportSoFar } from "./report.js";
import { showKernel } from "./show.js";
import { readTap, readTapSoFar } from "./tap.js";

const HEAD = "TAP version 13\n# query: 0x3ff\n";
const WALKED = "# walked: a/b 2 of 2 edges, 0 different, 0 undecided\n";
const GOOD = `${HEAD}ok 1 - a/b, path 1: 2 steps\n${WALKED}1..1\n# verdict: conforms\n`;
const DIFFERENT = `${HEAD}not ok 1 - a/b, path 1, step 2
  ---
  before: "nothing registered"
  call: "1: PRIVATE_EXPEDITED flags 0"
  expected: "EPERM"
  answer: "0"
  path: "1: fork starts 2; 2: exits; "
  ...
# walked: a/b 1 of 2 edges, 1 different, 0 undecided
1..1
# verdict: differs
`;

const report = (text: string, exitCode: number) => reportOf(readTap(text), exitCode);

describe("what the program prints", () => {
  it("is a report", () => {
    expect(report(GOOD, 0)).toMatchObject({
      verdict: "conforms",
      commands: { GLOBAL: true, GET_REGISTRATIONS: true },
      walked: [{ claim: "a/b", taken: 2, edges: 2 }],
    });
  });

  it("shows a difference with the state before, the call, both answers and the path", () => {
    expect(report(DIFFERENT, 1).differences).toEqual([
      {
        test: "a/b, path 1, step 2",
        before: "nothing registered",
        call: "1: PRIVATE_EXPEDITED flags 0",
        expected: "EPERM",
        answer: "0",
        path: ["1: fork starts 2", "2: exits"],
      },
    ]);
  });

  it("is the same where an older program has not quoted its values", () => {
    const older = DIFFERENT.replace(/^( {2}[a-z]+: )"(.*)"$/gm, "$1$2");
    expect(older).toContain("  call: 1: PRIVATE_EXPEDITED flags 0\n");
    expect(report(older, 1)).toEqual(report(DIFFERENT, 1));
  });

  it("has what is quoted without its escapes", () => {
    const [difference] = report(DIFFERENT.replace('"EPERM"', '"a \\"b\\" \\\\ \\u0007"'), 1).differences;
    expect(difference?.expected).toBe('a "b" \\ \u0007');
  });

  it("shows how many paths were not asked, in one line of all suites", () => {
    const left = (claim: string, count: number): string =>
      `- ${claim}, the other ${count} paths # inconclusive: not asked, since there was no answer 4 times`;
    const unsure = `${HEAD}not ok 1 ${left("a/b", 14)}\nnot ok 2 ${left("a/c", 17)}\n1..2\n# verdict: inconclusive\n`;
    expect(showKernel(report(unsure, 1), [])).toContain(
      "31 paths: not asked, since there was no answer 4 times",
    );
  });

  it("keeps the claim of a gap, which is no failure, and why something is not certain, which is no pass", () => {
    const gap = `${HEAD}not ok 1 - ordering X: both loads missed in 3 of 9 rounds # TODO gap: a/c\n1..1\n# verdict: gap\n`;
    expect(report(gap, 0).ordering).toEqual([
      { command: "X", misses: 3, rounds: 9, result: "gap", why: "a/c" },
    ]);
    const unsure = `${HEAD}not ok 1 - a/b, path 1 # inconclusive: no answer\n1..1\n# verdict: inconclusive\n`;
    expect(report(unsure, 1)).toMatchObject({ undecided: [{ test: "a/b, path 1", why: "no answer" }] });
  });

  it.each([
    ["ends early", GOOD.replace(/1\.\.1[\s\S]*/, ""), /it ends early/],
    ["lacks a test", GOOD.replace("1..1", "1..2"), /it has 1 of 2 tests/],
    ["counts wrongly", GOOD.replace("ok 1", "ok 2"), /line 3 of its output has the number 2/],
    [
      "passes what is not certain",
      GOOD.replace("steps", "steps # inconclusive: x"),
      /both passes and does not/,
    ],
    [
      "has a line of something else",
      GOOD.replace("1..1", "Segmentation fault\n1..1"),
      /is not TAP: Segmentation/,
    ],
    [
      "has another verdict than its tests",
      GOOD.replace("conforms", "gap"),
      /says "gap".*its tests say "conforms"/,
    ],
    ["has a value without an end", DIFFERENT.replace('EPERM"', "EPERM"), /is not quoted as YAML is: "EPERM$/],
    ["has no verdict", GOOD.replace(/# verdict.*\n/, ""), /says "undefined"/],
    ["has not taken each edge", GOOD.replace("2 of 2", "1 of 2"), /its tests say "inconclusive"/],
    ["has tried nothing", `${HEAD}1..0\n# verdict: conforms\n`, /its tests say "inconclusive"/],
  ])("is an error when it %s", (_what, text, message) => {
    expect(() => report(text, 0)).toThrow(message);
  });

  it("is an error when the program ends with another code than its verdict's", () => {
    expect(() => report(GOOD, 1)).toThrow(/ends with 1/);
    expect(() => report(DIFFERENT, 0)).toThrow(/ends with 0/);
  });
});

describe("what had been printed when the program was ended", () => {
  const whole = "TAP version 13\n# query: 0x3ff\nok 1 - a\nnot ok 2 - b\n  ---\n  call: 1\n  ...\n";

  it.each([
    ["between two tests", whole, 2],
    ["in the middle of a line", `${whole}ok 3 - hal`, 2],
    ["in the middle of details", whole.slice(0, whole.indexOf("  ...")), 1],
    ["at the very beginning", "TAP", 0],
  ])("is read up to its last whole test: %s", (_, text, tests) => {
    const tap = readTapSoFar(text);
    expect(tap.tests).toHaveLength(tests);
    const { verdict, endedEarly } = reportSoFar(tap, "interrupted");
    expect({ verdict, endedEarly }).toEqual({
      verdict: tests === 2 ? "differs" : "inconclusive",
      endedEarly: "interrupted",
    });
  });
});
