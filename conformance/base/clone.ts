import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../spec/tlc/base/errors.js";
import { root } from "./root.js";

/** Are these the sources? A package that was installed has what they were compiled to. */
const isClone = existsSync(join(root, "tsconfig.json"));

/**
 * For what writes into the repository, or runs its tests.
 *
 * @param what the command with its option: "bench --keep"
 * @throws UsageError in a package
 */
export function requireClone(what: string): void {
  if (isClone) return;
  throw new UsageError(
    `\`quiesce ${what}\` is for a clone of the repository, and this is an installed package`,
    {
      hint: "Everything else in --help works here.",
    },
  );
}
