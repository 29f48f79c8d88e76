import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sourceTexts } from "../../../native/js/artifact.js";
import { findCompiler } from "../../../native/js/compiler.js";
import { SOURCES } from "../../../native/js/root.js";
import { root, specRoot } from "../../base/root.js";
import type { StoredPlan } from "../../plan/store.js";

let read: Promise<Map<string, string>> | undefined;

/** The library's sources and those of some other folders below native/, and the compiler: what a program is made of. */
export async function sourcesOf(...folders: readonly string[]): Promise<unknown> {
  read ??= sourceTexts();
  const { version } = await findCompiler();
  const wanted = ["include/", "src/", ...folders.map((folder) => `${folder}/`)];
  const texts = await read;
  const own = (): unknown => [...texts].filter(([path]) => wanted.some((one) => path.startsWith(one)));
  return [version, once(wanted.join(" "), own)];
}

/** Other files of native/, which `sourcesOf` does not have. */
export function otherSources(folder: string): string {
  return once(folder, () => textsBelow(join(SOURCES, folder), /\.[ch]$/));
}

/** A text for so many that each row would take its time to hash them. */
const digest = (texts: unknown): string => createHash("sha256").update(JSON.stringify(texts)).digest("hex");

const digests = new Map<string, string>();

function once(name: string, texts: () => unknown): string {
  const known = digests.get(name) ?? digest(texts());
  digests.set(name, known);
  return known;
}

/** Files, from the root. */
export const filesOf = (files: readonly string[]): unknown =>
  files.map((file) => [file, readFileSync(join(root, file), "utf8")]);

/** All modules and claims. */
export function specificationTexts(): string {
  return once("spec", () => textsBelow(specRoot, /\.(tla|cfg)$/));
}

/** The TypeScript implementation. */
export function implTexts(): string {
  return once("impl", () => textsBelow(join(root, "impl"), /(?<!\.test)\.ts$/));
}

/** What a plan is made from, and its paths. */
export const plansAs = (plans: readonly StoredPlan[]): unknown =>
  plans.map(({ claim, sha256 }) => [claim, sha256]);

function textsBelow(folder: string, which: RegExp): readonly (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => which.test(name) && !name.includes("node_modules"))
    .toSorted()
    .map((name) => [name, readFileSync(join(folder, name), "utf8")]);
}
