import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const packageFile = createRequire(import.meta.url).resolve("quiesce/package.json");

/** The root folder of the repository. */
export const root = dirname(packageFile);

/** Where our own claims live. */
export const specRoot = join(root, "spec");

/** When each of our claims was decided last: see `quiesce check --record`. */
export const decidedFile = join(specRoot, "generated", "decided.json");

/** The version of this package. */
export function version(): string {
  const parsed: unknown = JSON.parse(readFileSync(packageFile, "utf8"));
  return typeof parsed === "object" && parsed !== null && "version" in parsed
    ? String(parsed.version)
    : "unknown";
}
