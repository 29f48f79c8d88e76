import type { EventDescription } from "../model/event.js";
import { checkFilter } from "./check.js";
import { BINARY, encode, hashOf, type Instruction, MOST_BYTES, MOST_VALUES, OP } from "./code.js";
import { filterError } from "./error.js";
import { type Expression, parseFilter } from "./parse.js";

/** A filter that tracepoints can run. */
export interface CompiledFilter {
  readonly bytes: Buffer;
  readonly instructions: readonly Instruction[];
  /** What its writer should hear. */
  readonly warnings: readonly string[];
}

/**
 * Compiles a filter for the events that it is for.
 *
 * @param events their descriptions; none where no program that has them runs yet, and then names aren't checked
 * @throws BadInputError that shows the place
 */
export function compileFilter(text: string, events: readonly EventDescription[]): CompiledFilter {
  const filter = parseFilter(text);
  const { labels, warnings } = checkFilter(text, filter, events);
  const instructions = emit(filter, labels);
  const most = mostValues(instructions);
  if (most > MOST_VALUES)
    throw filterError(
      text,
      0,
      text.length,
      `the filter is nested too deeply: ${most} values at once, of ${MOST_VALUES}`,
    );
  const bytes = encode(instructions);
  if (bytes.length > MOST_BYTES)
    throw filterError(
      text,
      0,
      text.length,
      `the filter is too long: ${bytes.length} bytes compiled, of ${MOST_BYTES}`,
    );
  return { bytes, instructions, warnings };
}

const MOST_SIGNED = (1n << 63n) - 1n;

function emit(of: Expression, labels: ReadonlyMap<string, bigint>): Instruction[] {
  switch (of.kind) {
    case "integer":
      return integer(of.value);
    case "float":
      return [{ op: OP.float, value: of.value }];
    case "string":
      return [{ op: OP.string, value: of.value }];
    case "name": {
      const label = labels.get(of.name);
      return label === undefined ? [{ op: OP.field, hash: hashOf(of.name) }] : integer(label);
    }
    case "unary": {
      if (of.operator === "!") return [...emit(of.of, labels), { op: OP.not }];
      if (of.operator === "~") return [...emit(of.of, labels), ...integer(-1n), { op: OP.bitxor }];
      if (of.of.kind === "integer" && of.of.value <= MOST_SIGNED + 1n) return integer(-of.of.value);
      // 0 - x would make 0.0 of -0.0, which divides no differently: a zero divisor has no result.
      return [...integer(0n), ...emit(of.of, labels), { op: OP.sub }];
    }
    case "binary": {
      const sides = [...emit(of.left, labels), ...emit(of.right, labels)];
      if (of.operator === "!~") return [...sides, { op: OP.match }, { op: OP.not }];
      return [...sides, { op: BINARY[of.operator] } as Instruction];
    }
  }
}

/** An integer; one that is larger than an i64 is computed, since integers are exact. */
function integer(value: bigint): Instruction[] {
  if (value <= MOST_SIGNED) return [{ op: OP.int, value }];
  const rest: Instruction[] = [{ op: OP.int, value: value - MOST_SIGNED - 1n }, { op: OP.add }];
  return [{ op: OP.int, value: MOST_SIGNED }, { op: OP.int, value: 1n }, { op: OP.add }, ...rest];
}

function mostValues(instructions: readonly Instruction[]): number {
  let now = 0;
  let most = 0;
  for (const { op } of instructions) {
    now += op <= OP.field ? 1 : op === OP.not ? 0 : -1;
    most = Math.max(most, now);
  }
  return most;
}
