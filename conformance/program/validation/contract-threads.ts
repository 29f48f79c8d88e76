import { printValue } from "../../../spec/tlc/value/value.js";
import type { Value } from "../../../spec/tlc/value/value-tree.js";
import { type Evaluate, evaluateSets } from "../../plan/sets.js";
import type { Explanation } from "../../validate/explain.js";
import type { Specification } from "../../validate/specification.js";
import { type Lanes, NO_LANES } from "../counterexample/lanes.js";

/** More columns than this do not fit. */
const MOST_THREADS = 6;

/** The threads that a contract names: what a rejected recording is shown by, where its module has no line of lanes. */
export class ContractThreads {
  private constructor(
    private readonly threads: readonly { readonly thread: Value; readonly title: string }[],
  ) {}

  /** Lets TLC evaluate the sets of the contract. Throws BadInputError when it can't. */
  static async of({ claim, contract }: Specification, evaluate: Evaluate): Promise<ContractThreads> {
    const { elements } = await evaluateSets(claim, contract, evaluate);
    return new ContractThreads(
      contract.lanes.flatMap(({ name, set }) => {
        const members = elements.get(set) ?? [];
        return members.map((thread) => ({
          thread,
          title: members.length === 1 ? name : `${name} ${plain(thread)}`,
        }));
      }),
    );
  }

  /**
   * How to show where a recording ends. Who took each step is in the recording, so it isn't guessed from what changed.
   * Where there are more threads than fit, those that did something.
   */
  lanesFor({ trace, takers = [] }: Explanation): Lanes {
    const taken = new Map(trace?.states.map((state, i) => [state, takers[i]]));
    const active = new Set(takers.map((name) => name ?? ""));
    const isOf = (name: string, title: string): boolean => name === title || name.startsWith(`${title} `);
    const isActive = (title: string): boolean => [...active].some((name) => isOf(name, title));
    const few = this.threads.length <= MOST_THREADS;
    const shown = few ? this.threads : this.threads.filter(({ title }) => isActive(title));
    if (shown.length === 0 || shown.length > MOST_THREADS) return NO_LANES;
    return {
      ...NO_LANES,
      other: "the environment",
      known: {
        threads: shown.map(({ thread }) => thread),
        titles: shown.map(({ title }) => title),
        threadOf: ({ after }) => {
          const name = taken.get(after);
          const at = name === undefined ? -1 : shown.findIndex(({ title }) => isOf(name, title));
          return at < 0 ? undefined : at;
        },
      },
    };
  }
}

function plain(thread: Value): string {
  return thread.kind === "string" ? thread.value : printValue(thread);
}
