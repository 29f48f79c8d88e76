import { join, sep } from "node:path";
import type { Command } from "commander";
import { root } from "../../../base/root.js";
import { colour, createProgress } from "../../../base/terminal.js";
import { type CommandContext, printJson, printSchema, wholeNumber } from "../shared/context.js";

interface DemoOptions {
  readonly out?: string;
  readonly seconds: number;
  readonly json?: boolean;
  readonly schema?: boolean;
}

/** Where a person finds it: an installed package lies among what its manager replaces. */
const OUT = root.split(sep).includes("node_modules") ? "trace-demo" : join(root, "build", "trace-demo");

/** `quiesce trace demo`: a server that is traced while it answers, and what that costs it. */
export function addTraceDemo(trace: Command, context: CommandContext): void {
  trace
    .command("demo")
    .description("trace a small server while it answers; show what was recorded, and what it cost")
    .option(
      "--out <folder>",
      "where the recording and its pictures go (default: build/trace-demo in a clone, else trace-demo)",
    )
    .option("--seconds <n>", "of each of its three parts", wholeNumber("--seconds", 1, 60), 2)
    .option("--json", "print the figures as JSON on standard output")
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText("after", HELP)
    .action(async (options: DemoOptions) => {
      if (options.schema) return printSchema("trace");
      const { demo } = await import("../../tracing/demo.js");
      const { showDemo } = await import("../../tracing/show-demo.js");
      const progress = await createProgress(options.json === true && !process.stderr.isTTY);
      const result = await demo({
        out: options.out ?? OUT,
        seconds: options.seconds,
        signal: context.signal,
        onProgress: (what) => progress.line(colour.dim(`trace demo: ${what}`)),
        onWarning: (message) => progress.line(`warning: ${message}`),
      }).finally(() => progress.done());
      const { timeline, ...figures } = result;
      if (options.json) {
        const { names, lanes, lost } = timeline;
        printJson({ demo: { ...figures, threads: lanes.length, lost: Number(lost), events: names } });
      } else process.stdout.write(`${showDemo(result)}\n`);
    });
}

const HELP = `
Compiles native/examples/trace_server.c, a server with two threads and six events, and trace_load.c, which asks it for pages
over a Unix socket as fast as it answers. Its tracepoints are off, then on and recorded to disk, then off again.

Examples:
  quiesce trace demo
  quiesce trace demo --seconds 10 --out demo
  npm run trace-demo                     the same, in a clone`;
