import { describe, expect, it } from "vitest";
import { parseObjdump } from "./objdump.js";
import { hotPath, stepsOf, words } from "./read-side.js";
import { type Processor, pathsThrough } from "./walk.js";

/** The ways through a few lines of assembly, in words; a line's address is its number in hexadecimal. */
function ways(processor: Processor, ...lines: readonly string[]): string[][] {
  const text = `0000000000000000 <f>:\n${lines.map((line, n) => `   ${n.toString(16)}:\t${line}\n`).join("")}`;
  const code = parseObjdump(text).get("f") ?? [];
  return pathsThrough(code, processor, ["reader", "head"]).map((events) => words(stepsOf(events)));
}

describe("the ways through code of x86-64", () => {
  it("are found with what decides between them", () => {
    expect(ways("x64", "cmp QWORD PTR [rdi],0x0", "jne 4", "mov rax,QWORD PTR [rsi]", "ret", "ret")).toEqual([
      ["load announced", "announced != 0"],
      ["load announced", "announced == 0", "load head"],
    ]);
  });

  it("follow addresses through registers, sums and moves", () => {
    const code = [
      "lea rdx,[rdi+0x10]",
      "mov rcx,rdx",
      "sub rcx,0x8",
      "mov rax,QWORD PTR [rcx]",
      "mov rax,QWORD PTR [rax]",
    ];
    expect(ways("x64", ...code, "mov QWORD PTR [rdi],rax", "mov eax,DWORD PTR [rdx]", "ret")).toEqual([
      ["load gp", "announced <- gp", "load notice"],
    ]);
  });

  it("tell a comparison of two words, whichever is on the left, from one with zero", () => {
    const loads = ["mov rax,QWORD PTR [rdi+0x8]", "mov rax,QWORD PTR [rax]", "mov rdx,QWORD PTR [rdi]"];
    for (const compare of ["cmp rax,rdx", "cmp rdx,rax"]) {
      expect(ways("x64", ...loads, compare, "jne 6", "ret", "ret")).toEqual([
        ["load gp", "load announced", "announced != gp"],
        ["load gp", "load announced", "announced == gp"],
      ]);
    }
    expect(() => ways("x64", ...loads, "cmp rax,rsi", "jne 6", "ret", "ret")).toThrow("what decides");
  });

  it("tell what is locked from what only fences, and see an exchange as locked", () => {
    expect(
      ways(
        "x64",
        "lock or QWORD PTR [rsp],0x0",
        "lock add QWORD PTR [rdi],0x1",
        "xchg QWORD PTR [rdi],rax",
        "ret",
      ),
    ).toEqual([["fence", "locked", "locked"]]);
  });

  it.each([
    ["a store of something else", ["mov QWORD PTR [rdi],rsi", "ret"], "something else"],
    ["an access of no role", ["mov rax,QWORD PTR [rdi+0x20]", "ret"], "reader+32"],
    ["an unknown address", ["mov rax,QWORD PTR [rbx]", "ret"], "not known"],
    ["an unknown instruction", ["cpuid", "ret"], "cpuid"],
    ["a memory operand in arithmetic", ["add QWORD PTR [rdi],0x1", "ret"], "not known"],
    ["a loop", ["mov eax,DWORD PTR [rdi+0x10]", "test eax,eax", "jne 0", "ret"], "loops"],
    ["a branch that something else decides", ["test rcx,rcx", "jne 0", "ret"], "what decides"],
    ["code without an end", ["nop"], "over its end"],
  ])("are refused for %s", (_, code, message) => {
    expect(() => ways("x64", ...code)).toThrow(message);
  });

  it("know nothing of registers after a call", () => {
    expect(() => ways("x64", "call 5", "mov rax,QWORD PTR [rdi]", "ret")).toThrow("not known");
  });
});

describe("the ways through code of arm64", () => {
  it("tell acquire and release", () => {
    const code = ["ldr x3, [x0, #8]", "ldar x3, [x3]", "stlr x3, [x0]", "str xzr, [x0]", "ret"];
    expect(ways("arm64", ...code)).toEqual([
      ["load gp (acquire)", "announced <- gp (release)", "announced <- 0"],
    ]);
  });

  it("follow addresses that an access moves, before and after it", () => {
    expect(ways("arm64", "str xzr, [x0], #16", "ldr w1, [x0]", "ret")).toEqual([
      ["announced <- 0", "load notice"],
    ]);
    expect(ways("arm64", "ldr w1, [x0, #16]!", "ldr w1, [x0]", "ret")).toEqual([
      ["load notice", "load notice"],
    ]);
  });

  it("take a pair of words for one load after the other", () => {
    expect(ways("arm64", "ldp x2, x3, [x0]", "ldr x3, [x3]", "ret")).toEqual([["load announced", "load gp"]]);
  });

  it("see exclusive and atomic accesses as locked", () => {
    expect(ways("arm64", "ldaxr x1, [x0]", "stlxr w2, x1, [x0]", "ldaddal x1, x2, [x0]", "ret")).toEqual([
      ["locked", "locked", "locked"],
    ]);
  });

  it.each([
    ["a store of a pair of words", ["stp x2, x3, [x0]", "ret"], "not known"],
    ["an unknown instruction", ["mrs x0, cntvct_el0", "ret"], "mrs"],
  ])("are refused for %s", (_, code, message) => {
    expect(() => ways("arm64", ...code)).toThrow(message);
  });
});

describe("the hot path", () => {
  it("is the one on which all is zero, and there is one", () => {
    const branch = (zero: boolean) => ({ is: "branch", role: "notice", zero }) as const;
    expect(hotPath([[branch(false)], [branch(true)]])).toEqual([branch(true)]);
    expect(() => hotPath([[branch(false)]])).toThrow("0 paths");
    expect(() => hotPath([[], []])).toThrow("2 paths");
  });
});
