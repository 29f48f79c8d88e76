import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { exists } from "../base/exists.js";
import type { IgnoreList } from "../base/ignored.js";
import { suggest } from "../base/suggest.js";
import { walk } from "../base/walk.js";

/** The module that a claim is about, or why there is none. */
export type FoundModule = { readonly module: string } | { readonly message: string; readonly hint?: string };

/**
 * Finds the module of a claim. A given name is looked up beside the configuration, then anywhere below the root, where
 * it must be unique. Without a name, it is the module beside the configuration with its base name, else with the
 * longest prefix of it that ends before a "." or "-", else with the longest after which a new word begins.
 */
export async function findModule(
  cfg: string,
  name: string | undefined,
  root: string,
  ignored?: readonly IgnoreList[],
): Promise<FoundModule> {
  const folder = dirname(cfg);
  if (name !== undefined && !isModuleName(name)) {
    return {
      message: `\`${name}\` is not the name of a module`,
      hint: "A module is named without its folder; it is looked for beside the claim, then below the folder that is checked.",
    };
  }
  if (name !== undefined) {
    const beside = join(folder, `${name}.tla`);
    if (await exists(beside)) return { module: beside };
    const elsewhere = (await walk(root, ".tla", ignored)).filter((file) => basename(file) === `${name}.tla`);
    const [only] = elsewhere;
    if (only !== undefined && elsewhere.length === 1) return { module: only };
    if (only !== undefined) {
      return { message: `module ${name} is ambiguous`, hint: `There are ${elsewhere.sort().join(" and ")}.` };
    }
    const meant = suggest(name, await modules(folder));
    const hint = meant ? `Did you mean ${meant}?` : `It should be ${beside}.`;
    return { message: `there is no module ${name}`, hint };
  }
  const base = basename(cfg, ".cfg");
  const prefixes = [base];
  for (let i = base.length - 1; i > 0; i--) {
    if (base[i] === "." || base[i] === "-") prefixes.push(base.slice(0, i));
  }
  for (const prefix of prefixes.filter(isModuleName)) {
    const module = join(folder, `${prefix}.tla`);
    if (await exists(module)) return { module };
  }
  // What is reached through a link may have its module beside it where it really is.
  const real = await realpath(cfg).catch(() => cfg);
  if (real !== cfg && dirname(real) !== (await realpath(folder).catch(() => folder)))
    return await findModule(real, name, root, ignored);
  // As others name them: MCCacheSmall.cfg is about MCCache.
  const all = await modules(folder);
  const begun = all.filter((one) => base.startsWith(one) && /^[^a-z]/.test(base.slice(one.length)));
  const longest = begun.sort((a, b) => b.length - a.length)[0];
  if (longest !== undefined) return { module: join(folder, `${longest}.tla`) };
  // A folder of few has it among them.
  const named = all.length > 0 && all.length <= 3 ? all.sort() : ["Name"];
  const keys = named.map((one) => `\\* Module: ${one}`);
  const hint = `Say which module it is about:   ${keys.join("   or ")}`;
  return { message: `there is no module ${prefixes.join(" or ")} beside the claim`, hint };
}

/** Also what TLC can be told: `-continue` would be an option, and `../M` another folder's. */
function isModuleName(name: string): boolean {
  return /^\w+$/.test(name);
}

async function modules(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files.filter((f) => f.endsWith(".tla")).map((f) => basename(f, ".tla"));
}
