import { basename, resolve } from "node:path";
import { type Command, Option } from "commander";
import type { ViewedItem, ViewOptions } from "../../../../native/js/tracing/index.js";
import { Interrupted } from "../../../../spec/tlc/base/errors.js";
import { writeOutput } from "../../../base/output-file.js";
import { createProgress } from "../../../base/terminal.js";
import {
  type CommandContext,
  EXIT,
  printJson,
  printJsonLine,
  printSchema,
  wholeNumber,
} from "../shared/context.js";
import { jsonLinesOption } from "../shared/run-options.js";
import { addScope, warn } from "./trace-switch.js";

interface ViewCommandOptions {
  readonly event?: string;
  readonly filter?: string;
  readonly level?: string;
  readonly program?: string;
  readonly pid?: number;
  readonly follow?: boolean;
  readonly svg?: string;
  readonly html?: string;
  readonly most: number;
  readonly json?: boolean;
  readonly jsonLines?: boolean;
  readonly schema?: boolean;
}

/** `quiesce trace view`: prints a recording, or draws it. */
export function addTraceView(trace: Command, context: CommandContext): void {
  const view = trace
    .command("view [folder]")
    .description("print a recording, follow one that grows, or draw a picture of it");
  addScope(view)
    .option("--event <pattern>", "only events that fit, such as 'server:*'")
    .option("--level <level>", "only events of this level, and more important ones")
    .option("--filter <expression>", "only events for which this is true: see quiesce trace enable --help")
    .addOption(
      new Option("--follow", "wait for more until Ctrl-C, as tail -f").conflicts(["svg", "html", "json"]),
    )
    .option("--svg <file>", "draw time by thread into this file")
    .option("--html <file>", "the same as a page to zoom")
    .option("--most <n>", "events in a picture", wholeNumber("--most", 1, 10_000_000), 200_000)
    .option("--json", "print all as JSON on standard output")
    .addOption(jsonLinesOption("event"))
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText("after", HELP)
    .action(async (folder: string | undefined, options: ViewCommandOptions) => {
      if (options.schema) return printSchema("trace");
      await show(folder ?? ".", options, context);
    });
}

async function show(folder: string, options: ViewCommandOptions, context: CommandContext): Promise<void> {
  const tracing = await import("../../../../native/js/tracing/index.js");
  let damaged = 0;
  const wanted: ViewOptions = {
    signal: context.signal,
    onWarning: warn,
    onDamage(error) {
      damaged++;
      warn(`${error.where === undefined ? "" : `${error.where}: `}${error.message}`);
    },
    ...(options.event !== undefined && { pattern: options.event }),
    ...(options.filter !== undefined && { filter: options.filter }),
    ...(options.level !== undefined && { level: options.level }),
    ...(options.program !== undefined && { program: options.program }),
    ...(options.pid !== undefined && { pid: options.pid }),
    ...(options.follow && { follow: true }),
  };
  const items = tracing.view(folder, wanted);
  if (options.svg !== undefined || options.html !== undefined) await draw(folder, items, options);
  else await print(items, options, context.signal);
  // What is damaged was said; the rest was shown all the same.
  if (damaged > 0) context.exitCode = EXIT.notAsDeclared;
}

async function print(
  items: AsyncIterable<ViewedItem>,
  options: ViewCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  const { ItemLines, itemJson } = await import("../../tracing/show.js");
  const lines = new ItemLines();
  const all: object[] = [];
  let events = 0;
  let lost = 0;
  try {
    for await (const item of items) {
      if (item.kind === "lost") lost += Number(item.count);
      else events++;
      if (options.json) all.push({ kind: item.kind, ...itemJson(item) });
      else if (options.jsonLines) printJsonLine(item.kind, itemJson(item));
      else process.stdout.write(`${lines.line(item)}\n`);
      await drained(signal);
    }
  } catch (error) {
    // Not Ctrl-C, but nobody reads any more: who has read enough (`| head`) has got what was asked for.
    if (signal.reason instanceof Interrupted) return;
    throw error;
  }
  if (options.json) printJson({ items: all, events, lost });
  else if (options.jsonLines) printJsonLine("summary", { events, lost });
  else if (events === 0) warn("no event of the recording fits");
}

/** Otherwise what a slow reader has not read yet would fill our memory. */
async function drained(signal: AbortSignal): Promise<void> {
  const { stdout } = process;
  if (!stdout.writableNeedDrain || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stdout.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    stdout.on("drain", done);
    signal.addEventListener("abort", done);
  });
}

async function draw(
  folder: string,
  items: AsyncIterable<ViewedItem>,
  { svg, html, most, json }: ViewCommandOptions,
): Promise<void> {
  const { timelineOf } = await import("../../tracing/timeline.js");
  const { timelineSvg } = await import("../../tracing/svg.js");
  const { timelinePage } = await import("../../tracing/page.js");
  const progress = await createProgress(json === true && !process.stderr.isTTY);
  const timeline = await timelineOf(items, {
    most,
    withFields: html !== undefined,
    onEvent(count) {
      if (count % 8192 === 0) progress.update([`View  ${count} events`], `View  ${count} events`);
    },
  }).finally(() => progress.done());
  const title = `Trace ${basename(resolve(folder))}`;
  const files: string[] = [];
  if (svg !== undefined) {
    writeOutput(svg, timelineSvg(timeline, title), "the picture", "--svg");
    files.push(svg);
  }
  if (html !== undefined) {
    writeOutput(html, timelinePage(timeline, title), "the page", "--html");
    files.push(html);
  }
  const { events, left, lost, lanes } = timeline;
  if (json)
    printJson({ written: files, events: events.length, threads: lanes.length, left, lost: Number(lost) });
  else {
    process.stdout.write(
      `${events.length} events of ${lanes.length} threads${left > 0 ? `, of ${events.length + left}: --most takes more` : ""}\n` +
        files.map((file) => `  ${file}\n`).join(""),
    );
  }
}

const HELP = `
FOLDER is what \`quiesce trace record --out\` has made, or any other trace in CTF 1.8, such as LTTng's; without it, this one.
In a picture, an event is a line, and from x_begin to x_end (or start and stop, entry and exit) of a thread is a bar.

Examples:
  quiesce trace view recorded
  quiesce trace view recorded --event 'server:*' --filter 'size > 100'
  quiesce trace view recorded --follow
  quiesce trace view recorded --svg recorded.svg --html recorded.html
  quiesce trace view recorded --json-lines | jq 'select(.event == "server:request").fields'

Exit codes: 0 all was read, or nobody reads any more, as after \`| head\`; 1 something is damaged: the rest was shown; 2 usage error, or no recording; 130 interrupted.`;
