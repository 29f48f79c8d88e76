import { type BuildOptions, build } from "../artifact.js";
import { LIBRARY } from "../build.js";
import { TRACED } from "../traced.js";

/** The small server with tracepoints, and what asks it (native/examples). */
export async function buildDemo(
  options?: BuildOptions,
): Promise<{ readonly server: string; readonly load: string }> {
  const common = { ending: "", options: ["-O2", "-g"] } as const;
  const server = await build(
    {
      ...common,
      name: "trace-server",
      sources: [...LIBRARY, ...TRACED, "examples/trace_server.c"],
      uses: ["tracepoint"],
    },
    options,
  );
  const load = await build({ ...common, name: "trace-load", sources: ["examples/trace_load.c"] }, options);
  return { server, load };
}
