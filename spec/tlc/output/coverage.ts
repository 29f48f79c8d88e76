import { EC } from "./codes.js";
import type { SourceLocation } from "./location.js";
import type { TlcMessage } from "./messages.js";

/** An action of the next-state relation, as TLC splits it, and how often a run took it. */
export interface ActionCount {
  /** The innermost definition that it is in: `Enter`. */
  readonly name: string;
  /** Where it is defined; where a definition has several actions, the part that is this one. */
  readonly location: SourceLocation;
  /** Steps by it, to states that were new and to others. */
  readonly taken: number;
}

/** The option that makes TLC count, at the end only: no run takes 35,000 minutes (of at most 35,791). */
export const COVERAGE_OPTION: readonly string[] = ["-coverage", "35000"];

/** TLC's messages: the counts begin; of an action; it goes on from a checkpoint, so what was before is not counted. */
const BEGIN = EC.TLC_COVERAGE_START;
const ACTION = EC.TLC_COVERAGE_NEXT;
const RECOVERED = EC.TLC_CHECKPOINT_RECOVER_END;
/** The counts of initial states, properties, parts of expressions, and what TLC could not count. */
const DETAILS: ReadonlySet<number> = new Set([
  EC.TLC_COVERAGE_VALUE,
  EC.TLC_COVERAGE_INIT,
  EC.TLC_COVERAGE_PROPERTY,
  EC.TLC_COVERAGE_VALUE_COST,
  EC.TLC_COVERAGE_MISMATCH,
]);

/** One of the hundreds of messages about parts of expressions, which nobody reads here. */
export function isCoverageDetail({ code }: TlcMessage): boolean {
  return DETAILS.has(code);
}

const COUNT =
  /^<(\S+) line (\d+), col (\d+) to line (\d+), col (\d+) of module (\w+)(?: \((\d+) (\d+) (\d+) (\d+)\))?>: (\d+):(\d+)$/;

/** How often each action was taken; undefined when TLC did not count all of a run. */
export function readActions(messages: readonly TlcMessage[]): ActionCount[] | undefined {
  const begin = messages.findLastIndex(({ code }) => code === BEGIN);
  if (begin < 0 || messages.some(({ code }) => code === RECOVERED)) return undefined;
  return messages.slice(begin).flatMap(({ code, text }) => {
    const found = code === ACTION ? COUNT.exec(text) : null;
    if (found === null) return [];
    const [, name = "", ...more] = found;
    const module = more[4] as string;
    const [line, column, endLine, endColumn] = (
      more[5] === undefined ? more.slice(0, 4) : more.slice(5, 9)
    ).map(Number) as [number, number, number, number];
    return { name, location: { module, line, column, endLine, endColumn }, taken: Number(more[10]) };
  });
}
