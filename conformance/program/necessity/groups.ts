import { ORDERS } from "../../litmus/model.js";
import type { Cell } from "./cells.js";

/**
 * The cells of one row that break in the same way under neighbouring orders. One counterexample is enough for them:
 * each order allows what the one before it allows, and more (module Machine), so the first cell's is one of the
 * others', too. A stuck thread stays stuck: behind an await, a weaker order only lets it do loads, which wake nobody.
 */
export function groupsOf(cells: readonly Cell[]): (readonly [Cell, ...Cell[]])[] {
  const groups: [Cell, ...Cell[]][] = [];
  for (const cell of cells.filter(({ broken }) => broken !== undefined)) {
    const last = groups.at(-1);
    const same = last?.[0].missing === cell.missing && last[0].broken?.breaks === cell.broken?.breaks;
    if (last !== undefined && same) last.push(cell);
    else groups.push([cell]);
  }
  return groups;
}

/** The groups of any cells, in any order: of each row of each flavour and algorithm, as groupsOf tells them. */
export function groupsOfAll(cells: readonly Cell[]): (readonly [Cell, ...Cell[]])[] {
  const rows = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = [cell.algorithm, cell.flavour, cell.missing].join(" ");
    rows.set(key, [...(rows.get(key) ?? []), cell]);
  }
  const place = ({ order }: Cell): number => ORDERS.indexOf(order);
  return [...rows.values()].flatMap((row) => groupsOf(row.toSorted((a, b) => place(a) - place(b))));
}
