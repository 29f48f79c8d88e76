import { LEAST_IMPORTANT } from "./level.js";

/** Which tracepoints are on, and how: native/tracepoint/layout.h has the same as qs_trace_rule and qs_trace_config. */
export interface Rule {
  /** Patterns, in which * and ? stand for anything. */
  readonly program: string;
  readonly provider: string;
  readonly name: string;
  /** Events of this level, and more important ones. */
  readonly level: number;
  /** 0: any. */
  readonly pid: number;
  readonly off: boolean;
  readonly channel: number;
  /** One of so many. */
  readonly sample: number;
  /** Compiled, in hexadecimal. */
  readonly filter: string | undefined;
}

/** All rules, of which the last one that fits an event decides. */
export interface Rules {
  /** Grows with each change. */
  readonly generation: number;
  readonly running: boolean;
  /** By channel: a full ring loses the oldest events, not the newest. */
  readonly overwrite: readonly boolean[];
  readonly rules: readonly Rule[];
}

export const MOST_RULES = 127;
export const CHANNELS = 4;

/** Which events a rule is about. */
export type Scope = Pick<Rule, "program" | "provider" | "name" | "level" | "pid">;

/** The rules with one more, which decides about what it is for; those that can't decide anything any more are gone. */
export function withRule(rules: readonly Rule[], added: Rule): Rule[] {
  return [...rules.filter((rule) => !covers(added, rule)), added];
}

/** The rules with everything in the scope off. Without a rule that would switch it on, nothing has to say so. */
export function withoutScope(rules: readonly Rule[], scope: Scope): Rule[] {
  const rest = rules.filter((rule) => !covers(scope, rule));
  if (!rest.some((rule) => !rule.off && meet(rule, scope))) return withoutIdle(rest);
  return [...rest, { ...scope, off: true, channel: 0, sample: 1, filter: undefined }];
}

/** A rule that switches off what none before it switches on says nothing. */
function withoutIdle(rules: readonly Rule[]): Rule[] {
  return rules.filter(
    (rule, i) => !rule.off || rules.slice(0, i).some((before) => !before.off && meet(before, rule)),
  );
}

/** Whether all that the second is for is also what the first is for. */
function covers(wide: Scope, narrow: Scope): boolean {
  return (
    wide.level >= narrow.level &&
    (wide.pid === 0 || wide.pid === narrow.pid) &&
    (["program", "provider", "name"] as const).every((part) => patternCovers(wide[part], narrow[part]))
  );
}

/** Whether some event may be what both are for. */
function meet(one: Scope, other: Scope): boolean {
  return (
    (one.pid === 0 || other.pid === 0 || one.pid === other.pid) &&
    (["program", "provider", "name"] as const).every((part) => patternsMeet(one[part], other[part]))
  );
}

/** Whether a pattern matches all that another one does. False where that would take more than a look at each character. */
export function patternCovers(wide: string, narrow: string): boolean {
  return walk(wide, narrow, (a, b) => (a === "?" ? b !== "*" : a === b), false);
}

/** Whether some text matches both patterns. */
export function patternsMeet(one: string, other: string): boolean {
  return walk(one, other, (a, b) => a === "?" || b === "?" || a === b, true);
}

/** Both patterns at once: which pairs of places can be reached, row by row. */
function walk(
  one: string,
  other: string,
  fits: (a: string, b: string) => boolean,
  otherHasStars: boolean,
): boolean {
  let row = new Array<boolean>(other.length + 1).fill(false);
  for (let i = 0; i <= one.length; i++) {
    const before = row;
    row = new Array<boolean>(other.length + 1).fill(false);
    for (let j = 0; j <= other.length; j++) {
      const a = one[i - 1];
      const b = other[j - 1];
      row[j] =
        (i === 0 && j === 0) ||
        (a === "*" && (before[j] === true || (j > 0 && row[j - 1] === true))) ||
        (otherHasStars && b === "*" && (row[j - 1] === true || (i > 0 && before[j] === true))) ||
        (a !== undefined && b !== undefined && a !== "*" && before[j - 1] === true && fits(a, b));
    }
  }
  return row[other.length] === true;
}

/** The lines that `quiesce-trace apply` reads. */
export function ruleLines({ running, overwrite, rules }: Omit<Rules, "generation">): string {
  const lines = [
    ["running", running ? 1 : 0],
    ...overwrite.map((isOn, channel) => ["overwrite", channel, isOn ? 1 : 0]),
    ...rules.map(({ program, provider, name, level, pid, off, channel, sample, filter }) => [
      ...["rule", program, provider, name, level, pid],
      ...(off ? ["off"] : [channel, sample, filter ?? "-"]),
    ]),
  ];
  return lines.map((words) => `${words.join("\t")}\n`).join("");
}

/** Everything. */
export const ANYTHING: Scope = { program: "*", provider: "*", name: "*", level: LEAST_IMPORTANT, pid: 0 };
