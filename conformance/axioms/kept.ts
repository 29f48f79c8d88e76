import type { Order } from "../litmus/model.js";
import {
  acquires,
  depends,
  isAccess,
  isVolatile,
  type Placed,
  reaches,
  reads,
  releases,
  sameWord,
  writes,
} from "./lines.js";
import type { Rule, Rules } from "./rules.js";

/** Why the compiler leaves two lines in their order; undefined where it may turn them round. */
export function compilerKeeps(rules: Rules, a: Placed, b: Placed): Rule | undefined {
  const why = (rule: Rule, holds: boolean): Rule | undefined => (holds && rules.has(rule) ? rule : undefined);
  const opaque = ({ line }: Placed): boolean => !isAccess(line) && line.kind !== "branch";
  const looping = b.waits || b.line.kind === "branch";
  const isLoad = ({ line, waits }: Placed): boolean => line.kind === "load" && !waits;
  return (
    why("compiler: fence", opaque(a) || opaque(b)) ??
    why("compiler: acquire, release", acquires(a.line) || releases(b.line)) ??
    why("compiler: volatile", isVolatile(a.line) && isVolatile(b.line)) ??
    why("compiler: dependency", depends(a, b)) ??
    why("compiler: same word", sameWord(a.line, b.line)) ??
    why("compiler: branch", (reaches(a, b) && !isLoad(b)) || (looping && !isLoad(a)))
  );
}

/**
 * Why the processor performs line j before line k, which comes after it; undefined where it need not. This is the
 * preserved program order, and the only thing in which the memory orders differ.
 */
export function processorKeeps(
  rules: Rules,
  order: Order,
  lines: readonly Placed[],
  j: number,
  k: number,
): Rule | undefined {
  const [first, second] = [lines[j] as Placed, lines[k] as Placed];
  const [a, b] = [first.line, second.line];
  const why = (rule: Rule, holds: boolean): Rule | undefined => (holds && rules.has(rule) ? rule : undefined);
  const between = lines.slice(j + 1, k);
  const fence = (kind: string): boolean =>
    between.some(({ line }) => line.kind === "fence" && line.fence === kind);
  return (
    why("data", depends(first, second)) ??
    why("control", reaches(first, second) && (writes(b) || !reads(b))) ??
    why("acquire", acquires(a)) ??
    why("release", releases(b) || (writes(b) && fence("release"))) ??
    why("same word", coherent(between, first, second)) ??
    why(
      "own store",
      reads(b) && between.some((m) => writes(m.line) && sameWord(m.line, b) && depends(first, m)),
    ) ??
    why("memory order", isAccess(a) && isAccess(b) && ordered(order, first, second)) ??
    why("mb", fence("mb")) ??
    why("acquire fence", reads(a) && fence("acquire")) ??
    why("rmb", reads(a) && reads(b) && fence("rmb")) ??
    why("wmb", writes(a) && writes(b) && fence("wmb"))
  );
}

/**
 * Accesses of one word stay in order, but for a load: it may overtake a store, whose value it takes then, and with it
 * the loads before that store. What reads and writes in one step is not overtaken, since its value is in memory alone.
 */
function coherent(between: readonly Placed[], { line: a }: Placed, { line: b }: Placed): boolean {
  if (!sameWord(a, b)) return false;
  if (a.kind === "swap" || b.kind === "swap") return true;
  if (a.kind === "store" && b.kind === "load") return false;
  if (a.kind === "load" && b.kind === "load")
    return !between.some(({ line }) => writes(line) && sameWord(line, b));
  return true;
}

/** sc keeps everything, tso all but a load after a store, pso all after a load, weak nothing. */
export function ordered(order: Order, { line: a }: Placed, { line: b }: Placed): boolean {
  if (order === "sc") return true;
  if (order === "tso") return reads(a) || writes(b);
  return order === "pso" && reads(a);
}
