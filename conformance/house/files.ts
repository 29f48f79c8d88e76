import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceText } from "./rules.js";

const SKIPPED = new Set(["node_modules", "dist", "build", "generated", "fixtures"]);

/** The files of the four rooms whose names end in one of `endings`, without generated ones. */
export function sourcesOf(root: string, endings: readonly string[]): SourceText[] {
  return ["spec", "impl", "native", "conformance"].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
      .map((path) => `${room}/${path.replaceAll("\\", "/")}`)
      .filter((path) => endings.some((ending) => path.endsWith(ending)))
      .filter((path) => !path.split("/").some((part) => SKIPPED.has(part)))
      .sort()
      .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") })),
  );
}
