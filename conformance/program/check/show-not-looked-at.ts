import { nameOf } from "../../../spec/tlc/base/source-file.js";
import type { NotLookedAt } from "../../../spec/tlc/base/walk.js";

/** The most that are named. */
const MOST_NAMED = 8;

/** What was passed over while claims were looked for, in one line; nothing if nothing was. */
export function showNotLookedAt(passed: readonly NotLookedAt[]): string[] {
  const counts = (["folder", "file"] as const).flatMap((kind) => {
    const count = passed.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind}${count === 1 ? "" : "s"}`];
  });
  // A reason is worth a word where the name does not give it.
  const names = passed.map(({ path, kind, reason }) =>
    kind === "folder" && /^(?:its name|such folders)/.test(reason)
      ? nameOf(path)
      : `${nameOf(path)}: ${reason}`,
  );
  const more = names.length > MOST_NAMED ? [`and ${names.length - MOST_NAMED} more`] : [];
  const named = [...names.slice(0, MOST_NAMED), ...more].join(", ");
  return counts.length === 0
    ? []
    : [`  not looked at: ${counts.join(" and ")} (${named}); name one to check it`];
}
