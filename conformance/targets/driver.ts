import { drive } from "../drive/drive.js";
import type { DriverCommand } from "../drive/session.js";
import type { Target } from "./target.js";

/** Anybody's driver as an implementation to replay: it has no mutants that we know of. */
export function driverTarget(name: string, command: DriverCommand): Target {
  return {
    name,
    title: name,
    drives: undefined,
    replay: (plan, { signal, hangMs, limitMs, onProgress } = {}) =>
      drive(plan, command, {
        ...(signal && { signal }),
        ...(hangMs !== undefined && { hangMs }),
        ...(limitMs !== undefined && { limitMs }),
        ...(onProgress && { onProgress }),
      }),
    mutants: async () => [],
    testMutant: async () => ({ test: "", failed: false }),
  };
}
