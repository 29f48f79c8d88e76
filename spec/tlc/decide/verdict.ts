import type { Limits } from "../base/limits.js";
import { boundOf, type ClaimRun } from "../claim/claim-run.js";
import { type DeclaredVerdict, oneOf } from "../claim/claim-verdict.js";
import type { Config } from "../claim/config.js";
import type { TlcReport } from "../output/report.js";
import type { Violation } from "../output/violation.js";
import { OUT_OF_MEMORY } from "../tools/jvm.js";

/** What TLC decided about a claim. */
export type Verdict = Exclude<DeclaredVerdict["verdict"], "undeclared"> | "inconclusive";

/** What matters of how a claim was run: its limits, a bounded search, and how many workers found what they found. */
export type Ran = Limits & Pick<ClaimRun, "mode" | "workers">;

/** A verdict, and how it compares with the declaration. */
export interface Decision {
  readonly verdict: Verdict;
  readonly asDeclared: boolean;
  /** Why it is inconclusive, or how it differs from the declaration. */
  readonly reason?: string;
}

/** What a decision needs to know about a run. */
export interface Evidence {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly timedOut: boolean;
  readonly report: TlcReport;
  /** The modules assume something (ASSUME), which alone is what a model without a behaviour claims. */
  readonly assumes?: boolean;
  /** The operator by which TLC has chosen: it has seen some behaviours, and nobody knows which. */
  readonly chance?: string | undefined;
}

/** The exit code that TLC must have ended with for each kind of violation. */
const EXIT_CODES: Readonly<Record<Violation["kind"], number>> = {
  assumption: 10,
  postcondition: 10,
  deadlock: 11,
  invariant: 12,
  action: 13,
  temporal: 13,
  assertion: 14,
};

/** What can be violated without having a name. */
const NAMELESS: ReadonlySet<string> = new Set(["deadlock", "assertion", "assumption"]);

/** What TLC's other exit codes mean, in words. */
const FAILURES: ReadonlyMap<number, string> = new Map([
  [1, "TLC does not know an option, or does not run at all"],
  [75, "a part of the specification can't be evaluated"],
  [76, "an invariant can't be evaluated"],
  [77, "a temporal property can't be evaluated"],
  [150, "the specification does not parse"],
  [151, "the configuration does not parse"],
  [153, "TLC has no room for states"],
]);

/** What TLC found: nothing wrong, a property violated, or nothing that counts. */
type Finding =
  | { readonly kind: "holds" | "none-found" }
  | { readonly kind: "violated"; readonly violation: Violation }
  | { readonly kind: "inconclusive"; readonly reason: string };

/**
 * Decides a claim. A verdict needs TLC's exit code and its messages to agree; all else is inconclusive. A claim is as
 * declared only if the verdict, the violated property and, where declared, the number of distinct states are. `ran` has
 * the limits that the run had, since a reason says which one was reached. What is undeclared is never as declared.
 */
export function decide(
  declared: DeclaredVerdict,
  config: Config,
  evidence: Evidence,
  ran: Ran = {},
): Decision {
  const finding = find(evidence, config, ran);
  if (finding.kind === "inconclusive") {
    return { verdict: "inconclusive", asDeclared: false, reason: finding.reason };
  }
  const verdict = inVocabulary(declared, finding);
  if (declared.verdict === "undeclared") {
    if (finding.kind !== "violated") {
      const bounds = boundsOf(config);
      return { verdict, asDeclared: false, ...(bounds !== undefined && { reason: `${verdict}; ${bounds}` }) };
    }
    const name = nameOf(finding.violation, config);
    return {
      verdict,
      asDeclared: false,
      reason: shown(name === undefined ? finding.violation : { ...finding.violation, name }),
    };
  }
  const reason =
    wrongVerdict(declared, config, verdict, finding, ran, evidence.chance) ??
    (finding.kind === "violated" ? wrongProperty(declared, config, finding.violation) : undefined) ??
    // Several workers find a violation after another number of states each time, and so does chance.
    (evidence.chance !== undefined || (finding.kind === "violated" && (ran.workers ?? 1) !== 1)
      ? undefined
      : wrongCounts(declared, evidence.report));
  return reason === undefined ? { verdict, asDeclared: true } : { verdict, asDeclared: false, reason };
}

/** What a configuration keeps TLC from looking at, which a header's sentence would say. */
function boundsOf({ view, constraints }: Config): string | undefined {
  const bounds = [
    ...(view === undefined ? [] : [`of states that VIEW ${view} does not tell apart, one was looked at`]),
    ...(constraints.length === 0 ? [] : [`what ${constraints.join(", ")} cuts off was not looked at`]),
  ];
  return bounds.length === 0 ? undefined : bounds.join(", and ");
}

function find(evidence: Evidence, config: Config, ran: Ran): Finding {
  const { exitCode, signal, timedOut, report } = evidence;
  const { timeoutMs, memoryMiB, mode } = ran;
  const inconclusive = (reason: string): Finding => ({ kind: "inconclusive", reason });
  const { violated, success, statistics } = report;
  if (timedOut) {
    const limit = timeoutMs === undefined ? "the time limit" : `${timeoutMs / 1000} s`;
    // TLC goes on to the other assumptions, which change nothing: what is assumed is false.
    if (violated?.kind === "assumption" && report.errors.length === 0)
      return { kind: "violated", violation: violated };
    if (violated === undefined) return inconclusive(`not decided within ${limit}`);
    return inconclusive(`TLC says that ${shown(violated)}, but did not end within ${limit}`);
  }
  const outOfMemory = exitCode === OUT_OF_MEMORY || report.errors.some((error) => error.kind === "memory");
  if (outOfMemory)
    return inconclusive(`TLC ran out of memory${memoryMiB === undefined ? "" : ` (${memoryMiB} MiB)`}`);
  if (signal !== undefined) return inconclusive(`TLC was ended by ${signal}`);
  if (exitCode === undefined) return inconclusive("TLC could not be started");
  const [error] = report.errors;
  if (error !== undefined) return inconclusive(error.message || "TLC reports an error");
  const failure = FAILURES.get(exitCode);
  if (failure !== undefined) return inconclusive(failure);
  if (report.symmetryWithLiveness)
    return inconclusive("liveness was checked under symmetry, which is unsound");
  if (report.truncated) return inconclusive("TLC's output breaks off");
  if (violated !== undefined) {
    const expected = EXIT_CODES[violated.kind];
    if (exitCode === expected) return { kind: "violated", violation: violated };
    return inconclusive(
      `TLC says that ${shown(violated)}, but ended with exit code ${exitCode}, not ${expected}`,
    );
  }
  if (exitCode !== 0) return inconclusive(`TLC ended with exit code ${exitCode} and does not say why`);
  // Such a search ends without a word on what it did not see.
  if (mode !== undefined && statistics?.distinct !== 0) return { kind: "none-found" };
  if (!success) return inconclusive("TLC ended normally, but does not say that it found no error");
  if (statistics === undefined) return inconclusive("TLC does not say how many states it found");
  if (statistics.distinct === 0) {
    const reason = withoutStates(config, evidence.assumes === true);
    if (reason !== undefined) return inconclusive(reason);
  }
  if (statistics.queue !== 0)
    return inconclusive(`TLC left ${inWords(statistics.queue, "state")} unexamined`);
  return { kind: evidence.chance === undefined ? "holds" : "none-found" };
}

/**
 * Why nothing is decided although TLC found no error and no state; undefined when there is nothing to decide but what
 * the modules assume, all of which TLC has evaluated.
 */
function withoutStates(config: Config, assumes: boolean): string | undefined {
  const { specification, init, next, invariants, properties, constraints } = config;
  if (specification !== undefined || init !== undefined || next !== undefined)
    return constraints.length === 0
      ? "there is no initial state, so anything would hold"
      : `there is no initial state, or none that ${constraints.join(", ")} lets through, so anything would hold`;
  const unchecked = [...invariants, ...properties];
  if (unchecked.length > 0)
    return `the configuration has no behaviour (SPECIFICATION, or INIT and NEXT), so ${unchecked.join(", ")} is never checked`;
  return assumes
    ? undefined
    : "there is no behaviour (SPECIFICATION, or INIT and NEXT) and no ASSUME, so there is nothing to decide";
}

/** A litmus claim is about an outcome: its invariant says that the outcome does not occur. */
function inVocabulary(
  declared: DeclaredVerdict,
  finding: Exclude<Finding, { kind: "inconclusive" }>,
): Exclude<Verdict, "inconclusive"> {
  const litmus = declared.verdict === "allowed" || declared.verdict === "forbidden";
  if (finding.kind === "none-found") return "none-found";
  if (finding.kind === "holds") return litmus ? "forbidden" : "holds";
  return litmus && finding.kind === "violated" && finding.violation.kind === "invariant"
    ? "allowed"
    : "violated";
}

function wrongVerdict(
  declared: DeclaredVerdict,
  config: Config,
  verdict: Verdict,
  finding: Finding,
  { mode }: Ran,
  chance: string | undefined,
): string | undefined {
  if (verdict === declared.verdict) return undefined;
  const was = `declared ${declared.verdict}`;
  if (finding.kind === "none-found") {
    const where =
      mode !== undefined
        ? ` ${boundOf(mode)}`
        : ` in what ${chance ?? "chance"} has chosen: that is none-found`;
    return `${was}, but no violation was found${where}`;
  }
  if (finding.kind !== "violated")
    return `${was}, but ${verdict === "holds" ? "it holds" : `it is ${verdict}`}`;
  const name = nameOf(finding.violation, config);
  return `${was}, but ${shown(name === undefined ? finding.violation : { ...finding.violation, name })}`;
}

function wrongProperty(declared: DeclaredVerdict, config: Config, violation: Violation): string | undefined {
  const { violates } = declared;
  if (violates === undefined)
    return `the claim does not declare which property is violated: ${shown(violation)}`;
  const names = oneOf(violates);
  if (names.some((one) => one === violation.name || (NAMELESS.has(one) && one === violation.kind)))
    return undefined;
  const name = nameOf(violation, config);
  if (name !== undefined && names.includes(name)) return undefined;
  if (name === undefined && (PROPERTIES.has(violation.kind) || violation.oneOf !== undefined)) {
    const candidates = violation.oneOf ?? config.properties;
    if (candidates.every((one) => names.includes(one))) return undefined;
    return `a ${violation.kind === "temporal" ? "temporal " : ""}property is violated, but TLC does not say which of ${candidates.join(", ")}: give each a claim of its own`;
  }
  return `declared that ${violates} is violated, but ${shown(name === undefined ? violation : { ...violation, name })}`;
}

/** What a PROPERTY of a configuration can be broken as. */
const PROPERTIES: ReadonlySet<Violation["kind"]> = new Set(["temporal", "action"]);

/**
 * Older builds do not name a temporal property, and none names a part of one, as when a refinement is violated; where
 * there is only one property, it is that.
 */
/** What a header declares with Violates for what TLC found; undefined where that has no name. */
export function violatedName(violation: Violation, config: Config): string | undefined {
  return NAMELESS.has(violation.kind) ? violation.kind : nameOf(violation, config);
}

function nameOf(violation: Violation, config: Config): string | undefined {
  if (violation.name !== undefined || !PROPERTIES.has(violation.kind)) return violation.name;
  return config.properties.length === 1 ? config.properties[0] : undefined;
}

/** What a run found violated, by the name that the configuration has for it where that is certain. */
export function violatedIn(config: Config, { violated }: TlcReport): Violation | undefined {
  const name = violated && nameOf(violated, config);
  return violated && name !== undefined ? { ...violated, name } : violated;
}

function wrongCounts(declared: DeclaredVerdict, { statistics }: TlcReport): string | undefined {
  const counts = [
    [declared.states, statistics?.distinct, "distinct state"],
    [declared.generated, statistics?.generated, "generated state"],
    [declared.depth, statistics?.depth, "depth"],
  ] as const;
  for (const [expected, found, what] of counts) {
    if (expected === undefined || found === expected) continue;
    const depth = what === "depth";
    const was = `declared ${depth ? `depth ${expected}` : inWords(expected, what)}`;
    const is = `${depth ? "it is" : "there are"} ${found?.toLocaleString("en-US")}`;
    return `${was}, but ${found === undefined ? "TLC gives no count" : is}`;
  }
  return undefined;
}

function shown({ kind, name, oneOf: candidates, location, message }: Violation): string {
  const at = location?.module === undefined ? "" : ` in line ${location.line} of ${location.module}`;
  if (name === undefined && candidates !== undefined) return `one of ${candidates.join(", ")} is violated`;
  switch (kind) {
    case "deadlock":
      return "a deadlock is reached";
    case "assertion":
      return `an assertion fails${at}${message === undefined ? "" : `: ${message}`}`;
    case "assumption":
      return name === undefined ? `an assumption${at} is false` : `the assumption ${name} is false`;
    case "temporal":
      return name === undefined ? "a temporal property is violated" : `${name} is violated`;
    default:
      return `${name ?? "a property"} is violated`;
  }
}

function inWords(count: number, what: string): string {
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
}
