import { BadInputError, throwIfInterrupted } from "../../spec/tlc/base/errors.js";
import { requireClaims } from "../../spec/tlc/claim/asked-claims.js";
import { type Claim, namesOf } from "../../spec/tlc/claim/claim.js";
import { checkClaims } from "../../spec/tlc/decide/check.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import { cores } from "../base/cores.js";
import { unlessInterrupted } from "../base/interrupted.js";
import type { Progress } from "../base/terminal.js";
import type { ReplayFailure } from "../contract/result.js";
import type { StoredPlan } from "../plan/store.js";
import type { Mutant, Target, TestOutcome } from "../targets/target.js";
import { isCertain, replayCandidate, type Seen } from "./replay-candidate.js";
import { inTurns } from "./turns.js";

/** A mutant and its result in each suite. */
export interface MutantRow {
  /** Name of the implementation. */
  readonly target: string;
  readonly name: string;
  readonly changes: string;
  /** The suite that must kill it: replay or, where replay can't see it, a test or a claim (weak memory). */
  readonly declared: Suite;
  /** How replay saw it; undefined when it survived, or did not run because replay can't see it. */
  readonly failure?: ReplayFailure;
  /** Of the machine's time, the share that others had, where that may be why it seemed to hang: it is not certain. */
  readonly others?: number;
  /** The claim whose plan it failed on. */
  readonly plan?: string;
  /** The room's own test that is declared to kill it, and whether that test failed, as it should. */
  readonly test?: TestOutcome;
  /** The claim about the same change in the specification. */
  readonly claim?: DecidedClaim;
  readonly killedBy: Suite | null;
}

/** What TLC made of a claim about a mutant. */
export interface DecidedClaim {
  readonly id: string;
  /** As it declares. */
  readonly asDeclared: boolean;
  /** It is violated, and declares that: only then it kills the mutant. What it says may hold all the same. */
  readonly violated: boolean;
}

/** What TLC made of the claims about mutants, by the mutant. */
type DecidedClaims = ReadonlyMap<Candidate, DecidedClaim>;

/** What can kill a mutant. */
export type Suite = "replay" | "test" | "claim";

export interface MatrixOptions {
  readonly specRoot: string;
  readonly tools: Tools;
  readonly targets: readonly Target[];
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly cache: boolean;
}

/** A mutant of an implementation. */
export interface Candidate {
  readonly target: Target;
  readonly mutant: Mutant;
}

/** The suite that must kill a mutant. */
export function suiteOf({ killer }: Mutant): Suite {
  return killer === "replay" ? "replay" : "test" in killer ? "test" : "claim";
}

/** Rows of mutants. */
export interface MutantRows {
  readonly rows: readonly MutantRow[];
  /** Those that it was ended before: nothing is known of them. */
  readonly untried: readonly MutantRow[];
}

/**
 * Runs every mutant against its suite: replay along the plans, a test, or the claim about the same change. When the
 * signal ends it, it returns what has been found by then.
 */
export async function mutantMatrix(
  plans: readonly StoredPlan[],
  options: MatrixOptions,
): Promise<MutantRows> {
  const { progress } = options;
  const candidates = await listCandidates(options.targets);
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  let done = 0;
  const rows = new Map<Candidate, MutantRow>();
  const attempt = async (candidate: Candidate, decided: DecidedClaims): Promise<void> => {
    const { mutant } = candidate;
    const line = `Mutants   ${done} of ${candidates.length}   ${candidate.target.name} ${mutant.name}`;
    progress.update([line], line);
    const declared = suiteOf(mutant);
    const seen = declared === "replay" ? await replayCandidate(candidate, plans, signal) : undefined;
    const test = await declaredTest(candidate, signal);
    // What was cut short does not survive.
    throwIfInterrupted(options.signal);
    const claim = decided.get(candidate);
    const killed = {
      replay: isCertain(seen),
      test: test?.failed === true,
      claim: claim?.violated === true,
    };
    done++;
    rows.set(candidate, mutantRow(candidate, { seen, test, claim }, killed[declared] ? declared : null));
  };
  await unlessInterrupted(options.signal, async () => {
    const decided = await decideClaims(candidates, options);
    await inTurns(
      candidates,
      cores(),
      (candidate) => attempt(candidate, decided),
      () => failed.abort(),
    );
  });
  progress.done();
  return rowsSoFar(candidates, rows);
}

/** What is known of some mutants, in their order. */
export function rowsSoFar(
  candidates: readonly Candidate[],
  rows: ReadonlyMap<Candidate, MutantRow>,
): MutantRows {
  return {
    rows: candidates.flatMap((candidate) => rows.get(candidate) ?? []),
    untried: candidates.flatMap((candidate) => (rows.has(candidate) ? [] : mutantRow(candidate, {}, null))),
  };
}

/** The test that must kill a mutant, run on it; undefined where it is for another suite to kill. */
export async function declaredTest(
  { target, mutant }: Candidate,
  signal: AbortSignal,
): Promise<TestOutcome | undefined> {
  return suiteOf(mutant) === "test" ? await target.testMutant(mutant.name, signal) : undefined;
}

/** A mutant's row, from what the suites that were run made of it. */
export function mutantRow(
  { target, mutant }: Candidate,
  { seen, test, claim }: Pick<MutantRow, "test" | "claim"> & { readonly seen?: Seen | undefined },
  killedBy: Suite | null,
): MutantRow {
  return {
    ...{ target: target.name, name: mutant.name, changes: mutant.changes, declared: suiteOf(mutant) },
    ...(seen && { failure: seen.failure, plan: seen.stored.claim }),
    ...(seen?.others !== undefined && { others: seen.others }),
    ...(test && { test }),
    ...(claim && { claim }),
    killedBy,
  };
}

/** The mutants of some implementations, in the order of their tables. */
export async function listCandidates(targets: readonly Target[]): Promise<Candidate[]> {
  const lists = await Promise.all(
    targets.map(async (target) => (await target.mutants()).map((mutant) => ({ target, mutant }))),
  );
  return lists.flat();
}

/** The claims that may be about a mutant, best first: the one declared with it, or one with its name. */
export function claimsOf({ name, killer }: Mutant): readonly string[] {
  return killer !== "replay" && "claim" in killer
    ? [killer.claim]
    : [`rcu/Urcu-${name}`, `rcu/number-${name}`];
}

/** Lets TLC decide the claims that mutants point to. A sweep counts as violated when one of its rows is. */
async function decideClaims(
  candidates: readonly Candidate[],
  options: MatrixOptions,
): Promise<DecidedClaims> {
  const claims = await requireClaims(["rcu"], options.specRoot);
  const rowsOf = (id: string): Claim[] =>
    claims.filter(
      (claim) =>
        claim.set === "ci" && namesOf(claim.id).some((name) => name === id || name.startsWith(`${id}.`)),
    );
  const chosen = new Map<Candidate, string>();
  for (const candidate of candidates) {
    const id = claimsOf(candidate.mutant).find((name) => rowsOf(name).length > 0);
    if (id !== undefined) chosen.set(candidate, id);
    else {
      const { name, killer } = candidate.mutant;
      if (killer !== "replay" && "claim" in killer)
        throw new BadInputError(`the mutant ${name} names the claim ${killer.claim}, which does not exist`);
    }
  }
  const wanted = [...new Set(chosen.values())].flatMap(rowsOf);
  const line = `Mutants   deciding ${wanted.length} claims about them`;
  options.progress.update([line], line);
  const results = await checkClaims(wanted, options.tools, { signal: options.signal, cache: options.cache });
  const verdict = (id: string): DecidedClaim => {
    const own = results.filter(({ claim }) => rowsOf(id).includes(claim));
    const found = own.some((r) => r.verdict === "violated" || r.verdict === "allowed");
    const asDeclared = own.every((r) => r.asDeclared);
    return { id, asDeclared, violated: found && asDeclared };
  };
  return new Map([...chosen].map(([candidate, id]) => [candidate, verdict(id)] as const));
}
