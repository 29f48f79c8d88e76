import type { Finding } from "./results.js";
import type { Table, TableRow } from "./viewer/views.js";

/** What is known of an action in all claims of a run. */
interface Known {
  taken: number;
  readonly by: string[];
  readonly never: string[];
  /** Some claim never takes it, and does not declare that. */
  isUndeclared: boolean;
}

/** How often each action was taken, in all claims whose actions were counted; undefined where none were. */
export function coverageTable(findings: readonly Finding[]): Table | undefined {
  const known = new Map<string, Known>();
  const counted = findings.filter(({ actions }) => actions !== undefined);
  for (const { id, actions = [] } of counted)
    for (const { name, place, taken, idle } of actions) {
      const key = `${name} ${place}`;
      const one = known.get(key) ?? { taken: 0, by: [], never: [], isUndeclared: false };
      known.set(key, one);
      one.taken += taken;
      one.isUndeclared ||= taken === 0 && idle !== true;
      (taken > 0 ? one.by : one.never).push(id);
    }
  if (known.size === 0) return undefined;
  const rows = [...known].sort(
    ([a, x], [b, y]) => Number(x.taken > 0) - Number(y.taken > 0) || (a < b ? -1 : 1),
  );
  return {
    title: "Coverage",
    sentence:
      `Which actions of the next-state relations are ever taken, in the ${count(counted.length)} of ` +
      `${count(findings.length)} claims whose actions were counted: those that hold, of up to 5,000 states; ` +
      "with --strict, all that hold. Those that are never taken come first.",
    corner: "action",
    columns: ["steps", "claims that take it", "claims that never do"],
    rows: rows.map(([name, one]) => rowOf(name, one)),
  };
}

function rowOf(name: string, { taken, by, never, isUndeclared }: Known): TableRow {
  const [first] = by;
  const [none] = never;
  return {
    name,
    cells: [
      taken > 0
        ? { text: count(taken), tone: "good" }
        : isUndeclared
          ? { text: "never", tone: "bad" }
          : { text: "never, as declared" },
      { text: count(by.length), ...(first !== undefined && { id: first }) },
      { text: count(never.length), ...(none !== undefined && { id: none }) },
    ],
  };
}

function count(n: number): string {
  return n.toLocaleString("en-US");
}
