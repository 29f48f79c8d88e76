import type { CaseSeen, Seen } from "../litmus/answers.js";
import type { CompiledTest } from "../litmus/compile.js";
import { ORDERS, type Order } from "../litmus/model.js";
import { holdsAt } from "../litmus/result.js";
import type { Proposition } from "../litmus/syntax.js";
import { eventsOf } from "./events.js";
import { NoValue } from "./formulas.js";
import { type Budget, budgetOf, GivenUp } from "./limits.js";
import { readyProposition } from "./propositions.js";
import { ALL_RULES, type Rules } from "./rules.js";
import { type End, Search } from "./search.js";
import type { ThreadPath } from "./threads.js";
import { pathsOf, type Threads, waysThrough } from "./ways.js";

export interface AxiomOptions {
  /** Time limit of a test, under all orders together. */
  readonly timeoutMs: number;
  /** Which axioms count (default: all). */
  readonly rules?: Rules;
}

/**
 * Everything that a test can end with under each order, by the axioms: no run of the machine is looked at. In place of
 * states, it has the steps of the search. Never throws for a test that is too large: that is "unknown".
 */
export function decideByAxioms(
  test: CompiledTest,
  orders: readonly Order[],
  { timeoutMs, rules = ALL_RULES }: AxiomOptions,
): Seen {
  try {
    const budget = budgetOf(timeoutMs);
    const threads = pathsOf(test, rules);
    const cases: CaseSeen[] = [];
    // Each order keeps less than the one before it, and so allows what that allows.
    for (const order of ORDERS.filter((one) => orders.includes(one)))
      cases.push(decideOrder({ test, threads, order, rules, budget }, cases.at(-1)));
    return { cases };
  } catch (error) {
    if (error instanceof GivenUp) return { unknown: error.message, late: true };
    if (error instanceof NoValue) return { unknown: `in some run there is ${error.message}` };
    throw error;
  }
}

interface Request {
  readonly test: CompiledTest;
  readonly threads: Threads;
  readonly order: Order;
  readonly rules: Rules;
  readonly budget: Budget;
}

/**
 * More ends than this, or more steps to find them all, are not listed, since nobody reads them: then it is decided
 * whether the condition can hold, and whether it can fail.
 */
const MOST_ENDS = 4_096;
const MOST_STEPS = 30_000;
/** A step counts as one in a test of so many events, and takes four times as long in one of twice as many. */
const FEW_EVENTS = 32;

function decideOrder(request: Request, stronger: CaseSeen | undefined): CaseSeen {
  const { order, budget } = request;
  const before = budget.steps();
  const ended = (ends: readonly End[], examples?: true): CaseSeen => ({
    order,
    states: budget.steps() - before,
    ends,
    ...(examples && { examples }),
  });
  const allowed = stronger?.ends ?? [];
  const all = stronger?.examples ? undefined : allEnds(request, allowed);
  return all === undefined ? ended(examplesOf(request, allowed), true) : ended(all);
}

/** Everything that passes the filter; or one end, if none does; undefined if there are too many. */
function allEnds(request: Request, allowed: readonly End[]): readonly End[] | undefined {
  const { filter } = request.test.litmus;
  try {
    const limit = { ends: MOST_ENDS, steps: MOST_STEPS };
    const ends = endsOf(request, allowed, { wanted: filter, limit });
    // Does nothing end, or does no end pass the filter? One end tells.
    return ends.length === 0 && filter !== undefined ? endsOf(request, [], { one: true, limit }) : ends;
  } catch (error) {
    if (error instanceof TooMany) return undefined;
    throw error;
  }
}

/** An end in which the condition holds and one in which it does not, where there are any; a fault, if there is one. */
function examplesOf(request: Request, allowed: readonly End[]): readonly End[] {
  const { test, threads } = request;
  const { condition, filter } = test.litmus;
  const faults = threads.some((paths) => paths.some(isFaulty))
    ? endsOf(request, [], { one: true, faulty: true })
    : [];
  if (faults.length > 0) return faults;
  const sound = { ...request, threads: threads.map((paths) => paths.filter((path) => !isFaulty(path))) };
  const look = (asked: Proposition): readonly End[] => {
    const wanted: Proposition = filter === undefined ? asked : { kind: "and", left: filter, right: asked };
    const known = allowed.find((end) => holdsAt(test, end, wanted));
    return known === undefined ? endsOf(sound, [], { wanted, one: true }) : [known];
  };
  const found = [...look(condition), ...look({ kind: "not", of: condition })];
  return found.length > 0 ? found : endsOf(sound, [], { one: true });
}

/** There are more ends than are listed. */
class TooMany extends Error {}

interface Asked {
  /** What is true at the ends that are of interest. */
  readonly wanted?: Proposition | undefined;
  /** Is one end enough? */
  readonly one?: boolean;
  /** Only the ways on which some thread follows something that is no address. */
  readonly faulty?: boolean;
  /** Throws TooMany beyond this many ends, or steps of a small test. */
  readonly limit?: { readonly ends: number; readonly steps: number };
}

/** The wanted ends, those that are known to be allowed among them. Faults are of interest, whatever is wanted. */
function endsOf(
  { test, threads, order, rules, budget: whole }: Request,
  allowed: readonly End[],
  { wanted, one = false, faulty = false, limit }: Asked,
): End[] {
  const found = new Map(allowed.map((end) => [JSON.stringify(end), end]));
  let [spent, weight] = [0, 1];
  const budget: Budget = {
    ...whole,
    step: () => {
      whole.step();
      spent += weight;
      if (limit !== undefined && (found.size > limit.ends || spent > limit.steps)) throw new TooMany();
    },
  };
  const judged = wanted && readyProposition(test, wanted);
  const mayFail = threads.some((paths) => paths.some(isFaulty));
  for (const paths of waysThrough(test, threads, { rules, budget, wanted: mayFail ? undefined : wanted })) {
    if (one && found.size > 0) break;
    const fails = paths.some(isFaulty);
    const events = faulty && !fails ? undefined : eventsOf(test, paths, order, rules);
    if (events === undefined) continue;
    weight = Math.max(1, (events.events.length / FEW_EVENTS) ** 2);
    new Search(events, order, rules, budget, found, { wanted: fails ? undefined : judged, one }).run();
  }
  return [...found.values()];
}

/** Does a path end because it followed something that is no address? Its last value says where, from 1. */
function isFaulty({ path: { finals } }: ThreadPath): boolean {
  const last = finals.at(-1);
  return last?.kind === "num" && last.value !== 0;
}
