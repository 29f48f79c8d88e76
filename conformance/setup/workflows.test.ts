import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../base/root.js";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly "runs-on"?: string;
  readonly "timeout-minutes"?: number;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly strategy?: { readonly matrix?: Readonly<Record<string, unknown>> };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly name?: string;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(root, ".github", "workflows");
const workflows = readdirSync(folder).filter((name) => name.endsWith(".yml"));
const { scripts, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
};
const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n");
const program = join(root, "dist", "conformance", "cli", "main.js");

/** The names that a matrix gives a value to, with whether every machine has one. */
function matrixNames(matrix: Readonly<Record<string, unknown>>): ReadonlyMap<string, boolean> {
  const rows = (matrix["include"] ?? []) as readonly Readonly<Record<string, unknown>>[];
  const names = new Map(Object.keys(matrix).map((name) => [name, true]));
  names.delete("include");
  for (const row of rows)
    for (const name of Object.keys(row))
      names.set(
        name,
        rows.every((other) => name in other),
      );
  return names;
}

const helped = new Map<string, string>();
/** The help of a command; "" when there is no such command. */
function helpOf(command: string): string {
  const known =
    helped.get(command) ??
    spawnSync(process.execPath, [program, command, "--help"], { encoding: "utf8" }).stdout;
  helped.set(command, known);
  return known.includes(`Usage: quiesce ${command}`) ? known : "";
}

/** What is wrong with one command of a script. */
function commandFaults(words: readonly string[]): string[] {
  const [first = "", second = "", third = ""] = words;
  if (first === "npm") {
    const script = second === "run" ? third : second;
    return second === "ci" || script in scripts ? [] : [`package.json has no script ${script}`];
  }
  if (first === "npx" && second === "vitest") {
    const tests = files.filter((file) => file.endsWith(".test.ts"));
    return words
      .slice(3)
      .filter((part) => !tests.some((file) => file.includes(part)))
      .map((part) => `no test is in ${part}`);
  }
  if (first === "npx" && second === "quiesce") {
    const help = helpOf(third);
    if (help === "") return [`there is no command quiesce ${third}`];
    return words
      .filter((word) => word.startsWith("--") && !help.includes(`${word} `))
      .map((word) => `quiesce ${third} has no option ${word}`);
  }
  if (first === "node" || first.includes("/")) {
    const file = first === "node" ? second : first;
    return existsSync(join(root, file)) ? [] : [`there is no file ${file}`];
  }
  return [];
}

/** What a runner would stumble over, as far as it can be known before one runs it. */
function faultsOf(text: string): string[] {
  const { name, permissions, jobs } = parse(text) as Workflow;
  const faults: string[] = [];
  if (name === undefined || permissions === undefined) faults.push("it lacks a name or permissions");
  for (const [job, { steps, strategy, env, ...rest }] of Object.entries(jobs)) {
    if (rest["runs-on"] === undefined || rest["timeout-minutes"] === undefined)
      faults.push(`${job} lacks runs-on or timeout-minutes`);
    const names = matrixNames(strategy?.matrix ?? {});
    const used = JSON.stringify([env, steps, (rest as { name?: string }).name]).matchAll(/matrix\.(\w+)/g);
    for (const [, one = ""] of used)
      if (!names.has(one)) faults.push(`${job} uses matrix.${one}, which isn't there`);
    for (const { uses, run, with: given } of steps) {
      if (uses !== undefined && !/^[\w-]+\/[\w-]+@v\d+$/.test(uses)) faults.push(`${uses} has no version`);
      for (const [, one = ""] of JSON.stringify(given ?? {}).matchAll(/matrix\.(\w+)/g))
        if (names.get(one) === false) faults.push(`a machine has no matrix.${one}, and ${uses} needs it`);
      if (run === undefined) continue;
      const plain = run.replace(/\$\{\{[^}]*\}\}/g, "1");
      const { status, stderr } = spawnSync("bash", ["-n", "-c", plain], { encoding: "utf8" });
      if (status !== 0) faults.push(stderr.trim());
      for (const command of plain.split(/&&|\n/)) faults.push(...commandFaults(command.trim().split(/\s+/)));
    }
  }
  return faults;
}

describe("the workflows", () => {
  it.each(workflows)("%s names what is there", (name) => {
    expect(faultsOf(readFileSync(join(folder, name), "utf8"))).toEqual([]);
  });

  const text = readFileSync(join(folder, "environments.yml"), "utf8");

  it.each<[what: string, before: string | RegExp, after: string, fault: string]>([
    ["a script", "npm start", "npm run begin", "package.json has no script begin"],
    ["a folder of tests", "native/js/replay", "native/js/relay", "no test is in native/js/relay"],
    ["a command", "quiesce doctor", "quiesce docter", "there is no command quiesce docter"],
    ["an option", "quiesce doctor", "quiesce doctor --all ", "quiesce doctor has no option --all"],
    [
      "a name of the matrix",
      "matrix.cc }}\n",
      "matrix.compiler }}\n",
      "uses matrix.compiler, which isn't there",
    ],
    ["a machine's value", "{ node: 20, java: 21,", "{ node: 20,", "a machine has no matrix.java"],
    ["a version of an action", "actions/checkout@v4", "actions/checkout", "actions/checkout has no version"],
    ["a shell's syntax", "npx quiesce doctor", "(npx quiesce doctor", "unexpected end of file"],
    ["a time limit", /timeout-minutes: \d+/, "x: 1", "lacks runs-on or timeout-minutes"],
  ])("would stumble over %s that isn't there", (_what, before, after, fault) => {
    expect(text).toMatch(before);
    expect(faultsOf(text.replace(before, after)).join("\n")).toContain(fault);
  });

  it("meet each Node, Java and compiler that is promised, in the oldest and the newest", () => {
    const { environment } = (parse(text) as Workflow).jobs;
    const rows = environment?.strategy?.matrix?.["include"] as readonly Readonly<Record<string, unknown>>[];
    const seen = (name: string): Set<string> =>
      new Set(rows.map((row) => String(row[name]).split(" ")[0] ?? ""));
    expect([...seen("node")]).toEqual(expect.arrayContaining(["20", "22", "24"]));
    expect(engines.node).toMatch(/^>=20\./);
    expect([...seen("java")]).toEqual(expect.arrayContaining(["11", "17", "21"]));
    expect([...seen("cc")]).toEqual(expect.arrayContaining(["gcc", "clang"]));
  });
});
