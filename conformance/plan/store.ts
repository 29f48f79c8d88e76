import { constants } from "node:buffer";
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildFolder } from "../../spec/tlc/base/cache.js";
import { EnvironmentError } from "../../spec/tlc/base/errors.js";
import { makeFolder } from "../../spec/tlc/base/folders.js";
import { systemReason } from "../../spec/tlc/base/system-error.js";
import { findTools, type Tools } from "../../spec/tlc/tools/tools.js";
import { specRoot } from "../base/root.js";
import type { Plan } from "../contract/plan.js";
import { type BuiltPlan, buildPlan, planSource } from "./build.js";
import { replayedClaims } from "./replayed.js";
import { requireStepped } from "./stepped.js";

/** In a checkout's build, or in the cache. */
const FOLDER = "plans";

export interface LoadOptions {
  /** Plans are stored below this folder's build, or below the cache where that can't be written. */
  readonly root: string;
  /** Another contract than the one beside the claim. */
  readonly contract?: string;
  /** A driver that holds real threads will follow it: what such a one can't is refused before TLC runs. */
  readonly stepped?: boolean;
  /** Found when needed, unless given. */
  readonly tools?: Tools;
  readonly signal?: AbortSignal;
  readonly onBuild?: (text: string) => void;
}

/** A stored plan and the figures of its cover. */
export type StoredPlan = Pick<BuiltPlan, "claim" | "plan" | "report" | "sha256">;

/**
 * The plans of the replayed claims, in their order.
 *
 * @param claims which of them; all if there is none
 */
export async function loadPlans(
  options: LoadOptions,
  claims: readonly string[] = replayedClaims(),
): Promise<StoredPlan[]> {
  const plans: StoredPlan[] = [];
  // One by one: each takes all the memory that it gets, and a core for a minute.
  for (const claim of claims) plans.push(await loadPlan(claim, options));
  return plans;
}

/**
 * The plan for a claim as the specification is now: the stored one if it was made from the same sources, else a new one,
 * which is then stored. A plan is named after the hash of its sources, so several checkouts and processes never mix.
 */
export async function loadPlan(claim: string, options: LoadOptions): Promise<StoredPlan> {
  const { root, contract, tools, signal, onBuild } = options;
  const source = await planSource(specRoot, claim, contract);
  if (options.stepped) requireStepped(source.contract);
  const stored =
    readStored(fileOf(buildFolder(root, FOLDER), source.hash)) ??
    readStored(fileOf(join(root, "build", FOLDER), source.hash));
  if (stored !== undefined) return { claim: source.model.id, ...stored };
  const found = tools ?? (await findTools(signal ? { signal } : {}));
  const built = await buildPlan(source, {
    tools: found,
    ...(signal && { signal }),
    ...(onBuild && { onStage: onBuild }),
  });
  storePlan(root, built);
  return built;
}

/**
 * Stores a plan atomically: a reader finds all of it or nothing. One that is too long to be read back isn't stored; its
 * graph is made anew each time.
 */
export function storePlan(
  root: string,
  { plan, report, sha256, text }: Pick<BuiltPlan, "plan" | "report" | "sha256" | "text">,
): void {
  if (text.reduce((sum, piece) => sum + piece.length, 0) > constants.MAX_STRING_LENGTH) return;
  const file = fileOf(buildFolder(root, FOLDER), plan.source);
  writeWhole(file, text);
  // Written last: a plan without its figures does not count as stored.
  writeWhole(`${file}.report.json`, [JSON.stringify({ sha256, report })]);
}

function fileOf(folder: string, hash: string): string {
  return join(folder, `${hash.slice(0, 20)}.json`);
}

function writeWhole(file: string, text: readonly string[]): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(file));
    writeFileSync(draft, "");
    for (const piece of text) appendFileSync(draft, piece);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new EnvironmentError(`the plan can't be stored: ${systemReason(error)}`, {
      where: dirname(file),
      hint: "Make the folder writable and leave room in it, or work in a clone where it is.",
      cause: error,
    });
  }
}

function readStored(file: string): Omit<StoredPlan, "claim"> | undefined {
  try {
    const { sha256, report } = JSON.parse(readFileSync(`${file}.report.json`, "utf8")) as Pick<
      StoredPlan,
      "report" | "sha256"
    >;
    const text = readFileSync(file, "utf8");
    if (createHash("sha256").update(text).digest("hex") !== sha256) return undefined;
    return { plan: JSON.parse(text) as Plan, report, sha256 };
  } catch {
    return undefined;
  }
}
