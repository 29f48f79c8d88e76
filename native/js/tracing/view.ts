import { describe, fieldsOf, filterValue } from "./ctf/fields.js";
import { openRecording, type ReadOptions, type RecordedItem, readRecording } from "./ctf/recording.js";
import type { EventClass } from "./ctf/types.js";
import { hashOf } from "./filter/code.js";
import { compileFilter } from "./filter/compile.js";
import { runFilter } from "./filter/run.js";
import type { Value } from "./filter/value.js";
import type { EventDescription } from "./model/event.js";
import { inScope, type ScopeWords, scopeOf } from "./model/scope.js";

export interface ViewOptions extends ReadOptions, ScopeWords {
  /** Only events that fit this pattern. */
  readonly pattern?: string;
  /** Only events for which this is true: the same language as for tracepoints. */
  readonly filter?: string;
  readonly onWarning?: (message: string) => void;
}

/** An event of a recording, or where some were lost. */
export type ViewedItem = RecordedItem;

/**
 * Reads a recording: its events in the order of their times, of all processes and threads, and where events were lost.
 * It reads CTF 1.8, so also what LTTng has recorded.
 *
 * @throws BadInputError for what is no recording, and for a filter that can't be; Interrupted
 */
export async function* view(
  folder: string,
  options: ViewOptions = {},
): AsyncGenerator<ViewedItem, void, undefined> {
  const scope = scopeOf(options.pattern ?? "*", options);
  const recording = await openRecording(folder, options);
  const descriptions = new Map<EventClass, EventDescription>();
  const describeOnce = (event: EventClass): EventDescription => {
    const known = descriptions.get(event) ?? describe(event);
    descriptions.set(event, known);
    return known;
  };
  const isWanted = (item: RecordedItem): boolean =>
    item.kind !== "event" ||
    inScope(scope, describeOnce(item.event), { program: item.process.program, pid: item.process.pid ?? -1 });
  let passes = (_item: RecordedItem): boolean => true;
  if (options.filter !== undefined) {
    const events = recording.eventClasses().map(describeOnce);
    const fitting = events.filter((event) => inScope({ ...scope, program: "*", pid: 0 }, event, ANYBODY));
    const { instructions, warnings } = compileFilter(options.filter, fitting);
    for (const warning of fitting.length > 0 ? warnings : []) options.onWarning?.(warning);
    passes = (item) =>
      item.kind !== "event" || runFilter(instructions, (hash) => lookUp(item, hash, describeOnce));
  }
  for await (const item of readRecording(recording, options)) if (isWanted(item) && passes(item)) yield item;
}

const ANYBODY = { program: "", pid: 0 };
const hashes = new Map<string, number>();

function lookUp(
  item: RecordedItem,
  hash: number,
  describeOnce: (event: EventClass) => EventDescription,
): Value | undefined {
  if (item.kind !== "event") return undefined;
  const isUnsigned = (name: string): boolean => {
    const type = describeOnce(item.event).fields.find((field) => field.name === name)?.type;
    return type?.kind === "integer" && !type.signed;
  };
  const same = fieldsOf(item.fields).filter(([name]) => {
    const own = hashes.get(name) ?? hashOf(name);
    hashes.set(name, own);
    return own === hash;
  });
  // Which of two would be meant, nobody knows.
  const [one, another] = same;
  return one === undefined || another !== undefined ? undefined : filterValue(one[1], isUnsigned(one[0]));
}
