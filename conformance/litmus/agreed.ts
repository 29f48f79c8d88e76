import type { Seen } from "./answers.js";
import type { CompiledTest } from "./compile.js";
import { judge, type OrderResult, type Outcome } from "./result.js";

/** What the machine found, if the axioms found the same; otherwise where they differ. */
export function agreed(test: CompiledTest, machine: Seen, axioms: Seen): Seen {
  const [one, other] = [judge(test, machine), judge(test, axioms)];
  if ("message" in one && "message" in other)
    return "position" in one && "position" in other && one.message === other.message
      ? machine
      : { unknown: `neither engine decides it. The machine: ${one.message}. The axioms: ${other.message}` };
  if ("message" in one) return { unknown: `only the axioms decide it. The machine: ${one.message}` };
  if ("message" in other) return { unknown: `only the machine decides it. The axioms: ${other.message}` };
  const differences = one.flatMap((result) => difference(result, other));
  return differences.length === 0 ? machine : { unknown: `the engines differ: ${differences.join("; ")}` };
}

/** Where two engines differ about one order: an outcome that only one of them allows, or whether anything ends. */
function difference(machine: OrderResult, axioms: readonly OrderResult[]): string[] {
  const other = axioms.find(({ order }) => order === machine.order);
  if (other === undefined) return [`the axioms say nothing of ${machine.order}`];
  const [mine, theirs] = [textsOf(machine.outcomes), textsOf(other.outcomes)];
  const only = (who: string, all: ReadonlySet<string>, without: ReadonlySet<string>): string[] => {
    const extra = [...all].filter((text) => !without.has(text));
    return extra.length === 0 ? [] : [`under ${machine.order} only the ${who} ${extra[0]}`];
  };
  const found = [
    // Where the axioms list examples alone, the rest of what the machine allows is not theirs to list.
    ...(other.examples ? [] : only("machine allows", mine, theirs)),
    ...only("axioms allow", theirs, mine),
  ];
  if (found.length === 0 && machine.observation !== other.observation)
    return [
      `under ${machine.order} the machine says ${machine.observation}, the axioms say ${other.observation}`,
    ];
  if (found.length === 0 && machine.ends !== other.ends)
    return [`under ${machine.order} only the ${machine.ends ? "machine comes" : "axioms come"} to an end`];
  return found;
}

const textsOf = (outcomes: readonly Outcome[]): ReadonlySet<string> =>
  new Set(
    outcomes.map(
      (outcome) =>
        Object.entries(outcome)
          .map(([place, value]) => `${place}=${value}`)
          .sort()
          .join(" ") || "this end",
    ),
  );
