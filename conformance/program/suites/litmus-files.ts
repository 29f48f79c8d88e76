import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../base/root.js";

const FOLDERS = ["conformance/litmus/tests", "conformance/silicon/tests"];

/** The litmus tests of this repository, from its root. */
export function litmusFiles(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".litmus"))
      .toSorted()
      .map((name) => `${folder}/${name}`),
  );
}
