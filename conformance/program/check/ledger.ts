import { readFile } from "node:fs/promises";
import { readObject, writeAtomically } from "../../../spec/tlc/base/cache.js";
import { BadInputError, codeOf } from "../../../spec/tlc/base/errors.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { claimMeaning } from "../../../spec/tlc/claim/meaning.js";
import { closeModulesOnce } from "../../../spec/tlc/claim/modules.js";

/** Where and when a claim was decided last, as declared. */
export interface Decided {
  /** What the claim said then (see claimMeaning). */
  readonly meaning: string;
  /** The commit that was checked out; `+` behind it: with changes that it does not have. */
  readonly commit: string;
  /** The day, as 2026-11-29. */
  readonly date: string;
}

/** When each claim was decided last, by its id. */
export type Ledger = ReadonlyMap<string, Decided>;

const MADE_BY = "Written by `quiesce check --record`. Do not edit.";

/**
 * Reads a ledger; an empty one when there is no such file.
 *
 * @throws BadInputError when the file is not a ledger
 */
export async function readLedger(file: string): Promise<Ledger> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return new Map();
    throw new BadInputError(`the ledger can't be read: ${file}`, { cause: error });
  }
  const rows = parse(text);
  if (rows === undefined)
    throw new BadInputError("this is not a ledger of decided claims", {
      where: file,
      hint: "Delete it, and let `quiesce check --full --record` write it again.",
    });
  return new Map(Object.entries(rows));
}

/** Writes a ledger in one piece, a line for each claim in the order of the ids, so that a change touches few lines. */
export async function writeLedger(file: string, ledger: Ledger): Promise<void> {
  const rows = [...ledger].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const lines = rows.map(([id, decided]) => `    ${JSON.stringify(id)}: ${JSON.stringify(decided)}`);
  const text = `{\n  "madeBy": ${JSON.stringify(MADE_BY)},\n  "decided": {\n${lines.join(",\n")}\n  }\n}\n`;
  await writeAtomically(file, text);
}

/** The claims that say something else than when they were decided last, or were never decided. */
export async function staleClaims(
  claims: readonly Claim[],
  ledger: Ledger,
  close = closeModulesOnce(),
): Promise<readonly Claim[]> {
  const stale: Claim[] = [];
  for (const claim of claims)
    if (ledger.get(claim.id)?.meaning !== (await claimMeaning(claim, close))) stale.push(claim);
  return stale;
}

/** A claim that was decided as declared, and whether TLC ran for it just now. */
export interface NewlyDecided {
  readonly claim: Claim;
  readonly fromCache: boolean;
}

/**
 * A ledger with what has been decided now. A verdict from the cache is no new decision: the claim's row stays, unless
 * it spoke of something else. Rows of claims that say something else by now, or are not among `known`, are dropped.
 */
export async function withDecided(
  ledger: Ledger,
  decided: readonly NewlyDecided[],
  at: Pick<Decided, "commit" | "date">,
  known: readonly Claim[],
): Promise<Ledger> {
  const close = closeModulesOnce();
  const stale = new Set((await staleClaims(known, ledger, close)).map(({ id }) => id));
  const next = new Map(
    known.flatMap(({ id }) => {
      const row = stale.has(id) ? undefined : ledger.get(id);
      return row === undefined ? [] : [[id, row] as const];
    }),
  );
  for (const { claim, fromCache } of decided)
    if (!fromCache || !next.has(claim.id))
      next.set(claim.id, { meaning: await claimMeaning(claim, close), ...at });
  return next;
}

function parse(text: string): Record<string, Decided> | undefined {
  const rows = readObject(text)?.["decided"];
  if (!isObject(rows)) return undefined;
  const fine = Object.values(rows).every(
    (row) => isObject(row) && ["meaning", "commit", "date"].every((key) => typeof row[key] === "string"),
  );
  return fine ? (rows as Record<string, Decided>) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
