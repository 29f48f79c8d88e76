import type { ModuleFile } from "../claim/modules.js";

/** The left side of a property `L => R` or `L ~> R`. */
export interface LeftSide {
  /** The property's name. */
  readonly property: string;
  /** An expression that says that L is true (of something, where the property speaks of all); it may span lines. */
  readonly expression: string;
  /** Where the property is defined. */
  readonly module: ModuleFile;
  readonly line: number;
}

/** Operators and words after which a `=>` is no longer that of the whole property, or that no state predicate has. */
const INNER = /^(?:\\A|\\E|\\AA|\\EE|CHOOSE|LET|IF|CASE|LAMBDA|'|\[\]|<>|WF_|SF_|<=>|\\equiv|-\+->)$/;
const TOKEN =
  /"(?:[^"\\\n]|\\.)*"|<<|>>|=>|~>|<=>|<>|\[\]|-\+->|[WS]F_|\\[A-Za-z]+|[A-Za-z_]\w*|\d+|[=<>]=|\S|\n/g;
const QUANTIFIER = /^(\s*)\\A(\s[^:]*?):(?!:|=)/;

/**
 * The left side of a property that as a whole is an implication or a leads-to, or states one for all elements of a set.
 * Undefined for any other, and where its text alone does not tell.
 */
export function leftSideOf(property: string, modules: readonly ModuleFile[]): LeftSide | undefined {
  for (const module of modules) {
    const code = blankComments(module.text);
    const start = new RegExp(`^${property}[ \\t]*==`, "m").exec(code);
    if (start === null) continue;
    const from = start.index + start[0].length;
    // The definition ends where the next thing begins in the first column.
    const length = code.slice(from).search(/^\S/m);
    const line = code.slice(0, start.index).split("\n").length;
    const expression = leftOf(code, from, length < 0 ? code.length : from + length);
    return expression === undefined ? undefined : { property, expression, module, line };
  }
  return undefined;
}

function leftOf(code: string, from: number, end: number): string | undefined {
  const quantifiers: string[] = [];
  let at = from;
  for (;;) {
    const found = QUANTIFIER.exec(code.slice(at, end));
    if (found === null) break;
    quantifiers.push(`\\E${(found[2] ?? "").replace(/\s+/g, " ")}:`);
    at += found[0].length;
  }
  at += code.slice(at, end).search(/\S|$/);
  const until = implication(code.slice(at, end));
  if (until === undefined) return undefined;
  const left = code.slice(at, at + until);
  // Lists of conjuncts mean something by their columns, so these stay as they are.
  const column = at - code.lastIndexOf("\n", at - 1) - 1;
  return [...quantifiers.map((one) => ` ${one}`), " ".repeat(column) + left.trimEnd()].join("\n");
}

/** Where the `=>` or `~>` of the whole text is; undefined when there is none, or when it may belong to a part. */
function implication(text: string): number | undefined {
  let depth = 0;
  let first = true;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "\n") continue;
    // A list: its `=>` belongs to one of its items.
    if (first && /^(?:\/|\\)/.test(token) && /^(?:\/\\|\\\/)/.test(text.slice(index))) return undefined;
    first = false;
    if (/^(?:\(|\[|\{|<<)$/.test(token)) depth++;
    else if (/^(?:\)|\]|\}|>>)$/.test(token)) depth--;
    else if (depth === 0 && (token === "=>" || token === "~>")) return index;
    else if (depth === 0 ? INNER.test(token) : /^(?:'|<>|\[\]|WF_|SF_|~>)$/.test(token)) return undefined;
  }
  return undefined;
}

/** The text with spaces in place of comments: everything stays in its line and column. */
export function blankComments(text: string): string {
  let depth = 0;
  return text.replace(/\(\*|\*\)|\\\*[^\n]*|"(?:[^"\\\n]|\\.)*"|[^\n]/g, (token) => {
    if (token === "(*") depth++;
    const inside = depth > 0;
    if (token === "*)" && depth > 0) depth--;
    return inside || token.startsWith("\\*") ? " ".repeat(token.length) : token;
  });
}
