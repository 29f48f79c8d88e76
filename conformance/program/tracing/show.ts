import {
  type Changed,
  fieldsOf,
  filterText,
  levelName,
  type Recorded,
  type Rule,
  type TracedProcess,
  type TraceStatus,
  typeText,
  type ViewedItem,
  valueJson,
  valueText,
} from "../../../native/js/tracing/index.js";
import { visible } from "../../../spec/tlc/base/visible.js";
import { colour } from "../../base/terminal.js";

const grouped = (value: number | bigint): string => value.toLocaleString("en-US");
const several = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** The processes and their tracepoints, for a person. */
export function showList(processes: readonly TracedProcess[], directory: string): string {
  if (processes.length === 0) {
    return [
      `No traced program in ${directory}.`,
      "A program is one that calls qs_trace_open(), or is started with quiesce-trace-auto (native/tracepoint/README.md).",
    ].join("\n");
  }
  return processes
    .map((one) => {
      const head = `${colour.bold(visible(one.program))} ${one.pid}${one.alive ? "" : "  (ended)"}`;
      const counts = [
        several(one.events.length, "event"),
        `${several(one.rings, "buffer")} used`,
        ...(one.lost > 0 ? [`${grouped(one.lost)} lost`] : []),
        ...(one.silentEvents > 0 ? [`${grouped(one.silentEvents)} tracepoints found no place`] : []),
      ];
      const events = one.events.map(({ provider, name, level, on, gone, fields }) => {
        const state = gone ? "gone" : on ? colour.green("on  ") : "off ";
        const list = fields.map((field) => `${typeText(field.type)} ${field.name}`).join(", ");
        return `  ${state} ${provider}:${name}  ${colour.dim(`${levelName(level)}  (${list})`)}`;
      });
      return [`${head}   ${colour.dim(counts.join(", "))}`, ...events].join("\n");
    })
    .join("\n");
}

/** A rule as one would type it. */
export function showRule(rule: Rule, names: Iterable<string>): string {
  const { program, provider, name, level, pid, off, channel, sample, filter } = rule;
  return [
    `${off ? "off" : "on "}  ${provider}:${name}`,
    ...(level < 14 ? [`--level ${levelName(level)}`] : []),
    ...(program === "*" ? [] : [`--program ${visible(program)}`]),
    ...(pid === 0 ? [] : [`--pid ${pid}`]),
    ...(channel === 0 ? [] : [`--channel ${channel}`]),
    ...(sample <= 1 ? [] : [`--sample ${sample}`]),
    ...(filter === undefined ? [] : [`--filter '${visible(filterText(Buffer.from(filter, "hex"), names))}'`]),
  ].join("  ");
}

export function showStatus(
  status: TraceStatus & { readonly rules: readonly Rule[] },
  names: readonly string[],
): string {
  const { directory, running, recorder, processes, dead, leases, rules } = status;
  return [
    `${visible(directory)}: ${running ? "running" : "stopped"}, ${several(processes, "process", "processes")}${dead > 0 ? `, ${dead} ended and not yet recorded` : ""}`,
    recorder > 0 ? `Process ${recorder} records.` : "Nobody records.",
    ...(leases
      ? []
      : ["Whether a process lives is known from its number only: the file system has no leases."]),
    rules.length === 0
      ? "No rules: everything is off."
      : "Rules, of which the last one that fits an event decides:",
    ...rules.map((rule) => `  ${showRule(rule, names)}`),
  ].join("\n");
}

/** What a change did. */
export function showChange(changed: Changed): string {
  const { words, processes, microseconds, graceMicroseconds, waiting, running } = changed;
  return [
    `${several(words, "tracepoint")} switched in ${several(processes, "process", "processes")}, in ${grouped(microseconds)} us; the grace period took ${grouped(graceMicroseconds)} us.`,
    ...waiting.map(
      ({ pid, program }) =>
        `${visible(program)} ${pid} is still in the middle of an event (stopped by a debugger?); what it uses stays until later.`,
    ),
    ...(running ? [] : ["Tracing is stopped, so everything is off: quiesce trace start"]),
  ].join("\n");
}

export function showRecorded({ events, bytes, lost, processes }: Recorded): string {
  const kib =
    bytes < 1 << 20 ? `${grouped(Math.ceil(bytes / 1024))} KiB` : `${(bytes / (1 << 20)).toFixed(1)} MiB`;
  return `${several(events, "event")} of ${several(processes, "process", "processes")}, ${kib}${lost > 0 ? `; ${grouped(lost)} lost` : ""}`;
}

/** Lines of a recording; each says how long after the one before it is. */
export class ItemLines {
  private last: bigint | undefined;

  line(item: ViewedItem): string {
    const { time, process, thread, cpu } = item;
    const since = this.last === undefined ? "" : ` (${secondsText(time - this.last)})`;
    this.last = time;
    const who = `${visible(process.program)}:${process.pid ?? "?"}${thread === undefined ? (cpu === undefined ? "" : ` cpu ${cpu}`) : `:${thread}`}`;
    const head = `${colour.dim(`[${clockText(time)}]${since}`)} ${who}`;
    if (item.kind === "lost") return `${head} ${colour.yellow(`${grouped(item.count)} events lost`)}`;
    const fields = fieldsOf(item.fields).map(([name, value]) => `${name} = ${valueText(value)}`);
    return `${head} ${colour.bold(visible(item.event.name))}: ${fields.length === 0 ? "{ }" : `{ ${visible(fields.join(", "))} }`}`;
  }
}

function clockText(time: bigint): string {
  const date = new Date(Number(time / 1_000_000n));
  const two = (value: number): string => String(value).padStart(2, "0");
  const ns = String(((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n).padStart(9, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ns}`;
}

function secondsText(ns: bigint): string {
  const sign = ns < 0n ? "-" : "+";
  const absolute = ns < 0n ? -ns : ns;
  return `${sign}${absolute / 1_000_000_000n}.${String(absolute % 1_000_000_000n).padStart(9, "0")}`;
}

/** An item of a recording for JSON. */
export function itemJson(item: ViewedItem): object {
  const { time, process, thread, cpu } = item;
  const who = {
    time: String(time),
    program: process.program,
    pid: process.pid ?? null,
    thread: thread ?? null,
    ...(cpu !== undefined && { cpu }),
  };
  if (item.kind === "lost") return { ...who, lost: Number(item.count) };
  const fields = Object.fromEntries(fieldsOf(item.fields).map(([name, value]) => [name, valueJson(value)]));
  return { ...who, event: item.event.name, level: item.event.level ?? null, fields };
}
