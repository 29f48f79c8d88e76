import { LISTING } from "../../../spec/tlc/look/listing.js";
import type { TlcReport } from "../../../spec/tlc/output/report.js";

/** What a specification printed (PrintT, Print), without what we had it print; and how many lines were not kept. */
export function printedBy({ printed, printedLeftOut = 0 }: TlcReport): {
  readonly values: readonly string[];
  readonly leftOut: number;
} {
  const ours = new RegExp(`^<<\\s*"${LISTING}"`);
  return { values: printed.filter((value) => !ours.test(value)), leftOut: printedLeftOut };
}
