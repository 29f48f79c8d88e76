import type { CompiledPath } from "../litmus/compile.js";
import type { Order } from "../litmus/model.js";
import { compilerKeeps, ordered, processorKeeps } from "./kept.js";
import { acquires, isAccess, linesOf, type Placed, releases } from "./lines.js";
import type { Rule, Rules } from "./rules.js";

/** Two lines by their place among the performed ones, and why the first is performed before the second. */
export interface Kept {
  readonly from: number;
  readonly to: number;
  readonly why: Rule;
}

/** A path of a thread, as far as it is the same whatever the others do. Lines are counted without the fences. */
export interface ThreadPath {
  readonly path: CompiledPath;
  readonly lines: readonly Placed[];
  /** Does the compiler keep line a before line b, directly or through others? By a * number of lines + b. */
  readonly compiled: readonly boolean[];
  /** The same without what follows from it. */
  readonly steps: readonly (readonly [number, number])[];
  /** What the processor keeps, under each order, without what follows from the rest. */
  readonly kept: (order: Order) => readonly Kept[];
  /** Is there a pair of accesses that the compiler may put in either order? */
  readonly free: boolean;
}

/** Works out what a path's order is. */
export function threadPath(path: CompiledPath, rules: Rules): ThreadPath {
  const all = linesOf(path.code);
  const closed = compiledOrder(all, rules);
  const performed = all.flatMap(({ line }, n) => (line.kind === "fence" ? [] : [n]));
  const size = performed.length;
  const compiled = performed.flatMap((j) => performed.map((k) => closed[j * all.length + k] === true));
  const pairs = performed.flatMap((_, a) =>
    performed.flatMap((_, b) => (compiled[a * size + b] ? [[a, b] as const] : [])),
  );
  const between = (a: number, b: number): boolean =>
    performed.some((_, c) => compiled[a * size + c] === true && compiled[c * size + b] === true);
  const known = new Map<Order, readonly Kept[]>();
  return {
    path,
    lines: performed.map((n) => all[n] as Placed),
    compiled,
    steps: pairs.filter(([a, b]) => !between(a, b)),
    free: pairs.length < (size * (size - 1)) / 2,
    kept: (order) => {
      const found =
        known.get(order) ??
        reduced(
          pairs.flatMap(([from, to]): Kept[] => {
            const [j, k] = [performed[from] as number, performed[to] as number];
            const why = processorKeeps(rules, order, all, j, k);
            return why === undefined ? [] : [{ from, to, why }];
          }),
          size,
        );
      known.set(order, found);
      return found;
    },
  };
}

/** Those pairs that don't follow from two others. */
function reduced(pairs: readonly Kept[], size: number): Kept[] {
  const closed: boolean[] = new Array(size * size).fill(false);
  for (let to = 0; to < size; to++)
    for (const { from } of pairs.filter((pair) => pair.to === to).sort((a, b) => b.from - a.from)) {
      closed[from * size + to] = true;
      for (let i = 0; i < from; i++) if (closed[i * size + from]) closed[i * size + to] = true;
    }
  return pairs.filter(({ from, to }) => {
    for (let c = from + 1; c < to; c++) if (closed[from * size + c] && closed[c * size + to]) return false;
    return true;
  });
}

/** The lines that are before others in every schedule of the compiler. */
function compiledOrder(lines: readonly Placed[], rules: Rules): boolean[] {
  const size = lines.length;
  const closed: boolean[] = new Array(size * size).fill(false);
  for (let k = 0; k < size; k++)
    for (let j = k - 1; j >= 0; j--) {
      if (closed[j * size + k]) continue;
      if (compilerKeeps(rules, lines[j] as Placed, lines[k] as Placed) === undefined) continue;
      closed[j * size + k] = true;
      for (let i = 0; i < j; i++) if (closed[i * size + j]) closed[i * size + k] = true;
    }
  return closed;
}

/**
 * If the compiler puts line b before line a, does the processor then perform b first? For two that it may put in
 * either order.
 */
export function keptIfTurned(rules: Rules, order: Order, a: Placed, b: Placed): boolean {
  if (rules.has("acquire") && acquires(b.line)) return true;
  if (rules.has("release") && releases(a.line)) return true;
  return rules.has("memory order") && isAccess(a.line) && isAccess(b.line) && ordered(order, b, a);
}
