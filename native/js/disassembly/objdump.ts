import { BadInputError } from "../../../spec/tlc/base/errors.js";

/** One machine instruction, as objdump shows it. */
export interface Instruction {
  readonly address: number;
  /** With its prefixes: "mov", "lock or". */
  readonly mnemonic: string;
  readonly operands: readonly string[];
  /** Where it jumps to, when that is a place in the same object. */
  readonly target?: number;
  /** What the linker will put into it. */
  readonly symbol?: string;
  /** The line, for messages. */
  readonly text: string;
}

const FUNCTION = /^[0-9a-f]+ <([^>]+)>:$/;
const LINE = /^\s+([0-9a-f]+):\t(.*)$/;
const RELOCATION = /^\s+[0-9a-f]+: (R_\w+)\t(\S+?)(?:[-+]0x[0-9a-f]+)?$/;
const PREFIXES = new Set(["lock", "rep", "repz", "repnz", "cs", "ds", "bnd", "notrack", "data16"]);

/**
 * Reads the output of `objdump -dr --no-show-raw-insn` (on x86-64: -M intel): the functions of an object by their names.
 *
 * @throws BadInputError when a line is none that objdump writes
 */
export function parseObjdump(output: string): Map<string, Instruction[]> {
  const functions = new Map<string, Instruction[]>();
  let current: Instruction[] | undefined;
  for (const line of output.split("\n")) {
    const head = FUNCTION.exec(line)?.[1];
    if (head !== undefined) {
      current = [];
      functions.set(head, current);
      continue;
    }
    if (current === undefined || line.trim() === "" || /^(?:Disassembly of|\s*\.\.\.$)/.test(line)) continue;
    const relocation = RELOCATION.exec(line);
    const last = current.at(-1);
    if (relocation?.[2] !== undefined && last !== undefined) {
      current[current.length - 1] = { ...last, symbol: relocation[2], text: `${last.text} ${relocation[2]}` };
      continue;
    }
    const found = LINE.exec(line);
    if (found?.[1] === undefined || found[2] === undefined)
      throw new BadInputError(`objdump has written a line that is not understood: ${JSON.stringify(line)}`);
    current.push(parseInstruction(Number.parseInt(found[1], 16), found[2]));
  }
  return functions;
}

function parseInstruction(address: number, shown: string): Instruction {
  // Behind # and // stand objdump's own remarks.
  const text = shown
    .replace(/\s+(?:# |\/\/).*$/, "")
    .replace(/\s+/g, " ")
    .trim();
  const words = text.split(" ");
  let at = 0;
  while (at < words.length - 1 && PREFIXES.has(words[at] ?? "")) at++;
  const mnemonic = words.slice(0, at + 1).join(" ");
  const rest = words
    .slice(at + 1)
    .join(" ")
    .replace(/\s*<[^>]*>/g, "");
  const operands = splitOperands(rest);
  const to = operands.at(-1) ?? "";
  // A branch's target is a bare hexadecimal number; other numbers begin with 0x or #.
  const target =
    /^(?:[1-9a-f][0-9a-f]*|0)$/.test(to) && !/^d[ms]b/.test(mnemonic) ? Number.parseInt(to, 16) : undefined;
  return { address, mnemonic, operands, ...(target !== undefined && { target }), text };
}

/** At the commas that are outside of brackets. */
function splitOperands(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const char of text) {
    if (char === "[") depth++;
    if (char === "]") depth--;
    if (char === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += char;
  }
  if (part.trim() !== "") parts.push(part.trim());
  return parts;
}
