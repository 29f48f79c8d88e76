import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import { BadInputError, messageOf } from "../../spec/tlc/base/errors.js";
import { exists } from "../../spec/tlc/base/exists.js";
import { nameOf } from "../../spec/tlc/base/source-file.js";
import { suggest } from "../../spec/tlc/base/suggest.js";
import { readTextInput } from "../../spec/tlc/base/text-file.js";
import type { Claim } from "../../spec/tlc/claim/claim.js";
import { root } from "../base/root.js";
import {
  type Contract,
  type ContractStep,
  type ContractWord,
  ENVIRONMENT,
  type LaneKind,
} from "../contract/contract.js";
import { twiceNamed } from "../contract/json-text.js";

const LONGEST = 1024 * 1024;

/**
 * The file of a model's contract: the one beside its configuration with the same name, else the one beside its module.
 *
 * @throws BadInputError when there is neither
 */
export async function contractFileOf(model: Pick<Claim, "file" | "module">): Promise<string> {
  const places = [model.file.replace(/\.cfg$/, ".contract.json"), contractBeside(model.module)];
  for (const place of places) if (await exists(place)) return place;
  throw new BadInputError(`${basename(model.module)} has no contract, so no driver knows its steps`, {
    where: nameOf(model.file),
    hint:
      `Write ${nameOf(places[1] ?? "")}; conformance/contract/contract.schema.json says what it holds, and ` +
      "`quiesce conform --draft` prints a first version.",
  });
}

/** Where a module's contract stands. */
export function contractBeside(module: string): string {
  return join(dirname(module), `${basename(module, ".tla")}.contract.json`);
}

/** Whether a model has a contract. */
export async function hasContract(model: Pick<Claim, "file" | "module">): Promise<boolean> {
  return contractFileOf(model).then(
    () => true,
    () => false,
  );
}

/**
 * Reads a contract, as far as that is possible without its module.
 *
 * @throws BadInputError that lists everything that is wrong with it
 */
export function readContract(file: string): Contract {
  const value = parse(file);
  const validate = schema();
  if (!validate(value)) throw problems(file, (validate.errors ?? []).map(sentence));
  const { lanes, steps, words, recorded = words, position, init, next } = value as RawContract;
  const contract: Contract = {
    file,
    lanes,
    steps: Object.entries(steps).map(([name, step]) => stepOf(name, step)),
    words: words.map(wordOf),
    recorded: recorded.map(wordOf),
    ...(position !== undefined && { position }),
    ...(init !== undefined && { init }),
    ...(next !== undefined && { next }),
  };
  const wrong = contradictions(contract, steps);
  if (wrong.length > 0) throw problems(file, wrong);
  return { ...contract, steps: contract.steps.map((step) => resolved(step, lanes)) };
}

type RawStep =
  | string
  | {
      readonly parameters?: Readonly<Record<string, string>>;
      readonly lane?: string;
      readonly hidden?: boolean | "urgent";
      readonly refusable?: boolean;
    };

interface RawWord {
  readonly name: string;
  readonly each?: Readonly<Record<string, string>>;
  readonly value: string;
}

interface RawContract {
  readonly lanes: readonly LaneKind[];
  readonly steps: Readonly<Record<string, RawStep>>;
  readonly words: readonly RawWord[];
  readonly recorded?: readonly RawWord[];
  readonly position?: string;
  readonly init?: string;
  readonly next?: string;
}

function parse(file: string): unknown {
  const where = nameOf(file);
  const text = readTextInput(file, LONGEST, "the contract", where);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadInputError(`the contract is not JSON: ${messageOf(error)}`, { where });
  }
  const twice = twiceNamed(text);
  if (twice === undefined) return value;
  throw new BadInputError(`the contract has "${twice.name}" twice in one object`, {
    where: `${where}:${twice.line}`,
    hint: "JSON would keep the last only. Take one of them out, or rename it.",
  });
}

let compiled: ReturnType<Ajv["compile"]> | undefined;

function schema(): ReturnType<Ajv["compile"]> {
  compiled ??= new Ajv({ allErrors: true }).compile(
    JSON.parse(readFileSync(join(root, "conformance", "contract", "contract.schema.json"), "utf8")),
  );
  return compiled;
}

/** What the schema found, for a person. */
function sentence({ instancePath, message, params }: ErrorObject): string {
  const { additionalProperty: more, allowedValues } = params as {
    readonly additionalProperty?: string;
    readonly allowedValues?: readonly unknown[];
  };
  const detail = more ?? allowedValues?.map((one) => JSON.stringify(one)).join(", ");
  return `${instancePath === "" ? "the contract" : instancePath} ${message ?? "is wrong"}${detail === undefined ? "" : `: ${detail}`}`;
}

function problems(file: string, list: readonly string[]): BadInputError {
  const [first = "it is wrong", ...more] = [...new Set(list)];
  return new BadInputError(`the contract can't be used: ${[first, ...more].join("\n  ")}`, {
    where: nameOf(file),
    hint: "conformance/contract/contract.schema.json says what a contract holds.",
  });
}

function wordOf({ name, each, value }: RawWord): ContractWord {
  const [bound] = Object.entries(each ?? {});
  return { name, ...(bound !== undefined && { each: { name: bound[0], set: bound[1] } }), value };
}

function stepOf(name: string, step: RawStep): ContractStep {
  if (typeof step === "string")
    return { name, parameters: [{ name: "lane", set: step }], lane: "lane", hidden: false, refusable: false };
  const { parameters = {}, lane, hidden = false, refusable = false } = step;
  return {
    name,
    parameters: Object.entries(parameters).map(([parameter, set]) => ({ name: parameter, set })),
    ...(lane !== undefined && { lane }),
    hidden: hidden === true ? "later" : hidden,
    refusable,
  };
}

/** A step that names a kind of lanes in place of its parameters ranges over that kind's set. */
function resolved(step: ContractStep, lanes: readonly LaneKind[]): ContractStep {
  const parameters = step.parameters.map(({ name, set }) => ({
    name,
    set: lanes.find((kind) => kind.name === set)?.set ?? set,
  }));
  return { ...step, parameters };
}

function contradictions(contract: Contract, raw: RawContract["steps"]): string[] {
  const kinds = contract.lanes.map(({ name }) => name);
  const list: string[] = [];
  for (const name of twice(kinds)) list.push(`/lanes has two kinds called ${name}`);
  if (kinds.includes(ENVIRONMENT))
    list.push(`/lanes can't have a kind called ${ENVIRONMENT}: steps without a lane are its`);
  for (const name of twice(contract.words.filter(({ each }) => each === undefined).map((word) => word.name)))
    list.push(`/words has ${name} twice`);
  for (const step of contract.steps) {
    const given = raw[step.name];
    if (typeof given === "string" && !kinds.includes(given)) {
      const meant = suggest(given, kinds);
      list.push(
        `/steps/${step.name} names "${given}", which is no kind of lanes${meant ? `; did you mean ${meant}?` : ""}`,
      );
    }
    if (step.lane !== undefined && !step.parameters.some(({ name }) => name === step.lane))
      list.push(`/steps/${step.name} has its lane in "${step.lane}", which is none of its parameters`);
    if (step.hidden !== false && step.refusable)
      list.push(`/steps/${step.name} is hidden, so nobody can be asked for it, and refuse it`);
  }
  return list;
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}
