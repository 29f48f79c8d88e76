import { type Command, Option } from "commander";
import type { TraceOptions } from "../../../../native/js/tracing/index.js";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { colour, errorColour } from "../../../base/terminal.js";
import { type CommandContext, printJson, printSchema, wholeNumber } from "../shared/context.js";

interface CommonOptions {
  readonly directory?: string;
  readonly json?: boolean;
  readonly schema?: boolean;
}

interface SwitchOptions extends CommonOptions {
  readonly program?: string;
  readonly pid?: number;
  readonly level?: string;
  readonly filter?: string;
  readonly channel?: number;
  readonly sample?: number;
  readonly overwrite?: boolean;
  readonly discard?: boolean;
}

/** Warnings go to standard error, so that standard output can be piped. */
export function warn(message: string): void {
  process.stderr.write(`${errorColour.yellow("warning: ")}${message}\n`);
}

export function addDirectory(command: Command): Command {
  return command.option(
    "--directory <dir>",
    "where the programs and we meet (default: see quiesce trace --help)",
  );
}

export function addScope(command: Command): Command {
  return command
    .option("--program <pattern>", "only programs with this name")
    .option("--pid <n>", "only this process, by its own number", wholeNumber("--pid", 1, 0x7fffffff));
}

function addJson(command: Command): Command {
  return command
    .option("--json", "print the result as JSON on standard output")
    .option("--schema", "print the JSON schema for --json and exit");
}

/** `list`, `status`, `enable`, `disable`, `start` and `stop`. */
export function addTraceSwitches(trace: Command, context: CommandContext): void {
  const use = (options: CommonOptions): TraceOptions => ({
    signal: context.signal,
    onWarning: warn,
    ...(options.directory !== undefined && { directory: options.directory }),
  });
  const add = (name: string, description: string, examples: string): Command =>
    addJson(addDirectory(trace.command(name).description(description))).addHelpText("after", examples);

  add("list", "the running programs, and their events", LIST).action(async (options: CommonOptions) => {
    if (options.schema) return printSchema("trace");
    const { list, traceDirectory } = await import("../../../../native/js/tracing/index.js");
    const processes = await list(use(options));
    if (options.json) return printJson({ processes: processes.map(listed) });
    const { showList } = await import("../../tracing/show.js");
    process.stdout.write(`${showList(processes, traceDirectory(options.directory))}\n`);
  });

  add("status", "what is switched on, and who records", STATUS).action(async (options: CommonOptions) => {
    if (options.schema) return printSchema("trace");
    const { filterText, list, status } = await import("../../../../native/js/tracing/index.js");
    const found = await status(use(options));
    const processes = await list(use(options));
    const names = processes.flatMap(({ events }) =>
      events.flatMap(({ fields }) => fields.map(({ name }) => name)),
    );
    const rules = found.rules.map(({ filter, ...rule }) => ({
      ...rule,
      filter: filter === undefined ? null : filterText(Buffer.from(filter, "hex"), names),
    }));
    if (options.json) return printJson({ status: { ...found, rules } });
    const { showStatus } = await import("../../tracing/show.js");
    process.stdout.write(`${showStatus(found, names)}\n`);
  });

  addScope(add("enable [pattern]", "switch events on, in running programs and in those to come", ENABLE))
    .option("--level <level>", "only events of this level, and more important ones")
    .option("--filter <expression>", "only events for which this is true")
    .option("--sample <n>", "one event of so many", wholeNumber("--sample", 1, 0xffffffff))
    .option("--channel <n>", "which of a thread's buffers (default: 0)", wholeNumber("--channel", 0, 3))
    .addOption(
      new Option("--overwrite", "a full buffer of the channel loses the oldest events").conflicts("discard"),
    )
    .option("--discard", "a full buffer of the channel loses the newest events (default)")
    .action(async (given: string | undefined, options: SwitchOptions) => {
      if (options.schema) return printSchema("trace");
      const pattern = required(given, "enable");
      const { enable } = await import("../../../../native/js/tracing/index.js");
      const { overwrite, discard, ...wanted } = options;
      const changed = await enable(
        pattern,
        { ...wanted, ...((overwrite || discard) && { overwrite: overwrite === true }) },
        use(options),
      );
      await tell(changed, options);
    });

  addScope(add("disable [pattern]", "switch events off", DISABLE)).action(
    async (given: string | undefined, options: SwitchOptions) => {
      if (options.schema) return printSchema("trace");
      const pattern = required(given, "disable");
      const { disable } = await import("../../../../native/js/tracing/index.js");
      await tell(await disable(pattern, options, use(options)), options);
    },
  );

  for (const [name, description, examples] of [
    ["start", "let the rules hold again that `stop` has put aside", START],
    ["stop", "switch everything off, and keep the rules", STOP],
  ] as const) {
    add(name, description, examples).action(async (options: CommonOptions) => {
      if (options.schema) return printSchema("trace");
      const tracing = await import("../../../../native/js/tracing/index.js");
      await tell(await tracing[name](use(options)), options);
    });
  }
}

/** Commander would ask for it also where only the schema is wanted. */
function required(pattern: string | undefined, command: string): string {
  if (pattern !== undefined) return pattern;
  throw new UsageError("missing required argument 'pattern'", {
    hint: `It is PROVIDER:NAME, with * and ? for anything: quiesce trace ${command} '*'`,
  });
}

async function tell(
  changed: import("../../../../native/js/tracing/index.js").Changed,
  options: CommonOptions,
): Promise<void> {
  if (options.json) return printJson({ changed });
  const { showChange } = await import("../../tracing/show.js");
  process.stdout.write(`${colour.bold(changed.running ? "Running." : "Stopped.")} ${showChange(changed)}\n`);
}

/** A process for JSON: types are the words of native/tracepoint/layout.h's reader. */
function listed({
  events,
  ...process
}: import("../../../../native/js/tracing/index.js").TracedProcess): object {
  return {
    ...process,
    events: events.map(({ fields, ...event }) => ({
      ...event,
      fields: fields.map(({ name, type }) => ({
        name,
        kind: type.kind,
        ...(type.kind === "enumeration" && { labels: Object.fromEntries(type.labels) }),
      })),
    })),
  };
}

const LIST = `
Examples:
  quiesce trace list
  quiesce trace list --json`;

const STATUS = `
Examples:
  quiesce trace status`;

const ENABLE = `
PATTERN is PROVIDER:NAME, in which * and ? stand for anything; quote it, or the shell may take it for files. Of several
rules that fit an event, the last one decides. A change holds in every running program when the command returns.

A filter has the event's fields, numbers, "strings", labels of enumerations, and C's operators; =~ and !~ compare a string
with a pattern of * and ?. Integers are exact; an event without one of the fields does not pass.

Levels: emerg, alert, crit, err, warning, notice, info, debug-system, debug-program, debug-process, debug-module,
debug-unit, debug-function, debug-line, debug; or 0 to 14.

Examples:
  quiesce trace enable 'server:*'
  quiesce trace enable 'server:request*' --level info
  quiesce trace enable server:request --filter 'size > 100 && path =~ "/images/*"'
  quiesce trace enable '*' --program nginx --sample 100
  quiesce trace enable '*' --channel 1 --overwrite      the last moments, for record --snapshot`;

const DISABLE = `
Examples:
  quiesce trace disable server:request
  quiesce trace disable '*'`;

const START = `
Examples:
  quiesce trace start`;

const STOP = `
Examples:
  quiesce trace stop`;
