import { ORDERS, type Order } from "../../litmus/model.js";
import { ALGORITHMS, type Algorithm, type Cell, FLAVOURS, type Flavour } from "./cells.js";

/** A row of the matrix: what is missing, and what that breaks in each flavour under each memory order. */
export interface Row {
  readonly missing: string;
  readonly cells: readonly (readonly Slot[])[];
}

/** A place in the matrix: undecided, absent because the flavour has no such step, or a cell. */
export type Slot =
  | { readonly kind: "cell"; readonly cell: Cell }
  | { readonly kind: "undecided" }
  | { readonly kind: "absent" };

/** The matrix of one algorithm: its rows by flavour and memory order. */
export interface Matrix {
  readonly algorithm: Algorithm;
  readonly flavours: readonly Flavour[];
  readonly orders: readonly Order[];
  readonly rows: readonly Row[];
}

/** Cells of decided flavours, and the flavours that could not be decided and why. */
export interface Decided {
  readonly cells: readonly Cell[];
  readonly undecided: ReadonlyMap<Flavour, string>;
}

/**
 * Puts cells into a matrix for each algorithm. A flavour that was not decided has `undecided` everywhere, and so has a
 * row that other orders of the same flavour have, so nothing looks like an answer that TLC has not given.
 */
export function matricesOf({ cells, undecided }: Decided): Matrix[] {
  const flavours = FLAVOURS.filter((name) => undecided.has(name) || cells.some((c) => c.flavour === name));
  return ALGORITHMS.map((algorithm) => {
    const own = cells.filter((cell) => cell.algorithm === algorithm && cell.missing !== "nothing");
    const names = rowNames(flavours.map((f) => own.filter((c) => c.flavour === f).map((c) => c.missing)));
    const slot = (missing: string, flavour: Flavour, order: Order): Slot => {
      const there = own.filter((c) => c.missing === missing && c.flavour === flavour);
      const cell = there.find((c) => c.order === order);
      if (cell !== undefined) return { kind: "cell", cell };
      return { kind: undecided.has(flavour) || there.length > 0 ? "undecided" : "absent" };
    };
    const rows = names.map((missing) => ({
      missing,
      cells: flavours.map((flavour) => ORDERS.map((order) => slot(missing, flavour, order))),
    }));
    return { algorithm, flavours, orders: ORDERS, rows };
  });
}

/** The rows of all flavours in their order: one that only some have comes after the row that it follows there. */
function rowNames(lists: readonly (readonly string[])[]): string[] {
  const names: string[] = [];
  for (const list of lists) {
    let last = -1;
    for (const name of list) {
      const at = names.indexOf(name);
      if (at >= 0) last = at;
      else names.splice(++last, 0, name);
    }
  }
  return names;
}

/** What a place of the matrix shows: what breaks, a dot where nothing does, `?` where it is not known. */
export function wordOf(slot: Slot): string {
  if (slot.kind === "absent") return "";
  return slot.kind === "undecided" ? "?" : (slot.cell.broken?.breaks ?? "·");
}

/** The cells with nothing missing: if one of them breaks, the rest mean little. */
export function brokenAsItIs(cells: readonly Cell[]): Cell[] {
  return cells.filter((cell) => cell.missing === "nothing" && cell.broken !== undefined);
}
