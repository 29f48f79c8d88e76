/** A line of the graph that TLC's `-dump dot,actionlabels` writes. */
export type GraphLine =
  | { readonly kind: "state"; readonly id: string; readonly label: string; readonly initial: boolean }
  | { readonly kind: "edge"; readonly from: string; readonly to: string; readonly action: string }
  /** A line that opens a block or closes some (`blocks` of them, less than 0), or only says how to draw. */
  | { readonly kind: "layout"; readonly blocks: number };

const LAYOUT: GraphLine = { kind: "layout", blocks: 0 };
const ID = /^-?\d+$/;
const LABEL = '[label="';

/** Reads one line; undefined if TLC writes no such line. */
export function readGraphLine(line: string): GraphLine | undefined {
  const c = line.charCodeAt(0);
  // A state's or an edge's line begins with a fingerprint, which may be negative.
  if (c === 45 || (c >= 48 && c <= 57))
    return line.startsWith("-> ", line.indexOf(" ") + 1) ? edge(line) : state(line);
  const text = line.trim();
  if (text === "") return LAYOUT;
  // The legend of coloured graphs begins on the line that opens it.
  if (/^(?:strict )?digraph \w+ \{$/.test(text) || /^subgraph \w+ \{[^{}]*$/.test(text)) {
    return { kind: "layout", blocks: 1 };
  }
  if (/^\}+$/.test(text)) return { kind: "layout", blocks: -text.length };
  if (text.startsWith("{rank = same;") && text.endsWith("}")) return LAYOUT;
  if (/^\w+ ?= ?[^{}]*;?$/.test(text) || /^[\p{L}_!][\p{L}\p{N}_!]* ?\[[^{}]*\];?$/u.test(text))
    return LAYOUT;
  return undefined;
}

function state(line: string): GraphLine | undefined {
  const space = line.indexOf(" ");
  const id = line.slice(0, space);
  if (!line.startsWith(LABEL, space + 1) || !ID.test(id)) return undefined;
  const start = space + 1 + LABEL.length;
  const end = closingQuote(line, start);
  if (end < 0) return undefined;
  const rest = line.slice(end + 1);
  if (!/^(?:, ?[\w ]+=[^\]]*)?\];?\s*$/.test(rest)) return undefined;
  return {
    kind: "state",
    id,
    label: unescapeLabel(line.slice(start, end)),
    initial: /style ?= ?"?filled/.test(rest),
  };
}

function edge(line: string): GraphLine | undefined {
  const arrow = line.indexOf(" ");
  const from = line.slice(0, arrow);
  const after = line.indexOf(" ", arrow + 4);
  const to = after < 0 ? line.slice(arrow + 4).replace(/;\s*$/, "") : line.slice(arrow + 4, after);
  if (!ID.test(from) || !ID.test(to)) return undefined;
  // Without actionlabels an edge has no label at all.
  if (after < 0) return { kind: "edge", from, to, action: "" };
  if (!line.startsWith(LABEL, after + 1)) {
    return /^\[(?!label)[^\]]*\];?\s*$/.test(line.slice(after + 1))
      ? { kind: "edge", from, to, action: "" }
      : undefined;
  }
  const start = after + 1 + LABEL.length;
  const end = closingQuote(line, start);
  if (end < 0 || !/^[^\]]*\];?\s*$/.test(line.slice(end + 1))) return undefined;
  return { kind: "edge", from, to, action: unescapeLabel(line.slice(start, end)) };
}

/** Where the string that begins at an offset ends: the first quote after an even number of backslashes. */
function closingQuote(line: string, start: number): number {
  for (let end = line.indexOf('"', start); end >= 0; end = line.indexOf('"', end + 1)) {
    let slashes = 0;
    while (line.charCodeAt(end - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

/** Labels are escaped once; undone in one pass, since `\\n` is a backslash and an n. */
function unescapeLabel(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\([\s\S])/g, (_, c: string) => (c === "n" ? "\n" : c));
}
