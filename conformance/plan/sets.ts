import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BadInputError, EnvironmentError } from "../../spec/tlc/base/errors.js";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import { nameOf, sourceOf } from "../../spec/tlc/base/source-file.js";
import { readConfig } from "../../spec/tlc/claim/config.js";
import { closeModules } from "../../spec/tlc/claim/modules.js";
import { showProblem } from "../../spec/tlc/output/show-problem.js";
import type { TlcOutcome } from "../../spec/tlc/run/outcome.js";
import { runTlc } from "../../spec/tlc/run/run.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import { parseValue, type Value } from "../../spec/tlc/value/value.js";
import type { Contract } from "../contract/contract.js";
import { elementsOf } from "./json-value.js";
import type { Model } from "./model.js";
import { constantsOnly } from "./model-config.js";

/** What the constant expressions of a contract stand for in a model. */
export interface Sets {
  /** The elements of each set that the contract mentions, in their order. */
  readonly elements: ReadonlyMap<string, readonly Value[]>;
  /** The constants that the configuration assigns. */
  readonly constants: ReadonlyMap<string, Value>;
}

const MARK = "quiesce";

/** What TLC is run by. */
export interface Evaluate {
  readonly tools: Tools;
  readonly signal?: AbortSignal;
}

/**
 * Lets TLC evaluate the sets of a contract, and the model's constants.
 *
 * @throws BadInputError when one of them can't be evaluated, or is no finite set
 */
export async function evaluateSets(
  model: Model,
  contract: Contract,
  { tools, signal }: Evaluate,
): Promise<Sets> {
  const expressions = [
    ...new Set([
      ...contract.lanes.map(({ set }) => set),
      ...contract.steps.flatMap(({ parameters }) => parameters.map(({ set }) => set)),
      ...contract.words.flatMap(({ each }) => (each === undefined ? [] : [each.set])),
    ]),
  ];
  const assigned = readConfig(model.config)
    .assignments.filter(({ operator }) => operator === "=")
    .map(({ name }) => name);
  const module = `${basename(model.module, ".tla")}QsSets`;
  const print = (kind: string, index: number, expression: string): string =>
    `ASSUME QsTLC!PrintT(<<"${MARK}", "${kind}", ${index}, ${expression}>>)`;
  const head = [
    `---- MODULE ${module} ----`,
    `EXTENDS ${basename(model.module, ".tla")}`,
    "QsTLC == INSTANCE TLC",
    ...expressions.map((expression, i) => print("set", i, expression)),
  ];
  const tail = ["VARIABLE qsNothing", "QsNone == qsNothing = 0 /\\ FALSE", "====", ""];
  const { folders } = await closeModules(model.module, model.root);
  return withScratch("sets", async (folder) => {
    const file = join(folder, `${module}.tla`);
    const ask = async (about: readonly string[]): Promise<TlcOutcome> => {
      await writeFile(
        file,
        [...head, ...about.map((name, i) => print("constant", i, name)), ...tail].join("\n"),
      );
      return runTlc({
        tools,
        module: file,
        config: `${constantsOnly(model.config)}\nINIT QsNone\nNEXT QsNone\n`,
        libraries: [dirname(model.module), ...folders],
        short: true,
        ...(signal && { signal }),
      });
    };
    let names = assigned;
    let outcome = await ask(names);
    // TLC takes `a = a` of a name that no module declares: a model value of some set. There is nothing to ask about it.
    const lines = new Set(
      outcome.report.errors.map(({ location }) => (location?.module === module ? location.line : 0)),
    );
    const declared = names.filter((_, i) => !lines.has(head.length + i + 1));
    if (declared.length < names.length) {
      names = declared;
      outcome = await ask(names);
    }
    const { report, exitCode, stderr } = outcome;
    const [error] = report.errors;
    if (error !== undefined)
      throw new BadInputError(
        `the contract can't be read beside its module: ${showProblem(error, sourceOf, nameOf).replaceAll(file, `${module}.tla`)}`,
        {
          where: nameOf(contract.file),
          hint: `${module}.tla is made of the contract's sets, each a constant expression: ${expressions.join(", ")}`,
        },
      );
    const found = new Map<string, Value>();
    for (const printed of report.printed) {
      const value = parseValue(printed);
      const [mark, kind, index, result] = value.kind === "sequence" ? value.elements : [];
      if (
        mark?.kind !== "string" ||
        mark.value !== MARK ||
        kind?.kind !== "string" ||
        index?.kind !== "integer"
      )
        continue;
      if (result !== undefined) found.set(`${kind.value} ${index.value}`, result);
    }
    const value = (kind: string, index: number): Value => {
      const result = found.get(`${kind} ${index}`);
      if (result !== undefined) return result;
      throw new EnvironmentError(
        `TLC ended with exit code ${exitCode} and did not say what it was asked: ${stderr.trim()}`,
      );
    };
    const elements = new Map<string, readonly Value[]>();
    expressions.forEach((expression, i) => {
      const set = elementsOf(value("set", i));
      if (set === undefined)
        throw new BadInputError(`${expression} is no finite set that TLC can list`, {
          where: nameOf(contract.file),
        });
      elements.set(expression, set);
    });
    return { elements, constants: new Map(names.map((name, i) => [name, value("constant", i)])) };
  });
}
