import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder, ending, quiesce, start } from "../shared/program.fixture.js";
import { type ShownError, schemaText, validated } from "../shared/schema.fixture.js";

const folder = createFolder("tests");
afterAll(() => folder.remove());

const sb = (between: string): string => `C SB
{}
P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); ${between} r0 = READ_ONCE(*y); }
P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); ${between} r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`;

beforeAll(() =>
  folder.write({
    "sb.litmus": sb(""),
    "mb.litmus": sb("smp_mb();"),
    "pointer.litmus":
      "C T\n{ int *p = &a; int a; }\nP0(int **p) { int *r; r = READ_ONCE(*p); r = r + 1; }\nexists (0:r=1)\n",
    "word.litmus": sb("smp_mbb();"),
    "endless.litmus":
      "C T\n{}\nP0(int *x) { rcu_read_lock(); synchronize_rcu(); rcu_read_unlock(); }\nexists (x=0)\n",
  }),
);

interface ShownRun {
  readonly interrupted: boolean;
  readonly order: string;
  readonly compilers: readonly {
    readonly name: string;
    readonly tests: number;
    readonly seenForbidden: number;
  }[];
  readonly files: readonly {
    readonly file: string;
    readonly notRun?: string;
    readonly results?: readonly {
      readonly compiler: string;
      readonly verdict: string;
      readonly reason?: string;
      readonly rounds: number;
      readonly condition: { readonly machine: string; readonly count: number };
    }[];
    readonly error?: { readonly message: string; readonly where: string };
  }[];
}

async function ran(...args: string[]) {
  const { code, stdout, stderr } = await quiesce(["litmus", "--run", "--json", ...args], {
    cwd: folder.path,
  });
  return { code, stderr, shown: validated<ShownRun>("silicon", stdout) };
}

describe("quiesce litmus --run", () => {
  it("says of each test and compiler what was seen and what the machine says", async () => {
    const { code, stderr, shown } = await ran(
      "--seconds",
      "0.3",
      "--cc",
      "gcc,clang",
      "sb.litmus",
      "mb.litmus",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [plain, fenced] = shown.files;
    expect(plain?.results?.map(({ compiler }) => compiler)).toEqual(["gcc", "clang"]);
    expect(plain?.results?.map(({ condition }) => condition.machine)).toEqual(["allowed", "allowed"]);
    for (const result of fenced?.results ?? [])
      expect(result).toMatchObject({ verdict: "ok", condition: { machine: "forbidden", count: 0 } });
    expect(shown.compilers.map(({ tests, seenForbidden }) => [tests, seenForbidden])).toEqual([
      [2, 0],
      [2, 0],
    ]);
  });

  it("prints a table, and a line for each with --brief", async () => {
    const args = ["litmus", "--run", "--rounds", "1000", "--seconds", "600", "--cc", "gcc", "mb.litmus"];
    const { code, stdout } = await quiesce(args, { cwd: folder.path });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Test SB {3}gcc {3}[\d,]+ rounds, [\d,]+ a second\n {2}allowed +[\d,]+/);
    expect(stdout).toContain("Condition exists (0:r0=0 /\\ 1:r0=0): * is forbidden, never seen\nok\n");
    const brief = await quiesce([...args, "--brief"], { cwd: folder.path });
    expect(brief.stdout).toMatch(
      /^SB {3}gcc {3}ok {3}\d of 3 outcomes seen {3}condition forbidden, never seen\n/,
    );
  });

  it("runs the tests that can be run, and says what is wrong with each of the others, and where", async () => {
    const names = ["pointer", "word", "mb", "endless", "nowhere"].map((name) => `${name}.litmus`);
    const { code, shown } = await ran("--rounds", "1000", "--cc", "gcc", ...names);
    expect(code).toBe(2);
    expect(shown.files.map((file) => file.error?.where ?? file.notRun ?? file.results?.[0]?.verdict)).toEqual(
      [
        expect.stringMatching(/^pointer\.litmus:3:\d+$/),
        expect.stringMatching(/^word\.litmus:3:\d+$/),
        "ok",
        "no run of it ends on the machine",
        "nowhere.litmus",
      ],
    );
  });

  it("calls what the machine does not decide undecided, which is no pass", async () => {
    const { code, shown } = await ran("--states", "3", "--rounds", "1000", "--cc", "gcc", "sb.litmus");
    expect(code).toBe(1);
    expect(shown.files[0]?.results?.[0]).toMatchObject({
      verdict: "undecided",
      reason: expect.stringMatching(/^it has more than 3 states/),
      condition: { machine: "undecided" },
    });
  });

  it("shows each barrier's lack with --mutants", async () => {
    const args = ["litmus", "--run", "--mutants", "--seconds", "590", "--cc", "gcc", "--json", "mb.litmus"];
    const { code, stdout } = await quiesce(args, { cwd: folder.path });
    const { results } = validated<{ results: readonly { mutant: string; shown: number }[] }>(
      "silicon",
      stdout,
    );
    expect(code).toBe(0);
    expect(results.map(({ mutant }) => mutant)).toEqual([
      expect.stringMatching(/^P0 3:\d+: smp_mb\(\) is barrier\(\)$/),
      expect.stringMatching(/^P1 4:\d+: smp_mb\(\) is barrier\(\)$/),
    ]);
    for (const { shown } of results) expect(shown).toBeGreaterThan(0);
  });

  it("writes a program with --emit that needs nothing but a compiler", async () => {
    const args = ["litmus", "--run", "--emit", "mb.c", "mb.litmus"];
    expect(await quiesce(args, { cwd: folder.path })).toMatchObject({ code: 0, stdout: "", stderr: "" });
    execFileSync("cc", ["-O2", "-pthread", "-Wall", "-Wextra", "-Werror", "mb.c", "-o", "mb"], {
      cwd: folder.path,
    });
    expect(String(execFileSync(join(folder.path, "mb"), ["rounds=1000"]))).toMatch(/^Test SB\nHistogram/);
  });

  it("prints its schema", async () => {
    const { code, stdout } = await quiesce(["litmus", "--run", "--schema"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: schemaText("silicon") });
  });

  it.each([
    [["--cc", "gcc", "sb.litmus"], /--cc needs --run/],
    [["--mutants", "sb.litmus"], /--mutants needs --run/],
    [["--run", "--cc", "nonsense", "sb.litmus"], /"nonsense" can't be started as a compiler/],
    [["--run", "--seconds", "0", "sb.litmus"], /--seconds takes a number from 0.01/],
    [["--run", "--rounds", "-1", "sb.litmus"], /--rounds takes a whole number/],
    [["--run", "--order", "sc", "sb.litmus"], /--order and --run exclude each other/],
    [["--run", "--emit", "x.c", "sb.litmus", "mb.litmus"], /--emit takes one test/],
    [["--run", "--emit", "none/x.c", "sb.litmus"], /its folder does not exist/],
    [["--run", "--emit", "x.c", "word.litmus"], /unknown function "smp_mbb"/],
  ])("refuses %j", async (args, message) => {
    const { code, stdout } = await quiesce(["litmus", "--json", ...args], { cwd: folder.path });
    expect(code).toBe(2);
    expect(validated<ShownError>("error", stdout).error.message).toMatch(message);
    expect(existsSync(join(folder.path, "x.c"))).toBe(false);
  });
});

describe("interrupted, quiesce litmus --run", () => {
  const begin = (name: string, ...more: string[]) => {
    const temporary = join(folder.path, name);
    mkdirSync(temporary);
    const args = ["litmus", "--run", "--seconds", "100000", "--cc", "gcc", ...more, "mb.litmus", "sb.litmus"];
    return { temporary, child: start(args, { cwd: folder.path, env: { TMPDIR: temporary } }) };
  };

  it("says what was found until then, and leaves nothing behind", async () => {
    const { temporary, child } = begin("text");
    const ended = ending(child);
    await new Promise<void>((resolve) =>
      child.stderr?.on("data", (chunk: string) => {
        if (/Silicon .* [1-9][\d,]* rounds/.test(chunk)) resolve();
      }),
    );
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^Test SB {3}gcc {3}[1-9][\d,]* rounds/);
    expect(stdout).toContain("\nstopped\n");
    expect(stdout).toContain("not run: interrupted");
    expect(stdout).toMatch(/^Silicon .* interrupted/m);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("says it in JSON, too", async () => {
    const { temporary, child } = begin("json", "--json");
    const ended = ending(child);
    const programs = (): string[] =>
      readdirSync(temporary, { recursive: true })
        .map(String)
        .filter((name) => /silicon-\w+\/test1$/.test(name));
    while (programs().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGTERM");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    const { interrupted, files } = validated<ShownRun>("silicon", stdout);
    expect(interrupted).toBe(true);
    expect(files.map(({ notRun, results }) => notRun ?? results?.[0]?.verdict)).toEqual([
      expect.stringMatching(/^(stopped|interrupted)$/),
      "interrupted",
    ]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
