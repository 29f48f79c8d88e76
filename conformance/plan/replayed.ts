import { drivesModule, type Target } from "../targets/target.js";

/** A claim whose state graph the conformance tests walk, with the module that it is about. */
export interface Replayed {
  readonly claim: string;
  readonly module: string;
}

/**
 * The claims that our own implementations follow, each with a plan of its own. Of Urcu's one has readers that get into each
 * other's way, the other updaters that do; the smaller graph is first.
 */
export const REPLAYED: readonly Replayed[] = [
  { claim: "rcu/number-steps/Urcu-any-updates", module: "Urcu" },
  { claim: "rcu/number-steps/Urcu-two-updaters", module: "Urcu" },
  { claim: "rcu/number-steps/qsbr/UrcuQsbr", module: "UrcuQsbr" },
  { claim: "rcu/phase-steps/Phase", module: "Phase" },
  { claim: "rcu/phase-steps/Phase-nested", module: "Phase" },
  { claim: "rcu/shared-memory/SharedMemory-readers", module: "SharedMemory" },
];

/** The ids of those about one module; of all, without it. */
export function replayedClaims(module?: string): readonly string[] {
  return REPLAYED.filter((one) => module === undefined || one.module === module).map(({ claim }) => claim);
}

/** The part of them that the tour walks: a plan costs a newcomer half a minute. */
export const TOURED_CLAIMS: readonly string[] = replayedClaims("Urcu").slice(0, 1);

/** Those that some of these implementations follow. */
export function replayedBy(targets: readonly Pick<Target, "drives">[]): readonly string[] {
  return REPLAYED.filter(({ module }) => targets.some((target) => drivesModule(target, module))).map(
    ({ claim }) => claim,
  );
}
