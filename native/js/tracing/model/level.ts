import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { suggest } from "../../../../spec/tlc/base/suggest.js";

/** The levels by name, in the order of their numbers: the same as LTTng's, of which the first seven are syslog's. */
export const LEVELS = [
  "emerg",
  "alert",
  "crit",
  "err",
  "warning",
  "notice",
  "info",
  "debug-system",
  "debug-program",
  "debug-process",
  "debug-module",
  "debug-unit",
  "debug-function",
  "debug-line",
  "debug",
] as const;

export const LEAST_IMPORTANT = LEVELS.length - 1;

export function levelName(level: number): string {
  return LEVELS[level] ?? String(level);
}

/**
 * A level by its name or number; case, and whether it is written with "-" or "_", do not matter.
 *
 * @throws UsageError with the names
 */
export function parseLevel(text: string): number {
  const word = text.trim().toLowerCase().replaceAll("_", "-");
  const found = (LEVELS as readonly string[]).indexOf(word);
  if (found >= 0) return found;
  if (/^\d{1,2}$/.test(word) && Number(word) <= LEAST_IMPORTANT) return Number(word);
  const close = suggest(word, LEVELS);
  throw new UsageError(
    `there is no level "${text}"${close === undefined ? "" : `; did you mean ${close}?`}`,
    {
      where: "--level",
      hint: `A number from 0 to ${LEAST_IMPORTANT}, or one of: ${LEVELS.join(", ")}.`,
    },
  );
}
