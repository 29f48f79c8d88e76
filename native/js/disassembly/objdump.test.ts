import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SOURCES } from "../root.js";
import { parseObjdump } from "./objdump.js";

const fixture = (name: string): string =>
  readFileSync(join(SOURCES, "js", "disassembly", "fixtures", `${name}.txt`), "utf8");

describe("objdump's output", () => {
  it.each(["gcc-x64", "clang-x64", "gcc-arm64", "clang-arm64"])("of %s is read whole", (name) => {
    const text = fixture(name);
    const functions = parseObjdump(text);
    expect([...functions.keys()]).toEqual(["nested_ok", "any", "mb", "in"]);
    const lines = [...functions.values()].flat();
    expect(lines).toHaveLength(text.match(/^ +[0-9a-f]+:\t/gm)?.length ?? 0);
    expect(lines.filter(({ symbol }) => symbol !== undefined)).toHaveLength(
      text.match(/R_\w+/g)?.length ?? 0,
    );
  });

  it("of x86-64 gives operands, targets, prefixes and symbols", () => {
    const [, ...code] = parseObjdump(fixture("gcc-x64")).get("any") ?? [];
    expect(code.slice(0, 2)).toMatchObject([
      { address: 0x63, mnemonic: "test", operands: ["rax", "rax"] },
      { address: 0x66, mnemonic: "jne", target: 0x90 },
    ]);
    expect(code.find(({ mnemonic }) => mnemonic.startsWith("lock"))).toMatchObject({
      mnemonic: "lock or",
      operands: ["QWORD PTR [rsp]", "0x0"],
    });
    expect(code.find(({ mnemonic }) => mnemonic === "call")?.symbol).toBe("qs_answer_notice");
  });

  it("of arm64 keeps brackets together, and what is added to an address", () => {
    const code = parseObjdump(fixture("gcc-arm64")).get("in") ?? [];
    expect(code[0]).toMatchObject({ mnemonic: "stp", operands: ["x29", "x30", "[sp, #-32]!"] });
    expect(code.find(({ mnemonic }) => mnemonic === "adrp")).toMatchObject({
      operands: ["x3", "0"],
      symbol: ".bss",
    });
    expect(code.find(({ mnemonic }) => mnemonic === "cbnz")).toMatchObject({
      operands: ["x3", "1ac"],
      target: 0x1ac,
    });
  });

  it("is refused where it is not understood", () => {
    expect(() => parseObjdump("0000000000000000 <f>:\n   0:\tret\nwhat is this\n")).toThrow("what is this");
  });
});
