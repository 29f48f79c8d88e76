import type { Command } from "commander";
import type { CommandContext } from "../shared/context.js";
import { addTraceDemo } from "./trace-demo.js";
import { addTraceRecord } from "./trace-record.js";
import { addTraceSwitches } from "./trace-switch.js";
import { addTraceView } from "./trace-view.js";

/** `quiesce trace`: what programs trace through shared memory, switched, recorded and looked at. */
export function addTrace(program: Command, context: CommandContext): void {
  const trace = program
    .command("trace")
    .description("switch the tracepoints of running programs on and off, record them, and look at recordings")
    .enablePositionalOptions()
    .showHelpAfterError("(add --help for the options and examples)")
    .addHelpText("after", HELP);
  addTraceSwitches(trace, context);
  addTraceRecord(trace, context);
  addTraceView(trace, context);
  addTraceDemo(trace, context);
}

const HELP = `
Programs with tracepoints (quiesce/tracepoint.h) meet who traces them in a directory: --directory, else
$QUIESCE_TRACE_DIR, else quiesce-trace in $XDG_RUNTIME_DIR, else /dev/shm/quiesce-trace-UID. It belongs to one user; root
may name another's. native/tracepoint/README.md leads from nothing to a picture.

Examples:
  quiesce trace list                                          programs, and their events
  quiesce trace enable 'server:*'                             switch on what fits, also in programs to come
  quiesce trace enable 'server:request' --filter 'size > 100' only what passes
  quiesce trace record --out recorded --seconds 5             as CTF 1.8, for any reader of it
  quiesce trace view recorded                                 print it
  quiesce trace view recorded --html recorded.html            time by thread, to zoom
  quiesce trace disable '*'                                   everything off

Exit codes: 0 done; 2 usage error, or bad input; 3 the environment lacks something; 130 interrupted: a recording has what
was recorded by then.`;
