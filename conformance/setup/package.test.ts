import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { run as runProcess } from "../../spec/tlc/base/process.js";
import { walk } from "../../spec/tlc/base/walk.js";
import { root } from "../base/root.js";
import { complaintsIn } from "../program/cli/shared/program.fixture.js";
import { REPORTER_NAMES } from "../program/cli/shared/reporter-option.js";

const UP = `---- MODULE Up ----
EXTENDS Integers
VARIABLE x
Spec == x = 0 /\\ [][x < 4 /\\ x' = x + 1]_x
Small == x < 3
Big == x < 9
====
`;
const claim = (invariant: string): string =>
  `\\* Module: Up\n\\* Claim: x is small\n\\* Verdict: holds\nSPECIFICATION Spec\nINVARIANT ${invariant}\nCHECK_DEADLOCK FALSE\n`;

const home = mkdtempSync(join(tmpdir(), "quiesce-package-"));
const project = join(home, "a project");
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Ended {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<Ended> {
  const ended = await runProcess(command, args, { cwd: project, timeoutMs: 300_000, ...options });
  return { status: ended.exitCode, stdout: ended.stdout, stderr: ended.stderr };
}

/** Links of a document that lead to nothing beside it. */
async function brokenLinks(document: string): Promise<string[]> {
  const text = (await readFile(document, "utf8")).replace(/```[\s\S]*?```/g, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, href = ""]) => href)
    .filter((href) => !/^[a-z]+:|^#/.test(href))
    .filter((href) => !existsSync(join(dirname(document), href.replace(/#.*/, ""))))
    .map((href) => `${document}: ${href}`);
}

/** What may be in it: a bound, so that nobody packs a build by mistake. */
const MOST_PACKED = 3 << 20;
const MOST_UNPACKED = 12 << 20;

describe("the package, installed into an empty project", () => {
  let unpacked = 0;
  beforeAll(async () => {
    mkdirSync(join(project, "specs"), { recursive: true });
    writeFileSync(
      join(project, "package.json"),
      '{ "name": "a-project", "private": true, "type": "module" }\n',
    );
    for (const [file, text] of Object.entries({
      "specs/Up.tla": UP,
      "specs/Up.cfg": claim("Big"),
      "specs/Up-small.cfg": claim("Small"),
    }))
      writeFileSync(join(project, file), text);
    // What was compiled for the tests is what it has; packing would compile it once more.
    await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", home], { cwd: root });
    const [tarball = ""] = readdirSync(home).filter((name) => name.endsWith(".tgz"));
    const installed = await run("npm", [
      "install",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      join(home, tarball),
    ]);
    expect(installed.stderr + installed.stdout).not.toMatch(/npm error/);
    expect(installed.status).toBe(0);
    // Before the commands put what they build into it.
    unpacked = Number((await run("du", ["-sb", "node_modules/quiesce"])).stdout.split("\t")[0]);
  });

  it("decides claims, as declared and not", async () => {
    const { status, stdout, stderr } = await run("npx", ["quiesce", "check", "./specs"]);
    expect(complaintsIn(stderr)).toBe("");
    expect(stdout).toContain("1 of 2 as declared");
    expect(stdout).toContain("Small is violated");
    expect(status).toBe(1);
  });

  it("has all that the other commands read", async () => {
    writeFileSync(
      join(project, "SB.litmus"),
      "C SB\n{}\nP0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); }\nexists (0:r0=0)\n",
    );
    for (const args of [
      ["litmus", "SB.litmus", "--brief"],
      ["doctor"],
      ["check", "./specs/Up.cfg", "--reporter", "html=page.html"],
      ["check", "--schema"],
      ["kernel", "--emit", "kernel.c"],
    ]) {
      const { status, stderr } = await run("npx", ["quiesce", ...args]);
      expect(`${args.join(" ")}: ${status} ${status === 0 ? "" : stderr}`).toBe(`${args.join(" ")}: 0 `);
    }
    expect(statSync(join(project, "kernel.c")).size).toBeGreaterThan(10_000);
    expect(readFileSync(join(project, "page.html"), "utf8")).toContain("specs/Up");
  });

  it("knows a claim by its name in its folder, and puts what it makes into the project", async () => {
    const drawn = await run("npx", ["quiesce", "graph", "specs/Up", "--output", "up.svg"]);
    expect(drawn.stdout).toContain("Up: 5 states, 4 steps");
    expect(readFileSync(join(project, "up.svg"), "utf8")).toContain("state 5");
    const help = await run("npx", ["quiesce", "trace", "demo", "--help"]);
    expect(help.stdout).toContain("else trace-demo)");
  });

  it("says in a sentence what only a clone has", async () => {
    for (const [args, problem] of [
      [["bench", "--keep", "me"], "is for a clone"],
      [["generate", "--check"], "is for a clone"],
      [["check", "--record"], "is for a clone"],
    ] as const) {
      const { status, stderr } = await run("npx", ["quiesce", ...args]);
      expect(`${args.join(" ")}: ${status}`).toBe(`${args.join(" ")}: 2`);
      expect(stderr).toContain(problem);
      expect(stderr).not.toMatch(/\n +at /);
    }
  });

  it("exports what the commands are made of, with types", async () => {
    writeFileSync(
      join(project, "use.ts"),
      `import { checkAll, type CheckSummary } from "quiesce/check";
import { conform } from "quiesce/conform";
import { runLitmus } from "quiesce/litmus";
import { REPORTERS } from "quiesce/report";
const progress = { update() {}, line() {}, done() {} };
const summary: CheckSummary = await checkAll({
  paths: ["specs"], root: process.cwd(), full: false, cache: true, onlyList: false, libraries: [], undeclared: false,
  init: false, parallel: 1, timeoutMs: 60_000, memoryMiB: undefined, signal: new AbortController().signal, progress,
});
console.log(summary.rows.map(({ claim, verdict }) => \`\${claim.id} \${verdict}\`).join(", "));
console.log(typeof conform, typeof runLitmus, REPORTERS.length > 0);
`,
    );
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const options = ["--module", "nodenext", "--target", "es2022", "--strict", "--skipLibCheck"];
    const types = ["--typeRoots", join(root, "node_modules", "@types"), "--types", "node"];
    const compiled = await run("node", [tsc, ...options, ...types, "use.ts"]);
    expect(compiled.stdout).toBe("");
    const used = await run("node", ["use.js"]);
    expect(used.stderr).toBe("");
    expect(used.stdout).toBe("specs/Up holds, specs/Up-small violated\nfunction function true\n");
  });

  it("has what its documents lead to", async () => {
    const installed = join(project, "node_modules", "quiesce");
    const documents = await walk(installed, ".md");
    const links = (await Promise.all(documents.map(brokenLinks))).flat();
    expect(documents.length).toBeGreaterThan(200);
    expect(links).toEqual([]);
  });

  it("is small", async () => {
    const [tarball = ""] = readdirSync(home).filter((name) => name.endsWith(".tgz"));
    expect(statSync(join(home, tarball)).size).toBeLessThan(MOST_PACKED);
    expect(unpacked).toBeGreaterThan(1 << 20);
    expect(unpacked).toBeLessThan(MOST_UNPACKED);
  });
});

interface Step {
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

/** Runs the steps of action.yml as GitHub's runner does: expressions replaced in all but what an input can reach. */
async function runAction(
  inputs: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | undefined; readonly output: string }> {
  const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as Action;
  const value = (expression: string): string => {
    const name = expression.replace(/^inputs\./, "");
    if (expression === "github.action_path") return root;
    if (!(name in action.inputs)) throw new Error(`action.yml: ${expression} is unknown`);
    return inputs[name] ?? action.inputs[name]?.default ?? "";
  };
  const expand = (text: string): string =>
    text.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, one: string) => value(one));
  let output = "";
  for (const step of action.runs.steps) {
    // An input within a script could be a script of its own.
    expect(step.run).not.toContain("${{");
    const env = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, text]) => [name, expand(text)]),
    );
    const github = {
      GITHUB_ACTIONS: "true",
      GITHUB_STEP_SUMMARY: join(home, "summary.md"),
      GITHUB_WORKSPACE: project,
    };
    const cwd = join(project, expand(step["working-directory"] ?? "."));
    const { status, stdout, stderr } = await run(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run],
      {
        cwd: cwd.endsWith(root) ? root : cwd,
        env: { ...github, ...env },
      },
    );
    output += stdout + stderr;
    if (status !== 0) return { status, output };
  }
  return { status: 0, output };
}

describe("action.yml", () => {
  it("runs a command, with reports and annotations", async () => {
    const { status, output } = await runAction({
      arguments: "specs\n--verbose\n",
      junit: "r.xml",
      html: "r.html",
    });
    expect(status).toBe(1);
    expect(output).toMatch(/^::error file=specs\/Up-small\.cfg,line=3,/m);
    expect(readFileSync(join(home, "summary.md"), "utf8")).toContain("1 of 2 as expected");
    for (const name of ["r.xml", "r.html"]) expect(statSync(join(project, name)).size).toBeGreaterThan(100);
  });

  it("reads none of its inputs as a shell does", async () => {
    const evil = `specs/Up.cfg\n--reporter\njson=$(touch ${home}/evil).json\n`;
    const { status } = await runAction({
      arguments: evil,
      junit: `\`touch ${home}/evil\`; touch ${home}/evil`,
    });
    expect(status).not.toBe(0);
    expect(readdirSync(home)).not.toContain("evil");
    expect((await runAction({ arguments: "specs/Up.cfg" })).status).toBe(0);
  });
});

describe("the pages about CI", () => {
  it("have a row for each reporter", () => {
    const page = readFileSync(join(root, "docs", "ci", "README.md"), "utf8");
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    expect(rows.toSorted()).toEqual(REPORTER_NAMES.toSorted());
  });

  it("name only inputs that the action has", () => {
    const page = readFileSync(join(root, "docs", "ci", "github.md"), "utf8");
    const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as Action;
    const examples = page.match(/^ +- uses: OWNER\/quiesce@COMMIT[\s\S]*?(?=^ +- |^```)/gm) ?? [];
    const given = examples.flatMap((text) =>
      (parse(text) as readonly { readonly with?: object }[]).flatMap((step) => Object.keys(step.with ?? {})),
    );
    expect(given.length).toBeGreaterThan(2);
    for (const name of [...given, "html"]) expect(Object.keys(action.inputs)).toContain(name);
    expect(page).toContain("`html:");
  });

  it("have examples that can be read, and whose commands exist", async () => {
    const folder = join(root, "docs", "ci");
    const examples = readdirSync(folder).flatMap((page) =>
      [...readFileSync(join(folder, page), "utf8").matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(
        ([, text = ""]) => text,
      ),
    );
    expect(examples.length).toBeGreaterThanOrEqual(4);
    for (const text of examples) expect(() => parse(text) as unknown).not.toThrow();
    const [gitlab] = readFileSync(join(folder, "gitlab.md"), "utf8").match(/quiesce check specs .*/) ?? [];
    const { status } = await run("npx", (gitlab ?? "").split(" "));
    expect(status).toBe(1);
    expect(statSync(join(project, "quiesce.xml")).size).toBeGreaterThan(100);
    const [hook] = parse(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8")) as {
      entry: string;
      args: string[];
    }[];
    expect((await run("npx", [...(hook?.entry.split(" ") ?? []), ...(hook?.args ?? [])])).status).toBe(1);
  });
});
