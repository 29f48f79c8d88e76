import { COMMAND_BITS, COMMAND_NAMES } from "../../native/js/membarrier-bits.js";
import { EnvironmentError } from "../../spec/tlc/base/errors.js";
import type { EndedEarly } from "../base/interrupted.js";
import type { Tap, TapTest } from "./tap.js";

/** How a kernel compares with the specification. The worst of what was found; a gap is one that a claim declares. */
export type KernelVerdict = "conforms" | "gap" | "inconclusive" | "unavailable" | "differs";

/** A graph of the specification, and how much of it was walked. */
export interface Walked {
  readonly claim: string;
  readonly taken: number;
  readonly edges: number;
  readonly different: number;
  readonly undecided: number;
}

/** An edge that the kernel does not take as specified. */
export interface Difference {
  readonly test: string;
  /** The state before, in words. */
  readonly before: string;
  readonly call: string;
  readonly expected: string;
  readonly answer: string;
  /** The steps that led to that state. */
  readonly path: readonly string[];
}

/** A command whose promise of order was tried. */
export interface Ordering {
  readonly command: string;
  readonly misses: number;
  readonly rounds: number;
  readonly result: "kept" | "missed" | "gap" | "inconclusive";
  /** The claim of a gap, or why it is inconclusive. */
  readonly why?: string;
}

export interface KernelReport {
  readonly verdict: KernelVerdict;
  /** What QUERY answered, as the program printed it; and each command, empty where there is no call. */
  readonly query: string;
  readonly commands: Readonly<Record<string, boolean>>;
  /** A seccomp filter may answer in the kernel's place. */
  readonly filtered: boolean;
  /** What stood for a CPU that is offline, in words; undefined where no path was walked. */
  readonly offline?: string;
  /** What refuses the call, where something does. */
  readonly unavailable?: string;
  readonly walked: readonly Walked[];
  readonly differences: readonly Difference[];
  readonly undecided: readonly { readonly test: string; readonly why: string }[];
  readonly ordering: readonly Ordering[];
  /** How often loads missed where QUERY was called instead, per kind of target. */
  readonly witness: readonly string[];
  /** What ended it before all was tried: the rest is what had been found. */
  readonly endedEarly?: EndedEarly;
}

const RANK: readonly KernelVerdict[] = ["conforms", "gap", "inconclusive", "unavailable", "differs"];
const EXITS: Readonly<Record<KernelVerdict, number>> = {
  conforms: 0,
  gap: 0,
  inconclusive: 1,
  unavailable: 3,
  differs: 1,
};

/** The exit code for a verdict: a gap is as a claim declares it. */
export function exitOf(verdict: KernelVerdict): number {
  return EXITS[verdict];
}

/**
 * What the program found out. The verdict is computed from its tests; its own, and its exit code, have to agree.
 *
 * @throws EnvironmentError when they don't
 */
export function reportOf(tap: Tap, exitCode: number | undefined): KernelReport {
  const report = judged(tap);
  const said = tap.notes.find(([name]) => name === "verdict")?.[1];
  if (said !== report.verdict || exitCode !== EXITS[report.verdict])
    throw new EnvironmentError(
      `the program that asks the kernel says "${said}" and ends with ${exitCode}, but its tests say "${report.verdict}"`,
    );
  return report;
}

/** What it had found out when it was ended: what was not tried by then is not certain. */
export function reportSoFar(tap: Tap, endedEarly: EndedEarly): KernelReport {
  return { ...judged(tap, ["inconclusive"]), endedEarly };
}

function judged(tap: Tap, more: readonly KernelVerdict[] = []): KernelReport {
  const noted = (key: string): string[] => tap.notes.flatMap(([name, text]) => (name === key ? [text] : []));
  const query = noted("query")[0] ?? "unknown";
  const [unavailable] = noted("unavailable");
  const [offline] = noted("offline");
  const walked = noted("walked").map(walkedOf);
  const ordering = tap.tests.flatMap(orderingOf);
  const found: KernelVerdict[] = [
    ...more,
    ...tap.tests.map(({ result }) =>
      result === "passed" ? "conforms" : result === "failed" ? "differs" : result,
    ),
    ...(unavailable === undefined ? [] : ["unavailable" as const]),
    // Nothing was tried: nothing is certain.
    ...(tap.tests.length === 0 ? ["inconclusive" as const] : []),
    ...walked.map(({ taken, edges }): KernelVerdict => (taken === edges ? "conforms" : "inconclusive")),
  ];
  const verdict = found.reduce((worst, next) => (RANK.indexOf(next) > RANK.indexOf(worst) ? next : worst));
  const mask = /^(?:0x)?[0-9a-f]+$/.test(query) ? Number(query) : undefined;
  return {
    verdict,
    query,
    commands:
      mask === undefined
        ? {}
        : Object.fromEntries(COMMAND_NAMES.map((name) => [name, (mask & COMMAND_BITS[name]) !== 0])),
    filtered: noted("filter").length > 0,
    ...(unavailable !== undefined && { unavailable }),
    ...(offline !== undefined && { offline }),
    walked,
    differences: tap.tests.flatMap(differenceOf),
    undecided: tap.tests.flatMap(({ name, result, why }) =>
      result === "inconclusive" && !isOrdering(name) ? [{ test: name, why: why ?? "" }] : [],
    ),
    ordering,
    witness: noted("witness"),
  };
}

function walkedOf(text: string): Walked {
  const match = /^(\S+) (\d+) of (\d+) edges, (\d+) different, (\d+) undecided$/.exec(text);
  if (match === null) throw new EnvironmentError(`the program that asks the kernel walked "${text}"`);
  const [taken, edges, different, undecided] = match.slice(2).map(Number) as [number, number, number, number];
  return { claim: match[1] ?? "", taken, edges, different, undecided };
}

const isOrdering = (name: string): boolean => name.startsWith("ordering");

function differenceOf({ name, result, details }: TapTest): Difference[] {
  if (result !== "failed" || isOrdering(name)) return [];
  const detail = (key: string): string => details.get(key) ?? "unknown";
  const path = (details.get("path") ?? "").split("; ").map((step) => step.replace(/;$/, ""));
  return [
    {
      test: name,
      before: detail("before"),
      call: detail("call"),
      expected: detail("expected"),
      answer: detail("answer"),
      path: path.filter((step) => step !== ""),
    },
  ];
}

function orderingOf({ name, result, why }: TapTest): Ordering[] {
  if (!isOrdering(name)) return [];
  const match = /^ordering (.*): both loads missed in (\d+) of (\d+) rounds$/.exec(name);
  return [
    {
      command: match?.[1] ?? "any",
      misses: Number(match?.[2] ?? 0),
      rounds: Number(match?.[3] ?? 0),
      result: result === "passed" ? "kept" : result === "failed" ? "missed" : result,
      ...(why !== undefined && { why }),
    },
  ];
}
