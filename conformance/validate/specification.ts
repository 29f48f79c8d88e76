import { basename } from "node:path";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { nameOf } from "../../spec/tlc/base/source-file.js";
import { readConfig } from "../../spec/tlc/claim/config.js";
import { closeModules } from "../../spec/tlc/claim/modules.js";
import type { Contract } from "../contract/contract.js";
import { partsOfBehaviour } from "../plan/behaviour.js";
import type { Model } from "../plan/model.js";
import { modelName } from "../plan/observed.js";
import { contractFileOf, readContract } from "../plan/read-contract.js";
import { Binding } from "./bind.js";

/** What recordings are compared with: a claim's model, without its properties, and its contract. */
export interface Specification {
  readonly claim: Model;
  readonly contract: Contract;
  readonly binding: Binding;
  /** The module's name. */
  readonly module: string;
  /** The folders of the modules that it depends on. */
  readonly folders: readonly string[];
  /** The predicate of its first states. */
  readonly init: string;
  /** What the configuration assigns to the constants, and to those that stand for its model values. */
  readonly constants: string;
}

/**
 * Reads what is needed of a claim in order to validate recordings.
 *
 * @param contract its contract's file; by default the one beside the claim or its module
 * @throws BadInputError when there is no contract, or it can't be told how the specification begins
 */
export async function readSpecification(claim: Model, contract?: string): Promise<Specification> {
  const read = readContract(contract ?? (await contractFileOf(claim)));
  const config = readConfig(claim.config);
  const { files, folders } = await closeModules(claim.module, claim.root);
  const { init } = partsOfBehaviour(
    claim,
    read,
    files.map(({ text }) => text),
  );
  if (init === undefined)
    throw new BadInputError("it can't be told which predicate the first states satisfy", {
      where: nameOf(claim.file),
      hint: "Write the specification as  Spec == Init /\\ [][Next]_vars , or use INIT and NEXT in the claim.",
    });
  const binding = new Binding(read, claim.config);
  const assigned = [
    ...config.assignments.map(({ name, operator, value }) => `  ${name} ${operator} ${value}`),
    ...[...binding.models].map((model) => `  ${modelName(model)} = ${model}`),
  ];
  return {
    claim,
    contract: read,
    binding,
    module: basename(claim.module, ".tla"),
    folders,
    init,
    constants: assigned.length === 0 ? "" : `CONSTANTS\n${assigned.join("\n")}`,
  };
}
