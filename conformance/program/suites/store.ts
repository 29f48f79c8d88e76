import { createHash } from "node:crypto";
import { cpus } from "node:os";
import { join } from "node:path";
import { cacheFolder, keep, readCached, readObject } from "../../../spec/tlc/base/cache.js";
import { BUSY } from "../../base/others.js";
import type { Row } from "./rows.js";
import type { Outcome, Part, Suite, SuiteContext } from "./suite.js";

/** What a suite made of a mutant, when, and how long it took. */
export interface Result extends Outcome {
  readonly seconds: number;
  /** The day, as 2026-11-29. */
  readonly day: string;
  /** Of the machine's time, the share that others had meanwhile; where that may be why a suite noticed nothing. */
  readonly others?: number;
}

/** Whether a suite whose runs depend on the machine's speed has noticed nothing beside much other work. */
export function isBusyMiss({ verdict, others = 0 }: Pick<Result, "verdict" | "others">): boolean {
  return verdict === "missed" && others >= BUSY;
}

/** Raised when the file of a result has other fields. */
const FORMAT = 1;

/**
 * The file that keeps a result: it is named after all that the result depends on, so that a run which was interrupted
 * goes on where it stopped, and nothing that has changed counts.
 */
export async function fileOf(row: Row, suite: Suite, part: Part, context: SuiteContext): Promise<string> {
  const processor = [process.arch, cpus()[0]?.model ?? ""];
  const names = [FORMAT, suite.name, suite.version, row.of, row.name, processor];
  const hash = createHash("sha256").update(JSON.stringify([...names, await part.depends(context)]));
  return join(cacheFolder(), "mutants", `${hash.digest("hex").slice(0, 40)}.json`);
}

/** What is kept where a suite found on this machine that it has nothing to do with a mutant. */
export const NOTHING_TO_DO = "nothing to do";

/** A result that was kept; undefined where there is none. */
export async function readResult(file: string): Promise<Result | typeof NOTHING_TO_DO | undefined> {
  const value = readObject(String((await readCached(file)) ?? ""));
  if (value === undefined) return undefined;
  const { verdict, how, seconds, day, others } = value;
  if (verdict === NOTHING_TO_DO) return NOTHING_TO_DO;
  if (verdict !== "killed" && verdict !== "missed") return undefined;
  if (typeof how !== "string" || typeof seconds !== "number" || typeof day !== "string") return undefined;
  return { verdict, how, seconds, day, ...(typeof others === "number" && { others }) };
}

/** Keeps a result, unless it is open: that may have been a time limit, or a busy machine. */
export async function keepResult(file: string, result: Result | undefined): Promise<void> {
  const kept = result ?? { verdict: NOTHING_TO_DO };
  if (kept.verdict !== "open") await keep(file, `${JSON.stringify(kept)}\n`);
}
