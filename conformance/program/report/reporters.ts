import { json } from "./json.js";
import type { Reporter } from "./reporter.js";
import { text } from "./text.js";

/** The formats, by name: a new one is a file and a row. */
const REPORTERS = { text, json } as const satisfies Record<string, Reporter>;

export type ReporterName = keyof typeof REPORTERS;

export function reporterNamed(name: ReporterName): Reporter {
  return REPORTERS[name];
}
