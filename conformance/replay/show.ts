import { ASLEEP, type Plan, threadName } from "../contract/plan.js";
import type { ReplayFailure } from "../contract/result.js";

const SHOWN_BEFORE = 5;

/**
 * A failure of a replay for a person: which path, which step of which thread, what differs, and the steps that led
 * there.
 *
 * @param first the number of the plan's first path, when the plan is part of a larger one
 */
export function showReplayFailure(failure: ReplayFailure, plan: Plan, first = 1): string {
  const { path, move, step, message, kind, words } = failure;
  const moves = plan.paths[path]?.moves ?? [];
  const count = moves.length / 3;
  const where =
    move < 0
      ? "before its first step"
      : move >= count
        ? "after its last step"
        : `step ${move + 1} of ${count}, ${step} of ${threadName(plan, failure.thread)}`;
  const lines = [`path ${path + first}, ${where}: ${message} (${kind})`];
  for (const word of words ?? [])
    lines.push(
      `  ${word.name}: the specification has ${valueName(word.name, word.expected, plan)}, the implementation has ${valueName(word.name, word.actual, plan)}`,
    );
  const from = Math.max(0, move - SHOWN_BEFORE);
  for (let i = from; i <= Math.min(move, count - 1); i++) {
    const thread = moves[i * 3] ?? 0;
    const name = plan.steps[moves[i * 3 + 1] ?? 0] ?? "?";
    lines.push(
      `  ${i === move ? ">" : " "} ${String(i + 1).padStart(4)}  ${threadName(plan, thread).padEnd(9)} ${name}`,
    );
  }
  return lines.join("\n");
}

/** A word's value; for where a thread is (`at0`), the step's name. */
function valueName(word: string, value: number, { steps }: Plan): string {
  if (!/^at\d+$/.test(word)) return String(value);
  const name = value === ASLEEP ? "Asleep" : steps[value];
  return name === undefined ? `${value}, which is not a step` : name;
}
