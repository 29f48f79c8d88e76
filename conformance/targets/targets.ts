import { BadInputError } from "../../spec/tlc/base/errors.js";
import { impl } from "./impl.js";
import { native } from "./native.js";
import type { Target } from "./target.js";

/** The implementations that a plan can be replayed on: a new one needs a file and a row here. */
export const TARGETS: readonly Target[] = [native, impl];

/** @throws BadInputError when there is none of this name */
export function targetNamed(name: string): Target {
  const target = TARGETS.find((one) => one.name === name);
  if (target !== undefined) return target;
  throw new BadInputError(`there is no implementation "${name}"`, {
    hint: `The implementations are: ${TARGETS.map((one) => one.name).join(", ")}.`,
  });
}
