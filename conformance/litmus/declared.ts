import type { OrderResult } from "./result.js";
import type { Observation } from "./syntax.js";

/**
 * How results compare with what the file itself declares with `Result:`, as in the kernel. Never and Always are
 * promises about every machine, so any memory order can break them. Sometimes says that some machine does it, and ours
 * need not.
 */
export type Agreement = "agrees" | "broken" | "not reached";

export function agreementOf(declared: Observation, results: readonly OrderResult[]): Agreement {
  if (declared === "Sometimes")
    return results.some(({ observation }) => observation !== "Never") ? "agrees" : "not reached";
  return results.every(({ observation }) => observation === declared) ? "agrees" : "broken";
}
