import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BadInputError, EnvironmentError } from "../../spec/tlc/base/errors.js";
import type { Limits } from "../../spec/tlc/base/limits.js";
import { inParallel } from "../../spec/tlc/base/pool.js";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import { nameOf, sourceOf } from "../../spec/tlc/base/source-file.js";
import { showProblem } from "../../spec/tlc/output/show-problem.js";
import type { Residents } from "../../spec/tlc/resident/residents.js";
import type { TlcOutcome } from "../../spec/tlc/run/outcome.js";
import { runTlc } from "../../spec/tlc/run/run.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import { parseValue } from "../../spec/tlc/value/value.js";
import { countEvents, type Recording } from "../record/recording.js";
import { stepsOf, type Width } from "./boxes.js";
import { SAYS, type Source, type TraceOptions, traceConfig, traceModule } from "./module.js";
import type { Specification } from "./specification.js";

/** What is known of one recording. */
export interface Validated extends Source {
  /** Explained: some order of the steps inside their boxes is a behaviour. Rejected: none is. */
  readonly verdict: "explained" | "rejected" | "inconclusive";
  /** Why it is inconclusive. */
  readonly reason?: string;
  /** How many events the longest explained prefix has, and how many of them of each lane, as far as that is known. */
  readonly explained: number;
  readonly prefix: readonly number[];
  /** More attempts would not tell more. */
  readonly final?: boolean;
  /** To what width boxes were cut when an order was found; Infinity: not at all. */
  readonly width: Width;
}

export interface ValidateOptions extends Limits {
  readonly specification: Specification;
  readonly tools: Tools;
  /** How many runs of TLC at once. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly residents?: Residents | undefined;
  /** So many hidden steps may stand in front of a recorded one. */
  readonly mostHidden?: number;
  /** Called whenever something is known of a recording: as long as it is explained further, and at its end. */
  readonly onProgress?: (results: readonly Validated[]) => void;
}

/** A run of TLC has about so many events at most: what it parses before it begins grows with them. */
const EVENTS_A_RUN = 12_000;

/**
 * The widths that boxes are cut to before they are taken as they are, as multiples of the time that a thread's step
 * takes: how wide the boxes are says nothing about where in them the steps were.
 */
const MULTIPLES = [8, 64] as const;

/**
 * Asks TLC which recordings are behaviours of a specification. An order that is found in boxes that were cut down is in
 * the boxes, too, so the first attempts, in which little is open, only ever say yes: most recordings are explained by
 * the order in which their boxes begin. What nothing narrower explains is decided with the boxes as they are.
 *
 * @throws BadInputError when a recording does not fit the contract; Interrupted, after `onProgress` has had what is known
 */
export async function validate(
  sources: readonly Source[],
  options: ValidateOptions,
): Promise<readonly Validated[]> {
  const results: Validated[] = sources.map((source) => ({
    ...source,
    verdict: "inconclusive",
    reason: "it was not decided",
    explained: 0,
    prefix: source.recording.lanes.map(() => 0),
    width: "start",
  }));
  for (const [i, { recording, file }] of sources.entries()) {
    const cut = recording.lanes.find(({ missing }) => missing > 0);
    if (cut === undefined) continue;
    const reason = `its beginning is missing: ${cut.missing} events of ${cut.name}`;
    results[i] = { ...(results[i] as Validated), file, reason, final: true };
  }
  const attempts: readonly Attempt[] = ["start", ...MULTIPLES, "whole"];
  for (const attempt of attempts) {
    const open = results.flatMap((result, i) =>
      result.verdict === "inconclusive" && result.final !== true ? [i] : [],
    );
    if (open.length === 0) break;
    const batches = batched(open, results, options.parallel);
    await inParallel(batches, options.parallel, async (batch) => {
      const decided = await attemptBatch(
        batch.map((i) => results[i] as Validated),
        attempt,
        options,
      );
      for (const [k, i] of batch.entries()) results[i] = decided[k] as Validated;
      options.onProgress?.(results);
    });
  }
  return results;
}

/** How wide boxes may be in an attempt; "whole" decides. */
type Attempt = Width | "whole";

function widthFor(attempt: Attempt, recordings: readonly Recording[]): Width {
  if (attempt === "whole") return Number.POSITIVE_INFINITY;
  if (attempt === "start") return attempt;
  const steps = Float64Array.from(recordings.flatMap((recording) => [...stepsOf(recording)])).sort();
  return attempt * Math.max(1, steps[Math.floor(steps.length / 2)] ?? 1);
}

/** About as many events in each, and no more than a run should have. */
function batched(open: readonly number[], results: readonly Validated[], parallel: number): number[][] {
  const size = (i: number): number => countEvents((results[i] as Validated).recording) + 1;
  const all = open.reduce((sum, i) => sum + size(i), 0);
  const each = Math.min(EVENTS_A_RUN, Math.ceil(all / parallel));
  const batches: number[][] = [];
  let room = 0;
  for (const i of open) {
    if (room <= 0) {
      batches.push([]);
      room = each;
    }
    batches.at(-1)?.push(i);
    room -= size(i);
  }
  return batches;
}

async function attemptBatch(
  batch: readonly Validated[],
  attempt: Attempt,
  options: ValidateOptions,
  splits = 4,
): Promise<readonly Validated[]> {
  const width = widthFor(
    attempt,
    batch.map(({ recording }) => recording),
  );
  const outcome = await runTrace(batch, { width, mostHidden: options.mostHidden }, options);
  const problem = problemOf(outcome, options);
  const said = readSaid(outcome, batch);
  // What one recording does to TLC must not leave the others undecided, but if it is what all do, that is enough.
  if (problem !== undefined && !outcome.timedOut && batch.length > 1 && splits > 0) {
    const open = batch.filter((_, i) => !said.explained.has(i));
    const half = Math.ceil(open.length / 2);
    const again = new Map<Validated, Validated>();
    for (const part of [open.slice(0, half), open.slice(half)].filter(({ length }) => length > 0)) {
      const decided = await attemptBatch(part, attempt, options, splits - 1);
      for (const [i, one] of part.entries()) again.set(one, decided[i] as Validated);
    }
    return batch.map((one, i) => again.get(one) ?? explainedBy(one, said.prefix[i], width));
  }
  return batch.map((result, i): Validated => {
    if (said.explained.has(i)) return explainedBy(result, said.prefix[i], width);
    const at = said.prefix[i] ?? result.prefix;
    const better = sum(at) > result.explained ? { explained: sum(at), prefix: at } : {};
    const next = { ...result, ...better, width };
    // What TLC can't evaluate on one way through narrow boxes, it meets in wide ones, too.
    if (problem !== undefined && !outcome.timedOut) return { ...next, reason: problem, final: true };
    if (attempt !== "whole") return next;
    if (problem !== undefined) return { ...next, reason: problem, final: true };
    if (said.cut) {
      const reason = "no order was found with so many hidden steps at a time; allow more with --hidden";
      return { ...next, reason, final: true };
    }
    return { ...without(next), verdict: "rejected" };
  });
}

function explainedBy(result: Validated, at: readonly number[] | undefined, width: Width): Validated {
  const { recording, prefix } = result;
  return {
    ...without(result),
    verdict: "explained",
    explained: countEvents(recording),
    prefix: at ?? prefix,
    width,
  };
}

function without(result: Validated): Omit<Validated, "reason"> {
  const { reason: _reason, ...rest } = result;
  return rest;
}

/** Runs TLC on recordings in one module. */
export async function runTrace(
  sources: readonly Source[],
  trace: Pick<TraceOptions, "width" | "every" | "more"> & { readonly mostHidden?: number | undefined },
  options: Omit<ValidateOptions, "onProgress" | "parallel">,
  config: readonly string[] = ["CONSTRAINT QsvGoesOn"],
): Promise<TlcOutcome> {
  const { specification, signal, tools, residents } = options;
  const { binding, module, init, constants, folders } = specification;
  const { mostHidden, ...rest } = trace;
  const made = traceModule(sources, {
    binding,
    module,
    init,
    ...rest,
    ...(mostHidden !== undefined && { mostHidden }),
  });
  return await withScratch("recorded", async (folder) => {
    const file = join(folder, `${made.name}.tla`);
    await writeFile(file, made.text);
    return await runTlc({
      tools,
      module: file,
      config: traceConfig(constants, config),
      libraries: folders,
      signal,
      short: true,
      residents,
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
      ...(options.memoryMiB !== undefined && { memoryMiB: options.memoryMiB }),
    });
  });
}

/** Why a run of TLC has not decided; undefined when it has. */
function problemOf(outcome: TlcOutcome, { timeoutMs }: ValidateOptions): string | undefined {
  const { report, exitCode, timedOut, stderr, signal } = outcome;
  const [error] = report.errors;
  if (timedOut) return `the time limit of ${(timeoutMs ?? 0) / 1000} s was hit`;
  if (error?.kind === "memory") return "TLC ran out of memory; allow more with --memory";
  if (error !== undefined) {
    const shown = showProblem(error, sourceOf, nameOf);
    if (error.kind === "parse" || error.kind === "semantic")
      throw new BadInputError(`the contract does not fit the specification: ${shown}`, {
        hint: "Do its sets, parameters and words exist in the specification?",
      });
    return `TLC can't evaluate the specification here: ${shown}`;
  }
  if (report.violated !== undefined)
    throw new BadInputError("a lane of the recording is no thread of the specification", {
      hint: "Its number must be in the set that the contract gives for its kind, with the claim's constants.",
    });
  if (exitCode === undefined)
    throw new EnvironmentError(
      `TLC did not finish: ${signal ?? (stderr.trim() || "it could not be started")}`,
    );
  if (exitCode !== 0 || !report.success) return `TLC ended with exit code ${exitCode}: ${stderr.trim()}`;
  return undefined;
}

/** What the generated module has printed. */
export interface Said {
  readonly explained: ReadonlySet<number>;
  readonly prefix: readonly (readonly number[] | undefined)[];
  readonly cut: boolean;
}

/** Reads what the generated module has printed of some recordings. */
export function readSaid({ report }: TlcOutcome, batch: readonly Source[]): Said {
  const explained = new Set<number>();
  const prefix: (readonly number[] | undefined)[] = batch.map(() => undefined);
  let cut = false;
  const names = [...new Set(batch.flatMap(({ recording }) => recording.lanes.map(({ name }) => name)))];
  for (const text of report.printed) {
    if (!text.includes('"qsv ')) continue;
    const value = parseValue(text);
    if (value.kind !== "sequence") continue;
    const [what, run, at] = value.elements;
    if (what?.kind !== "string") continue;
    if (what.value === SAYS.cut) cut = true;
    if (run?.kind !== "integer") continue;
    const i = Number(run.value) - 1;
    if (what.value === SAYS.explained) explained.add(i);
    if (what.value === SAYS.progress && at?.kind === "sequence") {
      const counts = at.elements.map((one) => (one.kind === "integer" ? Number(one.value) : 0));
      prefix[i] = (batch[i] as Source).recording.lanes.map(({ name }) => counts[names.indexOf(name)] ?? 0);
    }
  }
  return { explained, prefix, cut };
}

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);
