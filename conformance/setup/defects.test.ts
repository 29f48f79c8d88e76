import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { run as runProcess } from "../../spec/tlc/base/process.js";
import { root } from "../base/root.js";
import { guideSteps } from "./guide-steps.js";

const FOLDER = join(root, "docs", "defects");
const PAGES = readdirSync(FOLDER).filter((name) => name.endsWith(".md") && name !== "README.md");
const PROGRAMS = readdirSync(FOLDER).filter((name) => name.endsWith(".c"));

/** Defects without a program, and why. */
const WITHOUT_PROGRAM: Readonly<Record<string, string>> = {
  "membarrier-exec-rt.md": "takes a kernel with PREEMPT_RT, and none was at hand",
  "membarrier-selftest.md": "a wrong word in a test: the line shows it",
  "urcu-signal-wakeup.md": "a race that may not show in hours, in a flavour that is gone",
};

/**
 * Files that have been measured, by what is in them: where one of these is what a program meets, the defect shows. Any
 * other may have been mended, and is only asked.
 */
const MEASURED: Readonly<Record<string, { readonly file: string; readonly sha256: string }>> = {
  memb: {
    file: "/usr/lib/x86_64-linux-gnu/liburcu-memb.so.8",
    sha256: "3479026b3913280eb108f5d50e60bcf1d33fa2a7b8519a6fd062c8cf1fc1ee50",
  },
  qsbr: {
    file: "/usr/lib/x86_64-linux-gnu/liburcu-qsbr.so.8",
    sha256: "a0b17116138625a1695e13dd33ad0290b455aa6af94597cb9c527f5daab91416",
  },
  "babeltrace2's reader": {
    file: "/usr/lib/x86_64-linux-gnu/babeltrace2/plugins/babeltrace-plugin-ctf.so",
    sha256: "0bc1dd3332b2c70ae20e7971de5e37225510f1c9997c48ed5c8665f16cff8819",
  },
  "qemu-x86_64": {
    file: "/usr/bin/qemu-x86_64",
    sha256: "dfee81b0b7c5b943a0dc52308bccda8fcfcdf2e92f6563bbdac66e1d3eee118a",
  },
};
const MEETS: Readonly<Record<string, keyof typeof MEASURED>> = {
  "urcu-defer-register-again.c": "memb",
  "urcu-exit-registered.c": "memb",
  "urcu-fork-online-qsbr.c": "qsbr",
  "urcu-fork-reader.c": "memb",
  "urcu-fork-worker-stopped.c": "memb",
  "babeltrace2-all-ones.c": "babeltrace2's reader",
  "qemu-fork-thread.c": "qemu-x86_64",
};

/** Whether what the program meets is known to have the defect. */
function isMeasured(program: string): boolean {
  const { file, sha256 } = MEASURED[MEETS[program] ?? ""] ?? { file: "", sha256: "" };
  return existsSync(file) && createHash("sha256").update(readFileSync(file)).digest("hex") === sha256;
}

interface Shown {
  readonly page: string;
  readonly program: string;
  /** How the page says that it is compiled and run, and what it then prints. */
  readonly compile: readonly string[];
  readonly start: readonly string[];
  readonly lines: readonly string[];
}

const shown: readonly Shown[] = PAGES.flatMap((page) => {
  const [compile, start] = guideSteps(page, readFileSync(join(FOLDER, page), "utf8"));
  if (compile?.kind !== "command" || start?.kind !== "command") return [];
  const words = compile.command.split(" ");
  const program = words.find((word) => word.endsWith(".c")) ?? "";
  return [{ page, program, compile: words.slice(1), start: start.command.split(" "), lines: start.lines }];
});

const home = mkdtempSync(join(tmpdir(), "quiesce-defects-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const WARNINGS = ["-Wall", "-Wextra", "-Werror"];
// On a machine where others run, what is shown by chance takes long and says little: enough to see that it ends.
const SHORT = ["-DTIME_MS=300"];

async function run(command: string, args: readonly string[], cwd: string) {
  const { exitCode, stdout, stderr } = await runProcess(command, args, { cwd, timeoutMs: 300_000 });
  return { code: exitCode, stdout, stderr };
}

/** Compiles it alone, in a folder of its own; undefined where a compiler or a header is missing. */
async function compile(one: Shown, compiler: string, ...options: string[]): Promise<string | undefined> {
  const folder = mkdtempSync(join(home, "alone-"));
  copyFileSync(join(FOLDER, one.program), join(folder, one.program));
  if ((await run("sh", ["-c", `command -v ${compiler}`], folder)).code !== 0) return undefined;
  const { code, stderr } = await run(compiler, [...WARNINGS, ...SHORT, ...options, ...one.compile], folder);
  if (/fatal error: '?urcu\//.test(stderr)) return undefined;
  expect({ compiler, code, stderr }).toEqual({ compiler, code: 0, stderr: "" });
  return folder;
}

async function start(one: Shown, folder: string) {
  const [command = "", ...args] = one.start;
  if ((await run("sh", ["-c", `command -v ${command}`], folder)).code !== 0)
    return { code: 2, stdout: `can't tell: there is no ${command}` };
  return await run(command, args, folder);
}

describe.each(shown)("$page", (one) => {
  it.concurrent("shows its defect, or says that it is not there", async ({ expect }) => {
    const built = await Promise.all(["gcc", "clang"].map((compiler) => compile(one, compiler)));
    const folder = built.find((path) => path !== undefined);
    if (folder === undefined) return;
    const { code, stdout } = await start(one, folder);
    if (isMeasured(one.program)) expect({ code, stdout }).toMatchObject({ code: 1 });
    expect([0, 1, 2]).toContain(code);
    expect(stdout).toMatch([/^not shown: /m, /(?<!not )shown: /m, /^can't tell: /m][code ?? 2] ?? /^$/);
    if (code === 1) for (const line of one.lines) expect(stdout).toContain(line);
    else process.stderr.write(`${one.program}: ${stdout.trim().split("\n").at(-1)}\n`);
  });

  it.concurrent("does not, where what it does is done as it should be", async ({ expect }) => {
    const folder = await compile(one, "gcc", "-DMENDED");
    if (folder === undefined) return;
    const { code, stdout } = await start(one, folder);
    expect(stdout).not.toMatch(/^shown|: shown/m);
    expect(isMeasured(one.program) ? [0] : [0, 2]).toContain(code);
  });
});

describe("the pages about defects", () => {
  it("have a program each, or a reason, and no program is without a page", () => {
    const without = PAGES.filter((page) => !shown.some((one) => one.page === page));
    expect(without).toEqual(Object.keys(WITHOUT_PROGRAM));
    expect([...new Set(shown.map(({ program }) => program))].toSorted()).toEqual(PROGRAMS.toSorted());
    for (const name of Object.keys(MEETS)) expect(PROGRAMS).toContain(name);
  });

  it("are all in the list, with their programs", () => {
    const list = readFileSync(join(FOLDER, "README.md"), "utf8");
    for (const page of PAGES) expect(list).toContain(`](${page})`);
    for (const program of PROGRAMS) expect(list).toContain(`](${program})`);
  });
});
