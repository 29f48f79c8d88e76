import { BadInputError } from "../../../spec/tlc/base/errors.js";
import type { Instruction } from "./objdump.js";
import { compared, type Flow, masked, moved, number, ON, ofThread, type State, type Value } from "./state.js";

export const ARGUMENTS = ["rdi", "rsi"];
export const STACK = "rsp";

const SMALL: Readonly<Record<string, string>> = {
  al: "rax",
  bl: "rbx",
  cl: "rcx",
  dl: "rdx",
  sil: "rsi",
  dil: "rdi",
};

/** The whole register that a name is a part of. */
function whole(name: string): string | undefined {
  if (/^r(?:[abcd]x|[sd]i|[sb]p|\d+)$/.test(name)) return name;
  if (/^e(?:[abcd]x|[sd]i|[sb]p)$/.test(name)) return `r${name.slice(1)}`;
  const numbered = /^(r\d+)[dwb]$/.exec(name)?.[1];
  return numbered ?? SMALL[name];
}

const MEMORY = /^(?:(?:QWORD|DWORD|WORD|BYTE) PTR )?(?:fs:)?\[([^\]]+)\]$/;

function addressOf(operand: string, line: Instruction, state: State): Value {
  const inside = MEMORY.exec(operand)?.[1] ?? "";
  if (inside.startsWith("rip+") && line.symbol !== undefined) return { base: line.symbol, offset: 0 };
  const found = /^(\w+?)(?:([+-])0x([0-9a-f]+))?$/.exec(inside);
  const base = found?.[1] === undefined ? undefined : state.get(whole(found[1]) ?? "");
  if (base === undefined)
    throw new BadInputError(`it is not known what ${operand} is the address of: ${line.text}`);
  const by = found?.[3] === undefined ? 0 : Number.parseInt(found[3], 16) * (found[2] === "-" ? -1 : 1);
  const address = moved(base, by);
  const place = operand.includes("fs:") ? ofThread(address) : address;
  if (place === undefined) throw new BadInputError(`an address of bits that were cut out: ${line.text}`);
  return place;
}

const isMemory = (operand: string): boolean => MEMORY.test(operand);

/** What an operand is worth; memory is loaded. */
function read(operand: string, line: Instruction, state: State): Value | undefined {
  if (isMemory(operand)) return state.load(addressOf(operand, line, state), "plain", line.text);
  const digits = /^(-?)(0x[0-9a-f]+)$/.exec(operand);
  if (digits) return number(Number(digits[2]) * (digits[1] === "-" ? -1 : 1));
  const register = whole(operand);
  if (register === undefined) throw new BadInputError(`an operand that is not known: ${line.text}`);
  return state.get(register);
}

/** What one instruction of x86-64 does, in objdump's Intel syntax. Throws BadInputError for one that is not known. */
export function perform(line: Instruction, state: State): Flow {
  const { mnemonic, operands, text } = line;
  const [to = "", from = ""] = operands;
  const set = (value: Value | undefined): void => state.set(whole(to) ?? "", value);
  if (/^(?:data16 |cs |rep |repz )*(?:nop|endbr64|nopw|nopl)$/.test(mnemonic)) return ON;
  // xchg with memory is locked, whether it says so or not.
  if (mnemonic.startsWith("lock ") || (mnemonic === "xchg" && operands.some(isMemory))) {
    const isFence = operands.some(
      (operand) => isMemory(operand) && addressOf(operand, line, state).base === "stack",
    );
    state.event({ is: isFence ? "fence" : "locked", text });
    state.flags = undefined;
    return ON;
  }
  // Those for loads or stores alone order less, and are fences all the same.
  if (/^[mls]fence$/.test(mnemonic)) {
    state.event({ is: "fence", text });
    return ON;
  }
  switch (mnemonic) {
    case "mov":
    case "movzx":
    case "movsxd":
    case "movabs": {
      const value = read(from, line, state);
      if (isMemory(to)) state.store(addressOf(to, line, state), value, "plain", text);
      else set(value);
      return ON;
    }
    case "lea":
      set(addressOf(from, line, state));
      return ON;
    case "xor":
      if (to === from) {
        set(number(0));
        state.flags = undefined;
        return ON;
      }
      break;
    case "test": {
      if (to === from) state.flags = read(to, line, state);
      else state.flags = masked(read(to, line, state), read(from, line, state)?.offset ?? 0);
      return ON;
    }
    case "cmp": {
      const [left, right] = [read(to, line, state), read(from, line, state)];
      state.flags = compared(left, right);
      return ON;
    }
    case "and": {
      if (isMemory(to)) break;
      const value = masked(read(to, line, state), read(from, line, state)?.offset ?? 0);
      set(value);
      state.flags = value;
      return ON;
    }
    case "add":
    case "sub": {
      if (isMemory(to)) break;
      const by = read(from, line, state);
      const sign = mnemonic === "add" ? 1 : -1;
      set(by?.base === "" ? moved(read(to, line, state), sign * by.offset) : undefined);
      state.flags = undefined;
      return ON;
    }
    case "push":
      if (isMemory(to)) read(to, line, state);
      return ON;
    case "pop":
      set(undefined);
      return ON;
    case "xchg":
      if (to === from) return ON;
      break;
    case "call":
      state.event({ is: "call", callee: line.symbol ?? to, text });
      state.forget();
      return ON;
    case "ret":
      return { go: "end" };
    case "jmp":
      if (line.symbol !== undefined) {
        state.event({ is: "call", callee: line.symbol, text });
        return { go: "end" };
      }
      if (line.target === undefined) break;
      return { go: "to", target: line.target };
    case "je":
    case "jne":
      if (line.target === undefined) break;
      return { go: "either", target: line.target, tested: state.flags, jumpsIfZero: mnemonic === "je" };
  }
  throw new BadInputError(`an instruction that is not known: ${text}`);
}
