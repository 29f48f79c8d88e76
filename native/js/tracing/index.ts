/**
 * Tracing, from TypeScript: what `quiesce trace` does.
 *
 *     import { disable, enable, record, view } from "quiesce/native/js/tracing/index";
 *
 *     await enable("server:*", { filter: "size > 100", level: "info" });
 *     await record("recorded", { seconds: 1 });
 *     await disable("*");
 *     for await (const item of view("recorded")) if (item.kind === "event") console.log(item.event.name);
 */
export {
  type Changed,
  disable,
  type EnableOptions,
  enable,
  list,
  readRules,
  start,
  status,
  stop,
  type TraceOptions,
} from "./control.js";
export { fieldsOf, valueJson, valueText } from "./ctf/fields.js";
export type { CtfRecord, CtfValue } from "./ctf/types.js";
export { traceDirectory } from "./directory.js";
export { TraceError, TraceInputError } from "./errors.js";
export { type CompiledFilter, compileFilter } from "./filter/compile.js";
export { filterText } from "./filter/text.js";
export { type EventDescription, type Field, type FieldType, parseEvent, typeText } from "./model/event.js";
export { LEVELS, levelName, parseLevel } from "./model/level.js";
export { matches } from "./model/pattern.js";
export type { Rule, Rules } from "./model/rule.js";
export { type RecordOptions, record } from "./record.js";
export type { Applied, Recorded, TracedEvent, TracedProcess, TraceStatus } from "./told.js";
export { type ViewedItem, type ViewOptions, view } from "./view.js";
