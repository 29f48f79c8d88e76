import { describe, expect, it } from "vitest";
import { fixture, fixtureSource } from "./fixtures/fixture.js";
import { readMessages } from "./messages.js";
import { readReport } from "./report.js";
import { readSany } from "./sany.js";
import { showProblem } from "./show-problem.js";

const errors = (name: string) => readReport(readMessages(fixture(`${name}.out`))).errors;
const shown = (name: string) =>
  errors(name).map((p) => showProblem(p, fixtureSource, (file) => file.slice("/spec/".length)));
const frame = (code: number, text: string) =>
  `@!@!@STARTMSG ${code}:1 @!@!@\n${text}\n@!@!@ENDMSG ${code} @!@!@\n`;

describe("problems", () => {
  it("are told once, though SANY tells those of a module again for each module that extends it", () => {
    const place = "line 4, col 13 to line 4, col 16 of module A";
    const said = (operator: string) => [
      ...[
        "Semantic errors:",
        "",
        "*** Errors: 1",
        "",
        place,
        "",
        `Unknown operator: \`${operator}'.`,
        "",
        "",
      ],
    ];
    const { problems } = readSany([...said("F"), ...said("F"), ...said("G")]);
    const messages = problems.map(({ message, location }) => [message, location?.line]);
    expect(messages).toEqual([
      ["Unknown operator: `F'.", 4],
      ["Unknown operator: `G'.", 4],
    ]);
  });

  it.each([
    ["Parse", "parse", { file: "/spec/Parse.tla", line: 4, column: 9 }],
    ["ParseExtended", "parse", { file: "/spec/Parse.tla", module: "Parse", line: 4, column: 9 }],
    ["Lexical", "parse", { file: "/spec/Lexical.tla", line: 4, column: 17 }],
    ["Missing", "semantic", undefined],
    ["NameMismatch", "semantic", undefined],
    ["ConfigSyntax", "config", { line: 2, column: 1 }],
    ["ConfigUnknown", "config", { line: 3, column: 1 }],
    ["ConfigConstant", "config", undefined],
    ["ConfigInvariant", "config", undefined],
    ["ConfigNotInvariant", "evaluation", { file: "/spec/ConfigNotInvariant.tla", line: 9, column: 12 }],
    [
      "Evaluation",
      "evaluation",
      { file: "/spec/Evaluation.tla", line: 5, column: 10, endLine: 5, endColumn: 16 },
    ],
    ["EvaluationTypes", "evaluation", { file: "/spec/EvaluationTypes.tla", line: 5, column: 9 }],
    ["Nested", "evaluation", { file: "/spec/Nested.tla", line: 5, column: 11 }],
    ["NextNotEnabled", "evaluation", undefined],
  ])("are read from %s", (name, kind, location) => {
    const found = errors(name);
    expect(found).toHaveLength(1);
    expect(found[0]?.kind).toBe(kind);
    if (location === undefined) expect(found[0]?.location).toBeUndefined();
    else expect(found[0]?.location).toMatchObject(location);
  });

  it("are all read where SANY finds several, its warnings left out", () => {
    expect(errors("Semantic").map((p) => [p.location?.line, p.location?.column, p.message])).toEqual([
      [4, 13, "Unknown operator: `Zero'."],
      [5, 12, "Unknown operator: `Suc'."],
      [6, 24, "Unknown operator: `y'."],
    ]);
    expect(errors("MultiDefined").map((p) => p.message)).toEqual([
      "Operator Init already defined or declared.",
      "The operator Up requires 2 arguments.",
    ]);
  });

  it("say what is wrong, without Java", () => {
    expect(errors("Missing")[0]?.message).toBe(
      "Cannot find source file for module NoSuchModule imported in module Missing.",
    );
    expect(errors("ConfigSyntax")[0]?.message).toBe("It was expecting = or <-, but did not find it.");
    expect(errors("EvaluationTypes")[0]?.message).toMatch(/^Cannot cast/);
  });

  it("have the nested expressions, the outermost first", () => {
    expect(errors("Evaluation")[0]?.context?.map((l) => [l.line, l.column, l.module, l.file])).toEqual([
      [6, 7, "Evaluation", "/spec/Evaluation.tla"],
      [6, 7, "Evaluation", "/spec/Evaluation.tla"],
      [6, 12, "Evaluation", "/spec/Evaluation.tla"],
      [6, 16, "Evaluation", "/spec/Evaluation.tla"],
      [5, 10, "Evaluation", "/spec/Evaluation.tla"],
    ]);
  });

  it("are shown with the source", () => {
    expect(shown("Semantic")[0]).toBe(
      "Semantic.tla:4:13  Unknown operator: `Zero'.\n  4 │ Init == x = Zero\n    │             ^^^^",
    );
    expect(shown("Evaluation")[0]).toBe(
      [
        "Evaluation.tla:5:10  Attempted to apply Head to the empty sequence.",
        "  5 │ First == Head(q)",
        "    │          ^^^^^^^",
        "  while evaluating Evaluation.tla:6:16  Up == x' = x + First /\\ q' = Tail(q)",
      ].join("\n"),
    );
  });

  it("are shown without the source where there is none", () => {
    const [problem] = errors("Semantic");
    if (problem === undefined) throw new Error("no problem");
    expect(showProblem(problem, () => undefined)).toBe("/spec/Semantic.tla:4:13  Unknown operator: `Zero'.");
    expect(showProblem({ kind: "memory", message: "m" }, () => undefined)).toBe("m");
  });

  it.each([
    [
      "memory",
      1000,
      "The exception was a java.lang.OutOfMemoryError\n: Java heap space",
      "Java ran out of memory",
    ],
    [
      "stack",
      1000,
      "The exception was a java.lang.StackOverflowError\njava.lang.StackOverflowError\n\tat tlc2.tool.impl.Tool.eval(Tool.java:1515)",
      expect.stringMatching(
        /^a recursion is too deep for Java's stack, or without end\.\nIf it ends, .*Java-stack: 64m$/,
      ),
    ],
    [
      "stack",
      2102,
      "This was a Java StackOverflowError. It was probably the result\nof an incorrect recursive function definition.",
      expect.stringMatching(/^a recursion is too deep/),
    ],
    ["internal", 1102, "Error: unrecognized option: -nosuch", "Error: unrecognized option: -nosuch"],
    [
      "config",
      1000,
      "The exception was a tlc2.tool.ConfigFileException\n: @!@!@STARTMSG 5001:0 @!@!@\nTLC encountered the following error when trying to read the configuration file Nope.cfg:\nFile not found.\n@!@!@ENDMSG 5001 @!@!@",
      "TLC encountered the following error when trying to read the configuration file Nope.cfg:\nFile not found.",
    ],
  ])("tell %s (code %i) by the text", (kind, code, text, message) => {
    expect(readReport(readMessages(frame(code, text))).errors).toEqual([{ kind, message }]);
  });

  it("are read from exceptions that Java printed itself", () => {
    const glued = `Exception in thread "main" util.Assert$TLCRuntimeException: ${frame(2162, "already exists").replace(":1", ":0")}`;
    expect(readReport(readMessages(glued)).errors).toMatchObject([
      { kind: "internal", message: "already exists" },
    ]);
    const bare = 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space\n';
    expect(readReport(readMessages(bare)).errors).toMatchObject([{ kind: "memory" }]);
  });
});
