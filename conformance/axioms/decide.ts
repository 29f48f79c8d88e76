import type { CaseSeen, Seen } from "../litmus/answers.js";
import type { CompiledTest } from "../litmus/compile.js";
import { ORDERS, type Order } from "../litmus/model.js";
import { eventsOf } from "./events.js";
import { NoValue } from "./formulas.js";
import { type Budget, budgetOf, GivenUp } from "./limits.js";
import { readyProposition } from "./propositions.js";
import { ALL_RULES, type Rules } from "./rules.js";
import { type End, Search } from "./search.js";
import { type ThreadPath, threadPath } from "./threads.js";

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
    const threads = test.paths.map((paths) => paths.map((path) => threadPath(path, rules)));
    const cases: CaseSeen[] = [];
    // Each order keeps less than the one before it, and so allows what that allows.
    for (const order of ORDERS.filter((one) => orders.includes(one)))
      cases.push(decideOrder({ test, threads, order, rules, budget }, cases.at(-1)?.ends ?? []));
    return { cases };
  } catch (error) {
    if (error instanceof GivenUp) return { unknown: error.message, late: true };
    if (error instanceof NoValue) return { unknown: `in some run there is ${error.message}` };
    throw error;
  }
}

interface Request {
  readonly test: CompiledTest;
  readonly threads: readonly (readonly ThreadPath[])[];
  readonly order: Order;
  readonly rules: Rules;
  readonly budget: Budget;
}

function decideOrder(request: Request, allowed: readonly End[]): CaseSeen {
  const { test, order, budget } = request;
  const before = budget.steps();
  const { filter } = test.litmus;
  let ends = endsOf(request, allowed, filter && readyProposition(test, filter));
  // Does nothing end, or does no end pass the filter? One end tells.
  if (ends.length === 0 && filter !== undefined) ends = endsOf(request, [], undefined, true);
  return { order, states: budget.steps() - before, ends };
}

/** The ends that a filter lets pass, those that are known to be allowed among them; or one end of any kind. */
function endsOf(
  { test, threads, order, rules, budget }: Request,
  allowed: readonly End[],
  filter: ReturnType<typeof readyProposition> | undefined,
  one = false,
): End[] {
  const found = new Map(allowed.map((end) => [JSON.stringify(end), end]));
  for (const paths of waysThrough(threads)) {
    if (one && found.size > 0) break;
    budget.step();
    const events = eventsOf(test, paths, order, rules);
    if (events === undefined) continue;
    // What goes wrong in a run is of interest, whatever the filter says.
    const wanted = filter === undefined || paths.some(isFaulty) ? undefined : filter;
    new Search(events, order, rules, budget, found, { wanted, one }).run();
  }
  return [...found.values()];
}

/** Does a path end because it followed something that is no address? Its last value says where, from 1. */
function isFaulty({ path: { finals } }: ThreadPath): boolean {
  const last = finals.at(-1);
  return last?.kind === "num" && last.value !== 0;
}

/** Every choice of a path for each thread. */
export function* waysThrough(threads: readonly (readonly ThreadPath[])[]): Generator<readonly ThreadPath[]> {
  const [first, ...rest] = threads;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const path of first) for (const others of waysThrough(rest)) yield [path, ...others];
}
