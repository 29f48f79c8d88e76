import type { OrderResult } from "./result.js";
import type { Observation } from "./syntax.js";

/**
 * How results stand to what the file itself declares with `Result:`, in the kernel's way. Never and Always are promises
 * about every machine, so that one memory order can break them. Sometimes says that some machine does it, which ours
 * need not be.
 */
export type Agreement = "agrees" | "broken" | "not reached";

export function agreementOf(declared: Observation, results: readonly OrderResult[]): Agreement {
  if (declared === "Sometimes")
    return results.some(({ observation }) => observation !== "Never") ? "agrees" : "not reached";
  return results.every(({ observation }) => observation === declared) ? "agrees" : "broken";
}
