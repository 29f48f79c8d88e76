import { UsageError } from "../../../../spec/tlc/base/errors.js";
import type { EventDescription } from "./event.js";
import { LEAST_IMPORTANT, parseLevel } from "./level.js";
import { matches } from "./pattern.js";
import type { Scope } from "./rule.js";

/** What of its scope a command may say besides the pattern. */
export interface ScopeWords {
  /** A name or a number. */
  readonly level?: string | number;
  /** A pattern of the program's name. */
  readonly program?: string;
  readonly pid?: number;
}

/**
 * The scope of a pattern: "demo:req*" (or LTTng's way, "demo:*"), "demo" for all of a provider, "*" for everything.
 *
 * @throws UsageError that says what a pattern may be
 */
export function scopeOf(pattern: string, { level, program = "*", pid = 0 }: ScopeWords = {}): Scope {
  const parts = pattern.split(":");
  const [provider = "", name = "*"] = parts;
  if (parts.length > 2 || !isPattern(provider, /^[\w.*?]{1,63}$/) || !isPattern(name, /^[\w*?]{1,63}$/)) {
    throw new UsageError(`"${pattern}" is no pattern of events`, {
      hint: "PROVIDER:NAME, in which * and ? stand for anything, such as demo:req*. `quiesce trace list` names the events.",
    });
  }
  // Names of programs may have anything in them, but these divide and end the lines of a rule.
  if (!isPattern(program, /^[^\t\n\0]+$/) || Buffer.byteLength(program) > 63) {
    throw new UsageError(`"${program}" is no pattern of a program's name`, {
      where: "--program",
      hint: "The file's name without its folder, of at most 63 bytes; * and ? stand for anything.",
    });
  }
  if (!Number.isInteger(pid) || pid < 0 || pid > 0x7fffffff)
    throw new UsageError(`${pid} is no process's number`, { where: "--pid" });
  return {
    program,
    provider,
    name,
    level: level === undefined ? LEAST_IMPORTANT : parseLevel(String(level)),
    pid,
  };
}

function isPattern(text: string, pattern: RegExp): boolean {
  return pattern.test(text);
}

/** Whether an event of a process is in a scope. */
export function inScope(
  scope: Scope,
  event: EventDescription,
  process: { readonly program: string; readonly pid: number },
): boolean {
  return (
    event.level <= scope.level &&
    (scope.pid === 0 || scope.pid === process.pid) &&
    matches(scope.program, process.program) &&
    matches(scope.provider, event.provider) &&
    matches(scope.name, event.name)
  );
}
