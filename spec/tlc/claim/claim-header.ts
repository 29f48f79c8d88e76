import { suggest } from "../base/suggest.js";

/** A line of a claim's header and where it stands; lines and columns count from 1. */
export interface HeaderLine {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A key of a claim's header with its value, and the deeper lines below it. */
export interface HeaderEntry extends HeaderLine {
  readonly key: string;
  /** Where the value begins. */
  readonly valueColumn: number;
  readonly below: readonly HeaderLine[];
}

/** A key that is probably misspelt. */
export interface HeaderTypo extends HeaderLine {
  readonly meant: string;
}

export interface ClaimHeader {
  readonly entries: readonly HeaderEntry[];
  readonly typos: readonly HeaderTypo[];
}

/** The keys of a claim's header. */
export const HEADER_KEYS = [
  "Claim",
  "Source",
  "Module",
  "Verdict",
  "Violates",
  "States",
  "Set",
  "Sweep",
  "Idle",
  "Tour",
] as const;

const COMMENT = /^(\s*\\\*)(\s*)(.*?)\s*$/;
const KEY = /^([A-Za-z][\w-]*)\s*:(?:\s+(.*))?$/;

/**
 * Reads the header of a claim: the `\*` comments before the first line of the configuration itself. A comment that is
 * neither `Key: value` nor indented deeper than the key above it is ignored.
 */
export function readHeader(lines: readonly string[]): ClaimHeader {
  const entries: (HeaderEntry & { below: HeaderLine[] })[] = [];
  const typos: HeaderTypo[] = [];
  let current: { entry: (typeof entries)[number]; indent: number } | undefined;
  for (const [i, source] of lines.entries()) {
    const comment = COMMENT.exec(source);
    if (comment === null) {
      if (source.trim() === "") continue;
      break;
    }
    const [, marker = "", space = "", text = ""] = comment;
    const here = { text, line: i + 1, column: marker.length + space.length + 1 };
    if (current !== undefined && text !== "" && space.length > current.indent) {
      current.entry.below.push(here);
      continue;
    }
    const [, key, value = ""] = KEY.exec(text) ?? [];
    current = undefined;
    if (key === undefined) continue;
    if (!(HEADER_KEYS as readonly string[]).includes(key)) {
      const meant = suggest(key, HEADER_KEYS);
      if (meant !== undefined) typos.push({ ...here, text: key, meant });
      continue;
    }
    const valueColumn = here.column + text.length - value.length;
    const entry = { key, text: value, line: here.line, column: here.column, valueColumn, below: [] };
    entries.push(entry);
    current = { entry, indent: space.length };
  }
  return { entries, typos };
}

/** A key's whole text: its value and the lines below, joined by spaces. */
export function wholeText(entry: HeaderEntry): string {
  return [entry.text, ...entry.below.map((l) => l.text)].join(" ").trim();
}
