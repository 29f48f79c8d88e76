import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildController } from "./controller.js";
import { traceDirectory } from "./directory.js";
import { TraceError, TraceInputError } from "./errors.js";
import { compileFilter } from "./filter/compile.js";
import { type Line, Members, runLines } from "./lines.js";
import {
  CHANNELS,
  MOST_RULES,
  type Rule,
  type Rules,
  ruleLines,
  type Scope,
  withoutScope,
  withRule,
} from "./model/rule.js";
import { inScope, type ScopeWords, scopeOf } from "./model/scope.js";
import {
  type Applied,
  appliedFrom,
  processFrom,
  ruleFrom,
  statusFrom,
  type TracedProcess,
  type TraceStatus,
} from "./told.js";

/** Where and with what. Everything has a default. */
export interface TraceOptions {
  /** The trace directory: see `traceDirectory`. */
  readonly directory?: string;
  /** The program quiesce-trace; without it, it is compiled from the sources here. */
  readonly program?: string;
  readonly signal?: AbortSignal;
  readonly onWarning?: (message: string) => void;
}

/** How events are to be recorded. */
export interface EnableOptions extends ScopeWords {
  /** Only events for which this is true: see native/tracepoint/README.md. */
  readonly filter?: string;
  /** 0 to 3: each thread has a buffer for each channel. */
  readonly channel?: number;
  /** One event of so many. */
  readonly sample?: number;
  /** Whether a full buffer of the channel loses the oldest events instead of the newest. */
  readonly overwrite?: boolean;
}

/** What a change did, and what its writer should hear. */
export interface Changed extends Applied {
  /** Of the running tracepoints, how many the change is about. */
  readonly matched: number;
  readonly running: boolean;
}

/** A program that changes the rules at the same time makes a change begin anew; so often is more than bad luck. */
const ATTEMPTS = 20;

/** The processes that can be traced, with their events. */
export async function list(options: TraceOptions = {}): Promise<TracedProcess[]> {
  const processes: TracedProcess[] = [];
  if (!isMade(options)) return processes;
  for (const line of await lines("list", options)) if ("process" in line) processes.push(processFrom(line));
  return processes;
}

/** What holds, and who records. */
export async function status(
  options: TraceOptions = {},
): Promise<TraceStatus & { readonly rules: readonly Rule[] }> {
  if (!isMade(options)) {
    throw new TraceError("nothing has ever been traced here", {
      where: traceDirectory(options.directory),
      hint: "A program that calls qs_trace_open() makes the directory, and so does `quiesce trace enable`.",
    });
  }
  const [first = {}] = await lines("status", options);
  return { ...statusFrom(first), rules: (await readRules(options)).rules };
}

/**
 * Switches on what fits a pattern, in all running programs and in those that are started later. Returns when no thread
 * uses an older rule any more.
 *
 * @throws TraceInputError, UsageError and BadInputError for what can't be, with the place in the filter
 */
export async function enable(
  pattern: string,
  wanted: EnableOptions = {},
  options: TraceOptions = {},
): Promise<Changed> {
  const scope = scopeOf(pattern, wanted);
  const { channel = 0, sample = 1 } = wanted;
  expectWhole("channel", channel, 0, CHANNELS - 1);
  expectWhole("sample", sample, 1, 0xffffffff);
  const matched = await matching(scope, options);
  let filter: string | undefined;
  if (wanted.filter !== undefined) {
    const compiled = compileFilter(wanted.filter, matched);
    filter = compiled.bytes.toString("hex");
    for (const warning of compiled.warnings) options.onWarning?.(warning);
  } else if (matched.length === 0) {
    options.onWarning?.(
      `no running program has an event that fits ${pattern}; the rule waits for one that has`,
    );
  }
  const rule: Rule = { ...scope, off: false, channel, sample, filter };
  return await change(options, matched.length, (held) => ({
    ...held,
    // Where nothing was ever switched on, nobody has stopped it, either.
    running: held.running || held.rules.length === 0,
    rules: withRule(held.rules, rule),
    overwrite: held.overwrite.map((old, i) => (i === channel ? (wanted.overwrite ?? old) : old)),
  }));
}

/** Switches off what fits a pattern. */
export async function disable(
  pattern: string,
  wanted: Omit<ScopeWords, "level"> = {},
  options: TraceOptions = {},
): Promise<Changed> {
  const scope = scopeOf(pattern, wanted);
  const matched = await matching(scope, options);
  return await change(options, matched.length, (held) => ({
    ...held,
    rules: withoutScope(held.rules, scope),
  }));
}

/** Lets the rules hold again that `stop` has put aside. */
export async function start(options: TraceOptions = {}): Promise<Changed> {
  return await change(options, 0, (held) => ({ ...held, running: true }));
}

/** Switches everything off; the rules stay, and hold again after `start`. */
export async function stop(options: TraceOptions = {}): Promise<Changed> {
  return await change(options, 0, (held) => ({ ...held, running: false }));
}

/** The rules that hold. */
export async function readRules(options: TraceOptions = {}): Promise<Rules> {
  if (!isMade(options)) return NO_RULES;
  const [first = {}, ...rest] = await lines("rules", options);
  const members = Members.of(first["rules"], "set of rules");
  return {
    generation: members.number("generation"),
    running: members.bool("running"),
    overwrite: members.list("overwrite").map(Boolean),
    rules: rest.filter((line) => "rule" in line).map(ruleFrom),
  };
}

const NO_RULES: Rules = {
  generation: 0,
  running: false,
  overwrite: new Array<boolean>(CHANNELS).fill(false),
  rules: [],
};

/** Whoever comes first makes the directory, a traced process or a change. */
function isMade({ directory }: TraceOptions): boolean {
  return existsSync(join(traceDirectory(directory), "control"));
}

/** The program that does it, compiled if need be. */
export async function controller({ program, signal }: TraceOptions): Promise<string> {
  return program ?? (await buildController(signal && { signal }));
}

async function matching(scope: Scope, options: TraceOptions) {
  const processes = (await list(options)).filter(({ alive }) => alive);
  return processes.flatMap((process) =>
    process.events.filter((event) => !event.gone && inScope(scope, event, process)),
  );
}

async function change(options: TraceOptions, matched: number, by: (held: Rules) => Rules): Promise<Changed> {
  for (let attempt = 1; ; attempt++) {
    const held = await readRules(options);
    const wanted = by(held);
    if (wanted.rules.length > MOST_RULES) {
      throw new TraceInputError(`there would be ${wanted.rules.length} rules, of at most ${MOST_RULES}`, {
        hint: "Use patterns that fit more events, or begin anew: quiesce trace disable '*'",
      });
    }
    try {
      const args = held.generation === 0 ? [] : ["--if-generation", String(held.generation)];
      const printed = await lines("apply", options, args, ruleLines(wanted));
      const applied = printed.find((line) => "applied" in line);
      return { ...appliedFrom(applied ?? {}), matched, running: wanted.running };
    } catch (error) {
      const isLate = error instanceof TraceInputError && error.message.startsWith("the rules have changed");
      if (!isLate || attempt === ATTEMPTS) throw error;
    }
  }
}

async function lines(
  command: string,
  options: TraceOptions,
  args: readonly string[] = [],
  input?: string,
): Promise<Line[]> {
  const found: Line[] = [];
  await runLines({
    program: await controller(options),
    args: [...args, command, traceDirectory(options.directory)],
    signal: options.signal,
    onWarning: options.onWarning,
    onLine: (line) => found.push(line),
    ...(input !== undefined && { input }),
  });
  return found;
}

function expectWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new TraceInputError(`a ${name} is a whole number from ${least} to ${most}, not ${value}`);
}
