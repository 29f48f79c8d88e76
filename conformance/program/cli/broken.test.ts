import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder, quiesce } from "./shared/program.fixture.js";

/** A specification that somebody has broken, and what each format must say of it. */
interface Broken {
  readonly body: string;
  readonly config?: string;
  readonly verdict?: "violated" | "holds";
  /** The file's ending and the line, where anything is said of a place. */
  readonly place?: string;
  /** Words of the reason that no format has to escape. */
  readonly reason?: string;
}

const COUNTER = "VARIABLE x\nInit == x = 0\nNext == x' = (x + 1) % 3\nInv == x < 3";
const STEPS = "INIT Init\nNEXT Next\n";
const spec = (fair: string): string => `${COUNTER}\nSpec == Init /\\ [][Next]_x${fair}`;

/** By name. The header of each module takes two lines, so its body begins in the third. */
const BROKEN: Readonly<Record<string, Broken>> = {
  Syntax: { body: "VARIABLE x\nInit == = 0", place: "tla:4", reason: "Was expecting" },
  OpenComment: { body: `${COUNTER}\n(* never closed`, place: "tla:7", reason: "ends within a comment" },
  Undefined: { body: `${COUNTER}\nA == Foo(x)`, place: "tla:7", reason: "Unknown operator" },
  Primes: { body: "VARIABLE x\nInit == x'' = 0", place: "tla:4", reason: "Level error" },
  Arity: { body: `F(a, b) == a\n${COUNTER}\nA == F(1)`, place: "tla:8", reason: "requires 2 arguments" },
  Circle: { body: COUNTER.replace("VARIABLE", "EXTENDS Circle\nVARIABLE"), reason: "" },
  NoSuchInvariant: {
    ...{ body: COUNTER, config: `${STEPS}INVARIANT Invv\n` },
    ...{ place: "cfg:3", reason: "Did you mean Inv?" },
  },
  NoSuchNext: {
    body: COUNTER,
    config: "INIT Init\nNEXT Nexxt\n",
    place: "cfg:2",
    reason: "Did you mean Next?",
  },
  NoValue: {
    body: `CONSTANTS M, N\n${COUNTER}`,
    config: `${STEPS}CONSTANT M = 1\n`,
    place: "tla:3",
    reason: "N is not",
  },
  WrongValue: {
    ...{ body: `CONSTANT N\n${COUNTER.replace("% 3", "% N")}`, config: `${STEPS}CONSTANT N = "three"\n` },
    ...{ place: "tla:6", reason: "Cannot cast a string to a number" },
  },
  NoSuchDefinition: {
    ...{ body: `${COUNTER}\nF(a) == a`, config: `${STEPS}CONSTANT F <- Nope\n` },
    ...{ place: "cfg:3", reason: "undefined identifier Nope" },
  },
  Temporal: {
    ...{ body: `${COUNTER}\nLive == <>(x = 2)`, config: `${STEPS}INVARIANT Live\n` },
    ...{ place: "cfg:3", reason: "not a state predicate" },
  },
  Parameter: {
    ...{ body: `${COUNTER}\nP(y) == x < y`, config: `${STEPS}INVARIANT P\n` },
    ...{ place: "cfg:3", reason: "not to take any argument" },
  },
  Constant: {
    ...{ body: `${COUNTER}\nNever == FALSE`, config: `${STEPS}ACTION_CONSTRAINT Never\n` },
    ...{ place: "cfg:3", reason: "Never is FALSE, whatever the state" },
  },
  NoNumber: {
    body: `${COUNTER}\nSum == x + 1`,
    config: `${STEPS}INVARIANT Sum\n`,
    place: "tla:7",
    reason: "a boolean value",
  },
  Conjunct: {
    body: `${COUNTER}\nSpec == Init /\\ [Next]_x`,
    config: "SPECIFICATION Spec\n",
    place: "tla:7",
    reason: "handle this part",
  },
  CutOff: {
    ...{ body: `${COUNTER}\nFar == x > 7`, config: `${STEPS}CONSTRAINT Far\n` },
    ...{ place: "cfg:1", reason: "none that Far lets through" },
  },
  Domain: {
    body: "VARIABLE x\nf == [i \\in 1..3 |-> i]\nInit == x = 1\nNext == x' = f[x] + 1\nInv == TRUE",
    place: "tla:6",
    reason: "not in the domain",
  },
  Choose: {
    body: "VARIABLE x\nInit == x = CHOOSE y \\in {1} : y > 5\nNext == x' = x\nInv == TRUE",
    place: "tla:4",
    reason: "no element of S satisfied P",
  },
  Endless: {
    ...{
      body: "RECURSIVE F(_)\nF(n) == F(n + 1)\nVARIABLE x\nInit == x = F(0)\nNext == x' = x\nInv == TRUE",
    },
    ...{ place: "tla:4", reason: "or without end" },
  },
  Overflow: {
    body: COUNTER.replace("x = 0", "x = 2147483647").replace("< 3", ">= 0"),
    place: "tla:5",
    reason: "Overflow",
  },
  Unset: {
    body: COUNTER.replace("x = 0", "x = TLCGet(44)"),
    place: "tla:4",
    reason: "TLCGet(44) was undefined",
  },
  AssertInside: {
    body: `${COUNTER}\nSays == Assert(x < 2, "no")`,
    config: `${STEPS}INVARIANT Says\n`,
    place: "cfg:3",
    reason: "evaluated to FALSE",
  },
  Assumes: {
    body: `${COUNTER}\nASSUME 1 > 2`,
    verdict: "violated",
    place: "tla:7",
    reason: "an assumption in line 7",
  },
  Asserts: {
    body: COUNTER.replace("(x + 1)", '(IF Assert(x < 2, "<b>]]>") THEN x + 1 ELSE 0)'),
    verdict: "violated",
    place: "tla:5",
    reason: "an assertion fails",
  },
  Broken: { body: COUNTER.replace("< 3", "< 2"), verdict: "violated", reason: "Inv is violated" },
  Stops: {
    body: COUNTER.replace("Next ==", "Next == x < 2 /\\"),
    verdict: "violated",
    reason: "a deadlock is reached",
  },
  NotLive: {
    body: `${spec("")}\nLive == <>(x = 2)`,
    config: "SPECIFICATION Spec\nPROPERTY Live\n",
    verdict: "violated",
    reason: "Live is violated",
  },
  Fine: { body: COUNTER, verdict: "holds" },
  Vacuous: {
    ...{ body: `${spec("")}\nLive == (x = 7) ~> (x = 9)`, config: "SPECIFICATION Spec\nPROPERTY Live\n" },
    verdict: "holds",
  },
  Hidden: {
    body: `${COUNTER}\nOdd == x % 2\nLow == x < 2`,
    config: `${STEPS}VIEW Odd\nINVARIANT Low\n`,
    verdict: "holds",
    reason: "states that VIEW Odd does not tell apart",
  },
};
const NAMES = Object.keys(BROKEN);
/** The names of Java's classes, and lines of its stack. */
const JAVA = /\b(?:java|tlc2|tla2sany)\.[a-z]\w*\.|\w(?:Exception|OverflowError)\b|^\s+at [\w.]+\(/m;

const folder = createFolder();
afterAll(() => folder.remove());
const read = (name: string): string => readFileSync(join(folder.path, name), "utf8");

describe("a broken specification", () => {
  let code: number | null;
  let text = "";
  let github = "";

  beforeAll(async () => {
    folder.write({
      ...Object.fromEntries(
        NAMES.flatMap((name) => {
          const { body, config = `${STEPS}INVARIANT Inv\n` } = BROKEN[name] as Broken;
          const others = body.includes("EXTENDS") ? "" : "EXTENDS Naturals, TLC";
          return [
            [`${name}.tla`, `---- MODULE ${name} ----\n${others}\n${body}\n====\n`],
            [`${name}.cfg`, config],
          ];
        }),
      ),
      "Empty.tla": "",
      "Empty.cfg": STEPS,
    });
    const files = [
      "json=r.json",
      "json-lines=r.jsonl",
      "junit=r.xml",
      "sarif=r.sarif",
      "markdown=r.md",
      "html=r.html",
    ];
    const args = ["check", ".", "--undeclared", "--no-cache", ...files.flatMap((one) => ["--reporter", one])];
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(folder.path, "summary.md") };
    const ran = await quiesce(args, { cwd: folder.path, env });
    code = ran.code;
    text = ran.stdout;
    github = ran.stderr;
  }, 600_000);

  const claims = (): { id: string; verdict: string; reason?: string }[] => JSON.parse(read("r.json")).claims;

  it("is told in every format, each valid, without the words of Java", () => {
    expect(code).toBe(1);
    expect(claims().map(({ id }) => id)).toEqual([...NAMES, "Empty"].sort());
    const lines = read("r.jsonl").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).kind)).toHaveLength(NAMES.length + 2);
    expect(XMLValidator.validate(read("r.xml"))).toBe(true);
    const annotated = github.split("\n").filter((line) => line.startsWith("::"));
    expect(annotated.length).toBeGreaterThan(5);
    for (const line of annotated) expect(line).toMatch(/^::(?:error|notice) file=\w+\.(?:tla|cfg),line=\d+,/);
    for (const name of ["r.json", "r.jsonl", "r.xml", "r.sarif", "r.md", "summary.md"])
      expect(read(name), name).not.toMatch(JAVA);
    expect(text).not.toMatch(JAVA);
    expect(existsSync(join(folder.path, "states"))).toBe(false);
  });

  it.each(NAMES)("%s: its verdict, its place and its reason are in all formats", (name) => {
    const { verdict = "inconclusive", place, reason = "" } = BROKEN[name] as Broken;
    expect(claims().find(({ id }) => id === name)).toMatchObject({
      verdict,
      ...(reason !== "" && { reason: expect.stringContaining(reason) }),
    });
    const said = {
      text: inText(name),
      junit: inJunit(name),
      markdown: inMarkdown(name),
      sarif: inSarif(name),
    };
    // What holds has no result of its own in SARIF and Markdown: it is counted there.
    const told = verdict === "holds" ? { text: said.text, junit: said.junit } : said;
    for (const [format, part] of Object.entries(told)) {
      expect(part, format).toContain(verdict === "violated" ? reason : verdict);
      expect(part, format).toContain(reason);
      // A run that breaks something has no place but the claim's.
      if (place !== undefined && !(format === "text" && verdict === "violated"))
        expect(part, format).toContain(`${name}.${place}`);
    }
    expect(read("r.html")).toContain(JSON.stringify(reason).slice(1, -1));
  });

  it("is named when it holds only because what it speaks of never happens", () => {
    const { vacuity } = JSON.parse(read("r.json"));
    expect(vacuity).toMatchObject([{ kind: "never enabled", name: "Live" }]);
    expect(text + github).toContain("Live");
  });

  it("counts apart what is found where nothing is declared", () => {
    expect(read("r.md")).toMatch(
      /^## ✗ Claims: 0 of 24 as expected, 8 found, with nothing declared, 24 not certain/,
    );
    expect(inJunit("Broken")).toContain("<system-out>");
    const [{ results }] = JSON.parse(read("r.sarif")).runs;
    const levels = (rule: string) =>
      results
        .filter(({ ruleId }: { ruleId: string }) => ruleId === rule)
        .map(({ level }: { level: string }) => level);
    expect(levels("found-violated")).toEqual(Array.from({ length: 5 }, () => "note"));
    expect(new Set(levels("inconclusive"))).toEqual(new Set(["error"]));
  });

  function inText(name: string): string {
    return text.split("\n\n").find((part) => new RegExp(`^[✗?] ${name} `, "m").test(part)) ?? "";
  }

  function inJunit(name: string): string {
    const [, part = ""] =
      new RegExp(`(<testcase name="${name}".*?)</testcase>`, "s").exec(read("r.xml")) ?? [];
    const { testcase } = new XMLParser({ ignoreAttributes: false }).parse(`${part}</testcase>`);
    return `${part.includes("<system-out>") ? "<system-out>" : ""}${JSON.stringify(testcase)}`;
  }

  function inMarkdown(name: string): string {
    return (
      read("r.md")
        .split("\n### ")
        .find((part) => part.includes(`\`${name}\``)) ?? ""
    );
  }

  function inSarif(name: string): string {
    const [{ results }] = JSON.parse(read("r.sarif")).runs;
    const found = results.find(({ properties }: { properties: { id: string } }) => properties.id === name);
    const { artifactLocation, region } = found?.locations[0].physicalLocation ?? {};
    return [found?.message.text, `${artifactLocation?.uri}:${region?.startLine}`].join("\n");
  }
});
