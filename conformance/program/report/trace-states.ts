import type { Trace } from "../../../spec/tlc/output/trace.js";
import { printValue } from "../../../spec/tlc/value/value.js";

/** The values of each state that differ from those of the state before. */
export function statesOf({ states }: Trace): Record<string, string>[] {
  let before: ReadonlyMap<string, string> = new Map();
  return states.map(({ variables }) => {
    const values = new Map([...variables].map(([name, value]) => [name, printValue(value)]));
    const changed = [...values].filter(([name, value]) => before.get(name) !== value);
    before = values;
    return Object.fromEntries(changed);
  });
}
