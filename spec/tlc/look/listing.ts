import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { withScratch } from "../base/scratch.js";
import type { Claim } from "../claim/claim.js";
import { type ModuleClosure, type ModuleFile, mentionedModules } from "../claim/modules.js";

/** What TLC prints before the values that a model of the machine lists. */
export const LISTING = "Listing";

/**
 * The module that TLC runs in place of a model of the machine, so that the same run can explain a counterexample: it
 * EXTENDS the model and prints its code (Listing of module Machine). Undefined for any other model.
 */
export function listingModule(closure: ModuleClosure): ModuleFile | undefined {
  const [model] = closure.files;
  if (model === undefined || !isOfMachine(closure)) return undefined;
  const name = `${model.name}Listing`;
  const text = `---- MODULE ${name} ----
EXTENDS ${model.name}
ASSUME PrintT(<<"${LISTING}", Listing, HandlerHasBarrier>>)
====
`;
  return { name, path: `${name}.tla`, text };
}

/** Is TLC expected to show a counterexample? */
export function expectsTrace({ declared: { verdict } }: Pick<Claim, "declared">): boolean {
  return verdict === "violated" || verdict === "allowed";
}

/** The closure with a listing module in front, which is then what TLC runs. */
export function inFrontOf(closure: ModuleClosure, listing: ModuleFile | undefined): ModuleClosure {
  return listing === undefined ? closure : { ...closure, files: [listing, ...closure.files] };
}

/** Calls back with the path of the module to run: the model's own, or the listing's, which exists meanwhile. */
export async function withModule<T>(
  module: string,
  listing: ModuleFile | undefined,
  use: (module: string) => Promise<T>,
): Promise<T> {
  if (listing === undefined) return await use(module);
  return await withScratch("listing", async (folder) => {
    const path = join(folder, basename(listing.path));
    await writeFile(path, listing.text);
    return await use(path);
  });
}

/** Is it a model of the machine (module Machine), whose programs are data to it? */
export function isOfMachine({ files }: ModuleClosure): boolean {
  const seen = new Set<string>();
  const queue = files.slice(0, 1).map(({ name }) => name);
  for (const name of queue) {
    const file = files.find((f) => f.name === name);
    if (file === undefined || seen.has(name)) continue;
    seen.add(name);
    if (name === "Machine") return /^Listing\s*==/m.test(file.text);
    queue.push(...mentionedModules(file.text, "EXTENDS"));
  }
  return false;
}
