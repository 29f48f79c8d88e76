import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { Contract } from "../contract/contract.js";

/**
 * Says at once, before TLC has dumped a graph for minutes, what no driver that holds real threads before their steps can
 * follow; native/replay/target.h says what such a driver is.
 *
 * @throws BadInputError
 */
export function requireStepped({ file, position, steps }: Contract): void {
  const refuse = (problem: string, hint: string): never => {
    throw new BadInputError(`this driver holds real threads before their steps: ${problem}`, {
      where: file,
      hint,
    });
  };
  if (position === undefined)
    refuse(
      "the contract has to say where each lane stands",
      'Where pc[t] names the step that lane t takes next, and "Idle" between operations:   "position": "pc[lane]"',
    );
  const call = "A driver that is called (native/drive/driver.h, a class, a process) can be asked for it.";
  for (const { name, lane, hidden, parameters } of steps) {
    if (hidden) refuse(`${name} is hidden, and no thread takes it`, call);
    if (lane === undefined) refuse(`${name} belongs to no lane, so no thread takes it`, call);
    if (parameters.length > 1) refuse(`${name} has parameters beside its lane`, call);
  }
}
