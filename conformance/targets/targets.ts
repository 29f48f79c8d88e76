import { BadInputError } from "../../spec/tlc/base/errors.js";
import { flavours } from "./flavours.js";
import { impl } from "./impl.js";
import { libraryTargets } from "./libraries.js";
import { native } from "./native.js";
import { phase } from "./phase.js";
import { sharedMemory } from "./shared-memory.js";
import type { Target } from "./target.js";
import { switching, traced } from "./tracing.js";

/** Our own implementations, one step at a time: a new one needs a file and a row here. */
export const TARGETS: readonly Target[] = [native, impl, ...flavours, phase, sharedMemory];

/** The two libraries as they are by default: what the tour and the generated tests replay on. */
export const LIBRARIES: readonly Target[] = [native, impl];

/** All implementations that have a name: those, RCU libraries at their API, and the traced side of tracing. */
export const ALL_TARGETS: readonly Target[] = [...TARGETS, ...libraryTargets(), traced, switching];

/** @throws BadInputError when there is none of this name */
export function targetNamed(name: string): Target {
  const target = ALL_TARGETS.find((one) => one.name === name);
  if (target !== undefined) return target;
  throw new BadInputError(`there is no implementation "${name}"`, {
    hint: `The implementations are: ${ALL_TARGETS.map((one) => one.name).join(", ")}.`,
  });
}
