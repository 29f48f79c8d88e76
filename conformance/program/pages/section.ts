import { sha256 } from "../../../spec/tlc/tools/pins.js";

/** The counterexample of a claim as shown on a page, and what it was made from. */
export interface Section {
  /** The row's suffix, "" for a claim that is the whole page. */
  readonly anchor: string;
  /** Short hash of all that the counterexample depends on (see fingerprint.ts). */
  readonly madeFrom: string;
  /** TLC's version: another one may find another counterexample. */
  readonly tlc: string;
  readonly body: string;
}

const START = /^<!-- counterexample(?: (\S+))? made from ([0-9a-f]+) by TLC ([\w.-]+), text ([0-9a-f]+) -->$/;
const END = "<!-- /counterexample -->";

/** The section between its two marks. The first one tells a later run whether the section may stay. */
export function renderSection({ anchor, madeFrom, tlc, body }: Section): string {
  const name = anchor === "" ? "" : ` ${anchor}`;
  return `<!-- counterexample${name} made from ${madeFrom} by TLC ${tlc}, text ${shortHash(body)} -->\n${body}\n${END}`;
}

/** The sections of a page, by their anchors. A section whose text has been edited is not among them. */
export function readSections(page: string): Map<string, Section> {
  const sections = new Map<string, Section>();
  const lines = page.split("\n");
  for (const [i, line] of lines.entries()) {
    const [, anchor = "", madeFrom, tlc, hash] = START.exec(line) ?? [];
    const end = lines.indexOf(END, i);
    if (madeFrom === undefined || tlc === undefined || end < 0) continue;
    const body = lines.slice(i + 1, end).join("\n");
    if (shortHash(body) === hash) sections.set(anchor, { anchor, madeFrom, tlc, body });
  }
  return sections;
}

/** Enough of a hash to tell versions of one thing apart. */
export function shortHash(text: string): string {
  return sha256(text).slice(0, 16);
}
