import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTest } from "./compile.js";
import { decode } from "./decode.js";
import { LitmusError } from "./lexer.js";
import { parseLitmus } from "./parser.js";

const MP = `C MP+onceassign+derefonce

(* Result: Never *)

{
  int *y = &z; z = 9;
}

P0(int *x, int **y) // the writer
{
  WRITE_ONCE(*x, 1); /* fill */
  rcu_assign_pointer(*y, x);
}

P1(int *x, int **y)
{
  int *r0; int r1;
  rcu_read_lock();
  r0 = rcu_dereference(*y);
  r1 = READ_ONCE(*r0);
  rcu_read_unlock();
}

locations [x; 1:r1]
filter (1:r1=0 \\/ 1:r1=1)
exists (1:r0=x /\\ 1:r1=0)
`;

function errorOf(text: string): { message: string; line: number; column: number } {
  try {
    compileTest(parseLitmus(text));
  } catch (error) {
    if (error instanceof LitmusError) return { message: error.message, ...error.position };
    throw error;
  }
  throw new Error("it is read");
}

const inBody = (body: string, condition = "exists (x=1)"): string =>
  `C T\n{}\nP0(int *x, int *y)\n{\n${body}\n}\n${condition}\n`;

describe("a litmus test", () => {
  it("is parsed with its threads, initial values, filter and condition", () => {
    const test = parseLitmus(MP);
    expect(test.name).toBe("MP+onceassign+derefonce");
    expect(test.initial.map(({ place, value }) => [place.name, value.kind])).toEqual([
      ["y", "address"],
      ["z", "number"],
    ]);
    expect(test.threads.map(({ parameters }) => parameters.map(({ name }) => name))).toEqual([
      ["x", "y"],
      ["x", "y"],
    ]);
    expect(test.threads.map(({ body }) => body.map(({ kind }) => kind))).toEqual([
      ["expression", "expression"],
      ["declare", "declare", "expression", "assign", "assign", "expression"],
    ]);
    expect([test.quantifier, test.declared, test.locations.length]).toEqual(["exists", "Never", 2]);
    expect(test.condition.kind).toBe("and");
    expect(test.filter?.kind).toBe("or");
  });

  it.each([
    ["names as in herd", "C 2+2W+o-r+o-r\n{}\nP0(int *x) { *x = 1; }\nexists (x=1)"],
    ["a description", 'C T\n"a ; b"\n{}\nP0(int *x) { *x = 1; }\nexists (x=1)'],
    [
      "anything before its initial values",
      'C T\nC again: x\'s story, 50% (*a "{" *) $\n{}\nP0(int *x) { }\nexists (x=1)',
    ],
    ["a description with brackets", 'C T\n"{ $ }"\n{}\nP0(int *x) { *x = 1; }\nexists (x=1)'],
    ["no condition", "C T\n{}\nP0(int *x) { *x = 1; }\n"],
    ["an empty condition", "C T\n{}\nP0(int *x) { *x = 1; }\nlocations [x]\nexists ()"],
    ["remarks", 'C T\n"a b"\nCom=Rf Ws\nOrig=a + b\n{ x=1; }\nP0(int *x) { *x = 1; }\nexists (x=1)'],
    ["comments in comments", "C T (* a (* b *) c *)\n{}\nP0(int *x) { *x = 1; }\nexists (x=1)"],
    ["a comment that quotes code", "C T\n(* WRITE_ONCE(*x, 1) *)\n{}\nP0(int *x) { *x = 1; }\nexists (x=1)"],
    [
      "pointers to pointers",
      "C T\n{ int *x = &y; }\nP0(int **x) { int r = READ_ONCE(**x); }\nexists (0:r=0)",
    ],
    ["locals without a declaration", inBody("r1 = READ_ONCE(*x);", "exists (0:r1=1)")],
    [
      "initial values of locals",
      "C T\n{ 0:r1=5; }\nP0(int *x) { WRITE_ONCE(*x, r1); r1 = 2; }\nexists (x=5)",
    ],
    ["casts", inBody("int r1 = (int)READ_ONCE(*x);", "exists (0:r1=1)")],
    ["conditions without brackets", inBody("*x = 1;", "exists x=1 /\\ ~y=3")],
    ["not", inBody("*x = 1;", "~exists (not (x=1))")],
    ["forall", inBody("*x = 1;", "forall ([x]=1 \\/ true)")],
    ["places that are compared", inBody("int r = READ_ONCE(*y);", "exists (0:r=[x] /\\ x=*y /\\ [x]!=0:r)")],
    ["implications", inBody("*x = 1;", "forall (x=1 => (false \\/ y=0));")],
    ["if without braces", inBody("if (READ_ONCE(*x)) *y = 1; else if (1) *y = 2;")],
  ])("may have %s", (_, text) => {
    expect(() => compileTest(parseLitmus(text))).not.toThrow();
  });
});

describe("whatever a machine of straight-line programs can't do is refused, with its place", () => {
  it.each([
    ["an unknown function", inBody("READ_TWICE(*x);"), /unknown function "READ_TWICE"/, 5, 1],
    ["an unknown word", inBody("WRITE_ONCE(*z, 1);"), /"z" is neither a parameter nor a local of P0/, 5, 13],
    ["an array", inBody("x[0] = 1;"), /arrays/, 5, 2],
    ["a struct", inBody("x->y = 1;"), /structs/, 5, 2],
    ["too few arguments", inBody("WRITE_ONCE(*x);"), /WRITE_ONCE\(\) takes 2 arguments/, 5, 1],
    ["no word", inBody("WRITE_ONCE(x, 1);"), /takes a word, as \*x/, 5, 12],
    [
      "a section of SRCU that is open no more",
      inBody("int i = srcu_read_lock(x); int j = srcu_read_lock(x); srcu_read_unlock(x, 2);"),
      /ends no section that is open/,
      5,
      55,
    ],
    ["a section of SRCU left only", inBody("srcu_read_unlock(x, 0);"), /which srcu_struct/, 5, 1],
    ["no end of SRCU's section", inBody("int i = srcu_read_lock(x);"), /ends inside a read-side/, 3, 1],
    ["an address of a local", inBody("int r; r = &r;"), /address of a local/, 5, 12],
    ["a huge number", inBody("*x = 99999999999999999999;"), /too large/, 5, 6],
    ["unlock without lock", inBody("rcu_read_unlock();"), /outside of a read-side section/, 5, 1],
    ["lock without unlock", inBody("rcu_read_lock();"), /P0 ends inside a read-side section/, 3, 1],
    [
      "a parameter twice",
      "C T\n{}\nP0(int *x, int *x) { }\nexists (x=1)",
      /"x" is already a parameter/,
      3,
      17,
    ],
    [
      "an address that nothing holds",
      inBody("*x = 1;", "exists (x=y)"),
      /nothing .* holds the address of "y"/,
      7,
      11,
    ],
    ["a place of no thread", inBody("*x = 1;", "exists (x=1:q)"), /no thread P1/, 7, 11],
    ["a place of no test", inBody("*x = 1;", "exists (x=[q])"), /"q" is not a word/, 7, 12],
    ["a name for a terminal", "C T\u001b[2J\n{}\n", /the character 27 does not belong here/, 1, 4],
    ["a word of no test", inBody("*x = 1;", "exists (q=1)"), /"q" is not a word/, 7, 9],
    ["a local of no thread", inBody("*x = 1;", "exists (0:q=1)"), /no local "q"/, 7, 9],
    ["no such thread", inBody("*x = 1;", "exists (3:q=1)"), /no thread P3/, 7, 9],
    ["a missing thread", "C T\n{}\nP1(int *x) { }\nexists (x=1)", /P0 is missing/, 3, 1],
    ["another language", "X86 T\n{}\n", /is written for X86; only those in C/, 1, 1],
    ["no threads", "C T\n{}\n", /expected a thread/, 3, 1],
    [
      "more after it",
      inBody("*x = 1;", "exists (x=1) exists (x=2)"),
      /expected the end of the file, found "exists"/,
      7,
      14,
    ],
    ["a comment without end", "C T\n (* no", /this comment has no end/, 2, 2],
    ["a strange sign", inBody("  $x = 1;"), /"\$" does not belong here/, 5, 3],
    [
      "a value that grows",
      inBody(`int r = READ_ONCE(*x); ${"r = r + r; ".repeat(30)}`),
      /expression is too large/,
      5,
      96,
    ],
    ["too many ways", inBody("if (READ_ONCE(*x)) *y = 1; ".repeat(10)), /more than 256 ways/, 5, 217],
  ])("%s", (_, text, message, line, column) => {
    const error = errorOf(text);
    expect(error.message).toMatch(message);
    expect([error.line, error.column]).toEqual([line, column]);
  });

  it("bytes that are not text, or too many", () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const at = (data: Uint8Array) => {
      try {
        return decode(data);
      } catch (error) {
        return error instanceof LitmusError ? [error.message, error.position] : error;
      }
    };
    expect(at(bytes("C ü"))).toBe("C ü");
    expect(at(new Uint8Array())).toEqual(["the file is empty", { line: 1, column: 1 }]);
    expect(at(bytes("C T\nab\0"))).toEqual([expect.stringMatching(/not text/), { line: 2, column: 3 }]);
    expect(at(new Uint8Array([67, 10, 65, 0xff]))).toEqual([
      expect.stringMatching(/not text/),
      { line: 2, column: 2 },
    ]);
    expect(at(new Uint8Array(70_000).fill(65))).toEqual([
      expect.stringMatching(/too large/),
      { line: 1, column: 1 },
    ]);
  });
});

/** The parser may refuse a test in only one way; what it accepts may be compiled, or refused in the same way. */
function onlyRefuses(text: string): void {
  try {
    compileTest(parseLitmus(text));
  } catch (error) {
    if (!(error instanceof LitmusError)) throw error;
    expect(error.position.line).toBeGreaterThanOrEqual(1);
    expect(error.position.line).toBeLessThanOrEqual(text.split("\n").length);
    expect(error.position.column).toBeGreaterThanOrEqual(1);
  }
}

describe("whatever a file has", () => {
  const words = MP.match(/\w+|\s+|[^\w\s]/g) ?? [];

  it("it is read or refused: any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), onlyRefuses));
  });

  it("it is read or refused: the words of tests in any order", () => {
    const text = fc.array(fc.constantFrom(...words), { maxLength: 80 }).map((all) => all.join(""));
    fc.assert(fc.property(text, (middle) => onlyRefuses(`C T\n{}\nP0(int *x, int **y) {${middle}`)));
    fc.assert(fc.property(text, onlyRefuses));
  });

  it("it is read or refused: a test with words removed, doubled or swapped", () => {
    const edit = fc.record({
      at: fc.nat(words.length - 1),
      by: fc.constantFrom("", ...words, "((((", "*", "if("),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const changed = [...words];
        for (const { at, by } of edits) changed[at] = by;
        onlyRefuses(changed.join(""));
      }),
    );
  });

  it("a test cut off at any byte is refused, at the cut or before, or has no condition", () => {
    const bytes = new TextEncoder().encode(MP.replace("the writer", "schreibt für andere ✎").trimEnd());
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      const lines = new TextDecoder().decode(cut).split("\n");
      try {
        if (compileTest(parseLitmus(decode(cut))).litmus.unconditional) continue;
      } catch (error) {
        if (!(error instanceof LitmusError)) throw error;
        const { line, column } = error.position;
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
        continue;
      }
      expect.fail(`the first ${length} bytes are read as a test`);
    }
    expect(() => compileTest(parseLitmus(decode(bytes)))).not.toThrow();
  });

  it.each(["(", "!", "*", "{", "if(1)", "1+", "a(", "-", "&", "((int)", "~", "/*"])(
    "%s, many times, is refused",
    (word) => {
      onlyRefuses(inBody(word.repeat(20_000)));
      onlyRefuses(inBody("*x=1;", `exists ${word.repeat(20_000)}`));
      onlyRefuses(`C T\n{ x = ${word.repeat(20_000)}`);
    },
  );

  it("long sums and conditions are read or refused", () => {
    onlyRefuses(inBody(`int r = READ_ONCE(*x)${"+ 1".repeat(10_000)};`));
    onlyRefuses(inBody("*x = 1;", `exists (${"x=1 /\\ ".repeat(5_000)}x=1)`));
    onlyRefuses(inBody("*x = 1;".repeat(5_000)));
    const follow = "READ_ONCE(*(int *)READ_ONCE(*x)) + ".repeat(90);
    onlyRefuses(inBody(`int *q = y; *x = q; int r = ${follow} 1;`));
  });
});
