import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SOURCES } from "../root.js";

/** Something that a public header declares, with the comment that stands before it. */
export interface Item {
  readonly kind: "function" | "object" | "inline" | "macro" | "type";
  readonly name: string;
  /** As it stands in the header: a function without its body, a type whole. */
  readonly text: string;
  /** The comment's paragraphs. Items that follow one another without a blank line share it. */
  readonly comment: readonly string[];
  /** Which line of the header it begins on. */
  readonly line: number;
}

export interface Header {
  /** Its name below include/quiesce. */
  readonly name: string;
  /** The comment that it begins with. */
  readonly intro: readonly string[];
  readonly items: readonly Item[];
}

/** Headers that are included for others' sake: nothing in them is for users to call. */
const INNER = /^(?:atomic|letters|(?:\w+_)?step)\.h$/;

/** What others' macros call; the library has to have it all the same. */
const BEHIND = /^check\.h$/;

/** Steps that the read sides are made of: for readers of the code, not for users. */
const INNER_NAMES = /^qs_(?:announce|leave\w*|token_\w+|qsbr_announce)$/;

const isForUsers = ({ name, comment }: Item): boolean =>
  !INNER_NAMES.test(name) && !comment.join(" ").includes("not for you to call");

export const INCLUDE = join(SOURCES, "include", "quiesce");

/** The names of all headers, those for C++ too. */
export function headerNames(): string[] {
  return readdirSync(INCLUDE)
    .filter((name) => /\.(?:h|hpp)$/.test(name))
    .toSorted();
}

/** All headers for C, as they are. */
export function readHeaders(): Header[] {
  return headerNames()
    .filter((name) => name.endsWith(".h"))
    .map((name) => parseHeader(name, readFileSync(join(INCLUDE, name), "utf8")));
}

/** What users may call: the headers of C without what is inside. */
export function publicHeaders(headers: readonly Header[] = readHeaders()): Header[] {
  return headers
    .filter(({ name }) => !INNER.test(name) && !BEHIND.test(name))
    .map((header) => ({ ...header, items: header.items.filter(isForUsers) }));
}

/** What libquiesce-trace has: its own linker script says what that exports. */
const OTHER_LIBRARY = /^tracepoint\.h$/;

/** What the library has to export: functions and objects that a header declares and doesn't define. */
export function exportedNames(headers: readonly Header[] = readHeaders()): string[] {
  return headers
    .filter(({ name }) => !INNER.test(name) && !OTHER_LIBRARY.test(name))
    .flatMap(({ items }) => items.filter(({ kind }) => kind === "function" || kind === "object"))
    .map(({ name }) => name)
    .toSorted();
}

const COMMENT = /^\/\*([\s\S]*?)\*\//;

/**
 * Reads a header as this room writes them: what belongs to a declaration stands in a comment right before it, and
 * nothing at the outermost level is indented.
 */
export function parseHeader(name: string, text: string): Header {
  const lines = text.split("\n");
  const items: Item[] = [];
  let intro: readonly string[] | undefined;
  let comment: readonly string[] | undefined;
  let at = 0;
  const take = (end: (line: string) => boolean): string => {
    const first = at;
    while (at < lines.length - 1 && !end(lines[at] ?? "")) at++;
    return lines.slice(first, ++at).join("\n");
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const start = at + 1;
    if (line.startsWith("/*")) {
      const whole = take((one) => one.includes("*/"));
      comment = paragraphs(COMMENT.exec(whole)?.[1] ?? "");
      if (!/SPDX/.test(whole)) intro ??= comment;
      continue;
    }
    if (line.trim() === "") comment = undefined;
    if (/^#\s*define\s/.test(line)) {
      const macro = take((one) => !one.endsWith("\\"));
      const head = /^#\s*define\s+(\w+)\([^)]*\)/.exec(macro);
      // A macro that takes nothing, or whose name is in capitals, is a constant or a door.
      if (head?.[1] !== undefined && comment && /^[a-z]/.test(head[1])) {
        const shown = head[0].replace(/^#\s*define\s+/, "");
        items.push({ kind: "macro", name: head[1], text: shown, comment, line: start });
      }
      continue;
    }
    if (!/^[A-Za-z_]/.test(line) || /^extern "C"/.test(line)) {
      at++;
      continue;
    }
    const head = take((one) => /[;{]\s*(?:\/\*.*\*\/\s*)?$/.test(one));
    const item = itemOf(head);
    if (/\{\s*(?:\/\*.*\*\/\s*)?$/.test(head)) {
      const body = take((one) => one.startsWith("}"));
      if (item?.kind === "type") item.text = `${head}\n${body}`;
    }
    if (item) items.push({ ...item, comment: comment ?? [], line: start });
  }
  return { name, intro: intro ?? [], items };
}

function itemOf(head: string): { kind: Item["kind"]; name: string; text: string } | undefined {
  const type = /^(?:typedef\s+)?(?:struct|enum|union)\s+(\w+)\s*\{/.exec(head);
  if (type?.[1] !== undefined) return { kind: "type", name: type[1], text: head };
  const object = /^extern\s[^()]*?(\w+);/.exec(head);
  if (object?.[1] !== undefined) return { kind: "object", name: object[1], text: head };
  const declared = /^([\w\s*()]*?[\s*])(\w+)\(([\s\S]*)\)\s*([;{])/.exec(head);
  if (!declared?.[2] || /^typedef\b/.test(head) || /^QS_STATIC_ASSERT/.test(head)) return undefined;
  const inline = /\binline\b/.test(declared[1] ?? "");
  const text = head
    .replace(/\s*\{[\s\S]*$/, ";")
    .replace(/^(?:static\s+|inline\s+)*/, "")
    .replace(/\s*\n\s*/g, " ");
  return { kind: inline ? "inline" : "function", name: declared[2], text };
}

/** The paragraphs of a comment's inside; lines that are indented further stay as they are. */
function paragraphs(inside: string): string[] {
  return inside
    .split("\n")
    .map((line) => line.replace(/^\s*\*?(?: |$)/, "").trimEnd())
    .join("\n")
    .trim()
    .split(/\n{2,}/)
    .filter((part) => part !== "");
}
