/** A word or sign of a configuration, and where it stands, in UTF-16 units from 0. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN = /"(?:[^"\\\n]|\\.)*"|<-|<<|>>|-?\d+(?![\w!])|[\p{L}\p{N}_!]+|\S/gu;

/** A name of TLA+ as configurations have them. */
export const NAME = /^[\p{L}\p{N}_!]+$/u;

/** Splits a configuration into words and signs; comments are left out. */
export function tokensOf(text: string): Token[] {
  return [...withoutComments(text).matchAll(TOKEN)].map((m) => ({
    text: m[0],
    start: m.index,
    end: m.index + m[0].length,
  }));
}

/**
 * Blanks comments out, or only those in `(* *)`, so that offsets stay; strings may contain what looks like a comment.
 */
export function withoutComments(text: string, which: "all" | "blocks" = "all"): string {
  const blank = (comment: string) => comment.replace(/[^\n]/g, " ");
  let out = "";
  for (let i = 0; i < text.length; ) {
    const end = text.startsWith("(*", i) ? commentEnd(text, i) : i;
    if (end > i) {
      out += blank(text.slice(i, end));
      i = end;
      continue;
    }
    PIECE.lastIndex = i;
    const piece = PIECE.exec(text)?.[0] ?? text[i] ?? "";
    out += which === "all" && piece.startsWith("\\*") ? blank(piece) : piece;
    i += piece.length;
  }
  return out;
}

/** A string, a comment to the end of the line, or a stretch of neither. */
const PIECE = /"(?:[^"\\\n]|\\.)*"|\\\*[^\n]*|[^"\\(]+/y;

/** Where the comment that begins at an offset ends; comments nest. */
function commentEnd(text: string, start: number): number {
  const bracket = /\(\*|\*\)/g;
  bracket.lastIndex = start;
  let depth = 0;
  for (let m = bracket.exec(text); m !== null; m = bracket.exec(text)) {
    depth += m[0] === "(*" ? 1 : -1;
    if (depth === 0) return bracket.lastIndex;
  }
  return text.length;
}

const OPENING: ReadonlySet<string> = new Set(["{", "(", "[", "<<"]);
const CLOSING: ReadonlySet<string> = new Set(["}", ")", "]", ">>"]);

/** Where the bracketed group that starts at a token ends; the token itself if it is no bracket. */
export function groupEnd(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    const text = tokens[i]?.text as string;
    if (OPENING.has(text)) depth++;
    else if (CLOSING.has(text)) depth--;
    if (depth <= 0) return i;
  }
  return tokens.length - 1;
}
