import { Ajv } from "ajv";
import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import MarkdownIt from "markdown-it";
import { beforeAll, describe, expect, it } from "vitest";
import { annotations, MOST_ANNOTATIONS } from "./annotations.js";
import { junit } from "./junit.js";
import { markdown } from "./markdown.js";
import { type Finding, isGood, type Results, totalLine } from "./results.js";
import { sarif } from "./sarif.js";
import { sarifSchema } from "./sarif-schema.fixture.js";

const FOLDER = "/repo";

const passing: Finding = {
  id: "specs/Up",
  group: "specs",
  sentence: "x stays small",
  outcome: "pass",
  verdict: "holds",
  declared: "holds",
  place: { file: "/repo/specs/Up.cfg", line: 2 },
  seconds: 1.25,
  states: 5,
};

const failing: Finding = {
  ...passing,
  id: "specs/Up-small",
  outcome: "fail",
  verdict: "violated",
  violated: "Small",
  reason: "declared holds, but Small is violated",
  detail: " 1   x = 0\n 2   x: 0 -> 1",
  steps: [
    { action: "initially", changes: [] },
    {
      action: "Step",
      place: { file: "/repo/specs/Up.tla", line: 5, column: 9, endLine: 5, endColumn: 27 },
      changes: ["x: 0 -> 1"],
    },
  ],
};

function results(findings: readonly Finding[], more: Partial<Results> = {}): Results {
  return { command: "check", title: "Claims", findings, problems: [], seconds: 2, notes: [], ...more };
}

const everything = results(
  [
    passing,
    failing,
    { ...passing, id: "a", outcome: "open", verdict: "inconclusive", reason: "out of memory" },
    { ...passing, id: "b", outcome: "undecided", verdict: "undecided" },
    { ...passing, id: "c", outcome: "skipped", verdict: "not run", reason: "no clang" },
  ],
  {
    problems: [
      { message: "no verdict", place: { file: "/else/X.cfg", line: 1, column: 1 }, hint: "Add one" },
    ],
    endedEarly: "interrupted",
    notes: ["3 claims of the full set were left out."],
  },
);

/** Text of any kind: what names, reasons and values of strangers may hold. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "]]>",
    "<!--",
    '" onload="x',
    "\u0000\u001b[31m",
    "\ud800",
    "\n::error::hi",
    "%0A::error::hi",
    "```\n<script>",
    "</details><img src=x>",
    "|a|b|",
    "&#13;",
    "\r\n##[group]",
  ),
);
const anyFinding = fc.record({ id: anyText, verdict: anyText, reason: anyText, detail: anyText }).map(
  (text): Finding => ({
    ...failing,
    ...text,
    group: text.id,
    violated: text.verdict,
    sentence: text.reason,
  }),
);

describe("JUnit", () => {
  const read = (xml: string) =>
    new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: "",
      isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
    }).parse(xml);

  it("counts what fails, what is not certain and what is not run", () => {
    const xml = junit.report(everything, FOLDER);
    expect(XMLValidator.validate(xml)).toBe(true);
    const [all] = read(xml).testsuites;
    expect(all).toMatchObject({ tests: "6", failures: "1", errors: "3", skipped: "1" });
    const cases = all.testsuite.flatMap((suite: { testcase: unknown[] }) => suite.testcase);
    expect(cases).toHaveLength(6);
    expect(cases[1]).toMatchObject({ name: "specs/Up-small", file: "specs/Up.cfg", line: "2" });
    expect(cases[1].failure[0]["#text"]).toContain("x: 0 -> 1");
    expect(cases[0].failure).toBeUndefined();
  });

  it("is well-formed, whatever names and reasons hold", () => {
    fc.assert(
      fc.property(anyFinding, (finding) => {
        const xml = junit.report(results([finding, passing]), FOLDER);
        expect(XMLValidator.validate(xml)).toBe(true);
        expect(read(xml).testsuites[0].testsuite).toHaveLength(finding.group === passing.group ? 1 : 2);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML can't hold
        expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
      }),
    );
  });
});

describe("SARIF", () => {
  let validate: ReturnType<Ajv["compile"]>;
  beforeAll(async () => {
    const { $schema: _, ...schema } = await sarifSchema();
    validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
  });

  const log = (of: Results) => JSON.parse(sarif.report(of, FOLDER));

  it("is valid by the standard's schema, and a changed one is not", () => {
    const valid = log(everything);
    expect(validate(valid), JSON.stringify(validate.errors)).toBe(true);
    expect(validate(log(results([])))).toBe(true);
    valid.runs[0].results[0].level = "fatal";
    expect(validate(valid)).toBe(false);
  });

  it("has what is different or not certain, at its place, with its steps", () => {
    const [run] = log(everything).runs;
    expect(run.results.map((one: { ruleId: string }) => one.ruleId)).toEqual([
      "not-as-declared",
      "inconclusive",
    ]);
    const [first] = run.results;
    expect(first.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "specs/Up.cfg", uriBaseId: "SRCROOT" },
      region: { startLine: 2 },
    });
    const steps = first.codeFlows[0].threadFlows[0].locations;
    expect(steps).toHaveLength(2);
    expect(steps[1].location.physicalLocation.region).toEqual({
      startLine: 5,
      startColumn: 9,
      endLine: 5,
      endColumn: 28,
    });
    expect(run.invocations[0].executionSuccessful).toBe(false);
    expect(run.invocations[0].toolExecutionNotifications).toHaveLength(3);
  });

  it("is valid, whatever names and reasons hold", () => {
    fc.assert(
      fc.property(anyFinding, (finding) => {
        const one = log(results([finding], { notes: [finding.id] }));
        expect(validate(one), JSON.stringify(validate.errors)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps a finding's fingerprint from one run to the next", () => {
    const print = (of: Results) => log(of).runs[0].results[0].partialFingerprints;
    expect(print(results([failing]))).toEqual(print(results([passing, { ...failing, seconds: 9 }])));
    expect(print(results([failing]))).not.toEqual(print(results([{ ...failing, id: "other" }])));
  });
});

describe("GitHub", () => {
  it("gets a command for all that wants attention", () => {
    const lines = annotations(everything, FOLDER).trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe("::error file=/else/X.cfg,line=1,col=1,title=not read::no verdict%0AAdd one");
    expect(lines[1]).toContain("file=specs/Up.cfg,line=2,title=specs/Up-small::");
    expect(annotations(results([passing]), FOLDER)).toBe("");
  });

  it("gets nothing that is a command of a specification's", () => {
    fc.assert(
      fc.property(anyFinding, (finding) => {
        const text = annotations(results([{ ...finding, command: finding.reason ?? "" }]), FOLDER);
        expect(text.split("\n")).toHaveLength(2);
        expect(text).not.toContain("\r");
        // The title ends where the message begins: no comma or colon of a name's is left in it.
        expect(text.slice(2).split("::")[0]).not.toMatch(/title=[^,]*[,]/);
      }),
    );
  });

  it("gets no more than it shows", () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ ...failing, id: `claim ${i}` }));
    expect(annotations(results(many), FOLDER).trimEnd().split("\n")).toHaveLength(MOST_ANNOTATIONS);
  });
});

describe("Markdown", () => {
  it("tells what wants attention, and what was left out", () => {
    const text = markdown.report(everything, FOLDER);
    expect(text).toMatch(
      /^## ✗ Claims: 1 of 5 as expected, 1 different, 1 not certain, 1 not decided, 1 not run/,
    );
    expect(text).toContain("x: 0 -> 1");
    expect(text).toContain("full set were left out");
  });

  it("stays below what GitHub takes", () => {
    const long = Array.from({ length: 60 }, (_, i) => ({
      ...failing,
      id: `${i}`,
      detail: "x".repeat(100_000),
    }));
    const text = markdown.report(results(long), FOLDER);
    expect(Buffer.byteLength(text)).toBeLessThan(1 << 20);
    expect(text).toMatch(/And 5\d more/);
  });

  it("lets no name or reason become HTML", () => {
    fc.assert(
      fc.property(anyFinding, (finding) => {
        const text = markdown.report(results([{ ...finding, detail: "d" }]), FOLDER);
        const html = new MarkdownIt({ html: true })
          .parse(text, {})
          .flatMap((token) => [token, ...(token.children ?? [])])
          .filter(({ type }) => type.startsWith("html"))
          .map(({ content }) => content.trim());
        const ours = ["<details><summary>Counterexample</summary>", "</details>"];
        expect(html.filter((part) => !ours.includes(part))).toEqual([]);
        expect(html).toHaveLength(2);
      }),
    );
  });
});

describe("a run", () => {
  it("is good only if all is as expected", () => {
    expect(isGood(results([passing]))).toBe(true);
    for (const outcome of ["fail", "open", "undecided"] as const)
      expect(isGood(results([passing, { ...passing, outcome }]))).toBe(false);
    expect(isGood(results([passing], { endedEarly: "time limit" }))).toBe(false);
    expect(isGood(results([passing], { problems: [{ message: "?" }] }))).toBe(false);
    expect(totalLine(everything)).toContain("interrupted");
  });
});
