import { posix } from "node:path";
import type { Claim } from "../../../spec/tlc/claim/claim.js";

/** The folder of the claims' pages, from the root of the repository. */
export const PAGES = "spec/generated/claims";

/** Where a claim is described: a page for each configuration, and on it an anchor for each row of a sweep. */
export interface PagePlace {
  /** From the root of the repository: `spec/generated/claims/rcu/read-side/number.md`. */
  readonly path: string;
  /** The row's suffix, `FALSE.pso`; "" for a claim that is the whole page. */
  readonly anchor: string;
}

/** The page of a claim of ours. */
export function pageOf({ id, file }: Pick<Claim, "id" | "file">): PagePlace {
  const base = baseOf(id, file);
  return { path: `${PAGES}/${base}.md`, anchor: id.slice(base.length + 1) };
}

/** A claim's id without the suffix of its row: its configuration's path below the root of the claims. */
export function baseOf(id: string, file: string): string {
  const whole = file.replaceAll("\\", "/").replace(/\.cfg$/, "");
  // A row's suffix and a file's name may both have dots, so the file decides.
  for (let base = id; base !== ""; base = base.slice(0, Math.max(0, base.lastIndexOf("."))))
    if (whole.endsWith(`/${base}`)) return base;
  return id;
}

/** The link to a claim's page from another page, both as paths from the root; it needs no escaping in Markdown. */
export function linkTo(claim: Pick<Claim, "id" | "file">, from: string): string {
  const { path, anchor } = pageOf(claim);
  const way = relativeLink(path, from);
  return anchor === "" ? way : `${way}#${encode(anchor)}`;
}

/** The link from one file of the repository to another, for Markdown. */
export function relativeLink(path: string, from: string): string {
  return posix.relative(posix.dirname(from), path).split("/").map(encode).join("/");
}

/** Brackets would end a link, though a URL may have them. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[()']/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Claims by a key, in their order. */
export function groupClaims(
  claims: readonly Claim[],
  keyOf: (claim: Claim) => string,
): Map<string, readonly Claim[]> {
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) groups.set(keyOf(claim), [...(groups.get(keyOf(claim)) ?? []), claim]);
  return groups;
}
