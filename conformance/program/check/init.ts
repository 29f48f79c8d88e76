import { chmod, readFile, realpath, stat } from "node:fs/promises";
import { writeAtomically } from "../../../spec/tlc/base/cache.js";
import { messageOf } from "../../../spec/tlc/base/errors.js";
import { readClaims } from "../../../spec/tlc/claim/claim.js";
import { readConfig } from "../../../spec/tlc/claim/config.js";
import type { ClaimResult } from "../../../spec/tlc/decide/claim-result.js";
import { violatedName } from "../../../spec/tlc/decide/verdict.js";

/** A header that was written into a configuration, or why none was. */
export interface WrittenHeader {
  readonly file: string;
  readonly lines?: readonly string[];
  readonly reason?: string;
}

/**
 * Writes what came out into the configurations that declare no verdict, each file at once or not at all. One that has a
 * header by now, or that was not decided, stays as it is.
 */
export async function writeHeaders(results: readonly ClaimResult[]): Promise<WrittenHeader[]> {
  const written: WrittenHeader[] = [];
  for (const result of results.filter(({ claim }) => claim.declared.verdict === "undeclared")) {
    const { file } = result.claim;
    const header = headerOf(result);
    written.push({
      file,
      ...(typeof header === "string" ? { reason: header } : await write(result, header)),
    });
  }
  return written;
}

/** The lines that declare what came out, or why there can be none. */
function headerOf(result: ClaimResult): string[] | string {
  const { claim, verdict, states, report } = result;
  if (verdict === "inconclusive") return `it is not decided: ${result.reason ?? "inconclusive"}`;
  const lines = [`Verdict: ${verdict}`];
  if (report?.violated !== undefined) {
    const { kind, oneOf } = report.violated;
    const config = readConfig(claim.config);
    // TLC does not say which of them it was.
    const several = kind === "temporal" || kind === "action" ? (oneOf ?? config.properties) : [];
    const name = violatedName(report.violated, config) ?? several.join(" or ");
    if (name === "") return "TLC does not say what is violated: give each property a claim of its own";
    lines.push(`Violates: ${name}`);
  }
  // Several workers, and a search that does not see everything, find another number each time.
  const counted =
    verdict !== "none-found" && (report?.violated === undefined || claim.run?.workers === undefined);
  if (counted && states !== undefined) lines.push(`States: ${states}`);
  return lines.map((line) => `\\* ${line}`);
}

async function write({ claim }: ClaimResult, lines: readonly string[]): Promise<Omit<WrittenHeader, "file">> {
  try {
    const { claims } = await readClaims([claim.file], claim.root, { undeclared: true });
    const now = claims.length === 1 ? claims[0] : undefined;
    if (now?.declared.verdict !== "undeclared" || now.config !== claim.config)
      return { reason: "it has changed since it was read" };
    const text = await readFile(claim.file, "utf8");
    const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
    const end = text.includes("\r\n") ? "\r\n" : "\n";
    const header = lines.map((line) => line + end).join("");
    // Where the file is a link, what it leads to gets the header, and the link stays.
    const target = await realpath(claim.file);
    const { mode } = await stat(target);
    await writeAtomically(target, mark + header + text.slice(mark.length));
    await chmod(target, mode);
    return { lines };
  } catch (error) {
    return { reason: `the file can't be written: ${messageOf(error)}` };
  }
}
