import type { SourceLocation } from "../../../spec/tlc/output/location.js";
import type { Trace, TraceAction } from "../../../spec/tlc/output/trace.js";
import { printValue, type Value } from "../../../spec/tlc/value/value.js";
import { toJsonValue } from "../../../spec/tlc/value/value-json.js";

/** A place as JSON: where something stands, as far as TLC says. */
export function placeJson({ file, module, line, column, endLine, endColumn }: SourceLocation): object {
  return { file, module, line, column, endLine, endColumn };
}

/** A behaviour as JSON: every state whole, its variables as TLA+ has them and, where possible, as JSON. */
export function traceJson({ states, end }: Trace): object {
  return {
    states: states.map(({ number, action, variables }) => ({
      number,
      ...(action && { action: actionJson(action) }),
      variables: Object.fromEntries([...variables].map(([name, value]) => [name, variableJson(value)])),
    })),
    end: {
      kind: end.kind,
      ...(end.kind === "lasso" && {
        backTo: end.backTo,
        ...(end.action && { action: actionJson(end.action) }),
      }),
    },
  };
}

function actionJson({ name, context, location }: TraceAction): object {
  return { name, arguments: context, ...(location && { location: placeJson(location) }) };
}

function variableJson(value: Value): object {
  return { tla: printValue(value), json: toJsonValue(value) };
}
