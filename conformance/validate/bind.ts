import { BadInputError } from "../../spec/tlc/base/errors.js";
import { suggest } from "../../spec/tlc/base/suggest.js";
import {
  type Contract,
  type ContractStep,
  type ContractWord,
  ENVIRONMENT,
  type LaneKind,
} from "../contract/contract.js";
import { modelName } from "../plan/observed.js";
import type { Observed, RecordedEvent, Recording } from "../record/recording.js";

/** A thread of a recording as the specification has it. */
export interface BoundLane {
  /** As the recording calls it: `reader 2`. */
  readonly name: string;
  /** Undefined: it is the environment's, which is nobody in the specification. */
  readonly of: BoundThread | undefined;
}

/** Which thread of the specification it is. */
export interface BoundThread {
  readonly kind: LaneKind;
  /** As an expression: `2`. */
  readonly thread: string;
}

/** Binds what recordings say to a specification, by its contract. Whatever does not fit is an error that says where. */
export class Binding {
  /** What a recording may have observed, by name. */
  readonly words: ReadonlyMap<string, ContractWord>;
  /** Model values of the configuration: a module can mention them only by constants of its own, see modelName. */
  readonly models: ReadonlySet<string>;
  readonly #steps: ReadonlyMap<string, ContractStep>;

  constructor(
    readonly contract: Contract,
    config: string,
  ) {
    this.words = new Map(contract.recorded.map((word) => [word.name, word]));
    this.#steps = new Map(contract.steps.map((step) => [step.name, step]));
    this.models = modelValues(config);
  }

  /**
   * The thread that a lane stands for: its kind and its value, `reader 2`; the kind alone where there is but one. Or the
   * environment, which takes the steps that are no thread's.
   */
  lane(name: string, where: string): BoundLane {
    if (name === ENVIRONMENT) return { name, of: undefined };
    const kind = this.contract.lanes.find((one) => name === one.name || name.startsWith(`${one.name} `));
    if (kind === undefined) {
      const known = this.contract.lanes.map((one) => `"${one.name} ..."`).join(", ");
      throw new BadInputError(`no kind of thread in the contract is called as the lane "${name}" is`, {
        where,
        hint: `The contract (${this.contract.file}) has ${known}.`,
      });
    }
    const value = name.slice(kind.name.length).trim();
    const thread = value === "" ? `(CHOOSE qsvOne \\in (${kind.set}) : TRUE)` : this.#literal(value);
    return { name, of: { kind, thread } };
  }

  /** The action of an event: `LoadGp(2)`; parameters that are not recorded may have any value. */
  action(event: RecordedEvent, lane: BoundLane, where: string): string {
    const step = this.#steps.get(event.step);
    if (step === undefined) {
      const meant = suggest(event.step, [...this.#steps.keys()]);
      throw new BadInputError(`the contract has no step "${event.step}"`, {
        where,
        hint: meant ? `Did you mean ${meant}?` : `It is to be listed in ${this.contract.file}.`,
      });
    }
    if (step.hidden !== false)
      throw new BadInputError(`the step "${event.step}" is hidden in the contract, so it can't be recorded`, {
        where,
        hint:
          `Leave it out of the recording: it is filled in. Or, if all of its occurrences are recorded, remove "hidden" ` +
          `from it in ${this.contract.file}.`,
      });
    if (lane.of === undefined && step.lane !== undefined)
      throw new BadInputError(
        `the step "${event.step}" is a thread's, and is recorded as the environment's`,
        {
          where,
          hint: `Record it in the lane of its thread. The environment takes the steps that have no "lane" in ${this.contract.file}.`,
        },
      );
    const given = event.with ?? {};
    const known = new Set(step.parameters.map((one) => one.name).filter((one) => one !== step.lane));
    const unknown = Object.keys(given).find((name) => !known.has(name));
    if (unknown !== undefined)
      throw new BadInputError(`the step "${event.step}" has no parameter "${unknown}" to be given`, {
        where,
      });
    return this.actionOf(event.step, lane.of?.thread, given);
  }

  /** An action with its thread and what is given of its other parameters. */
  actionOf(name: string, thread: string | undefined, given: Readonly<Record<string, Observed>> = {}): string {
    const step = this.#steps.get(name);
    const open: string[] = [];
    const values = (step?.parameters ?? []).map(({ name: parameter, set }, i) => {
      if (parameter === step?.lane && thread !== undefined) return thread;
      const value = Object.hasOwn(given, parameter) ? given[parameter] : undefined;
      if (value !== undefined) return literal(value);
      open.push(`qsvAny${i} \\in (${set})`);
      return `qsvAny${i}`;
    });
    const call = values.length === 0 ? name : `${name}(${values.join(", ")})`;
    return open.length === 0 ? call : `(\\E ${open.join(", ")} : ${call})`;
  }

  /** The operator of an observed word, `gp` or `announced[2]`, as its value in the next state. */
  word(key: string, where: string): string {
    const [, name = "", index] = /^([^[]+)(?:\[(.*)\])?$/s.exec(key) ?? [];
    const word = this.words.get(name);
    if (word === undefined) {
      const meant = suggest(name, [...this.words.keys()]);
      throw new BadInputError(`the contract has no word "${key}"`, {
        where,
        hint: meant ? `Did you mean ${meant}?` : `It is to be listed in ${this.contract.file}.`,
      });
    }
    if ((word.each === undefined) !== (index === undefined))
      throw new BadInputError(
        word.each === undefined
          ? `there is one word "${name}", so it has no number in brackets: ${key}`
          : `there are several words "${name}", so the recording must say which: ${name}[1]`,
        { where },
      );
    return index === undefined ? operatorOf(name) : `${operatorOf(name)}(${this.#literal(index)})`;
  }

  #literal(text: string): string {
    if (/^-?\d+$/.test(text)) return text;
    if (this.models.has(text)) return modelName(text);
    // In quotes it is what they hold, which is never more than a text: a recording must not become a formula.
    const [, quoted] = /^"(.*)"$/s.exec(text) ?? [];
    return literal(quoted?.replace(/\\([\\"])/g, "$1") ?? text);
  }
}

/** The operator of a word of the contract in the generated module. */
export function operatorOf(word: string): string {
  return `QsvWord_${word.replace(/\W/g, "_")}`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f" };
const escaped = (control: string): string => ESCAPES[control] ?? "";

/** A value as an expression. */
export function literal(value: Observed): string {
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return typeof value === "number"
    ? String(value)
    : `"${value.replace(/[\\"]/g, "\\$&").replace(/[\n\r\t\f]/g, escaped)}"`;
}

/** The model values of a configuration: names that stand alone on the right side of an assignment, or in a set there. */
function modelValues(config: string): Set<string> {
  const values = [...config.matchAll(/=\s*(\{[^}]*\}|\w+)/g)].flatMap(([, text = ""]) =>
    text.split(/[{},\s]+/),
  );
  return new Set(values.filter((name) => /^[A-Za-z_]\w*$/.test(name) && name !== "TRUE" && name !== "FALSE"));
}

/** Where an event stands, for messages. */
export function placeOf(file: string, recording: Recording, lane: number, event: number): string {
  const name = recording.name === "" ? "" : `, recording ${recording.name}`;
  return `${file}${name}, ${recording.lanes[lane]?.name}, event ${event + 1}`;
}
