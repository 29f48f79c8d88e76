import { build } from "../artifact.js";
import { SHARED } from "../build.js";
import { TRACED, TRACED_USES } from "../traced.js";

/** Programs that the library traces, native/tracepoint/test/NAME.c: what each does stands there. */
export function buildTracedProgram(name: "strange" | "data" | "pingpong"): Promise<string> {
  return build({
    name: `trace-${name}`,
    ending: "",
    sources: [...TRACED_USES, ...TRACED, `tracepoint/test/${name}.c`],
    options: ["-O2", "-g"],
    libraries: ["-lm"],
  });
}

/** For LD_PRELOAD: a clock that was set back. */
export function buildClockSet(): Promise<string> {
  return build({
    name: "clock-set",
    ending: ".so",
    sources: ["tracepoint/test/clock_set.c"],
    options: [...SHARED, "-fvisibility=default"],
  });
}

/** A command under limits of the shell, such as "-n 16". */
export function limited(limits: string, command: readonly string[]): string[] {
  return ["sh", "-c", `ulimit ${limits}; exec "$0" "$@"`, ...command];
}
