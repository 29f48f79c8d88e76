import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawSequence, escapeText } from "./mermaid.js";
import { grammarProblems } from "./mermaid-grammar.fixture.js";
import { cut, type Sequence, type SequenceStep } from "./sequence.js";

const step = (text: string): SequenceStep => [
  { from: 0, to: 1, arrow: "to", lines: [text] },
  { over: 1, lines: [text, text] },
];
const sequence = (texts: readonly string[], more: Partial<Sequence> = {}): Sequence => ({
  participants: ["one", "two"],
  steps: texts.map(step),
  after: [],
  broken: "Promise is violated",
  ...more,
});
const counted = (n: number): string[] => Array.from({ length: n }, (_, i) => `${i + 1}. step`);

describe("drawSequence", () => {
  it("marks the step that breaks the promise, with the promise's name", () => {
    expect(drawSequence(sequence(["1. a", "2. b <- 1"], { start: "x = 0" }))).toBe(`sequenceDiagram
    participant p0 as one
    participant p1 as two
    Note over p0,p1: x = 0
    p0->>p1: 1. a
    Note over p1: 1. a<br/>1. a
    rect rgba(220, 50, 47, 0.18)
        p0->>p1: 2. b ← 1
        Note over p1: 2. b ← 1<br/>2. b ← 1
        Note over p0,p1: ✗ Promise is violated
    end`);
  });

  it("puts the repeated steps in a loop, and marks none of them", () => {
    const lines = drawSequence(sequence(["1. a", "2. b"], { repeatsFrom: 1 })).split("\n");
    expect(lines.slice(5)).toEqual([
      "    loop for ever",
      "        p0->>p1: 2. b",
      "        Note over p1: 2. b<br/>2. b",
      "    end",
      "    rect rgba(220, 50, 47, 0.18)",
      "        Note over p0,p1: ✗ Promise is violated",
      "    end",
    ]);
  });

  it("is good Mermaid whatever the texts are", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "%%{init: {}}%%",
        "; end",
        "end",
        "```",
        "<script>",
        "wrap: x",
        "#35;",
        "$$x$$",
        "x\ny",
      ),
    );
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), hostile, (texts, name) => {
        const drawn = drawSequence(
          sequence(texts, { participants: [name, "two"], start: name, broken: name }),
        );
        expect(grammarProblems(drawn)).toEqual([]);
      }),
    );
  });
});

describe("escapeText", () => {
  it("keeps the words and writes special characters as codes; arrows and brackets of TLA+ become one character", () => {
    expect(escapeText('p <- <<"a", 1>>; x < 2 & 50 % #1')).toBe(
      'p ← ⟨"a", 1⟩#59; x #60; 2 #38; 50 #37; #35;1',
    );
    expect(escapeText("wrap: it")).toBe("wrap#58; it");
  });
});

describe("the checker of the grammar", () => {
  it.each([
    ["sequenceDiagram\n  p0->>p1: x", "is not declared"],
    ["sequenceDiagram\n  participant p0 as a\n  p0->>p0: x; y", "not a form that we know"],
    ["sequenceDiagram\n  participant p0 as a\n  Note over p0: <b>", "not a form that we know"],
    ["sequenceDiagram\n  loop for ever", "is not closed"],
    ["sequenceDiagram\n  end", "nothing is open"],
    ["graph TD", "it begins with"],
  ])("finds what is wrong with %j", (diagram, problem) => {
    expect(grammarProblems(diagram).join("\n")).toContain(problem);
  });
});

describe("cut", () => {
  it("keeps short sequences whole, and leaves out the middle of long ones, with a note", () => {
    expect(cut(sequence(counted(60))).steps).toHaveLength(60);
    const { steps } = cut(sequence(counted(100)));
    expect(steps).toHaveLength(61);
    expect(steps[20]).toEqual([{ lines: ["steps 21 to 60 are left out: the table has all 100"] }]);
    expect(steps[21]).toEqual(step("61. step"));
    expect(steps.at(-1)).toEqual(step("100. step"));
  });

  it("keeps a loop whole if it can, and never begins one in the part left out", () => {
    const whole = cut(sequence(counted(100), { repeatsFrom: 50 }));
    expect(whole.steps[whole.repeatsFrom ?? 0]).toEqual(step("51. step"));
    const late = cut(sequence(counted(100), { repeatsFrom: 90 }));
    expect(late.steps[late.repeatsFrom ?? 0]).toEqual(step("91. step"));
    const early = cut(sequence(counted(100), { repeatsFrom: 5 }));
    expect(early.steps[early.repeatsFrom ?? 0]).toEqual(step("6. step"));
  });
});
