import { BadInputError } from "../../spec/tlc/base/errors.js";
import { nameOf } from "../../spec/tlc/base/source-file.js";
import { readConfig } from "../../spec/tlc/claim/config.js";
import { withoutComments } from "../../spec/tlc/claim/modules.js";
import type { Contract } from "../contract/contract.js";
import type { Model } from "./model.js";

/** The names of a model's initial predicate and of its next-state relation. */
export interface Behaviour {
  readonly init: string;
  readonly next: string;
}

/** Longest chain of definitions that is followed: FairSpec == Spec /\ Fairness. */
const DEEPEST = 20;

/**
 * As much as can be told of what a model's behaviours begin with and are made of: from the contract, from the
 * configuration, or from the formula that the configuration names.
 *
 * @param texts the texts of the model's modules
 */
export function partsOfBehaviour(
  model: Model,
  contract: Contract,
  texts: readonly string[],
): Partial<Behaviour> {
  const { specification, ...config } = readConfig(model.config);
  const read = ofFormula(specification, texts.map((text) => withoutComments(text)).join("\n"));
  const init = contract.init ?? config.init ?? read?.init;
  const next = contract.next ?? config.next ?? read?.next;
  return { ...(init !== undefined && { init }), ...(next !== undefined && { next }) };
}

/**
 * What a model's behaviours begin with and are made of.
 *
 * @param texts the texts of the model's modules
 * @throws BadInputError when one of them can't be told
 */
export function behaviourOf(model: Model, contract: Contract, texts: readonly string[]): Behaviour {
  const { init, next } = partsOfBehaviour(model, contract, texts);
  if (init !== undefined && next !== undefined) return { init, next };
  const { specification } = readConfig(model.config);
  throw new BadInputError(
    specification === undefined
      ? "the configuration has neither SPECIFICATION nor INIT and NEXT, so the model has no behaviours"
      : `${specification} does not show which predicate it begins with and which relation its steps are of`,
    {
      where: nameOf(model.file),
      hint: 'Give their names as "init" and "next" in the contract.',
    },
  );
}

function ofFormula(name: string | undefined, text: string, depth = 0): Partial<Behaviour> | undefined {
  if (name === undefined || depth > DEEPEST) return undefined;
  const body = bodyOf(name, text);
  if (body === undefined) return undefined;
  const box = /\[\]\s*\[\s*(.*?)\s*\]_/.exec(body)?.[1];
  const first = /^(?:\/\\\s*)?(\w+)\s*(?=\/\\|$)/.exec(body)?.[1];
  if (box !== undefined && first !== undefined)
    return { init: first, ...(/^\w+$/.test(box) && { next: box }) };
  for (const [word] of body.matchAll(/\w+/g)) {
    const found = word === name ? undefined : ofFormula(word, text, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What stands behind `Name ==`, up to the next definition. */
function bodyOf(name: string, text: string): string | undefined {
  const match = new RegExp(
    `^\\s*${name}\\s*==([\\s\\S]*?)(?=^\\s*[\\w!]+(?:\\([^)]*\\))?\\s*==|^\\s*(?:====|----|THEOREM|ASSUME|VARIABLE|CONSTANT|RECURSIVE|LOCAL|INSTANCE)|$(?![\\s\\S]))`,
    "m",
  ).exec(text);
  return match?.[1]?.trim().replace(/\s+/g, " ");
}
