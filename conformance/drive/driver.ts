import type { Json } from "../contract/json.js";

/** Who takes steps: an element of one of the contract's sets of lanes. */
export interface DriverLane {
  readonly kind: string;
  readonly value: Json;
}

/** The words of a state, by name: `items`, `cell0`, `waits.p1`. */
export type Words = { readonly [word: string]: Json };

/** What a driver is told before each path. */
export interface World {
  readonly claim: string;
  /** The constants of the model. */
  readonly constants: { readonly [name: string]: Json };
  /** Without the environment, which is nobody. */
  readonly lanes: readonly DriverLane[];
  /** The names of the words that the contract has; a driver shows as many of them as it can see. */
  readonly words: readonly string[];
  /** The state to begin in. */
  readonly start: Words;
}

/** A step that a driver is asked to take. */
export interface Ask {
  /** The name of the specification's action. */
  readonly step: string;
  readonly kind: string;
  /** The lane that takes it; null: the environment. */
  readonly lane: Json;
  /** The action's other parameters. */
  readonly with: { readonly [parameter: string]: Json };
}

/**
 * What became of a step: taken; or refused, since it is not possible now; or unknown to the driver. A driver throws when
 * it finds out that its implementation has done something wrong.
 */
export type Taken = "done" | "refused" | "unknown";

/**
 * An implementation as the engine drives it. It is in a process of its own, so it may crash and hang. A class with this
 * shape, exported as `Driver`, is all that `quiesce conform --driver FILE.ts` needs.
 */
export interface Driver {
  /** A fresh instance of the implementation, in the state `world.start`. */
  begin(world: World): void | Promise<void>;
  /** Takes the step, and returns when nothing moves any more. */
  step(ask: Ask): Taken | Promise<Taken>;
  /** What can be seen now. */
  look(): Words | Promise<Words>;
  /** Gives everything back. */
  end?(): void | Promise<void>;
}
