import { BadInputError, throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import type { Limits } from "../../../spec/tlc/base/limits.js";
import { Residents } from "../../../spec/tlc/resident/residents.js";
import { findTools } from "../../../spec/tlc/tools/tools.js";
import { type EndedEarly, withTimeLimit } from "../../base/interrupted.js";
import type { Progress } from "../../base/terminal.js";
import { type Model, modelOf } from "../../plan/model.js";
import { contractFileOf } from "../../plan/read-contract.js";
import { readRecordings } from "../../record/read.js";
import type { Recording } from "../../record/recording.js";
import { type Explanation, explain } from "../../validate/explain.js";
import type { Source } from "../../validate/module.js";
import { readSpecification, type Specification } from "../../validate/specification.js";
import { type Validated, type ValidateOptions, validate } from "../../validate/validate.js";
import { lanesOf } from "../counterexample/explain-claim.js";
import { ContractThreads } from "./contract-threads.js";
import type { StepsReport } from "./steps-report.js";

export interface FilesOptions extends Limits {
  /** A claim's file or id. */
  readonly claim: string;
  /** Where ids are looked up. */
  readonly root: string;
  readonly contract?: string;
  /** Constants of the claim that are set otherwise: `NAME=VALUE`. */
  readonly constants: readonly string[];
  /** Constants that say how many threads there are of a kind, by the kind: as many as the recording has lanes of it. */
  readonly lanesAsConstants: Readonly<Record<string, string>>;
  /** How many of the rejected recordings are looked at more closely. */
  readonly explain: number;
  readonly mostHidden?: number;
  readonly parallel: number;
  /** In seconds, for all of it. */
  readonly timeLimit?: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Recordings that have the same constants. */
interface Group {
  readonly constants: readonly string[];
  readonly places: number[];
}

/**
 * Validates all recordings of some files against one claim. When it is interrupted, or its time is over, the report has
 * what was known by then of each recording that had been read.
 *
 * @throws BadInputError when a file is no recording, or does not fit; EnvironmentError
 */
export async function validateFiles(files: readonly string[], options: FilesOptions): Promise<StepsReport> {
  const { progress } = options;
  const { signal, ended } = withTimeLimit(options.signal, options.timeLimit);
  const started = performance.now();
  const claim = await modelOf(options.claim, options.root);
  const sources: Source[] = [];
  const results = new Map<number, Validated>();
  const explanations = new Map<number, Explanation>();
  let specification: Specification | undefined;
  let threads: ContractThreads | undefined;
  let residents: Residents | undefined;
  let endedEarly: EndedEarly | undefined;
  try {
    for (const file of files)
      for await (const recording of readRecordings(file)) {
        sources.push({ file, recording });
        throwIfInterrupted(signal);
      }
    const tools = await findTools({ signal, onFetch: (text) => progress.line(text) });
    residents = Residents.of(tools);
    for (const { constants, places } of groupsOf(sources, options)) {
      specification = await readSpecification(withConstants(claim, constants), options.contract);
      const run: ValidateOptions = {
        ...{ specification, tools, signal, residents, parallel: options.parallel },
        ...(options.mostHidden !== undefined && { mostHidden: options.mostHidden }),
        ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
        ...(options.memoryMiB !== undefined && { memoryMiB: options.memoryMiB }),
        onProgress: (known) => {
          for (const [i, place] of places.entries()) results.set(place, known[i] as Validated);
          const done = [...results.values()].filter(({ verdict }) => verdict !== "inconclusive").length;
          const text = `Recordings  ${done} of ${sources.length} decided`;
          progress.update([text], text);
        },
      };
      await validate(
        places.map((place) => sources[place] as Source),
        run,
      );
      await explainSome(results, explanations, options.explain, run);
    }
    if (specification !== undefined && explanations.size > 0 && !(await lanesOf(claim)).named)
      threads = await ContractThreads.of(specification, { tools, signal });
  } catch (error) {
    endedEarly = ended();
    if (endedEarly === undefined) throw error;
  } finally {
    progress.done();
    await residents?.close();
  }
  return {
    claim: claim.id,
    contract: specification?.contract.file ?? options.contract ?? (await contractFileOf(claim)),
    results: sources.map((source, i) => undecided(results.get(i) ?? unknown(source), endedEarly)),
    explanations,
    lanes: await lanesOf(claim),
    ...(threads && { threads }),
    seconds: (performance.now() - started) / 1000,
    ...(endedEarly !== undefined && { endedEarly }),
  };
}

async function explainSome(
  results: ReadonlyMap<number, Validated>,
  explanations: Map<number, Explanation>,
  most: number,
  run: ValidateOptions,
): Promise<void> {
  for (const [place, result] of results) {
    if (result.verdict !== "rejected" || explanations.has(place) || explanations.size >= most) continue;
    const found = await explain(result, run);
    if (found !== undefined) explanations.set(place, found);
  }
}

function unknown(source: Source): Validated {
  const prefix = source.recording.lanes.map(() => 0);
  return { ...source, verdict: "inconclusive", explained: 0, prefix, width: "start" };
}

/** What was not decided when the run ended is so for that reason, unless there is another. */
function undecided(result: Validated, endedEarly: EndedEarly | undefined): Validated {
  if (endedEarly === undefined || result.verdict !== "inconclusive" || result.final === true) return result;
  return { ...result, reason: endedEarly === "interrupted" ? endedEarly : "the time limit was reached" };
}

function groupsOf(sources: readonly Source[], { constants, lanesAsConstants }: FilesOptions): Group[] {
  const groups = new Map<string, Group>();
  for (const [i, { recording }] of sources.entries()) {
    const all = [...countsOf(recording, lanesAsConstants), ...constants];
    const group = groups.get(all.join("\n")) ?? { constants: all, places: [] };
    group.places.push(i);
    groups.set(all.join("\n"), group);
  }
  return [...groups.values()];
}

function countsOf({ lanes }: Recording, names: Readonly<Record<string, string>>): string[] {
  return Object.entries(names).map(([kind, constant]) => {
    const count = lanes.filter(({ name }) => name === kind || name.startsWith(`${kind} `)).length;
    return `${constant}=${count}`;
  });
}

/** The claim with some of its constants set otherwise. */
function withConstants(claim: Model, constants: readonly string[]): Model {
  let { config } = claim;
  for (const constant of constants) {
    const [name = "", value = ""] = constant.split(/=(.*)/s);
    if (!/^\w+$/.test(name))
      throw new BadInputError(`"${constant}" is no NAME=VALUE`, { where: "--constant" });
    const assignment = new RegExp(`^(\\s*(?:CONSTANTS?\\s+)?${name}\\s*=\\s*)(\\{[^}]*\\}|\\S+)`, "m");
    if (!assignment.test(config))
      throw new BadInputError(`the claim assigns no constant "${name}"`, { where: "--constant" });
    config = config.replace(assignment, (_, head: string) => `${head}${value}`);
  }
  return { ...claim, config };
}
