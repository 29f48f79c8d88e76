import { type Instruction, MOST_VALUES, OP } from "./code.js";
import { binary, not, passes, type Value } from "./value.js";

/**
 * Whether an event passes a filter: what the tracepoint's own interpreter, in C, decides while the program runs. An event
 * without one of the fields, and one for which something has no result, does not pass.
 *
 * @param field the event's field with this hash
 */
export function runFilter(
  instructions: readonly Instruction[],
  field: (hash: number) => Value | undefined,
): boolean {
  const stack: Value[] = [];
  for (const instruction of instructions) {
    const result = step(instruction, stack, field);
    if (result === undefined || stack.length === MOST_VALUES) return false;
    stack.push(result);
  }
  const [result] = stack;
  return stack.length === 1 && result !== undefined && passes(result);
}

function step(
  instruction: Instruction,
  stack: Value[],
  field: (hash: number) => Value | undefined,
): Value | undefined {
  switch (instruction.op) {
    case OP.int:
      return { tag: "i64", value: instruction.value };
    case OP.float:
      return { tag: "f64", value: instruction.value };
    case OP.string:
      return { tag: "string", value: instruction.value };
    case OP.field:
      return field(instruction.hash);
    case OP.not: {
      const value = stack.pop();
      return value && not(value);
    }
    default: {
      const right = stack.pop();
      const left = stack.pop();
      return left && right && binary(instruction.op, left, right);
    }
  }
}
