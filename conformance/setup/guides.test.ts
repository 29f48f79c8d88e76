import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildTraceLibrary } from "../../native/js/tracing/traced-programs.js";
import { run as runProcess } from "../../spec/tlc/base/process.js";
import { root } from "../base/root.js";
import { type GuideStep, guideSteps } from "./guide-steps.js";

const FOLDER = join(root, "docs", "guides");
const GUIDES = readdirSync(FOLDER).filter((name) => name.endsWith(".md"));
const textOf = (guide: string): string => readFileSync(join(FOLDER, guide), "utf8");

/** Commands that are not run here, by how they begin, and why not. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "npm install --save-dev ../quiesce":
    "package.test.ts packs and installs it; here node_modules leads to this repository",
  "cmake -S native":
    "native/js/install.test.ts builds and installs it; here the library is compiled once for all guides",
  "cmake --install": "the same",
};

/** What not every machine has, the commands that need it, and how to ask for it. */
const NEEDS: readonly { readonly what: string; readonly commands: RegExp; readonly test: string }[] = [
  {
    what: "liburcu",
    commands: /-lurcu|\.\/before|\.\/uses/,
    test: "echo '#include <urcu/urcu-memb.h>' | cc -fsyntax-only -x c -",
  },
  { what: "a C++ compiler", commands: /c\+\+|first\+\+/, test: "c++ --version" },
  { what: "pkg-config", commands: /pkg-config|\.\/after|\.\/first|\.\/shop/, test: "pkg-config --version" },
];

const home = mkdtempSync(join(tmpdir(), "quiesce-guides-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Ran {
  readonly code: number | undefined;
  readonly output: string;
}

let environment: Record<string, string | undefined>;
beforeAll(async () => {
  const library = await buildTraceLibrary();
  const lib = join(home, "lib");
  mkdirSync(lib);
  for (const name of ["libquiesce.so", "libquiesce-trace.so"]) symlinkSync(library, join(lib, name));
  const include = join(root, "native", "include");
  const values: Readonly<Record<string, string>> = {
    QUIESCE_PC_PREFIX: home,
    QUIESCE_PC_LIBDIR: lib,
    QUIESCE_PC_INCLUDEDIR: include,
    PROJECT_DESCRIPTION: "for the guides",
    PROJECT_VERSION: "1.0",
  };
  for (const name of ["quiesce.pc", "quiesce-trace.pc"]) {
    const template = readFileSync(join(root, "native", "cmake", `${name}.in`), "utf8");
    writeFileSync(
      join(lib, name),
      template.replace(/@(\w+)@/g, (_, word: string) => values[word] ?? ""),
    );
  }
  const bin = join(home, "bin");
  mkdirSync(bin);
  const program = join(root, "dist", "conformance", "cli", "main.js");
  writeFileSync(join(bin, "npx"), `#!/bin/sh\nshift\nexec '${process.execPath}' '${program}' "$@"\n`, {
    mode: 0o755,
  });
  environment = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
    PKG_CONFIG_PATH: lib,
    LD_LIBRARY_PATH: lib,
    GITHUB_ACTIONS: undefined,
    GITHUB_STEP_SUMMARY: undefined,
    NO_COLOR: "1",
  };
});

/** Runs a command in the guide's folder; what one exports, the next has. */
async function run(command: string, folder: string): Promise<Ran> {
  const variables = `${folder}.variables`;
  const script = `. '${variables}' 2>/dev/null\n${command}\ncode=$?; export -p > '${variables}'; exit $code`;
  const options = { cwd: folder, env: environment, timeoutMs: 580_000 };
  const { exitCode, stdout, stderr } = await runProcess("bash", ["-c", script], options);
  return { code: exitCode, output: stdout + stderr };
}

const isRun = (command: string): boolean => !Object.keys(NOT_RUN).some((start) => command.startsWith(start));

/** Does what a guide says, in a folder of its own, and returns what came out otherwise. */
async function follow(guide: string, text: string): Promise<string[]> {
  const folder = mkdtempSync(join(home, `${guide}-`));
  // Installed by package.test.ts as a reader would; the module's name leads here.
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "quiesce"));
  const asked = await Promise.all(
    NEEDS.map(async (need) => ({ need, code: (await run(need.test, folder)).code })),
  );
  const lacking = asked.filter(({ code }) => code !== 0).map(({ need }) => need);
  for (const { what } of lacking)
    process.stderr.write(`${guide}: without ${what}, its commands are not run\n`);
  const wrong: string[] = [];
  for (const step of guideSteps(guide, text)) {
    if (step.kind === "file") {
      const path = join(folder, step.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, step.text);
    } else if (isRun(step.command) && !lacking.some(({ commands }) => commands.test(step.command))) {
      const { code, output } = await run(step.command, folder);
      if (code !== step.code) wrong.push(`$ ${step.command}\nexit ${code}, not ${step.code}\n${output}`);
      for (const line of step.lines)
        if (!output.includes(line.trim())) wrong.push(`$ ${step.command}\nno line "${line}" in\n${output}`);
    }
  }
  return wrong;
}

describe("guides", () => {
  it.concurrent.each(GUIDES)("%s does what it says, from an empty folder", async (guide) => {
    expect(await follow(guide, textOf(guide))).toEqual([]);
  });

  it("would not pass with another line, or another end", async () => {
    const right =
      "<!-- example: a/b.txt -->\n```text\nhere\n```\n```console\n$ export A=1\n$ cat a/b.txt; test $A = 1\n";
    expect(await follow("right", `${right}here\n\`\`\`\n`)).toEqual([]);
    expect(await follow("line", `${right}there\n\`\`\`\n`)).toHaveLength(1);
    expect(await follow("end", `${right}here\nexit 1\n\`\`\`\n`)).toHaveLength(1);
  });

  it("leave nothing out but what the table names, and the table names nothing else", () => {
    const commands = GUIDES.flatMap((guide) => guideSteps(guide, textOf(guide))).flatMap((step) =>
      step.kind === "command" ? [step.command] : [],
    );
    expect(commands.length).toBeGreaterThan(30);
    for (const start of Object.keys(NOT_RUN))
      expect(commands.filter((one) => one.startsWith(start))).toHaveLength(1);
    for (const { commands: pattern } of NEEDS) expect(commands.some((one) => pattern.test(one))).toBe(true);
  });

  it("would not pass with a command that nobody can run", () => {
    const step = (text: string): GuideStep[] => guideSteps("a.md", text);
    expect(() => step("```sh\nmake\n```\n")).toThrow(/a\.md has commands/);
    expect(() => step("```console\nmake\n```\n")).toThrow(/a\.md has commands/);
    expect(() => step("Then:\n\n    $ make\n")).toThrow(/a\.md:3/);
    expect(
      step("<!-- example: x.sh -->\n```sh\nmake\n```\n\n```console\n$ sh x.sh\nmade\nexit 3\n```\n"),
    ).toEqual([
      { kind: "file", path: "x.sh", text: "make\n" },
      { kind: "command", command: "sh x.sh", lines: ["made"], code: 3 },
    ]);
  });
});
