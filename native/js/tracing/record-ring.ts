import { type BuildOptions, build } from "../artifact.js";
import { LIBRARY } from "../build.js";
import { RECORDER } from "../record.js";
import { CONTROLLER, TRACED } from "../traced.js";
import { driverMutantText } from "./drivers.js";

/** Where the controller's tests kill it; here the same points record. */
const KILLS = "tracepoint/controller/step.c";

/**
 * Compiles the program in which a traced thread and the recorder of its ring run freely, and record their steps:
 * native/record/ring.c. It is run by `runRecorder`.
 *
 * @param mutant the name of a row of native/drive/ring_mutants.json; without it, the code as it is
 * @returns the path of the program
 * @throws CompilerMissingError, CompileError, Interrupted; MutantError when there is no such mutant
 */
export async function buildRingRecorder(mutant?: string, options?: BuildOptions): Promise<string> {
  return build(
    {
      name: `record-ring${mutant === undefined ? "" : `-${mutant}`}`,
      ending: "",
      sources: [
        ...LIBRARY,
        ...RECORDER,
        "record/ring.c",
        ...TRACED,
        ...CONTROLLER.filter((source) => source !== KILLS),
      ],
      options: ["-O2", "-g", "-DQS_TRACE_STEPS", "-D_DEFAULT_SOURCE", "-Wl,--wrap=pread"],
      uses: ["test", "tracepoint"],
      ...(mutant === undefined ? {} : { changed: await driverMutantText("ring", mutant) }),
    },
    options,
  );
}
