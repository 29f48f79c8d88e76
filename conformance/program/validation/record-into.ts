import { createWriteStream, rmSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  buildRecorder,
  type RecordProgram,
  type RecordReport,
  runRecorder,
} from "../../../native/js/record.js";
import { buildRingRecorder } from "../../../native/js/tracing/record-ring.js";
import { BadInputError, codeOf, messageOf } from "../../../spec/tlc/base/errors.js";
import { beforeExit } from "../../../spec/tlc/base/last-rites.js";
import { withScratch } from "../../../spec/tlc/base/scratch.js";
import { replaceable } from "../../base/output-file.js";
import type { Progress } from "../../base/terminal.js";
import { writeJsonLines } from "../../record/json-lines.js";
import { readRecordings } from "../../record/read.js";

export interface IntoOptions {
  /** `ring`: of a traced thread and its recorder; `overwriting-ring`: where a full one loses the oldest. */
  readonly program: RecordProgram | "ring" | "overwriting-ring";
  readonly mutant?: string;
  readonly seconds: number;
  readonly updaters: number;
  readonly readers: number;
  readonly events: number;
  readonly recordings: number;
  readonly fences: boolean;
  readonly drainNs: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * Compiles a recording program, runs it, and puts what it has recorded into a file, which appears in one piece. When it
 * is interrupted while it records, the file has what was recorded by then, and the report says so.
 *
 * @throws BadInputError when the file can't be written or there is no such mutant; RecordError, Interrupted
 */
export async function recordInto(asked: string, options: IntoOptions): Promise<RecordReport> {
  const out = replaceable(asked, "the recordings", "--out");
  const { program, mutant, seconds, updaters, readers, events, signal, progress } = options;
  const draft = `${out}.${process.pid}.part`;
  const forget = beforeExit(() => rmSync(draft, { force: true }));
  try {
    // An output that can't be written is said before there is anything to write.
    await writeFile(draft, "").catch((error: unknown) => {
      throw cannotWrite(out, error);
    });
    const isRing = program === "ring" || program === "overwriting-ring";
    const building = {
      signal,
      onBuild: () => progress.line(`Compiling the library with its recorder${mutant ? ` (${mutant})` : ""}`),
    };
    const recorder = isRing
      ? await buildRingRecorder(mutant, building)
      : await buildRecorder(program, mutant, building);
    progress.update([`Recording for ${seconds} s`], `recording for ${seconds} s`);
    const threads: Readonly<Record<string, number>> = isRing ? {} : { updaters, readers };
    const made = { program, mutant: mutant ?? null, ...threads };
    const words = { ...threads, events, ms: seconds * 1000, made: JSON.stringify(made) };
    const more: Readonly<Record<string, number>> =
      program === "history"
        ? {}
        : {
            recordings: options.recordings,
            fences: options.fences ? 1 : 0,
            drain: options.drainNs,
            ...(isRing && { overwrite: program === "ring" ? 0 : 1 }),
          };
    const report = await withScratch("record", async (folder) => {
      const text = asked.endsWith(".jsonl");
      const file = text ? join(folder, "recorded") : draft;
      const said = await runRecorder(recorder, { ...words, ...more, out: file }, signal);
      if (text) await convert(file, draft, out);
      return said;
    });
    await rename(draft, out).catch((error: unknown) => {
      throw cannotWrite(out, error);
    });
    return report;
  } finally {
    progress.done();
    await rm(draft, { force: true });
    forget();
  }
}

function cannotWrite(out: string, error: unknown): BadInputError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "its folder does not exist",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of its path is a file, not a folder",
    EACCES: "no permission",
    ENOSPC: "the disk is full",
  };
  return new BadInputError(
    `the recordings can't be written to ${out}: ${reasons[codeOf(error) ?? ""] ?? messageOf(error)}`,
    {
      where: "--out",
      hint: "Name a file in a writable folder.",
      cause: error,
    },
  );
}

/** Goes on when it is interrupted: what has been recorded is there, and only has to be written. */
async function convert(from: string, to: string, out: string): Promise<void> {
  async function* lines(): AsyncGenerator<string> {
    for await (const recording of readRecordings(from)) yield* writeJsonLines(recording);
  }
  const stream = createWriteStream(to);
  let failed: unknown;
  stream.once("error", (error) => {
    failed = error;
  });
  await pipeline(lines(), stream).catch((error: unknown) => {
    throw failed === undefined ? error : cannotWrite(out, failed);
  });
}
