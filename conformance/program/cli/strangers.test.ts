import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findJavac } from "../../../spec/tlc/tools/javac.fixture.js";
import { createFolder, type Ended, module, quiesce } from "./shared/program.fixture.js";
import { type ShownClaims, validated } from "./shared/schema.fixture.js";

/** What spec/STRANGERS.md promises of specifications that others wrote, each with an attempt to break it. */
const outside = createFolder("outside");
const folder = createFolder("a:b $(touch shell) ;touch shell; λ");
afterAll(() => {
  folder.remove();
  outside.remove();
});

const MODEL = `VARIABLE x
Zero == 0
Init == x = Zero
Next == x < 2 /\\ x' = x + 1
Spec == Init /\\ [][Next]_x
Small == x <= 2`;
const CONFIG = "SPECIFICATION Spec\nINVARIANT Small\nCHECK_DEADLOCK FALSE\n";
const claim = (header = ""): string => `\\* Verdict: holds\n\\* States: 3\n${header}${CONFIG}`;

/** A Java class that leaves a file when it is used; TLC takes one for the operators of the module that has its name. */
const java = (name: string, in_: string, rest: string): string =>
  `${in_ === "" ? "" : `package ${in_};`}
  public class ${name} ${rest.split("|")[0]} {
    static { try { new java.io.File(System.getenv("TOUCHED"), "${name}").createNewFile(); } catch (java.io.IOException e) { } }
    ${rest.split("|")[1]}
  }`;
const VALUE = "return tlc2.value.impl.IntValue.gen(0);";

const javac = await findJavac("a stranger's Java");
/** Compiles what a stranger would have compiled elsewhere; false without a compiler. */
function compile(folder: string): boolean {
  if (javac === undefined) return false;
  const sources = ["Hostile.java", "TLCOverrides.java"].map((name) => join(outside.path, name));
  execFileSync(javac, ["--release", "11", "-nowarn", "-cp", jar, "-d", folder, ...sources], {
    stdio: "ignore",
  });
  return true;
}

let jar = "";
let shown: ShownClaims;
let text: Ended;

beforeAll(async () => {
  const doctor = await quiesce(["doctor", "--json"]);
  jar = /"jar",\s*"ok": true,\s*"value": "([^"]+)"/.exec(doctor.stdout)?.[1] ?? "";
  mkdirSync(join(outside.path, "touched"));
  const forged = "\u001b]0;title\u0007\u001b[31m";
  outside.write({
    "Away.tla": module("Away", MODEL),
    "Hostile.java": java("Hostile", "", `|public static tlc2.value.impl.Value Zero() { ${VALUE} }`),
    "TLCOverrides.java": java(
      "TLCOverrides",
      "tlc2.overrides",
      "implements tlc2.overrides.ITLCOverrides|public Class[] get() { return new Class[0]; }",
    ),
  });
  compile(folder.path);
  folder.write({
    "Hostile.tla": module("Hostile", MODEL),
    "Hostile.cfg": claim(),
    // Without a library there is no IOExec; a module of that name is only what its text says.
    "Command.tla": module("Command", MODEL).replace("TLC\n", "TLC, IOUtils\n"),
    "Command.cfg": claim(),
    "own/Runner.tla": module("Runner", MODEL.replace("x = Zero", 'x = IOExec(<<"touch", "shell">>)')).replace(
      "TLC\n",
      "TLC, Mine\n",
    ),
    "own/Runner.cfg": claim(),
    "own/Mine.tla": `---- MODULE Mine ----\nIOExec(words) == 0\n====\n`,
    // TLC would take its name for an option.
    "-continue.tla": module("Continue", MODEL),
    "-continue.cfg": claim(),
    "Elsewhere.cfg": claim("\\* Module: ../../outside/Away\n"),
    "Printer.tla": module("Printer", MODEL.replace("x = Zero", `x = Zero /\\ Assert(FALSE, "${forged}")`)),
    "Printer.cfg": claim(),
    "\n::error::forged.cfg": "\\* Verdict: maybe\n",
  });
  symlinkSync(join(outside.path, "Away.tla"), join(folder.path, "Linked.tla"));
  const env = {
    TOUCHED: join(outside.path, "touched"),
    CLASSPATH: folder.path,
    GITHUB_ACTIONS: "true",
    FORCE_COLOR: "1",
  };
  const args = [
    "check",
    ...["Hostile", "Command", "own/Runner", "Printer"].map((name) => join(folder.path, `${name}.cfg`)),
  ];
  const json = await quiesce([...args, "--json", "--no-cache"], { env, cwd: outside.path });
  shown = validated<ShownClaims>("check", json.stdout);
  text = await quiesce(["check", folder.path], { env, cwd: outside.path });
});

const found = (id: string) => shown.claims.find((one) => one.id.split("/").at(-1) === id);

describe("a specification that a stranger wrote", () => {
  it.skipIf(javac === undefined)(
    "brings no Java with it, neither beside it nor by CLASSPATH, though TLC would load it",
    () => {
      expect(found("Hostile")).toMatchObject({ verdict: "holds", asDeclared: true });
      // TLC alone would say what the Java says: it is named.
      expect(found("Hostile")?.javaNotRun).toEqual([join(folder.path, "Hostile.class")]);
      expect(text.stdout).toContain("without Hostile.class, Java beside the modules");
      expect(readdirSync(join(outside.path, "touched"))).toEqual([]);
      // With its folder on the class path, both run.
      const plain = createFolder("plain");
      plain.write({ "Hostile.tla": module("Hostile", MODEL), "Hostile.cfg": claim() });
      expect(compile(plain.path)).toBe(true);
      execFileSync("java", ["-cp", `${jar}:${plain.path}`, "tlc2.TLC", "Hostile"], {
        cwd: plain.path,
        env: { ...process.env, TOUCHED: plain.path },
        stdio: "ignore",
      });
      expect(readdirSync(plain.path)).toEqual(expect.arrayContaining(["Hostile", "TLCOverrides"]));
      plain.remove();
    },
  );

  it("runs no command: there is no IOExec without a library, and a module of its name is only its text", () => {
    expect(found("Command")).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("IOUtils"),
    });
    expect(found("Runner")).toMatchObject({ verdict: "holds" });
    expect(readdirSync(outside.path)).not.toContain("shell");
  });

  it("is not told to TLC as an option, and names no module of another folder", () => {
    expect(text.code).toBe(2);
    // Files that are no claims are told with the results of the others.
    expect(text.stdout).toMatch(/Elsewhere\.cfg.*`\.\.\/\.\.\/outside\/Away` is not the name of a module/);
    expect(text.stdout).toMatch(/-continue\.cfg.*there is no module/);
  });

  it("reaches neither the terminal nor the service that runs us with more than text", () => {
    expect(found("Printer")).toMatchObject({ verdict: "inconclusive" });
    const all = text.stdout + text.stderr;
    // Colours are ours.
    const [, ...sequences] = all.split("\u001b");
    for (const sequence of sequences) expect(sequence).toMatch(/^\[\d+m/);
    expect(all.replaceAll("\u001b", "")).not.toMatch(/(?!\n)\p{Cc}/u);
    // What is a command is ours: an annotation of a claim, with all that a stranger says escaped.
    const commands = all.split("\n").filter((line) => /^\s*::/.test(line));
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands)
      expect(command).toMatch(/^::error file=[^,:]+,line=\d+(?:,[a-zA-Z]+=[^,:]+)*::/);
    expect(all).toMatch(/^: :error::forged\.cfg/m);
  });

  it("leaves nothing where it is", () => {
    const left = readdirSync(folder.path, { recursive: true }).map(String);
    expect(left.filter((name) => !/\.(?:tla|cfg|class)$/.test(name)).sort()).toEqual([
      "own",
      ...(javac === undefined ? [] : ["tlc2", "tlc2/overrides"]),
    ]);
    expect(readdirSync(dirname(folder.path))).toHaveLength(1);
  });
});
