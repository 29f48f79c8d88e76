import { TraceFormatError } from "./error.js";

/** A word of a trace's metadata, which is written in TSDL. */
export interface Word {
  readonly kind: "name" | "number" | "string" | "sign" | "end";
  readonly text: string;
  readonly line: number;
}

const PATTERN =
  /\s+|\/\*[\s\S]*?\*\/|\/\/[^\n]*|([A-Za-z_]\w*)|(0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*)|L?"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)+)'|(\.\.\.|:=|->|[-+{}[\]()<>;:,.=*])/gy;

/** Divides metadata into its words. */
export function wordsOf(text: string, where: string): Word[] {
  const words: Word[] = [];
  let line = 1;
  let at = 0;
  PATTERN.lastIndex = 0;
  while (at < text.length) {
    const found = PATTERN.exec(text);
    if (found === null || found[0] === "")
      throw new TraceFormatError(
        `the metadata has ${JSON.stringify(text.slice(at, at + 12))}, which is no TSDL`,
        {
          where: `${where}:${line}`,
        },
      );
    const [all, name, number, string, character, sign] = found;
    if (name !== undefined) words.push({ kind: "name", text: name, line });
    else if (number !== undefined)
      words.push({ kind: "number", text: String(BigInt(number.replace(/[uUlL]+$/, ""))), line });
    else if (string !== undefined) words.push({ kind: "string", text: unescaped(string), line });
    else if (character !== undefined) words.push({ kind: "string", text: unescaped(character), line });
    else if (sign !== undefined) words.push({ kind: "sign", text: sign, line });
    line += all.split("\n").length - 1;
    at = PATTERN.lastIndex;
  }
  return [...words, { kind: "end", text: "", line }];
}

function unescaped(text: string): string {
  const known: Readonly<Record<string, string>> = {
    n: "\n",
    t: "\t",
    r: "\r",
    a: "\x07",
    b: "\b",
    f: "\f",
    v: "\v",
  };
  return text.replace(/\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))/gs, (_, hex, octal, one) =>
    hex !== undefined
      ? String.fromCharCode(Number.parseInt(hex, 16))
      : octal !== undefined
        ? String.fromCharCode(Number.parseInt(octal, 8))
        : (known[one] ?? one),
  );
}
