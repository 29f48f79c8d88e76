import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../../base/root.js";
import { createFolder, ending, quiesce, start } from "./shared/program.fixture.js";

const MODULE = `---- MODULE Up ----
EXTENDS Integers
VARIABLE x
Spec == x = 0 /\\ [][x < 4 /\\ x' = x + 1]_x
Small == x < 3
Big == x < 9
====
`;
const claim = (sentence: string, invariant: string): string =>
  `\\* Module: Up\n\\* Claim: ${sentence}\n\\* Verdict: holds\nSPECIFICATION Spec\nINVARIANT ${invariant}\nCHECK_DEADLOCK FALSE\n`;

const folder = createFolder();
folder.write({
  "Up.tla": MODULE,
  "Up-big.cfg": claim("x is small", "Big"),
  "Up-small.cfg": claim("::error::x stays ]]> small", "Small"),
});
afterAll(() => folder.remove());

const inFolder = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  quiesce(args, { cwd: folder.path, env: { GITHUB_ACTIONS: undefined, ...env } });
const read = (name: string): string => readFileSync(join(folder.path, name), "utf8");

describe("--reporter", () => {
  it("names the place of an assumption that is false, in all formats", async () => {
    const assuming = createFolder();
    assuming.write({
      "Up.tla": MODULE.replace("VARIABLE x", "VARIABLE x\nASSUME 1 > 2"),
      "Up-big.cfg": claim("x is small", "Big"),
    });
    const files = ["junit=r.xml", "sarif=r.sarif", "markdown=r.md"];
    const args = ["check", ".", ...files.flatMap((one) => ["--reporter", one])];
    const { code, stdout } = await quiesce(args, { cwd: assuming.path });
    expect(code).toBe(1);
    const reason = "declared holds, but an assumption in line 4 of Up is false";
    const texts = ["r.xml", "r.md", "r.sarif"].map((name) => readFileSync(join(assuming.path, name), "utf8"));
    for (const text of [stdout, ...texts]) expect(text).toContain(reason);
    const [{ results }] = JSON.parse(texts[2] ?? "").runs;
    expect(results[0].locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: "Up.tla" },
      region: { startLine: 4 },
    });
    assuming.remove();
  });

  it("has lines of JSON also where a command has none of its own", async () => {
    const queue = join(root, "conformance", "walkthrough");
    const given = ["--claim", join(queue, "Queue.cfg"), "--driver", join(queue, "queue-driver.ts")];
    const args = ["conform", ...given, "--no-save", "--reporter", "json-lines=c.jsonl"];
    expect(await inFolder(args)).toMatchObject({ code: 0 });
    const said = read("c.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(said.map(({ kind }) => kind)).toEqual(["finding", "summary"]);
    expect(said[0]).toMatchObject({ outcome: "pass" });
    expect(said[1]).toMatchObject({ command: "conform", pass: 1, fail: 0, interrupted: false });
  });

  it("writes several formats at once, and leaves standard output to the text", async () => {
    const files = [
      "junit=r.xml",
      "sarif=r.sarif",
      "markdown=r.md",
      "html=r.html",
      "json=r.json",
      "json-lines=r.jsonl",
    ];
    const { code, stdout } = await inFolder(["check", ".", ...files.flatMap((one) => ["--reporter", one])]);
    expect(code).toBe(1);
    expect(stdout).toContain("1 of 2 as declared");
    const [suites] = [
      new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "" }).parse(read("r.xml")),
    ];
    expect(suites.testsuites).toMatchObject({ tests: "2", failures: "1" });
    expect(JSON.parse(read("r.sarif")).runs[0].results).toHaveLength(1);
    expect(read("r.md")).toContain("1 of 2 as expected");
    expect(read("r.html")).toContain("Up-small");
    expect(JSON.parse(read("r.json")).claims).toHaveLength(2);
    const lines = read("r.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ kind }) => kind)).toEqual(["claim", "claim", "summary"]);
    expect(readdirSync(folder.path).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("gives standard output to one format", async () => {
    const { stdout } = await inFolder(["check", "Up-big.cfg", "--reporter", "junit"]);
    expect(stdout).toMatch(/^<\?xml/);
    expect(stdout).not.toContain("as declared");
    const two = await inFolder(["check", ".", "--reporter", "junit", "--reporter", "sarif"]);
    expect(two).toMatchObject({ code: 2, stdout: "" });
    expect(two.stderr).toContain("standard output takes one format, not junit and sarif");
  });

  it("refuses what it doesn't know or can't write before anything runs", async () => {
    const unknown = await inFolder(["check", ".", "--reporter", "junti=x.xml"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('there is no reporter "junti"');
    expect(unknown.stderr).toContain("junit");
    const nowhere = await inFolder(["check", ".", "--reporter", "json-lines=none/r.jsonl"]);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain("none/r.jsonl");
    const twice = await inFolder(["check", ".", "--reporter", "junit=a", "--reporter", "sarif=a"]);
    expect(twice.code).toBe(2);
    for (const one of ["junit=", "github=x"])
      expect((await inFolder(["check", ".", "--reporter", one])).code).toBe(2);
  });

  it("speaks to GitHub by itself, and no specification does", async () => {
    const summary = join(folder.path, "summary.md");
    writeFileSync(summary, "before\n");
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: folder.path };
    const { code, stderr, stdout } = await inFolder(["check", ".", "--json"], env);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).claims).toHaveLength(2);
    const commands = `${stdout}${stderr}`.split("\n").filter((line) => /^\s*::/.test(line));
    expect(commands).toEqual([expect.stringMatching(/^::error file=Up-small.cfg,line=3,title=Up-small::/)]);
    expect(read("summary.md")).toMatch(/^before\n## ✗ Claims: 1 of 2 as expected, 1 different/);
    const off = await inFolder(["check", "."]);
    expect(off.stderr).not.toContain("::error");
  });

  it("reports what an interrupted run has decided, and the rest as not decided", async () => {
    const long = createFolder();
    long.write({
      "Long.tla": MODULE.replace("MODULE Up", "MODULE Long")
        .replace("x < 4", "x < 100000000")
        .replace("x < 9", "x >= 0"),
      "Long.cfg": claim("takes long", "Big").replace("Module: Up", "Module: Long"),
    });
    try {
      const child = start(["check", ".", "--no-cache", "--reporter", "junit=r.xml"], { cwd: long.path });
      child.stderr?.on("data", (chunk: Buffer) => {
        if (/ [1-9]\d* s/.test(chunk.toString())) child.kill("SIGINT");
      });
      const { code } = await ending(child);
      expect(code).toBe(130);
      const xml = readFileSync(join(long.path, "r.xml"), "utf8");
      expect(xml).toContain('tests="1" failures="0" errors="1"');
      expect(xml).toContain('type="undecided"');
    } finally {
      long.remove();
    }
  });

  it("serves litmus tests, too", async () => {
    folder.write({
      "SB.litmus": `C SB
(* Result: Never *)
{}
P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); }
P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`,
      "none.litmus": "C none\n",
    });
    const { code } = await inFolder(["litmus", "SB.litmus", "none.litmus", "--reporter", "junit=l.xml"]);
    expect(code).toBe(2);
    const xml = read("l.xml");
    expect(xml).toContain('tests="2" failures="1" errors="1"');
    expect(xml).toContain("the file declares Result: Never; found: sc Never, tso Sometimes");
    expect(existsSync(join(folder.path, "l.xml.part"))).toBe(false);
  });
});
