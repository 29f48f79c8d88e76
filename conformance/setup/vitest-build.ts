import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Compiles before the tests: worker threads, child processes and the program itself run from dist, and a test must not
 * run against an old one.
 */
export function setup(): void {
  const root = dirname(createRequire(import.meta.url).resolve("quiesce/package.json"));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
}
