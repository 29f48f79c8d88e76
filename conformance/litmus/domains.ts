import type { Domain } from "./branches.js";
import { callsIn } from "./expressions.js";
import { RCU, srcu } from "./rcu.js";
import type { Expr, Thread } from "./syntax.js";

/** The RCU and SRCU domains that some threads use, by name. */
export function domainsOf(threads: readonly Thread[]): Map<string, Domain> {
  const calls = threads.map(({ body }) => callsIn(body));
  const names = new Set(calls.flat().flatMap((call) => domainOf(call) ?? []));
  const threadsWith = (name: string, begins: RegExp): number[] =>
    calls.flatMap((own, n) =>
      own.some((call) => begins.test(call.name) && domainOf(call) === name) ? [n] : [],
    );
  return new Map(
    [...names].map((name): [string, Domain] => [
      name,
      {
        readers: threadsWith(name, /read_lock$/),
        manyUpdaters: threadsWith(name, /^synchronize/).length > 1,
      },
    ]),
  );
}

function domainOf({ name, args: [first] }: Extract<Expr, { kind: "call" }>): string | undefined {
  if (/^(rcu_read_lock|synchronize_rcu(_expedited)?)$/.test(name)) return RCU;
  if (!/^(srcu_read_lock|synchronize_srcu(_expedited)?)$/.test(name)) return undefined;
  return first?.kind === "name" || first?.kind === "address" ? srcu(first.name) : undefined;
}
