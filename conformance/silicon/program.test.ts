import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inParallel } from "../../spec/tlc/base/pool.js";
import { run } from "../../spec/tlc/base/process.js";
import { root } from "../base/root.js";
import { compileTest } from "../litmus/compile.js";
import { LitmusError } from "../litmus/lexer.js";
import { parseLitmus } from "../litmus/parser.js";
import { programOf } from "./program.js";
import { inOneFile } from "./sources.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce-program-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const made = (text: string) => programOf(compileTest(parseLitmus(text)));
const bodyOf = (
  statements: string,
  parameters = "int *x, int *y",
  initial = "",
  condition = "true",
): string =>
  /static void qs_thread_0[\s\S]*?\n}\n/.exec(
    made(`C T\n{${initial}}\nP0(${parameters}) { ${statements} }\nexists (${condition})\n`).text,
  )?.[0] ?? "";

let files = 0;

/** What a strict compiler says of a program in one file; "" if nothing. */
async function said(
  compiler: string,
  text: string,
  more: readonly string[] = ["-c", "-o", "/dev/null"],
): Promise<string> {
  const file = join(folder, `program${++files}.c`);
  writeFileSync(file, text);
  const strict = ["-O2", "-pthread", "-Wall", "-Wextra", "-Werror"];
  const { exitCode, stderr } = await run(compiler, [...strict, ...more, file]);
  return exitCode === 0 ? "" : stderr || "no compiler";
}

const OWN = join(root, "conformance", "litmus", "tests");
const ofOwn = (name: string) => {
  const program = made(readFileSync(join(OWN, name), "utf8"));
  return inOneFile(program.text, program.needs);
};

describe("the program of a test", () => {
  it("has each access in a line of its own, from left to right, as on the machine", () => {
    const lines = bodyOf("int r; r = READ_ONCE(*x) + READ_ONCE(*y) * *x; *y = r;").split("\n");
    expect(lines.filter((line) => /\bt\d+ =|\tl_r =|plain =/.test(line)).map((line) => line.trim())).toEqual([
      "const qs_value t1 = qs_read_once(w_x);",
      "const qs_value t2 = qs_read_once(w_y);",
      "const qs_value t3 = w_x->plain;",
      "l_r = ((qs_value)(int32_t)((uint32_t)t1 + (uint32_t)((qs_value)(int32_t)((uint32_t)t2 * (uint32_t)t3))));",
      "w_y->plain = l_r;",
    ]);
  });

  it("evaluates the right side of && only where the left one does not decide", () => {
    const text = bodyOf("int r; r = READ_ONCE(*x) && READ_ONCE(*y);");
    expect(text).toMatch(
      /t3 = t1 != 0;\n\tif \(t3 != 0\) \{\n\t\tconst qs_value t2 = qs_read_once\(w_y\);\n\t\tt3 = t2 != 0;\n\t\}/,
    );
    expect(bodyOf("int r; r = READ_ONCE(*x) || READ_ONCE(*y);")).toContain("if (t3 == 0) {");
  });

  it("needs of the library only what the test calls", () => {
    expect(made("C T\n{}\nP0(int *x) { smp_mb(); }\nexists (x=0)\n").needs).toBe("nothing");
    expect(made("C T\n{}\nP0(int *x) { smp_memb(); }\nexists (x=0)\n").needs).toBe("membarrier");
    expect(made("C T\n{}\nP0(int *x) { synchronize_rcu(); }\nexists (x=0)\n").needs).toBe("library");
  });
});

describe("sections", () => {
  const words = "struct srcu_struct *s, struct srcu_struct *t";

  it("are those of their own domain, also one inside the other", () => {
    const text = bodyOf(
      "int i; int j; i = srcu_read_lock(s); j = srcu_read_lock(t); srcu_read_unlock(t, j); srcu_read_unlock(s, i); smp_mb__after_srcu_read_unlock(); synchronize_srcu(t); rcu_read_lock(); rcu_read_unlock();",
      words,
    );
    expect(text.match(/qs_\w*(?:rcu|mb)\w*\([^()]*\)/g)).toEqual([
      "qs_rcu_read_lock(&round->sections[0])",
      "qs_rcu_read_lock(&round->sections[1])",
      "qs_rcu_read_unlock(&round->sections[1])",
      "qs_rcu_read_unlock(&round->sections[0])",
      "qs_smp_mb()",
      "qs_synchronize_rcu(&round->sections[1])",
      "qs_rcu_read_lock(&round->sections[2])",
      "qs_rcu_read_unlock(&round->sections[2])",
    ]);
  });

  it("are not more than a thread has room for", () => {
    const nested = (n: number) => () => bodyOf("rcu_read_lock();".repeat(n) + "rcu_read_unlock();".repeat(n));
    expect(nested(128)).not.toThrow();
    expect(nested(129)).toThrow(/more than 128 sections/);
  });
});

describe("nothing of a file gets into its program as it stands", () => {
  it.each(["main", "int32_t", "errno", "qs_smp_mb", "restrict", "__LINE__", "stdin", "asm", "round", "t1"])(
    "a word and a local that are called %s",
    async (name) => {
      const text = `C T\n{}\nP0(int *${name}) { int a_${name}; a_${name} = READ_ONCE(*${name}); }\nP1(int *x) { int ${name}; WRITE_ONCE(*x, 1); }\nexists (0:a_${name}=1)\n`;
      const program = made(text);
      expect(program.text).not.toMatch(new RegExp(`(?<![\\w"])${name}\\s*[=;]`));
      expect(await said("gcc", inOneFile(program.text, program.needs))).toBe("");
    },
  );

  it("names of any length, which stay different", () => {
    const [a, b] = ["a".repeat(300), `${"a".repeat(300)}b`];
    const program = made(
      `C T\n{}\nP0(int *${a}, int *${b}) { WRITE_ONCE(*${a}, 1); WRITE_ONCE(*${b}, 2); }\nexists (${a}=1)\n`,
    );
    expect(program.text).toMatch(/qs_write_once\((\w+), 1\);\n\tqs_write_once\((?!\1,)\w+, 2\);/);
    expect(Math.max(...program.text.split("\n").map((line) => line.length))).toBeLessThan(140);
  });

  it("a name of a test that would end the comment or the string in which it stands", async () => {
    const program = made("C */#include<x>/*\\\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n");
    expect(program.text).not.toContain("#include<x>");
    expect(program.text.match(/\*\//g)).toHaveLength(1);
    expect(await said("gcc", inOneFile(program.text, program.needs))).toBe("");
  });

  it.each([
    ["a directive", "#include </etc/passwd>"],
    ["a call of another function", 'system("true");'],
    ["inline assembly", 'asm("nop");'],
    ["a field", "x->y = 1;"],
  ])("%s is refused with its place", (_, statement) => {
    const bad = () => made(`C T\n{}\nP0(int *x) {\n  ${statement}\n}\nexists (x=1)\n`);
    expect(bad).toThrow(LitmusError);
    expect(bad).toThrow(expect.objectContaining({ position: { line: 4, column: expect.any(Number) } }));
  });
});

describe("what has no counterpart is refused with its place", () => {
  const pointer = (statements: string) => () =>
    bodyOf(`int *r; r = READ_ONCE(*x); ${statements}`, "int **x, int *y", "int *x = &y; int y;");

  it.each([
    ["an address and a number", "int s; s = r + 1;"],
    ["an address that went through a word", "WRITE_ONCE(*y, r); int s; s = READ_ONCE(*y) & 1;"],
    ["an addition to a word with an address", "atomic_inc(x);"],
    ["the order of addresses", "int s; s = r < y;"],
  ])("%s", (_, statements) => {
    expect(pointer(statements)).toThrow(/may calculate with an address/);
  });

  it("but addresses may be compared, copied and followed, and numbers beside them be added", () => {
    expect(pointer("int s; s = (r == y) + (READ_ONCE(*r) == 1); WRITE_ONCE(*x, y);")).not.toThrow();
    const numbers = () =>
      bodyOf("int s; s = READ_ONCE(*z) + 1;", "int **x, int *y, int *z", "int *x = &y; int y;");
    expect(numbers).not.toThrow();
  });
});

describe("one file", () => {
  it.each(["gcc", "clang"])(
    "builds with the strictest warnings of %s, whatever the test needs",
    async (compiler) => {
      for (const name of ["SB+poonceonces", "SB+memb+barrier", "RCU+nested"])
        expect(await said(compiler, ofOwn(`${name}.litmus`)), name).toBe("");
      expect(await said(compiler, `${ofOwn("SB+poonceonces.litmus")}\nstatic int unused;\n`)).toMatch(
        /unused/,
      );
    },
  );

  it("of each of our tests is C", async () => {
    const names = readdirSync(OWN);
    const all = await inParallel(names, 2, async (name) => await said("gcc", ofOwn(name), ["-fsyntax-only"]));
    expect(Object.fromEntries(names.map((name, n) => [name, all[n]]))).toEqual(
      Object.fromEntries(names.map((name) => [name, ""])),
    );
  });

  it("of a test that compares what is always the same", async () => {
    const program = made(
      "C T\n{}\nP0(int *x) { int r; int s; r = READ_ONCE(*x); s = r == r; s = (r < 1) == 5; r = r; if (r * 2) { s = 1 && 2; } }\nexists (0:s=1)\n",
    );
    const text = inOneFile(program.text, program.needs);
    expect([await said("gcc", text), await said("clang", text)]).toEqual(["", ""]);
  });

  it("runs alone, and prints a histogram", async () => {
    const file = join(folder, "alone");
    expect(await said("gcc", ofOwn("MP+poonceonces.litmus"), ["-o", file])).toBe("");
    const text = String(execFileSync(file, ["rounds=100000"]));
    expect(text).toMatch(/^Test MP\+poonceonces\nHistogram \(\d outcomes\)\n\d+ +1:r0=\d; 1:r1=\d;\n/);
    const counts = [...text.matchAll(/^(\d+) +1:/gm)].map(([, count]) => Number(count));
    const rounds = Number(/^Rounds (\d+) in/m.exec(text)?.[1]);
    expect(counts.reduce((a, b) => a + b)).toBe(rounds);
    expect(rounds).toBeGreaterThanOrEqual(100_000);
    expect(() => execFileSync(file, ["nonsense=1"], { stdio: "pipe" })).toThrow(/is not understood/);
  });
});
