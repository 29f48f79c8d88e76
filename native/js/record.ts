import { Interrupted } from "../../spec/tlc/base/errors.js";
import { type BuildOptions, build } from "./artifact.js";
import { LIBRARY } from "./build.js";
import { run } from "./compiler.js";
import { RecordError } from "./errors.js";
import { mutantText, readMutant } from "./mutants.js";

/**
 * What free-running threads record: `steps`, each step of the library, which is compiled with its step points for it;
 * `history`, sections, grace periods, reads and what is freed, of the library as anybody would compile it.
 */
export type RecordProgram = "steps" | "history";

/** What all recording programs have in common. */
export const RECORDER: readonly string[] = ["ticks", "lane", "write", "options"].map(
  (name) => `record/${name}.c`,
);

const OPTIONS = { steps: ["-DQS_STEPS"], history: [] } as const;

/**
 * Compiles a recording program with the library, or with one of its mutants.
 *
 * @throws CompilerMissingError, CompileError, Interrupted; MutantError when there is no such mutant
 */
export async function buildRecorder(
  program: RecordProgram,
  mutant?: string,
  options?: BuildOptions,
): Promise<string> {
  return build(
    {
      name: `record-${program}${mutant === undefined ? "" : `-${mutant}`}`,
      ending: "",
      sources: [...LIBRARY, ...RECORDER, `record/${program}.c`],
      options: ["-O2", "-g", ...OPTIONS[program]],
      ...(mutant === undefined ? {} : { changed: await mutantText(readMutant(mutant)) }),
    },
    options,
  );
}

/** What a recording program says when it has ended. */
export interface RecordReport {
  readonly recordings: number;
  readonly events: number;
  /** Some thread did not end: nobody woke it. */
  readonly hung: boolean;
  readonly ticksPerSecond: number;
  /** From one stamp to the next, in ticks: what recording adds to a step, but for its stores. */
  readonly stampMedian: number;
  /** From a stamp before a store to the stamp of another processor that had seen it, in ticks: half, and nine of ten. */
  readonly seenMedian: number;
  readonly seenMost: number;
  /** It was told to end before its time: this is what it had recorded by then. */
  readonly interrupted?: true;
}

/** Ended by a signal, it waits for its threads (5 s at most) and writes what they have recorded. */
const GRACE_MS = 60_000;

/**
 * Runs a recording program to its end; it writes into the file that the option `out` names. Interrupted, it ends with what
 * it has recorded by then.
 *
 * @throws RecordError when it fails, or dies (a mutant may); Interrupted when there is nothing yet
 */
export async function runRecorder(
  file: string,
  options: Readonly<Record<string, string | number>>,
  signal?: AbortSignal,
): Promise<RecordReport> {
  const words = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  const { code, signal: killed, stderr } = await run([file, ...words], signal, process.env, GRACE_MS);
  const last = stderr.trim().split("\n").at(-1) ?? "";
  if (code === 0 && last.startsWith("{")) {
    const report = JSON.parse(last) as RecordReport;
    if (!signal?.aborted) return report;
    if (report.events === 0) throw new Interrupted();
    return { ...report, interrupted: true };
  }
  throw new RecordError(
    `the recording program ${killed === null ? `ended with ${code}` : `died of ${killed}`}`,
    {
      hint: stderr.trim() || `The command was: ${[file, ...words].join(" ")}`,
    },
  );
}
