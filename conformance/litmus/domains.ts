import type { Domain } from "./branches.js";
import { callsIn } from "./expressions.js";
import { RCU, srcu } from "./rcu.js";
import type { Expr, Thread } from "./syntax.js";

/** The RCU and SRCU domains that some threads use, by name. */
export function domainsOf(threads: readonly Thread[]): Map<string, Domain> {
  const calls = threads.map(({ body }) => callsIn(body));
  const names = new Set(calls.flat().flatMap((call) => domainOf(call) ?? []));
  const countsOf = (name: string, kind: RegExp): number[] =>
    calls.map((own) => own.filter((call) => kind.test(call.name) && domainOf(call) === name).length);
  return new Map(
    [...names].map((name): [string, Domain] => [
      name,
      {
        readers: countsOf(name, /read_lock$|_down_read$/).flatMap((count, thread) =>
          count === 0 ? [] : [{ thread, slots: name === RCU ? 1 : count }],
        ),
        manyUpdaters: countsOf(name, /^synchronize/).filter((count) => count > 0).length > 1,
      },
    ]),
  );
}

function domainOf({ name, args: [first] }: Extract<Expr, { kind: "call" }>): string | undefined {
  if (/^(rcu_read_lock|synchronize_rcu(_expedited)?)$/.test(name)) return RCU;
  if (!/^(srcu_read_lock|srcu_down_read|synchronize_srcu(_expedited)?)$/.test(name)) return undefined;
  return first?.kind === "name" || first?.kind === "address" ? srcu(first.name) : undefined;
}
