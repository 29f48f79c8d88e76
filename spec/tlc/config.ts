import { suggest } from "./suggest.js";

/** An assignment to a constant or an operator: `N = 3`, `Op <- Other`, `F <- [Module] G`. */
export interface Assignment {
  readonly name: string;
  /** `=` assigns a value, `<-` substitutes a definition. */
  readonly operator: "=" | "<-";
  /** The right side as it stands in the file, without comments. */
  readonly value: string;
  /** Where the name and the right side stand, in UTF-16 units from 0. */
  readonly offset: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** What a TLC configuration asks for. */
export interface Config {
  readonly assignments: readonly Assignment[];
  readonly specification?: string;
  readonly init?: string;
  readonly next?: string;
  readonly invariants: readonly string[];
  readonly properties: readonly string[];
  readonly symmetry: readonly string[];
  readonly constraints: readonly string[];
  readonly checksDeadlock: boolean;
  readonly problems: readonly ConfigProblem[];
}

/** Something that TLC would not understand, and where. */
export interface ConfigProblem {
  readonly message: string;
  readonly hint?: string;
  /** In UTF-16 units from 0. */
  readonly offset: number;
}

/** Keywords of TLC's configurations, singular and plural forms mapped to one name. */
const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ["CONSTANT", "CONSTANT"],
  ["CONSTANTS", "CONSTANT"],
  ["INVARIANT", "INVARIANT"],
  ["INVARIANTS", "INVARIANT"],
  ["PROPERTY", "PROPERTY"],
  ["PROPERTIES", "PROPERTY"],
  ["CONSTRAINT", "CONSTRAINT"],
  ["CONSTRAINTS", "CONSTRAINT"],
  ["ACTION_CONSTRAINT", "ACTION_CONSTRAINT"],
  ["ACTION_CONSTRAINTS", "ACTION_CONSTRAINT"],
  ["SPECIFICATION", "SPECIFICATION"],
  ["INIT", "INIT"],
  ["NEXT", "NEXT"],
  ["SYMMETRY", "SYMMETRY"],
  ["VIEW", "VIEW"],
  ["ALIAS", "ALIAS"],
  ["POSTCONDITION", "POSTCONDITION"],
  ["CHECK_DEADLOCK", "CHECK_DEADLOCK"],
  ["TYPE", "TYPE"],
  ["TYPE_CONSTRAINT", "TYPE_CONSTRAINT"],
]);

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN = /"(?:[^"\\\n]|\\.)*"|<-|<<|>>|-?\d+(?![\w!])|[\p{L}\p{N}_!]+|\S/gu;

/** Reads a TLC configuration. What it doesn't understand becomes a problem; it never throws. */
export function readConfig(text: string): Config {
  const tokens = [...withoutComments(text).matchAll(TOKEN)].map(
    (m): Token => ({ text: m[0], start: m.index, end: m.index + m[0].length }),
  );
  const names = new Map<string, string[]>([...KEYWORDS.values()].map((k) => [k, []]));
  const assignments: Assignment[] = [];
  const problems: ConfigProblem[] = [];
  let section: string | undefined;
  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i] as Token;
    const keyword = KEYWORDS.get(token.text);
    if (keyword !== undefined) {
      section = keyword;
      i++;
    } else if (section === "CONSTANT") {
      const [assignment, next] = readAssignment(tokens, i, text);
      if (typeof assignment === "string") problems.push(unknown(token, assignment));
      else assignments.push(assignment);
      i = next;
    } else {
      const list = section === undefined ? undefined : names.get(section);
      if (list === undefined || !/^[\p{L}\p{N}_!]+$/u.test(token.text)) {
        problems.push(unknown(token, "expected a keyword such as SPECIFICATION or CONSTANTS"));
      } else if (
        ["SPECIFICATION", "INIT", "NEXT", "CHECK_DEADLOCK"].includes(section ?? "") &&
        list.length > 0
      ) {
        problems.push(unknown(token, `${section} takes one name`));
      } else {
        list.push(token.text);
      }
      i++;
    }
  }
  const all = (keyword: string) => names.get(keyword) ?? [];
  const one = (keyword: string) => all(keyword)[0];
  const [specification, init, next] = [one("SPECIFICATION"), one("INIT"), one("NEXT")];
  return {
    assignments,
    ...(specification !== undefined && { specification }),
    ...(init !== undefined && { init }),
    ...(next !== undefined && { next }),
    invariants: all("INVARIANT"),
    properties: all("PROPERTY"),
    symmetry: all("SYMMETRY"),
    constraints: [...all("CONSTRAINT"), ...all("ACTION_CONSTRAINT")],
    checksDeadlock: one("CHECK_DEADLOCK") !== "FALSE",
    problems,
  };
}

/** Blanks comments out, so that offsets stay; strings may contain what looks like a comment. */
function withoutComments(text: string): string {
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
    out += piece.startsWith("\\*") ? blank(piece) : piece;
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
function groupEnd(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    const text = tokens[i]?.text as string;
    if (OPENING.has(text)) depth++;
    else if (CLOSING.has(text)) depth--;
    if (depth <= 0) return i;
  }
  return tokens.length - 1;
}

/** Reads the assignment at a token, or says what is wrong; also where to go on. */
function readAssignment(
  tokens: readonly Token[],
  start: number,
  text: string,
): [Assignment | string, number] {
  const name = tokens[start] as Token;
  if (!/^[\p{L}\p{N}_!]+$/u.test(name.text)) return ["expected the name of a constant", start + 1];
  let i = start + 1;
  if (tokens[i]?.text === "(") i = groupEnd(tokens, i) + 1;
  const operator = tokens[i]?.text;
  if (operator !== "=" && operator !== "<-") return [`expected = or <- after ${name.text}`, i];
  let last = i + 1;
  const value = tokens[last];
  if (value === undefined || KEYWORDS.has(value.text)) return [`expected a value for ${name.text}`, i + 1];
  if (value.text === "[" && tokens[groupEnd(tokens, last) + 1] !== undefined)
    last = groupEnd(tokens, last) + 1;
  last = groupEnd(tokens, last);
  const valueEnd = (tokens[last] as Token).end;
  return [
    {
      name: name.text,
      operator,
      value: withoutComments(text.slice(value.start, valueEnd)),
      offset: name.start,
      valueStart: value.start,
      valueEnd,
    },
    last + 1,
  ];
}

function unknown(token: Token, message: string): ConfigProblem {
  const meant = /^[A-Z_]{3,}$/.test(token.text) ? suggest(token.text, KEYWORDS.keys()) : undefined;
  return meant === undefined
    ? { message: `${message}, found ${token.text}`, offset: token.start }
    : { message: `unknown keyword ${token.text}`, hint: `Did you mean ${meant}?`, offset: token.start };
}
