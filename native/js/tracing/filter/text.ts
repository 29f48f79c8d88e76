import { BINARY, decode, hashOf, type Instruction, OP } from "./code.js";

const SIGNS = new Map<number, string>(Object.entries(BINARY).map(([sign, op]) => [op, sign]));

/**
 * A compiled filter as a text again, for a person who asks which rules hold.
 *
 * @param names of fields that may be in it; the hash of one that is not among them stands for itself
 */
export function filterText(bytes: Uint8Array, names: Iterable<string> = []): string {
  const byHash = new Map([...names].map((name) => [hashOf(name), name]));
  const stack: string[] = [];
  for (const instruction of decode(bytes) ?? []) stack.push(partText(instruction, stack, byHash));
  const [whole = "?"] = stack;
  const isPair = whole.startsWith("(") && closes(whole) === whole.length - 1;
  return stack.length === 1 ? (isPair ? whole.slice(1, -1) : whole) : "?";
}

function partText(instruction: Instruction, stack: string[], names: ReadonlyMap<number, string>): string {
  switch (instruction.op) {
    case OP.int:
      return String(instruction.value);
    case OP.float: {
      const text = String(instruction.value);
      return /^-?\d+$/.test(text) ? `${text}.0` : text;
    }
    case OP.string:
      return quoted(instruction.value);
    case OP.field:
      return names.get(instruction.hash) ?? `field_${instruction.hash.toString(16).padStart(8, "0")}`;
    case OP.not:
      return `!${stack.pop() ?? "?"}`;
    default: {
      const right = stack.pop() ?? "?";
      const left = stack.pop() ?? "?";
      return `(${left} ${SIGNS.get(instruction.op) ?? "?"} ${right})`;
    }
  }
}

/** A string as one writes it: as text where its bytes are some, else byte by byte. */
function quoted(bytes: string): string {
  const text = Buffer.from(bytes, "latin1").toString("utf8");
  const isText = Buffer.from(text, "utf8").toString("latin1") === bytes && !/[\x80-\x9f]/.test(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are to be shown
  const strange = isText ? /["\\]|[\0-\x1f\x7f]/g : /["\\]|[^\x20-\x7e]/g;
  const shown = (isText ? text : bytes).replaceAll(strange, (one) =>
    one === '"' || one === "\\" ? `\\${one}` : `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${shown}"`;
}

/** Where the parenthesis closes that a text begins with; those in strings don't count. */
function closes(text: string): number {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    if (inString && text[at] === "\\") at++;
    else if (text[at] === '"') inString = !inString;
    else if (!inString && text[at] === "(") depth++;
    else if (!inString && text[at] === ")" && --depth === 0) return at;
  }
  return -1;
}
