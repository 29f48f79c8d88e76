import { createHash } from "node:crypto";
import type { Claim } from "./claim.js";
import { closeModules, withoutComments } from "./modules.js";

/** Hundreds of claims share a module: its meaning is worked out once for each text of it that was read lately. */
const known = new Map<string, string>();
const KEPT = 500;

function moduleMeaning(text: string): string {
  const meaning = known.get(text) ?? meaningOf(text);
  if (known.size >= KEPT) known.clear();
  known.set(text, meaning);
  return meaning;
}

/** TLA+ without comments and empty lines; an indented line may mean something else, so its indentation stays. */
export function meaningOf(text: string): string {
  return withoutComments(text, "keep")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

/**
 * A short hash of what a claim says: what it declares, and what its configuration and its modules mean. Comments and
 * layout don't count, and neither do the modules that come with TLC.
 *
 * @throws BadInputError when a module is missing or ambiguous
 */
export async function claimMeaning(claim: Claim, close = closeModules): Promise<string> {
  const { verdict, violates, states } = claim.declared;
  const { files } = await close(claim.module, claim.root);
  const parts = [
    ...[verdict, violates ?? null, states ?? null, meaningOf(claim.config)],
    ...files.flatMap(({ name, text }) => [name, moduleMeaning(text)]),
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
