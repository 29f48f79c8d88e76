import { describe, expect, it } from "vitest";
import { compileTest } from "./compile.js";
import { LitmusError } from "./lexer.js";
import { parseLitmus } from "./parser.js";

const inBody = (body: string): string => `C T\n{}\nP0(int *x, int *y)\n{\n${body}\n}\nexists (x=1)\n`;

describe("what C has and a test may not have is refused, with its place", () => {
  it.each([
    ["a loop without end", inBody("  int i; while (i < 100) i++;"), /may go round more than 64 times/, 5, 10],
    ["a loop that waits and stores", inBody("while (READ_ONCE(*x)) *y = 1;"), /more than 16 times/, 5, 1],
    ["a loop that waits without READ_ONCE", inBody("while (*x == 0) ;"), /more than 16 times/, 5, 1],
    ["a loop that waits and counts", inBody("int i; while (READ_ONCE(*x)) i++;"), /more than 16 times/, 5, 8],
    [
      "a loop that may win and goes on",
      inBody("while (cmpxchg(x, 0, 1) == 0) ;"),
      /more than 16 times/,
      5,
      1,
    ],
    ["a loop without a test", inBody("for (;;) ;"), /without a test never ends/, 5, 7],
    ["a jump", inBody("  goto out;"), /"goto" is not supported/, 5, 3],
    ["an unknown type", inBody("foo_t r = 1;"), /unknown type "foo_t"/, 5, 1],
    ["an unknown type of a word", "C T\n{ __int128 x = 1; }\n", /unknown type "__int128"/, 2, 3],
    [
      "a number that only an unsigned int has",
      inBody("unsigned r = 4294967295;"),
      /4294967295: .* too large/,
      5,
      14,
    ],
    ["an unknown type of a parameter", "C T\n{}\nP0(atomic_int *x) { }", /unknown type "atomic_int"/, 3, 4],
    ["an assignment inside", inBody("if ((r = READ_ONCE(*x))) ;"), /assignment inside an expression/, 5, 8],
    ["an increment inside", inBody("int r = ++r2;"), /"\+\+" inside an expression/, 5, 9],
    ["a pointer evaluated twice", inBody("*READ_ONCE(*x) += 1;"), /the left side of \+= must be/, 5, 1],
    ["a division by zero", inBody("int r = 1 / 0;"), /divides by zero/, 5, 11],
    ["a shift by too much", inBody("int r = 1 << 32;"), /shifts by 32: C allows from 0 to 31/, 5, 11],
    ["a long out of range", inBody("long r = 2147483647L + 1;"), /too large for the machine/, 5, 22],
    [
      "a number of 64 bits",
      inBody("long r = 0x100000000;"),
      /0x100000000: .* too large for the machine/,
      5,
      10,
    ],
    ["an octal 8", inBody("int r = 08;"), /no 8 or 9/, 5, 9],
    [
      "a word of two widths",
      "C T\n{}\nP0(int *x) { }\nP1(long *x) { }\nexists (x=1)",
      /"x" is long in P1, and int before/,
      4,
      10,
    ],
    ["a description without end", 'C T\n"no\n{}\n', /this description has no end/, 2, 1],
    [
      "a body without end",
      "C T\n{}\nP0(int *x) { *x = 1;\nexists (x=1)\n",
      /a "}" is missing before this/,
      4,
      1,
    ],
    [
      "a body before the next",
      "C T\n{}\nP0(int *x) {\nP1(int *x) { }\n",
      /a "}" is missing before this/,
      4,
      1,
    ],
    ["a test in assembly", "X86 SB\n{}\n P0 ;\n MOV [x],$1 ;\n", /is written for X86; only those in C/, 1, 1],
    ["a thread without initial values", "C T\nP0(int *x) { }\n", /expected "\{" before the initial/, 2, 1],
  ])("%s", (_, text, message, line, column) => {
    const refused = () => compileTest(parseLitmus(text));
    expect(refused).toThrow(LitmusError);
    expect(refused).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message), position: { line, column } }),
    );
  });
});

describe("a hint says what to write instead", () => {
  const hintOf = (call: string): string | undefined => {
    try {
      compileTest(parseLitmus(inBody(`${call};`)));
    } catch (error) {
      if (error instanceof LitmusError) return error.hint;
      throw error;
    }
    return undefined;
  };

  it.each([
    ["smp_mbb()", /^Did you mean smp_mb\(\), \w+\(\) or \w+\(\)\? The help/],
    ["mb()", /^Did you mean smp_mb\(\) or /],
    ["smp_load_aquire(x)", /^Did you mean smp_load_acquire\(\)\? /],
    ["read_once(*x)", /^Did you mean READ_ONCE\(\)/],
    ["atomic_fetch_ad(1, x)", /^Did you mean atomic_fetch_add\(\)/],
    ["call_rcu(x, y)", /^Use synchronize_rcu\(\)/],
    ["frobnicate_the_quux(x)", /^The help of quiesce litmus lists/],
    ["unsigned r = 4294967295", /^To C it is a long\. .*: write 4294967295U\.$/],
    ["int r = x[1]", /^Use a word for each element/],
    ["int a[2]", /^Use a word for each element/],
    ["atomic_int r = 1", /^This is C11/],
    ["atomic_fetch_add_explicit(x, 1, memory_order_relaxed)", /^This is C11/],
  ])("or names the nearest few functions: %s", (call, hint) => {
    expect(hintOf(call)).toMatch(hint);
    expect(hintOf(call)?.length).toBeLessThan(160);
  });
});
