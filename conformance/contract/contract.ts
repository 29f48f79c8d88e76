/** A kind of lanes: those who take steps. */
export interface LaneKind {
  readonly name: string;
  /** A constant expression. */
  readonly set: string;
}

/** An action of the module, and what a driver has to know of it. */
export interface ContractStep {
  readonly name: string;
  /** In the order of the action's arguments, each with the set that it ranges over. */
  readonly parameters: readonly { readonly name: string; readonly set: string }[];
  /** Which parameter is the lane; undefined: the environment takes it. */
  readonly lane?: string;
  readonly hidden: false | "later" | "urgent";
  readonly refusable: boolean;
}

/** Something that can be seen of a state. */
export interface ContractWord {
  readonly name: string;
  /** One for each element of a set, which has this name in `value`. */
  readonly each?: { readonly name: string; readonly set: string };
  /** An expression over the module's variables. */
  readonly value: string;
}

/** What a step-level specification offers to a driver; contract.schema.json says what each part means. */
export interface Contract {
  /** The file that it was read from. */
  readonly file: string;
  readonly lanes: readonly LaneKind[];
  readonly steps: readonly ContractStep[];
  readonly words: readonly ContractWord[];
  /** What a recording may have seen at a step; `words`, unless the contract says otherwise. */
  readonly recorded: readonly ContractWord[];
  readonly position?: string;
  readonly init?: string;
  readonly next?: string;
}

/** The name of whoever takes the steps that are no lane's. */
export const ENVIRONMENT = "environment";
