import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder, ending, HARD_LITMUS, quiesce, start } from "../shared/program.fixture.js";
import { validated } from "../shared/schema.fixture.js";

const folder = createFolder("tests");
afterAll(() => folder.remove());

/** Store buffering with something between the accesses of both threads. */
const sb = (between: string, header = "", condition = "exists (0:r0=0 /\\ 1:r0=0)"): string => `C SB
${header}
{}
P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); ${between} r0 = READ_ONCE(*y); }
P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); ${between} r0 = READ_ONCE(*x); }
${condition}
`;
const LARGE = sb("smp_memb(); int r1 = READ_ONCE(*x); int r2 = READ_ONCE(*x); int r3 = READ_ONCE(*y);");

beforeAll(() => {
  folder.write({
    "sb.litmus": sb(""),
    "mb.litmus": sb("smp_mb();", "(* Result: Never *)"),
    "forbidden.litmus": sb("", "", "~exists (0:r0=0 /\\ 1:r0=0)"),
    "always.litmus": sb("smp_mb();", "", "forall (0:r0=1 \\/ 1:r0=1)"),
    "broken.litmus": sb("", "(* Result: Never *)"),
    "large.litmus": LARGE,
    "word.litmus": sb("smp_mbb();"),
    "truncated.litmus": sb("smp_mb();").slice(0, 70),
    "binary.litmus": new Uint8Array([67, 32, 84, 10, 0, 255]),
    "huge.litmus": `C T\n${" ".repeat(200_000)}`,
    "endless.litmus": sb("", "", "exists (0:r0=0)").replace(
      "*y) { int r0;",
      "*y) { int r0; rcu_read_lock(); synchronize_rcu(); rcu_read_unlock();",
    ),
    "hard.litmus": HARD_LITMUS,
    "wild.litmus":
      "C T\n{}\nP0(int *x) { int *r; r = READ_ONCE(*x); WRITE_ONCE(*r, 1); }\nP1(int *x) { WRITE_ONCE(*x, x); }\nexists (x=1)\n",
  });
  mkdirSync(join(folder.path, "folder.litmus"));
  execFileSync("mkfifo", [join(folder.path, "pipe.litmus")]);
});

interface ShownLitmus {
  readonly files: readonly {
    readonly file: string;
    readonly engine?: string;
    readonly results?: readonly {
      readonly order: string;
      readonly reachable: boolean;
      readonly outcomes: readonly unknown[];
      readonly states: number;
      readonly observation: string;
      readonly validated: boolean;
    }[];
    readonly error?: {
      readonly kind: string;
      readonly message: string;
      readonly where: string;
      readonly line?: number;
      readonly column?: number;
    };
  }[];
}

async function decided(...args: string[]) {
  const { code, stdout, stderr } = await quiesce(["litmus", "--json", ...args], { cwd: folder.path });
  return { code, stderr, files: validated<ShownLitmus>("litmus", stdout).files };
}

describe("quiesce litmus", () => {
  it("prints outcomes as herd does, with orders that have the same ones together", async () => {
    const { code, stdout } = await quiesce(["litmus", "sb.litmus"], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stdout).toContain(
      "Test SB Allowed, order sc\nStates 3\n0:r0=0; 1:r0=1;\n0:r0=1; 1:r0=0;\n0:r0=1; 1:r0=1;\nNo\nWitnesses\n" +
        "Positive: 0 Negative: 3\nCondition exists (0:r0=0 /\\ 1:r0=0)\nObservation SB Never 0 3\n",
    );
    expect(stdout).toContain("Test SB Allowed, order tso pso weak\nStates 4\n0:r0=0; 1:r0=0;\n");
    expect(stdout).toContain("Result: SB   sc Never   tso Sometimes   pso Sometimes   weak Sometimes\n");
  });

  it("decides the files that are tests, and says what is wrong with each of the others, and where", async () => {
    const names = [
      ...[
        "sb",
        "word",
        "mb",
        "truncated",
        "forbidden",
        "binary",
        "always",
        "huge",
        "folder",
        "nowhere",
        "pipe",
      ],
      ...["wild", "endless"],
    ];
    const { code, stderr, files } = await decided(...names.map((name) => `${name}.litmus`));
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    expect(files.map(({ file }) => file)).toEqual(names.map((name) => `${name}.litmus`));
    const of = (name: string) => files.find(({ file }) => file === `${name}.litmus`);
    const reachable = (name: string) => of(name)?.results?.map((result) => result.reachable);
    // The body, whatever comes before it.
    expect(reachable("sb")).toEqual([false, true, true, true]);
    expect(reachable("forbidden")).toEqual([false, true, true, true]);
    expect(of("forbidden")?.results?.map(({ validated }) => validated)).toEqual([true, false, false, false]);
    expect(reachable("mb")).toEqual([false, false, false, false]);
    expect(of("always")?.results?.map(({ observation }) => observation)).toEqual(Array(4).fill("Always"));
    expect(of("endless")?.results?.map(({ outcomes }) => outcomes)).toEqual([[], [], [], []]);
    const errors = files.flatMap(({ file, error, results }) => {
      expect([error, results].filter((one) => one !== undefined)).toHaveLength(1);
      if (error === undefined) return [];
      const { where, ...more } = error;
      expect(where).toBe(more.line === undefined ? file : `${file}:${more.line}:${more.column}`);
      return [[file.replace(".litmus", ""), more]];
    });
    expect(Object.fromEntries(errors)).toEqual({
      word: {
        kind: "refused",
        message: 'unknown function "smp_mbb"',
        line: 4,
        column: 49,
        hint: expect.stringMatching(/^Did you mean smp_mb\(\), /),
      },
      truncated: {
        kind: "refused",
        message: expect.stringMatching(/^expected /),
        line: 4,
        column: 62,
      },
      binary: { kind: "refused", message: "the file is not text (UTF-8)", line: 2, column: 1 },
      huge: { kind: "refused", message: expect.stringMatching(/too large/), line: 1, column: 1 },
      folder: { kind: "refused", message: "this is a folder: name the files in it" },
      nowhere: { kind: "refused", message: "there is no such file" },
      pipe: { kind: "refused", message: "this is not an ordinary file" },
      wild: {
        kind: "refused",
        message: "this follows a pointer that may hold no address",
        line: 3,
        column: expect.any(Number),
      },
    });
  });

  it("reports refused files on standard error, with their places", async () => {
    const args = ["litmus", "--brief", "word.litmus", "nowhere.litmus"];
    const { code, stdout, stderr } = await quiesce(args, { cwd: folder.path });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^Litmus {3}0 of 2 decided {3}2 refused/);
    expect(stderr).toMatch(
      /^word\.litmus:4:49 {2}refused: unknown function "smp_mbb"\n {2}Did you mean smp_mb\(\), /,
    );
    expect(stderr).toMatch(/^nowhere\.litmus {2}refused: there is no such file$/m);
  });

  it("ends with 1 when a file's own Result is broken", async () => {
    const { code, stdout } = await quiesce(["litmus", "--brief", "broken.litmus"], { cwd: folder.path });
    expect(code).toBe(1);
    expect(stdout).toContain("  broken.litmus declares Never\n");
    expect((await decided("--order", "sc", "broken.litmus")).code).toBe(0);
  });

  it("gives up a test that is too large, which then has no verdict, and decides the others", async () => {
    const { code, files } = await decided(
      "--engine",
      "machine",
      "--states",
      "100",
      "large.litmus",
      "sb.litmus",
    );
    expect(code).toBe(1);
    expect(files[0]).toEqual({
      file: "large.litmus",
      error: {
        kind: "undecided",
        where: "large.litmus",
        message: expect.stringMatching(/^it has more than 100 states under the order/),
      },
    });
    expect(files[1]?.results?.map(({ reachable }) => reachable)).toEqual([false, true, true, true]);
    expect((await decided("--order", "sc", "large.litmus")).code).toBe(0);
  });

  it("says who decided", async () => {
    const engines = async (...args: string[]) =>
      (await decided("--order", "weak", ...args, "sb.litmus")).files.map(({ engine }) => engine);
    expect(await engines()).toEqual(["axioms"]);
    expect(await engines("--engine", "machine")).toEqual(["machine"]);
    expect(await engines("--engine", "both")).toEqual(["both"]);
  });

  it("needs no Java where the axioms decide", async () => {
    const args = ["litmus", "--brief", "sb.litmus"];
    const env = { QUIESCE_JAVA: join(folder.path, "nowhere"), PATH: "" };
    expect((await quiesce(args, { cwd: folder.path, env })).code).toBe(0);
    expect((await quiesce([...args, "--engine", "machine"], { cwd: folder.path, env })).code).toBe(3);
  });

  it("refuses an engine that it does not know, and any with --run", async () => {
    for (const args of [
      ["--engine", "herd"],
      ["--run", "--engine", "axioms"],
    ]) {
      const { code, stderr } = await quiesce(["litmus", ...args, "sb.litmus"], { cwd: folder.path });
      expect(code).toBe(2);
      expect(stderr).toMatch(/--engine (takes auto, axioms, machine, both|is not for --run)/);
    }
  });

  it("when interrupted, ends immediately and leaves nothing behind", async () => {
    const temporary = join(folder.path, "tmp");
    mkdirSync(temporary);
    const child = start(["litmus", "--json", "--engine", "machine", "large.litmus"], {
      cwd: folder.path,
      env: { TMPDIR: temporary },
    });
    const ended = ending(child);
    while (readdirSync(temporary).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ interrupted: true });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("ends immediately while the axioms decide, too", async () => {
    const child = start(["litmus", "--engine", "axioms", "hard.litmus"], { cwd: folder.path });
    const ended = ending(child);
    // Its progress, now and then.
    await once(child.stderr ?? child, "data");
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^Litmus {3}0 of 1 decided {3}1 undecided .* interrupted$/m);
  });
});
