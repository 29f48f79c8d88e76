import type { Model } from "../plan/model.js";
import { contractFileOf, readContract } from "../plan/read-contract.js";

/** A kind of thread: its members are the values of a constant expression of the specification. */
export interface ContractLane {
  readonly name: string;
  readonly set: string;
}

/** An action of the specification, as recordings have it. */
export interface ContractStep {
  /** The action's parameters in their order: name, and the constant expression of the set that it is from. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The parameter that is the thread which takes the step. */
  readonly lane?: string;
  /** It is never recorded: it may happen at any time. */
  readonly hidden: boolean;
}

/** A part of the state that a recording may have observed. */
export interface ContractWord {
  readonly name: string;
  readonly value: string;
  /** It is one word for each member of this set. */
  readonly each?: { readonly name: string; readonly set: string };
}

/** How a specification's steps and states are called by those who implement it. */
export interface Contract {
  readonly file: string;
  readonly lanes: readonly ContractLane[];
  readonly steps: ReadonlyMap<string, ContractStep>;
  readonly words: ReadonlyMap<string, ContractWord>;
}

/**
 * The contract of a claim: the given file, else the one beside the claim, else the one beside its module.
 *
 * @throws BadInputError when there is none, or something is wrong with it
 */
export async function recordedContract(claim: Model, given?: string): Promise<Contract> {
  return fromFile(given ?? (await contractFileOf(claim)));
}

/** A contract as recordings have it. Throws BadInputError that lists what is wrong with it. */
export function fromFile(file: string): Contract {
  const { lanes, steps, recorded } = readContract(file);
  return {
    file,
    lanes,
    steps: new Map(
      steps.map(({ name, parameters, lane, hidden }) => [
        name,
        {
          parameters: Object.fromEntries(parameters.map((one) => [one.name, one.set])),
          ...(lane !== undefined && { lane }),
          hidden: hidden !== false,
        },
      ]),
    ),
    words: new Map(recorded.map((word) => [word.name, word])),
  };
}
