import { BadInputError } from "../../spec/tlc/base/errors.js";
import { requireClaims } from "../../spec/tlc/claim/asked-claims.js";
import { type Claim, namesOf } from "../../spec/tlc/claim/claim.js";
import { checkClaims } from "../../spec/tlc/decide/check.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import { cores } from "../base/cores.js";
import type { Progress } from "../base/terminal.js";
import type { ReplayFailure } from "../contract/result.js";
import type { StoredPlan } from "../plan/store.js";
import { drivesModule, type Mutant, type Target, type TestOutcome } from "../targets/target.js";
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

/** Runs every mutant against its suite: replay along the plans, a test, or the claim about the same change. */
export async function mutantMatrix(
  plans: readonly StoredPlan[],
  options: MatrixOptions,
): Promise<MutantRow[]> {
  const { progress } = options;
  const candidates = await listCandidates(options.targets);
  const decided = await decideClaims(candidates, options);
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  let done = 0;
  const attempt = async (candidate: Candidate): Promise<MutantRow> => {
    const { mutant } = candidate;
    const line = `Mutants   ${done} of ${candidates.length}   ${candidate.target.name} ${mutant.name}`;
    progress.update([line], line);
    const declared = suiteOf(mutant);
    const seen = declared === "replay" ? await replayCandidate(candidate, plans, signal) : undefined;
    const test = await declaredTest(candidate, signal);
    const claim = decided.get(candidate);
    const killed = {
      replay: seen !== undefined,
      test: test?.failed === true,
      claim: claim?.violated === true,
    };
    done++;
    return mutantRow(candidate, { seen, test, claim }, killed[declared] ? declared : null);
  };
  const rows = await inTurns(candidates, cores(), attempt, () => failed.abort());
  progress.done();
  return rows;
}

/** How replay sees a mutant. */
export interface Seen {
  readonly stored: StoredPlan;
  readonly failure: ReplayFailure;
}

/**
 * Drives a mutant, or an implementation as it is, along each of the plans that are for it, up to its first failure;
 * undefined when it follows all of them.
 */
export async function replayCandidate(
  { target, mutant }: Pick<Candidate, "target"> & { readonly mutant?: Pick<Mutant, "name"> | undefined },
  plans: readonly StoredPlan[],
  signal: AbortSignal,
): Promise<Seen | undefined> {
  for (const stored of plans.filter(({ plan }) => drivesModule(target, plan.module))) {
    const { failure } = await target.replay(stored.plan, {
      ...(mutant !== undefined && { mutant: mutant.name }),
      signal,
    });
    if (failure !== undefined) return { stored, failure };
  }
  return undefined;
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
async function decideClaims(candidates: readonly Candidate[], options: MatrixOptions) {
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
