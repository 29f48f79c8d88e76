import { BadInputError } from "../../spec/tlc/base/errors.js";
import { nameOf } from "../../spec/tlc/base/source-file.js";
import { printValue, type Value } from "../../spec/tlc/value/value.js";
import type { Contract } from "../contract/contract.js";
import type { Json } from "../contract/json.js";
import { ASLEEP, IDLE, type Plan, type PlanStep, type WordGroup } from "../contract/plan.js";
import { applied, jsonOf } from "./json-value.js";
import { OBSERVED } from "./observed.js";
import type { Sets } from "./sets.js";

/** The name of the words that say where each lane stands. */
const POSITION = "at";

/** What can be seen of a state, as a plan has it. */
export interface SeenStates extends Pick<Plan, "words" | "groups" | "positions"> {
  /** The words of a state that was dumped with OBSERVED. */
  vector(variables: ReadonlyMap<string, Value>): Json[];
}

/** @throws BadInputError (from `vector`) for a value that no driver could be given, and for a position that is no step */
export function seenStates(contract: Contract, { elements }: Sets, steps: readonly PlanStep[]): SeenStates {
  const words: string[] = [];
  const groups: WordGroup[] = [];
  const readers: ((observed: readonly Value[]) => Json)[] = [];
  contract.words.forEach(({ name, each }, at) => {
    const keys = each === undefined ? undefined : (elements.get(each.set) ?? []);
    groups.push({ name, first: words.length, count: keys?.length ?? 1 });
    if (keys === undefined) {
      words.push(name);
      readers.push((observed) => jsonOf(part(observed[at], name)));
      return;
    }
    for (const key of keys) {
      const word = `${name}${suffix(key)}`;
      words.push(word);
      readers.push((observed) => jsonOf(part(applied(part(observed[at], name), key), word)));
    }
  });
  const positions = contract.position === undefined ? -1 : words.length;
  if (contract.position !== undefined) {
    const ids = new Map(steps.map(({ name }, id) => [name, id]));
    const idOf = (value: Value, word: string): number => {
      const name = value.kind === "string" ? value.value : printValue(value);
      const id = name === "Asleep" ? ASLEEP : name === "Idle" ? IDLE : ids.get(name);
      if (id !== undefined) return id;
      throw new BadInputError(`a lane's position is "${name}", which is no step of the contract (${word})`, {
        where: nameOf(contract.file),
      });
    };
    let at = contract.words.length;
    for (const { set } of contract.lanes) {
      const position = at++;
      for (const key of elements.get(set) ?? []) {
        const word = `${POSITION}${suffix(key)}`;
        words.push(word);
        readers.push((observed) => idOf(part(applied(part(observed[position], word), key), word), word));
      }
    }
    groups.push({ name: POSITION, first: positions, count: words.length - positions });
  }
  const twice = words.find((word, i) => words.indexOf(word) !== i);
  if (twice !== undefined)
    throw new BadInputError(`the contract has the word ${twice} twice`, { where: nameOf(contract.file) });
  return {
    words,
    groups,
    positions,
    vector(variables) {
      const observed = variables.get(OBSERVED);
      if (observed?.kind !== "sequence")
        throw new BadInputError("The state graph lacks what can be seen of a state");
      return readers.map((read) => read(observed.elements));
    },
  };

  function part(value: Value | undefined, word: string): Value {
    if (value !== undefined) return value;
    throw new BadInputError(`the word ${word} has no value in some state`, { where: nameOf(contract.file) });
  }
}

/** `0` of cell0, `.p1` of waits.p1 */
function suffix(key: Value): string {
  if (key.kind === "integer") return String(key.value);
  return `.${key.kind === "string" ? key.value : printValue(key)}`;
}
