import { BadInputError } from "../../../spec/tlc/base/errors.js";
import * as arm64 from "./arm64.js";
import type { Instruction } from "./objdump.js";
import { type Event, State } from "./state.js";
import * as x64 from "./x64.js";

/** A processor whose code is understood, as far as a read side needs it. */
export type Processor = "x64" | "arm64";

const PROCESSORS = { x64, arm64 } as const;

/** More ways than this through a read side are a sign that something else was disassembled. */
const MOST_PATHS = 64;

/**
 * Every way through a function from its beginning to its end, and what is done on it, in the order in which it stands
 * there. A function that loops has none.
 *
 * @param names what the arguments are called; places are told by these names: "reader+16", "[head]"
 * @param last calls of these functions end a way: what they return is not known
 * @throws BadInputError for an instruction that is not known, and for a loop
 */
export function pathsThrough(
  code: readonly Instruction[],
  processor: Processor,
  names: readonly string[],
  last: ReadonlySet<string> = new Set(),
): (readonly Event[])[] {
  const { perform, ARGUMENTS, STACK } = PROCESSORS[processor];
  const at = new Map(code.map((line, index) => [line.address, index]));
  const ended: (readonly Event[])[] = [];
  const follow = (from: number, state: State, been: ReadonlySet<number>): void => {
    if (ended.length > MOST_PATHS) throw new BadInputError(`more than ${MOST_PATHS} ways lead through it`);
    const seen = new Set(been);
    for (let index = from; ; index++) {
      const line = code[index];
      if (line === undefined) throw new BadInputError("it runs over its end");
      if (seen.has(index)) throw new BadInputError(`it loops: ${line.text}`);
      seen.add(index);
      const flow = perform(line, state);
      const done = state.events.at(-1);
      if (flow.go === "end" || (done?.is === "call" && last.has(done.callee))) {
        ended.push(state.events);
        return;
      }
      if (flow.go === "on") continue;
      const target = at.get(flow.target);
      if (target === undefined) throw new BadInputError(`it jumps out of itself: ${line.text}`);
      if (flow.go === "either") {
        const { tested, jumpsIfZero } = flow;
        if (tested?.load === undefined) throw new BadInputError(`it is not known what decides: ${line.text}`);
        const { load, mask, other } = tested;
        const decided = (zero: boolean): State => {
          const next = state.copy();
          next.event({
            is: "branch",
            load,
            zero,
            text: line.text,
            ...(mask !== undefined && { mask }),
            ...(other !== undefined && { other }),
          });
          return next;
        };
        follow(target, decided(jumpsIfZero), seen);
        follow(index + 1, decided(!jumpsIfZero), seen);
        return;
      }
      index = target - 1;
    }
  };
  const registers = names.map((name, n) => [ARGUMENTS[n] ?? "", { base: name, offset: 0 }] as const);
  follow(0, new State(registers, STACK), new Set());
  return ended;
}
