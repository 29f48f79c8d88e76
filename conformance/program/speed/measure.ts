import { BadInputError, Interrupted, throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { readConfig } from "../../../spec/tlc/claim/config.js";
import { chanceIn, closeModules, hasAssumption } from "../../../spec/tlc/claim/modules.js";
import { type ClaimResult, checkClaims } from "../../../spec/tlc/decide/check.js";
import { decide, type Verdict } from "../../../spec/tlc/decide/verdict.js";
import { type Residents, withResidents } from "../../../spec/tlc/resident/residents.js";
import { runPlainTlc } from "../../../spec/tlc/run/plain.js";
import { findTools, type Tools } from "../../../spec/tlc/tools/tools.js";
import { type EndedEarly, unlessInterrupted, withTimeLimit } from "../../base/interrupted.js";

/** What is measured, and how often. */
export interface SpeedRequest {
  readonly claims: readonly Claim[];
  readonly tools: Tools;
  readonly rounds: number;
  /** Runs of TLC that Quiesce starts in parallel. */
  readonly parallel: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Seconds for all of it; without any, it may take as long as it takes. */
  readonly timeLimit?: number | undefined;
  /** Called with each claim that was decided both ways. */
  readonly onPair?: (pair: Pair) => void;
  /** Called with what is running, and how many runs of either kind are over. */
  readonly onProgress?: (progress: SpeedProgress) => void;
}

export interface SpeedProgress {
  readonly who: "Quiesce" | "plain TLC";
  readonly claim: string;
  readonly done: number;
  readonly of: number;
}

/** Seconds of wall time that all claims took, once. */
export interface Round {
  readonly quiesce: number;
  readonly plain: number;
}

/** What either of the two found about a claim. */
export interface Answer {
  readonly verdict: Verdict;
  readonly states: number;
  readonly generated: number;
  readonly seconds: number;
}

/** A claim decided both ways, in the last round. */
export interface Pair {
  readonly claim: Claim;
  readonly quiesce: Answer;
  readonly plain: Answer;
  /** In any round: how they differ, or how Quiesce's differs from what is declared. */
  readonly problem?: string;
}

export interface Speed {
  readonly rounds: readonly Round[];
  readonly pairs: readonly Pair[];
  /** How many claims were to be decided. */
  readonly asked: number;
  /**
   * It ended before all was measured: the rounds are those that were whole or, if none was, what was measured of the
   * first, and the claims those that were decided both ways.
   */
  readonly endedEarly?: EndedEarly;
}

/** Batches are long enough that the idle time at the end of each does not matter. */
const BATCH_PER_RUN = 12;

/**
 * Decides the claims with Quiesce, in parallel and without its cache, and with plain TLC, one after another. The two
 * take turns, batch by batch, and each goes first in half of them, so whatever else the machine is doing slows down
 * both. Each batch has small and large claims. When it is interrupted, or its time is over, it returns what has been
 * measured by then; throws Interrupted before the first batch was decided both ways.
 */
export async function measureSpeed(request: SpeedRequest): Promise<Speed> {
  // As in a check of all of them, Java processes stay from batch to batch.
  const { signal, ended } = withTimeLimit(request.signal, request.timeLimit);
  const measured: Measured = { rounds: [], partOfRound: { quiesce: 0, plain: 0 }, pairs: new Map() };
  const whole = await unlessInterrupted(signal, async () => {
    await withResidents(request.tools, (residents) =>
      measureRounds({ ...request, signal }, residents, measured),
    );
    return true;
  });
  const endedEarly = whole === undefined ? ended() : undefined;
  const { rounds, partOfRound, pairs } = measured;
  if (endedEarly && pairs.size === 0) {
    if (endedEarly === "interrupted") throw new Interrupted();
    throw new BadInputError("no claim was decided both ways within the time limit", {
      where: "--time-limit",
    });
  }
  return {
    rounds: rounds.length === 0 ? [partOfRound] : rounds,
    asked: request.claims.length,
    pairs: request.claims.flatMap(({ id }) => pairs.get(id) ?? []),
    ...(endedEarly && { endedEarly }),
  };
}

/** What has been measured so far. */
interface Measured {
  readonly rounds: Round[];
  /** The sum over those batches of the round under way that were decided both ways. */
  partOfRound: Round;
  readonly pairs: Map<string, Pair>;
}

async function measureRounds(
  request: SpeedRequest,
  residents: Residents | undefined,
  measured: Measured,
): Promise<void> {
  const batches = batchesOf(request.claims, BATCH_PER_RUN * request.parallel);
  const { rounds, pairs } = measured;
  let done = 0;
  const told = (who: SpeedProgress["who"], claim: Claim, ended: boolean): void => {
    if (ended) done++;
    const of = 2 * request.rounds * request.claims.length;
    request.onProgress?.({ who, claim: claim.id, done, of });
  };
  for (let round = 0; round < request.rounds; round++) {
    let quiesce = await secondsOf(() => findTools({ signal: request.signal }));
    let plain = 0;
    for (const [index, batch] of batches.entries()) {
      let ours: ClaimResult[] = [];
      const theirs: Answer[] = [];
      const byQuiesce = async (): Promise<void> => {
        ours = await checkClaims(batch, request.tools, {
          parallel: request.parallel,
          timeoutMs: request.timeoutMs,
          signal: request.signal,
          cache: false,
          ...(residents && { residents }),
          onEvent: (event) => {
            if (event.kind === "started") told("Quiesce", event.claim, false);
            if (event.kind === "finished") told("Quiesce", event.result.claim, true);
          },
        });
      };
      const byPlainTlc = async (): Promise<void> => {
        for (const claim of batch) {
          throwIfInterrupted(request.signal);
          told("plain TLC", claim, false);
          theirs.push(await plainAnswer(claim, request));
          told("plain TLC", claim, true);
        }
      };
      if ((index + round) % 2 === 0) {
        quiesce += await secondsOf(byQuiesce);
        plain += await secondsOf(byPlainTlc);
      } else {
        plain += await secondsOf(byPlainTlc);
        quiesce += await secondsOf(byQuiesce);
      }
      batch.forEach((claim, at) => {
        const pair = pairOf(ours[at] as ClaimResult, theirs[at] as Answer);
        const problem = pairs.get(claim.id)?.problem ?? pair.problem;
        const known = { ...pair, ...(problem !== undefined && { problem }) };
        pairs.set(claim.id, known);
        request.onPair?.(known);
      });
      measured.partOfRound = { quiesce, plain };
    }
    rounds.push({ quiesce, plain });
  }
}

/** Every batch gets large and small claims alike. */
export function batchesOf(claims: readonly Claim[], size: number): Claim[][] {
  const sorted = [...claims].sort((a, b) => (b.declared.states ?? 0) - (a.declared.states ?? 0));
  const count = Math.max(1, Math.round(claims.length / size));
  return Array.from({ length: count }, (_, batch) => sorted.filter((_, at) => at % count === batch));
}

async function plainAnswer(claim: Claim, { tools, signal, timeoutMs }: SpeedRequest): Promise<Answer> {
  const modules = await closeModules(claim.module, claim.root);
  const outcome = await runPlainTlc({ tools, modules, config: claim.config, signal, timeoutMs });
  const { statistics } = outcome.report;
  return {
    verdict: decide(claim.declared, readConfig(claim.config), {
      ...outcome,
      assumes: hasAssumption(modules),
      chance: chanceIn(modules),
    }).verdict,
    states: statistics?.distinct ?? 0,
    generated: statistics?.generated ?? 0,
    seconds: outcome.seconds,
  };
}

function pairOf(result: ClaimResult, plain: Answer): Pair {
  const { claim, verdict, seconds, states = 0, generated = 0 } = result;
  const quiesce = { verdict, states, generated, seconds };
  const problem = result.asDeclared ? difference(quiesce, plain) : `Quiesce: ${result.reason ?? verdict}`;
  return { claim, quiesce, plain, ...(problem !== undefined && { problem }) };
}

/**
 * How two answers differ. When something is violated, the number of states examined by then depends on chance and on
 * how many workers TLC has; when nothing is, it must be the same.
 */
export function difference(quiesce: Answer, plain: Answer): string | undefined {
  if (quiesce.verdict !== plain.verdict)
    return `Quiesce says ${quiesce.verdict}, plain TLC says ${plain.verdict}`;
  const whole = quiesce.verdict === "holds" || quiesce.verdict === "forbidden";
  if (!whole || quiesce.states === plain.states) return undefined;
  return `Quiesce found ${quiesce.states} distinct states, plain TLC found ${plain.states}`;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
