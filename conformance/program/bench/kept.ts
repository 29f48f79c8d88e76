import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { BadInputError, UsageError } from "../../../spec/tlc/base/errors.js";
import { readTextInput } from "../../../spec/tlc/base/text-file.js";
import { writeOutput } from "../../base/output-file.js";
import { root as home } from "../../base/root.js";
import { commitOf } from "../check/commit.js";
import type { BenchFigures } from "./figures.js";
import { BUSY } from "./machine.js";

/** The folder of the results that are kept, from the root of the repository: a file a machine. */
export const RESULTS = "native/bench/results";

/** Its files say which form they have, so that one of another form is refused instead of misread. */
const FORM = "quiesce-bench-1";

/** A result that is kept. */
export interface KeptBench {
  readonly form: typeof FORM;
  /** What whoever measured calls the machine; the file's name, too. */
  readonly name: string;
  /** In UTC: 2026-11-30. */
  readonly date: string;
  /** What was measured; with "+" when files of native differed from it. */
  readonly commit: string;
  readonly figures: BenchFigures;
}

const SCHEMA = join(home, "conformance", "program", "cli", "schema", "bench.schema.json");
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The name that a result is kept under.
 *
 * @throws UsageError when it can't be the name of a file
 */
export function keptName(name: string, trace: boolean): string {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))
    throw new UsageError(`--keep takes a name for this machine, such as xeon-2-cores, not "${name}"`, {
      hint: "Small letters, digits, and hyphens between them.",
    });
  return trace ? `${name}-tracing` : name;
}

/** Keeps a result in the repository; returns the file, from its root. Throws BadInputError when it can't be written. */
export function keep(root: string, result: Omit<KeptBench, "form">): string {
  const path = `${RESULTS}/${result.name}.json`;
  writeOutput(join(root, path), `${JSON.stringify({ form: FORM, ...result })}\n`, "the result", "--keep");
  return path;
}

/**
 * What a result that is kept now is of.
 *
 * @throws EnvironmentError when this is no clone: a package has no commit
 */
export async function benchedCommit(root: string, signal: AbortSignal): Promise<string> {
  // Results beside the sources change nothing that is measured.
  return commitOf(root, signal, ["native", `:!${RESULTS}`]);
}

/**
 * Reads a result that was kept.
 *
 * @throws BadInputError when it is none, or one of another form
 */
export function readKept(file: string): KeptBench {
  const text = readTextInput(file, MOST_BYTES, "the result");
  const refuse = (problem: string): BadInputError =>
    new BadInputError(`this is no result of \`quiesce bench --keep\`: ${problem}`, {
      where: file,
      hint: "Measure again, with the quiesce that is to read it: quiesce bench --keep NAME",
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse("it is not JSON");
  }
  const kept = value as Partial<KeptBench> | null;
  if (typeof kept !== "object" || kept === null) throw refuse("it is not an object");
  if (kept.form !== FORM)
    throw refuse(`its form is ${JSON.stringify(kept.form) ?? "not stated"}, not "${FORM}"`);
  if (typeof kept.name !== "string" || kept.name === "") throw refuse("it does not name its machine");
  if (!/^\d{4}-\d\d-\d\d$/.test(String(kept.date))) throw refuse("it has no date such as 2026-11-30");
  if (!/^[0-9a-f]{7,40}\+?$/.test(String(kept.commit))) throw refuse("it names no commit");
  const ajv = new Ajv({ allErrors: false });
  const valid = ajv.compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);
  if (!valid(kept.figures)) throw refuse(ajv.errorsText(valid.errors, { dataVar: "figures" }));
  return kept as KeptBench;
}

/** All results that are kept in a repository, by name. Throws as readKept. */
export function allKept(root: string): KeptBench[] {
  const folder = join(root, RESULTS);
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.toSorted().map((name) => readKept(join(folder, name)));
}

/** When and on what it was measured, and what speaks against it: in sentences, for whoever looks at the figures. */
export function aboutKept({ name, date, commit, figures }: KeptBench): string[] {
  const { machine, quick, rounds } = figures;
  const { processor, cores, memoryMiB, kernel, compiler, liburcu, busy } = machine;
  return [
    `Measured on ${date} on ${name}: ${processor}, ${cores} cores, ${Math.round(memoryMiB / 1024)} GiB, Linux ${kernel}, ` +
      `${compiler}, ${liburcu === null ? "no liburcu" : `liburcu ${liburcu}`}.`,
    `Commit ${commit.replace(/\+$/, ", with changes that are not in it")}; median, least and greatest of ${rounds} round${rounds === 1 ? "" : "s"}${quick ? ", short ones (--quick)" : ""}.`,
    ...(busy > BUSY
      ? [`Loaded: others used ${Math.round(busy * 100)} % of the processors, so these figures are rough.`]
      : []),
  ];
}
