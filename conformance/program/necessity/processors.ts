import type { Order } from "../../litmus/model.js";
import { table } from "../markdown/markdown.js";
import { type Flavour, isLetter } from "./cells.js";
import type { Matrix } from "./matrix.js";

/** Processors as people name them, and the memory order that they have. */
const PROCESSORS: readonly (readonly [name: string, order: Order])[] = [
  ["x86-64 (tso)", "tso"],
  ["ARMv8, RISC-V (weak)", "weak"],
];

/**
 * Which letters a processor does not need, a row for each algorithm and flavour: those that may be left out altogether,
 * and of the others, those that may hold the compiler alone. A letter that was not decided is in neither.
 *
 * @param whole the face on which letters are left out altogether
 * @param compiler the one on which they hold the compiler alone
 */
export function processorTable(whole: readonly Matrix[], compiler: readonly Matrix[]): string {
  const heads = PROCESSORS.flatMap(([name]) => [`${name}: may go`, "only for the compiler"]);
  const rows = whole.flatMap((matrix) =>
    matrix.flavours.map((flavour) => {
      const half = compiler.find(({ algorithm }) => algorithm === matrix.algorithm);
      const cells = PROCESSORS.flatMap(([, order]) => {
        const gone = harmless(matrix, flavour, order);
        const halved = half === undefined ? [] : harmless(half, flavour, order);
        return [gone, halved.filter((letter) => !gone.includes(letter))];
      });
      return [`${matrix.algorithm}, ${flavour}`, ...cells.map((letters) => letters.join(" ") || "none")];
    }),
  );
  return table(["letters of", ...heads], rows);
}

/** The letters without which nothing breaks, each left out alone. */
function harmless({ flavours, orders, rows }: Matrix, flavour: Flavour, order: Order): string[] {
  const [n, k] = [flavours.indexOf(flavour), orders.indexOf(order)];
  return rows
    .filter(({ missing, cells }) => {
      const slot = cells[n]?.[k];
      return isLetter(missing) && slot?.kind === "cell" && slot.cell.broken === undefined;
    })
    .map(({ missing }) => missing);
}
