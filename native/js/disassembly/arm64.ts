import { BadInputError } from "../../../spec/tlc/base/errors.js";
import type { Instruction } from "./objdump.js";
import {
  compared,
  type Flow,
  type Mode,
  masked,
  moved,
  number,
  ON,
  ofThread,
  type State,
  type Value,
} from "./state.js";

export const ARGUMENTS = ["x0", "x1"];
export const STACK = "sp";

const THREAD: Value = { base: "thread", offset: 0 };

const whole = (name: string): string => name.replace(/^w(?=\d|zr)/, "x");

const immediate = (operand: string | undefined): number | undefined => {
  const digits = /^#(-?(?:0x[0-9a-f]+|\d+))$/.exec(operand ?? "")?.[1];
  if (digits === undefined) return undefined;
  return digits[0] === "-" ? -Number(digits.slice(1)) : Number(digits);
};

const valueIn = (register: string, state: State): Value | undefined =>
  /^[xw]zr$/.test(register) ? number(0) : state.get(whole(register));

/** The address of "[x0]", "[x0, #8]", "[x0, #8]!" (which moves x0 before) and "[x0], #8" (which moves it after). */
function addressOf(operand: string, line: Instruction, state: State): Value {
  const [, thread, index] = /^\[(\w+), ?(x\d+)\]$/.exec(operand) ?? [];
  if (thread !== undefined && valueIn(thread, state)?.base === THREAD.base) {
    const own = ofThread(valueIn(index ?? "", state));
    if (own !== undefined) return own;
  }
  const found = /^\[(\w+)(?:, ?(#\S+))?\](!?)$/.exec(operand);
  const base = found?.[1] === undefined ? undefined : valueIn(found[1], state);
  // The low part of a symbol's address is the linker's.
  const address = base && line.symbol === base.base ? base : moved(base, immediate(found?.[2]) ?? 0);
  if (address === undefined)
    throw new BadInputError(`it is not known what ${operand} is the address of: ${line.text}`);
  const after = line.operands[line.operands.indexOf(operand) + 1];
  if (found?.[1] !== undefined && found[1] !== STACK) {
    if (found[3] === "!") state.set(found[1], address);
    if (after !== undefined) state.set(found[1], moved(address, immediate(after) ?? Number.NaN));
  }
  return address;
}

const LOADS: Readonly<Record<string, Mode>> = {
  ldr: "plain",
  ldur: "plain",
  ldar: "acquire",
  ldapr: "acquire",
  ldrb: "plain",
};
const STORES: Readonly<Record<string, Mode>> = { str: "plain", stur: "plain", stlr: "release" };

/** What one instruction of arm64 does. Throws BadInputError for one that is not known. */
export function perform(line: Instruction, state: State): Flow {
  const { mnemonic, operands, text, target } = line;
  const [to = "", from = "", third] = operands;
  const set = (value: Value | undefined): void => state.set(whole(to), value);
  if (/^(?:nop|bti|hint|paciasp|autiasp|xpaclri)$/.test(mnemonic)) return ON;
  if (/^(?:d[ms]b|isb)$/.test(mnemonic)) {
    state.event({ is: "fence", text });
    return ON;
  }
  // Exclusive and atomic accesses: ldxr, ldaxr, stxr, cas, swp, ldadd and so on.
  if (/^(?:ld|st)a?l?x[rp]|^cas|^swp|^ld(?:add|set|clr|eor)/.test(mnemonic)) {
    state.event({ is: "locked", text });
    set(undefined);
    return ON;
  }
  const loads = LOADS[mnemonic];
  if (loads !== undefined) {
    set(state.load(addressOf(from, line, state), loads, text));
    return ON;
  }
  const stores = STORES[mnemonic];
  if (stores !== undefined) {
    state.store(addressOf(from, line, state), valueIn(to, state), stores, text);
    return ON;
  }
  const branch = (tested: Value | undefined, jumpsIfZero: boolean): Flow => {
    if (target === undefined) throw new BadInputError(`a branch without a target: ${text}`);
    return { go: "either", target, tested, jumpsIfZero };
  };
  switch (mnemonic) {
    case "ldp":
    case "stp": {
      const address = addressOf(third ?? "", line, state);
      const saved = address.base === "stack";
      // Two words at a time are saved registers, or plain accesses that nobody wants in any order.
      if (mnemonic === "stp") {
        if (!saved) break;
        return ON;
      }
      const next = moved(address, 8);
      set(saved ? undefined : state.load(address, "plain", text));
      state.set(whole(from), saved || next === undefined ? undefined : state.load(next, "plain", text));
      return ON;
    }
    case "adrp":
    case "adr":
      set(line.symbol === undefined ? undefined : { base: line.symbol, offset: 0 });
      return ON;
    case "add":
    case "sub": {
      const base = valueIn(from, state);
      const by = base && base.base === line.symbol ? 0 : immediate(third);
      if (whole(to) !== STACK) set(by === undefined ? undefined : moved(base, mnemonic === "add" ? by : -by));
      return ON;
    }
    case "mrs":
      // Where the thread's own memory begins.
      if (from !== "tpidr_el0") break;
      set(THREAD);
      return ON;
    case "mov":
      set(from.startsWith("#") ? number(immediate(from) ?? 0) : valueIn(from, state));
      return ON;
    case "and":
      set(masked(valueIn(from, state), immediate(third) ?? 0));
      return ON;
    case "tst":
      state.flags = to === from ? valueIn(to, state) : masked(valueIn(to, state), immediate(from) ?? 0);
      return ON;
    case "cmp":
      state.flags = compared(
        valueIn(to, state),
        from.startsWith("#") ? number(immediate(from) ?? Number.NaN) : valueIn(from, state),
      );
      return ON;
    case "cbz":
    case "cbnz":
      return branch(valueIn(to, state), mnemonic === "cbz");
    case "tbz":
    case "tbnz":
      return branch(masked(valueIn(to, state), 2 ** (immediate(from) ?? 0)), mnemonic === "tbz");
    case "b.eq":
    case "b.ne":
      return branch(state.flags, mnemonic === "b.eq");
    case "b":
      if (line.symbol !== undefined) {
        state.event({ is: "call", callee: line.symbol, text });
        return { go: "end" };
      }
      if (target === undefined) break;
      return { go: "to", target };
    case "bl":
      state.event({ is: "call", callee: line.symbol ?? to, text });
      state.forget();
      return ON;
    case "ret":
      return { go: "end" };
  }
  throw new BadInputError(`an instruction that is not known: ${text}`);
}
