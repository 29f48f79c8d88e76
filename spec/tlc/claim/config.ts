import { suggest } from "../base/suggest.js";
import { groupEnd, NAME, type Token, tokensOf, withoutComments } from "./config-tokens.js";

/** An assignment to a constant or an operator: `N = 3`, `Op <- Other`, `F <- [Module] G`. */
export interface Assignment {
  readonly name: string;
  /** `=` assigns a value, `<-` substitutes a definition. */
  readonly operator: "=" | "<-";
  /** The right side as written in the file, without comments. */
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
  /** What is compared in place of the states themselves. */
  readonly view?: string;
  readonly postconditions: readonly string[];
  /** Where the keywords stand that not every build of TLC knows. */
  readonly alias?: { readonly offset: number };
  readonly postcondition?: { readonly offset: number };
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

/** Keywords that take one name. */
const SINGLE: ReadonlySet<string> = new Set([
  "SPECIFICATION",
  "INIT",
  "NEXT",
  "CHECK_DEADLOCK",
  "VIEW",
  "ALIAS",
]);

/** Reads a TLC configuration. What it doesn't understand becomes a problem; it never throws. */
export function readConfig(text: string): Config {
  const tokens = tokensOf(text);
  const names = new Map<string, string[]>([...KEYWORDS.values()].map((k) => [k, []]));
  const assignments: Assignment[] = [];
  const problems: ConfigProblem[] = [];
  const newer = new Map<string, { readonly offset: number }>();
  let section: string | undefined;
  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i] as Token;
    const keyword = KEYWORDS.get(token.text);
    if (keyword !== undefined) {
      section = keyword;
      if (keyword === "ALIAS" || keyword === "POSTCONDITION") newer.set(keyword, { offset: token.start });
      i++;
    } else if (section === "CONSTANT") {
      const read = readAssignment(tokens, i, text);
      if ("message" in read) {
        problems.push(read);
        i = afterProblem(tokens, i + 1);
      } else {
        assignments.push(read.assignment);
        i = read.next;
      }
    } else {
      const list = section === undefined ? undefined : names.get(section);
      const full = SINGLE.has(section ?? "") && list?.length === 1;
      if (list !== undefined && !full && NAME.test(token.text)) {
        list.push(token.text);
        i++;
      } else {
        const expected = full
          ? `${section} takes one name`
          : "expected a keyword such as SPECIFICATION or CONSTANTS";
        problems.push(unknown(token, expected));
        i = afterProblem(tokens, i + 1);
      }
    }
  }
  const all = (keyword: string) => names.get(keyword) ?? [];
  const one = (keyword: string) => all(keyword)[0];
  const [specification, init, next] = [one("SPECIFICATION"), one("INIT"), one("NEXT")];
  const view = one("VIEW");
  const [alias, postcondition] = [newer.get("ALIAS"), newer.get("POSTCONDITION")];
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
    ...(view !== undefined && { view }),
    postconditions: all("POSTCONDITION"),
    ...(alias !== undefined && { alias }),
    ...(postcondition !== undefined && { postcondition }),
    problems,
  };
}

/** A configuration that checks this property and nothing else; the rest stays as it is. */
export function withOnlyProperty(text: string, property: string): string {
  let kept = "";
  let from = 0;
  let skipping = false;
  for (const { text: word, start, end } of tokensOf(text)) {
    const keyword = KEYWORDS.get(word);
    const skips: boolean =
      keyword === undefined ? skipping : keyword === "INVARIANT" || keyword === "PROPERTY";
    if (skips) {
      if (!skipping) kept += text.slice(from, start);
      from = end;
    }
    skipping = skips;
  }
  return `${kept}${text.slice(from)}\nPROPERTY ${property}\n`;
}

/** Reads the assignment at a token, and where to go on; or says what is wrong. */
function readAssignment(
  tokens: readonly Token[],
  start: number,
  text: string,
): { readonly assignment: Assignment; readonly next: number } | ConfigProblem {
  const name = tokens[start] as Token;
  if (!NAME.test(name.text)) return unknown(name, "expected the name of a constant");
  let i = start + 1;
  if (tokens[i]?.text === "(") i = groupEnd(tokens, i) + 1;
  const operator = tokens[i]?.text;
  if (operator !== "=" && operator !== "<-") {
    const problem = unknown(name, "");
    return problem.hint !== undefined
      ? problem
      : unknown(tokens[i], `expected = or <- after ${name.text}`, name);
  }
  const first = i + 1;
  const value = tokens[first];
  if (value === undefined || KEYWORDS.has(value.text) || NO_VALUE.has(value.text)) {
    return unknown(value, `expected a value for ${name.text}`, name);
  }
  let last = groupEnd(tokens, first);
  if (value.text === "[" && tokens[last + 1] !== undefined) last = groupEnd(tokens, last + 1);
  const valueEnd = (tokens[last] as Token).end;
  const assignment: Assignment = {
    name: name.text,
    operator,
    value: withoutComments(text.slice(value.start, valueEnd)),
    offset: name.start,
    valueStart: value.start,
    valueEnd,
  };
  return { assignment, next: last + 1 };
}

/** Characters that no value begins with. */
const NO_VALUE: ReadonlySet<string> = new Set(["=", "<-", ",", "}", ")", "]", ">>"]);

/** Where the next keyword or assignment begins, so that one mistake is one problem. */
function afterProblem(tokens: readonly Token[], from: number): number {
  for (let i = from; i < tokens.length; i++) {
    if (KEYWORDS.has(tokens[i]?.text ?? "")) return i;
    if (NAME.test(tokens[i]?.text ?? "") && ["=", "<-"].includes(tokens[i + 1]?.text ?? "")) return i;
  }
  return tokens.length;
}

/** A problem with a token; at the end of the file it is blamed on the token before. */
function unknown(token: Token | undefined, message: string, before?: Token): ConfigProblem {
  const offset = (token ?? before)?.start ?? 0;
  const text = token?.text ?? "the end";
  const meant = /^[A-Z_]{3,}$/.test(text) && !KEYWORDS.has(text) ? suggest(text, KEYWORDS.keys()) : undefined;
  return meant === undefined
    ? { message: `${message}, found ${text}`, offset }
    : { message: `unknown keyword ${text}`, hint: `Did you mean ${meant}?`, offset };
}
