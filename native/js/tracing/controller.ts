import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "../artifact.js";
import { LIBRARY } from "../build.js";
import { SOURCES } from "../root.js";

/** Everything in the controller's folder but its main program, for tests that call it. */
export const CONTROLLER = readdirSync(join(SOURCES, "tracepoint", "controller"))
  .filter((name) => name.endsWith(".c") && name !== "main.c")
  .toSorted()
  .map((name) => `tracepoint/controller/${name}`);

/**
 * Compiles `quiesce-trace`, the controller and recorder of traced programs, unless it has been compiled before.
 *
 * @returns the path of the program
 * @throws CompilerMissingError, CompileError, Interrupted
 */
export function buildController(options?: BuildOptions): Promise<string> {
  return build(
    {
      name: "quiesce-trace",
      ending: "",
      sources: [...LIBRARY, ...CONTROLLER, "tracepoint/controller/main.c"],
      options: ["-O2", "-g"],
    },
    options,
  );
}
