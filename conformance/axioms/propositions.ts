import type { CompiledTest } from "../litmus/compile.js";
import { placeText } from "../litmus/condition.js";
import { heldBy, type Values } from "../litmus/result.js";
import type { Place, Proposition } from "../litmus/syntax.js";
import type { State } from "./state.js";

/** What a proposition says of the end of an execution that is not yet decided in all respects. */
export type Judged = boolean | undefined;

const NO_VALUES: Values = new Map();

/** Makes a proposition ready to be asked of many states. */
export function readyProposition(test: CompiledTest, p: Proposition): (state: State) => Judged {
  switch (p.kind) {
    case "true":
      return () => true;
    case "is": {
      const value = placeReader(test, p.place);
      const { not } = p;
      if (p.value.kind === "place") {
        const other = placeReader(test, p.value.place);
        return (state) => equal(value(state), other(state), not);
      }
      const held = heldBy(test, NO_VALUES, p.place, p.value);
      // Nothing has a value that the place can't hold.
      return (state) => (held === undefined ? not : equal(value(state), held, not));
    }
    case "not": {
      const of = readyProposition(test, p.of);
      return (state) => negated(of(state));
    }
    case "and":
    case "or": {
      const [left, right] = [readyProposition(test, p.left), readyProposition(test, p.right)];
      const decisive = p.kind === "or";
      return (state) => {
        const [a, b] = [left(state), right(state)];
        if (a === decisive || b === decisive) return decisive;
        return a === undefined || b === undefined ? undefined : !decisive;
      };
    }
  }
}

const negated = (judged: Judged): Judged => (judged === undefined ? undefined : !judged);

function equal(a: number | undefined, b: number | undefined, not: boolean): Judged {
  return a === undefined || b === undefined ? undefined : (a === b) !== not;
}

/** What a place holds at the end of an execution, where that is known. */
function placeReader(test: CompiledTest, place: Place): (state: State) => number | undefined {
  const { thread, name } = place;
  if (thread === undefined) {
    const index = test.watched.indexOf(name);
    return ({ events, readKnown, read }) => {
      const word = events.watched[index];
      if (word === undefined || typeof word === "number") return word;
      return readKnown[word.event] === 1 ? read[word.event] : undefined;
    };
  }
  const index = (test.locals[thread] ?? []).findIndex((one) => placeText(one) === placeText(place));
  return (state) => {
    const final = state.events.finals[thread]?.[index];
    return final !== undefined && state.isKnown(final, 0) ? final.of(state.registers, 0) : undefined;
  };
}
