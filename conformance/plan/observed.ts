import { BadInputError } from "../../spec/tlc/base/errors.js";
import { nameOf } from "../../spec/tlc/base/source-file.js";
import { printValue, type Value } from "../../spec/tlc/value/value.js";
import { type Contract, type ContractStep, ENVIRONMENT } from "../contract/contract.js";
import type { Json } from "../contract/json.js";
import type { Lane } from "../contract/plan.js";
import type { Behaviour } from "./behaviour.js";
import { expressionOf } from "./expression.js";
import { jsonOf } from "./json-value.js";
import type { Sets } from "./sets.js";

/** An action of the module with values for its parameters. */
export interface Instance {
  readonly step: ContractStep;
  readonly lane: number;
  readonly with: { readonly [parameter: string]: Json };
  /** As TLA+: `Put(Qs_p1, 2)`. */
  readonly call: string;
}

/** Who takes steps, and the steps that they could take. */
export interface Instances {
  readonly lanes: readonly Lane[];
  readonly instances: readonly Instance[];
  /** Names of model values, which a module can mention only as constants of its own. */
  readonly models: readonly string[];
}

const MOST = 20_000;

/** Each step with each of its parameters' values. Throws BadInputError when a step's lane is none of the contract's. */
export function instancesOf(contract: Contract, { elements }: Sets): Instances {
  const lanes: Lane[] = [];
  const values: (Value | undefined)[] = [];
  for (const { name, set } of contract.lanes) {
    const members = elements.get(set) ?? [];
    for (const value of members) {
      const json = jsonOf(value);
      const number = typeof json === "number" || typeof json === "string" ? String(json) : printValue(value);
      lanes.push({ kind: name, name: members.length === 1 ? name : `${name} ${number}`, value: json });
      values.push(value);
    }
  }
  const environment = lanes.length;
  if (contract.steps.some(({ lane }) => lane === undefined)) {
    lanes.push({ kind: ENVIRONMENT, name: ENVIRONMENT, value: null });
    values.push(undefined);
  }
  const models = new Set<string>();
  const inText = (value: Value): string =>
    expressionOf(value, (name) => {
      models.add(name);
      return modelName(name);
    });
  const kinds = new Map(contract.lanes.map(({ set, name }) => [set, name]));
  const laneOf = (step: ContractStep, set: string, value: Value): number => {
    const text = printValue(value);
    const fits = (i: number): boolean => values[i] !== undefined && printValue(values[i] as Value) === text;
    const kind = kinds.get(set);
    const lane = lanes.findIndex((one, i) => fits(i) && (kind === undefined || one.kind === kind));
    if (lane >= 0) return lane;
    throw new BadInputError(`${step.name} may be taken by ${text}, which is none of the lanes`, {
      where: nameOf(contract.file),
      hint: `The lanes are: ${lanes.map(({ name }) => name).join(", ")}`,
    });
  };
  // Counted before any of them is made.
  const count = contract.steps.reduce(
    (sum, { parameters }) =>
      sum + parameters.reduce((all, { set }) => all * (elements.get(set)?.length ?? 0), 1),
    0,
  );
  if (count > MOST)
    throw new BadInputError(`the steps have ${count} combinations of parameters, more than ${MOST}`, {
      where: nameOf(contract.file),
      hint: "A model with smaller constants has fewer.",
    });
  const instances = contract.steps.flatMap((step): Instance[] =>
    combinations(step.parameters.map(({ set }) => elements.get(set) ?? [])).map((given) => {
      const at = step.parameters.findIndex(({ name }) => name === step.lane);
      const lane = at < 0 ? environment : laneOf(step, step.parameters[at]?.set ?? "", given[at] as Value);
      const others = step.parameters.flatMap(({ name }, i) =>
        i === at ? [] : [[name, jsonOf(given[i] as Value)] as const],
      );
      const list = given.map(inText).join(", ");
      return {
        step,
        lane,
        with: Object.fromEntries(others),
        call: list === "" ? step.name : `${step.name}(${list})`,
      };
    }),
  );
  return { lanes, instances, models: [...models] };
}

function combinations(sets: readonly (readonly Value[])[]): Value[][] {
  return sets.reduce<Value[][]>(
    (all, set) => all.flatMap((before) => set.map((value) => [...before, value])),
    [[]],
  );
}

/**
 * The constant of a generated module that stands for a model value. The value's own name may not be declared anywhere:
 * `Threads = {a, b}` needs no constant `a`, and TLC also takes `a = a` of a name that no module has.
 */
export function modelName(model: string): string {
  return `Qs_${model}`;
}

/** The variable that holds what can be seen of a state. */
export const OBSERVED = "qsObserved";
/** The name of an edge that the module's own next-state relation has. */
export const OWN = "QsOwnNext";

/** The name of an instance's edges. */
export const labelOf = (index: number): string => `QsStep_${index}`;

/**
 * A module that names the edges of the state graph after the instances of the contract's steps, and keeps what can be
 * seen of each state in a variable of its own. The module's own next-state relation is there, too: each of its edges must
 * be a step's, and each step's edge must be one of its.
 */
export function observedModule(
  name: string,
  module: string,
  contract: Contract,
  { instances, models }: Instances,
  { init, next }: Behaviour,
): string {
  const words = contract.words.map(({ each, value }) =>
    each === undefined ? value : `[${each.name} \\in ${each.set} |-> ${value}]`,
  );
  const positions =
    contract.position === undefined
      ? []
      : contract.lanes.map(({ set }) => `[lane \\in ${set} |-> ${contract.position}]`);
  // `TRUE /\` keeps TLC from naming the edge after the definition behind it.
  return [
    `---- MODULE ${name} ----`,
    `EXTENDS ${module}`,
    ...(models.length === 0 ? [] : [`CONSTANTS ${models.map(modelName).join(", ")}`]),
    `VARIABLE ${OBSERVED}`,
    "QsWords ==",
    `  <<${[...words, ...positions].map((word) => `(${word})`).join(",\n    ")}>>`,
    `QsInit == ${init} /\\ ${OBSERVED} = QsWords`,
    ...instances.map(({ call }, i) => `${labelOf(i)} == TRUE /\\ ${call} /\\ ${OBSERVED}' = QsWords'`),
    `${OWN} == TRUE /\\ ${next} /\\ ${OBSERVED}' = QsWords'`,
    `QsNext ==\n${instances.map((_, i) => `  \\/ ${labelOf(i)}`).join("\n")}\n  \\/ ${OWN}`,
    "====",
    "",
  ].join("\n");
}

/** What the configuration of that module has more: its behaviours, and the model values that it mentions. */
export function observedConfig(models: readonly string[]): string {
  const constants = models.map((name) => `  ${modelName(name)} = ${name}`);
  return [
    ...(constants.length === 0 ? [] : ["CONSTANTS", ...constants]),
    "INIT QsInit",
    "NEXT QsNext",
    "",
  ].join("\n");
}
