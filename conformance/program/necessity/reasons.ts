import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ALGORITHMS, type Algorithm } from "./cells.js";

/** Why a letter or step is there although nothing in the matrix breaks without it, and the claim that says so. */
export interface Reason {
  readonly algorithm: Algorithm;
  readonly missing: string;
  readonly why: string;
  /** The id of a claim, or how the ids of its rows begin. */
  readonly claim: string;
}

/** Reads spec/rcu/necessity/necessity.json. */
export function readReasons(spec: string): Reason[] {
  const parsed: unknown = JSON.parse(readFileSync(join(spec, "rcu", "necessity", "necessity.json"), "utf8"));
  if (!Array.isArray(parsed)) throw new TypeError("spec/rcu/necessity/necessity.json: expected a list");
  return parsed.map((row: unknown, n): Reason => {
    const field = (name: string): string => {
      const value =
        typeof row === "object" && row !== null ? (row as Record<string, unknown>)[name] : undefined;
      if (typeof value !== "string")
        throw new TypeError(`spec/rcu/necessity/necessity.json: row ${n + 1} has no ${name}`);
      return value;
    };
    const algorithm = ALGORITHMS.find((a) => a === field("algorithm"));
    if (algorithm === undefined)
      throw new TypeError(`spec/rcu/necessity/necessity.json: row ${n + 1}: unknown algorithm`);
    return { algorithm, missing: field("missing"), why: field("why"), claim: field("claim") };
  });
}
