import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readObject } from "../../../spec/tlc/base/cache.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { baseOf } from "../markdown/place.js";
import { type Section, shortHash } from "./section.js";

/** The counterexamples of claims without a page of their own in the repository: a file for each folder of claims. */
export const KEPT = "spec/generated/counterexamples";

const MADE_BY = "Written by `npm run generate`. The documentation site shows it. Do not edit.";

/** The file with a claim's counterexample, from the root. */
export function keptFile({ id, file }: Pick<Claim, "id" | "file">): string {
  return `${KEPT}/${dirname(baseOf(id, file))}.json`;
}

/** The file's text: a line for each claim, so that a change shows which. */
export function renderKept(sections: ReadonlyMap<string, Section>): string {
  const lines = [...sections].map(([id, { madeFrom, tlc, body }]) => {
    const row = { madeFrom, tlc, text: shortHash(body), body };
    return `    ${JSON.stringify(id)}: ${JSON.stringify(row)}`;
  });
  return `{\n  "madeBy": ${JSON.stringify(MADE_BY)},\n  "counterexamples": {\n${lines.join(",\n")}\n  }\n}\n`;
}

/**
 * The counterexamples of a file, by their claims' ids; none where there is no such file. One whose text has been edited
 * is not among them.
 *
 * @param path from the root
 */
export function readKept(root: string, path: string): ReadonlyMap<string, Omit<Section, "anchor">> {
  const file = join(root, path);
  const kept = new Map<string, Omit<Section, "anchor">>();
  if (!existsSync(file)) return kept;
  const rows = readObject(readFileSync(file, "utf8"))?.["counterexamples"];
  if (typeof rows !== "object" || rows === null) return kept;
  for (const [id, row] of Object.entries(rows as Readonly<Record<string, unknown>>)) {
    const { madeFrom, tlc, text, body } = (row ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof madeFrom !== "string" || typeof tlc !== "string" || typeof body !== "string") continue;
    if (shortHash(body) === text) kept.set(id, { madeFrom, tlc, body });
  }
  return kept;
}
