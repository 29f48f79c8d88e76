import { drive } from "../drive/drive.js";
import type { DriverCommand } from "../drive/session.js";
import type { Target } from "./target.js";

/** Anybody's driver as an implementation to replay: it has no mutants that we know of. */
export function driverTarget(name: string, command: DriverCommand): Target {
  return {
    name,
    title: name,
    drives: undefined,
    replay: (plan, options) => drive(plan, command, options),
    mutants: async () => [],
    testMutant: async () => ({ test: "", failed: false }),
  };
}
