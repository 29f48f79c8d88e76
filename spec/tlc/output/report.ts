import { EC } from "./codes.js";
import { type ActionCount, readActions } from "./coverage.js";
import type { SourceLocation } from "./location.js";
import { LINES_LEFT_OUT, type TlcMessage, UNFRAMED } from "./messages.js";
import { joinPrinted } from "./printed.js";
import { readProblem, type SpecProblem, tidy } from "./problems.js";
import { isAboutEnabled, type PropertyUse, readEnabled } from "./property-use.js";
import { readSany, withFile } from "./sany.js";
import { readState, readTrace, TRACE_CODES, type Trace } from "./trace.js";
import { readViolation, VIOLATION_CODES, type Violation } from "./violation.js";

/** What a run of TLC said, as far as it got. It is not a verdict: that needs the exit code and the claim, too. */
export interface TlcReport {
  /** TLC's version: `2.18`. */
  readonly version?: string;
  /** TLC said that it finished the search and found no error. */
  readonly success: boolean;
  /** The first property found violated. */
  readonly violated?: Violation;
  /** What stopped TLC from giving a verdict. */
  readonly errors: readonly SpecProblem[];
  /** The behaviour that TLC printed for the violation, or up to the error. */
  readonly trace?: Trace;
  /** The final count of states; TLC gives none for a violation in an initial state. */
  readonly statistics?: TlcStatistics;
  /** How often each action was taken, where TLC was told to count it. */
  readonly actions?: readonly ActionCount[];
  /** Which properties are ever put to the test, where TLC was told to look. */
  readonly uses?: readonly PropertyUse[];
  /** Whether any behaviour is as fair as the specification demands, where TLC was asked in a run of its own. */
  readonly behaves?: boolean;
  /** Liveness was checked under symmetry, which is unsound. */
  readonly symmetryWithLiveness: boolean;
  /** The greater of TLC's estimates that two states had the same fingerprint, so that states were left out. */
  readonly collisionProbability?: number;
  /** The output breaks off: a frame has no end, or TLC did not say that it finished. */
  readonly truncated: boolean;
  /** What the specification printed (PrintT, Print), one value an element. */
  readonly printed: readonly string[];
  /** How many lines of that were not kept. */
  readonly printedLeftOut?: number;
}

/** Counts of states: generated, distinct, still to be examined; the greatest length of a shortest path. */
export interface TlcStatistics {
  readonly generated: number;
  readonly distinct: number;
  readonly queue: number;
  readonly depth?: number;
}

/** How far a run has come. */
export interface TlcProgress {
  readonly generated: number;
  readonly distinct: number;
  readonly queue: number;
  readonly depth: number;
}

const count = (text: string | undefined): number => Number((text ?? "").replaceAll(",", ""));
const COUNTS =
  /([\d,]+) states generated.*?, ([\d,]+) distinct states found.*?, ([\d,]+) states left on queue/s;

/** Reads a progress message (2200); undefined for any other message. */
export function readProgress(message: TlcMessage): TlcProgress | undefined {
  if (message.code !== EC.TLC_PROGRESS_STATS) return undefined;
  const counts = COUNTS.exec(message.text);
  const depth = /^Progress\((\d+)\)/.exec(message.text);
  if (counts === null || depth === null) return undefined;
  return {
    generated: count(counts[1]),
    distinct: count(counts[2]),
    queue: count(counts[3]),
    depth: Number(depth[1]),
  };
}

/** Severities of messages: 1 is an error, 2 a bug of TLC. */
const isError = (m: TlcMessage): boolean => m.severity === 1 || m.severity === 2;
/** Errors that only introduce others: parsing failed, the behaviour is, the state is, the nested expressions are. */
const INTRODUCTIONS: ReadonlySet<number> = new Set([
  EC.TLC_PARSING_FAILED,
  EC.TLC_PARSING_FAILED2,
  EC.TLC_NESTED_EXPRESSION,
  EC.TLC_ERROR_STATE,
  EC.TLC_BEHAVIOR_UP_TO_THIS_POINT,
  EC.TLC_COUNTER_EXAMPLE,
]);

/**
 * Reads everything that a run of TLC said. Unreadable traces become errors of kind `internal`, never exceptions.
 * `places` says where modules are now, by name, for a run that read them elsewhere.
 */
export function readReport(
  messages: readonly TlcMessage[],
  places: ReadonlyMap<string, string> = new Map(),
): TlcReport {
  const at = (code: number) => messages.find((m) => m.code === code && !m.nested);
  const sany = readSany(unframed(messages, EC.TLC_SANY_START, EC.TLC_SANY_END));
  const files = new Map([...sany.files, ...places]);
  const stack = at(EC.TLC_NESTED_EXPRESSION);
  // An Assert that fails inside of an invariant, say, makes the invariant's evaluation fail (exit code 76).
  const violation = messages.find((m) => VIOLATION_CODES.has(m.code) && !m.nested);
  const violated = violation && readViolation(violation, stack);

  const failures = messages.filter(
    (m) => isError(m) && !m.nested && !INTRODUCTIONS.has(m.code) && !VIOLATION_CODES.has(m.code),
  );
  // The stack belongs to the error that came last before it.
  const explained = stack && failures.filter((m) => messages.indexOf(m) < messages.indexOf(stack)).at(-1);
  const errors = [
    ...sany.problems,
    ...failures.map((m) => readProblem(m, m === explained ? stack : undefined)),
    ...crashes(messages),
  ].map((problem) => locate(problem, files));
  if (errors.length === 0 && (at(EC.TLC_PARSING_FAILED) ?? at(EC.TLC_PARSING_FAILED2)) !== undefined) {
    errors.push({
      kind: "parse",
      message: (at(EC.TLC_PARSING_FAILED2) ?? at(EC.TLC_PARSING_FAILED))?.text ?? "",
    });
  }

  let trace: Trace | undefined;
  try {
    trace = traceOf(messages, violation);
  } catch (error) {
    errors.push({ kind: "internal", message: error instanceof Error ? error.message : String(error) });
  }
  const statistics = readStatistics(messages);
  const actions = readActions(messages)?.map((action) => locate(action, files));
  const uses = readEnabled(messages)?.map((use) => locate(use, files));
  const version = /Version (\S+)/.exec(at(EC.TLC_VERSION)?.text ?? "")?.[1];
  const collisionProbability = readCollisions(at(EC.TLC_SUCCESS)?.text ?? "");
  const leftOut = at(LINES_LEFT_OUT)?.text;
  return {
    ...(version !== undefined && { version }),
    success: at(EC.TLC_SUCCESS) !== undefined && violated === undefined && errors.length === 0,
    ...(violated && { violated: locate(violated, files) }),
    errors,
    ...(trace && { trace }),
    ...(statistics && { statistics }),
    ...(actions && { actions }),
    ...(uses && { uses }),
    symmetryWithLiveness: at(EC.TLC_FEATURE_UNSUPPORTED_LIVENESS_SYMMETRY) !== undefined,
    ...(collisionProbability !== undefined && { collisionProbability }),
    truncated: at(EC.TLC_FINISHED) === undefined || messages.some((m) => m.truncated),
    printed: joinPrinted(unframed(messages, EC.TLC_STARTING, EC.TLC_FINISHED)),
    ...(leftOut !== undefined && { printedLeftOut: Number(leftOut) }),
  };
}

/** The lines outside of frames between two messages. */
function unframed(messages: readonly TlcMessage[], from: number, to: number): string[] {
  const start = messages.findIndex((m) => m.code === from);
  if (start < 0) return [];
  const end = messages.findIndex((m, i) => i > start && m.code === to);
  return messages
    .slice(start, end < 0 ? undefined : end)
    .flatMap((m) => (m.code === UNFRAMED && !isAboutEnabled(m) ? m.text : []));
}

/** Exceptions that Java printed by itself, outside of TLC's frames; a frame glued to one is its cause. */
function crashes(messages: readonly TlcMessage[]): SpecProblem[] {
  return messages.flatMap((m, i): SpecProblem[] => {
    if (m.code !== UNFRAMED || !/^(Exception in thread|java\.lang\.\w*Error)/.test(m.text)) return [];
    const next = messages[i + 1];
    if (next !== undefined && next.code !== UNFRAMED && m.text.endsWith(": ")) {
      return isError(next) ? [] : [readProblem(next)];
    }
    if (m.text.includes("StackOverflow")) return [readProblem(m)];
    const message = tidy(m.text) || "TLC itself failed";
    return [{ kind: m.text.includes("OutOfMemory") ? "memory" : "internal", message }];
  });
}

function locate<T extends { location?: SourceLocation; context?: readonly SourceLocation[] }>(
  problem: T,
  files: ReadonlyMap<string, string>,
): T {
  const location = withFile(problem.location, files);
  const context = problem.context?.map((l) => withFile(l, files) ?? l);
  return { ...problem, ...(location && { location }), ...(context && { context }) };
}

/** The first trace; for a violation by an initial state, it is that state, which is in the message. */
function traceOf(messages: readonly TlcMessage[], violation: TlcMessage | undefined): Trace | undefined {
  if (
    violation?.code === EC.TLC_INVARIANT_VIOLATED_INITIAL ||
    violation?.code === EC.TLC_PROPERTY_VIOLATED_INITIAL
  ) {
    const variables = readState(violation.text.slice(violation.text.indexOf("\n") + 1));
    return { states: [{ number: 1, variables }], end: { kind: "finite" } };
  }
  const start = messages.findIndex((m) => TRACE_CODES.has(m.code));
  if (start < 0) return undefined;
  const after = messages.findIndex((m, i) => i > start && !TRACE_CODES.has(m.code) && m.code !== UNFRAMED);
  const states = messages.slice(start, after < 0 ? undefined : after).filter((m) => TRACE_CODES.has(m.code));
  return readTrace(states.filter((m) => !m.truncated));
}

function readStatistics(messages: readonly TlcMessage[]): TlcStatistics | undefined {
  const counts = COUNTS.exec(messages.findLast((m) => m.code === EC.TLC_STATS)?.text ?? "");
  if (counts === null) return readDepthFirst(messages);
  const depth = /search is (\d+)/.exec(
    messages.findLast((m) => m.code === EC.TLC_SEARCH_DEPTH)?.text ?? "",
  )?.[1];
  return {
    generated: count(counts[1]),
    distinct: count(counts[2]),
    queue: count(counts[3]),
    ...(depth !== undefined && { depth: Number(depth) }),
  };
}

/** The counts of a depth-first search, which has no queue. */
function readDepthFirst(messages: readonly TlcMessage[]): TlcStatistics | undefined {
  const text = messages.findLast((m) => m.code === EC.TLC_STATS_DFID)?.text ?? "";
  const counts = /([\d,]+) states generated, ([\d,]+) distinct states found/.exec(text);
  return counts === null ? undefined : { generated: count(counts[1]), distinct: count(counts[2]), queue: 0 };
}

function readCollisions(text: string): number | undefined {
  const estimates = [...text.matchAll(/val = ([\d.E+-]+)/g)].map((m) => Number(m[1]));
  return estimates.length === 0 ? undefined : Math.max(...estimates);
}
