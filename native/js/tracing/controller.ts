import { type BuildOptions, build } from "../artifact.js";
import { LIBRARY } from "../build.js";
import { CONTROLLER } from "../traced.js";

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
