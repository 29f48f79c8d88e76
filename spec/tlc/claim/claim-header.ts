import { suggest } from "../base/suggest.js";
import { RUN_KEYS } from "./claim-run.js";
import { withoutComments } from "./config-tokens.js";

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
  "Generated",
  "Depth",
  ...RUN_KEYS,
] as const;

const COMMENT = /^(\s*\\\*)(\s*)(.*?)\s*$/;
/** A key with its value; between a key that we know and its value no space is needed. */
const KEY = /^([A-Za-z][\w-]*)\s*:\s*(.*)$/;
/** How many columns a tab takes at most. */
const TAB = 8;

/**
 * Reads the header of a claim: the `\*` comments before the first line of the configuration itself, of which `(* *)`
 * comments are no part. A comment that is neither `Key: value` nor indented deeper than the key above it is ignored.
 */
export function readHeader(lines: readonly string[]): ClaimHeader {
  const entries: (HeaderEntry & { below: HeaderLine[] })[] = [];
  const typos: HeaderTypo[] = [];
  let current: { entry: (typeof entries)[number]; indent: number } | undefined;
  for (const [i, source] of withoutComments(lines.join("\n"), "blocks").split("\n").entries()) {
    const comment = COMMENT.exec(source);
    if (comment === null) {
      if (source.trim() === "") continue;
      break;
    }
    const [, marker = "", space = "", text = ""] = comment;
    const here = { text, line: i + 1, column: marker.length + space.length + 1 };
    const indent = columnsOf(marker + space) - columnsOf(marker);
    if (current !== undefined && text !== "" && indent > current.indent) {
      current.entry.below.push(here);
      continue;
    }
    const [, key, value = ""] = KEY.exec(text) ?? [];
    current = undefined;
    if (key === undefined) continue;
    if (!(HEADER_KEYS as readonly string[]).includes(key)) {
      // Without a space it may be an address or a name of something else.
      const spaced = value === "" || /\s$/.test(text.slice(0, text.length - value.length));
      const meant = spaced ? suggest(key, HEADER_KEYS) : undefined;
      // A short word that begins differently is another word: Node is not a misspelt Mode.
      const another = key.length < 6 && meant?.[0]?.toLowerCase() !== key[0]?.toLowerCase();
      if (meant !== undefined && !another) typos.push({ ...here, text: key, meant });
      continue;
    }
    const valueColumn = here.column + text.length - value.length;
    const entry = { key, text: value, line: here.line, column: here.column, valueColumn, below: [] };
    entries.push(entry);
    current = { entry, indent };
  }
  return { entries, typos };
}

/** How many columns a text takes that may have tabs. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const letter of text) columns += letter === "\t" ? TAB - (columns % TAB) : 1;
  return columns;
}

/** A key's whole text: its value and the lines below, joined by spaces. */
export function wholeText(entry: HeaderEntry): string {
  return [entry.text, ...entry.below.map((l) => l.text)].join(" ").trim();
}
