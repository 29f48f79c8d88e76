import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The name of the module that TLC is tried out on. */
const PROBE = "QuiesceProbe";

/** Small, but it takes TLC through the values, actions and checks that claims use. It deadlocks at the end. */
function probeModule(extending: string): string {
  return `---- MODULE ${PROBE} ----
EXTENDS Naturals, Sequences, FiniteSets, TLC${extending}
CONSTANT Last
VARIABLES n, seen, at
vars == <<n, seen, at>>
Init == n = 0 /\\ seen = <<>> /\\ at \\in [{"a", "b"} -> {0}]
Step(t) == /\\ n < Last
           /\\ n' = n + 1
           /\\ seen' = Append(seen, [by |-> t, old |-> at[t]])
           /\\ at' = [at EXCEPT ![t] = @ + 1]
Next == \\E t \\in {"a", "b"} : Step(t)
Spec == Init /\\ [][Next]_vars /\\ WF_vars(Next)
Count == Len(seen) = n /\\ Cardinality({seen[i].by : i \\in DOMAIN seen}) <= 2
NotTwo == n # 2
Grows == [][n' > n]_vars
Ends == <>(n = Last)
Shown == [aliased |-> n]
Done == TRUE
====
`;
}

/** Writes the module and a configuration with these further lines; returns the two paths. */
export async function writeProbe(
  folder: string,
  lines: readonly string[],
  extending = "",
): Promise<{ module: string; config: string }> {
  const module = join(folder, `${PROBE}.tla`);
  const config = join(folder, `${PROBE}.cfg`);
  const text = ["SPECIFICATION Spec", "CHECK_DEADLOCK FALSE", "CONSTANT Last = 3", ...lines].join("\n");
  await writeFile(module, probeModule(extending));
  await writeFile(config, `${text}\n`);
  return { module, config };
}
