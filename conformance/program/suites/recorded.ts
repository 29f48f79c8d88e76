import { join } from "node:path";
import { RecordError } from "../../../native/js/errors.js";
import { throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import { withScratch } from "../../../spec/tlc/base/scratch.js";
import { specRoot } from "../../base/root.js";
import { readRecordings } from "../../record/read.js";
import { checkGuarantee } from "../../validate/guarantee.js";
import { recordInto } from "../validation/record-into.js";
import { validateFiles } from "../validation/validate-files.js";
import { isLibrarys, isShareds } from "./replay.js";
import type { Row } from "./rows.js";
import { killed, MISSED, type Outcome, open, type Part, type Suite, type SuiteContext } from "./suite.js";
import { sourcesOf, specificationTexts } from "./texts.js";

const RECORDED_CLAIM = "rcu/number-steps/Urcu-any-updates";
const RECORDINGS = 30;

/** Records a mutant; a program that dies or hangs over it has been killed, too. */
async function recorded(
  { subject, name }: Row,
  program: "steps" | "history",
  { signal, progress }: SuiteContext,
  look: (file: string) => Promise<Outcome>,
): Promise<Outcome> {
  return withScratch("suite", async (folder) => {
    const out = join(folder, "recorded.qsrec");
    try {
      const { hung } = await recordInto(out, {
        program,
        ...(subject.kind === "native" && { mutant: name }),
        seconds: 1,
        updaters: program === "steps" ? 1 : 2,
        readers: 2,
        events: program === "steps" ? 200 : 1_000_000,
        recordings: RECORDINGS,
        fences: false,
        drainNs: 1000,
        signal,
        progress,
      });
      // What was recorded until then says too little of a mutant.
      throwIfInterrupted(signal);
      const outcome = await look(out);
      return outcome.verdict !== "killed" && hung ? killed("a thread never came back") : outcome;
    } catch (error) {
      if (error instanceof RecordError) return killed(error.message);
      throw error;
    }
  });
}

/** Of the library in its first flavour alone: others are not recorded. */
function ofLibrary(row: Row, depends: () => unknown, run: Part["run"]): Part | undefined {
  if (!isLibrarys(row) || isShareds(row)) return undefined;
  const change = row.subject.kind === "native" ? row.subject.change : [];
  return { depends: async () => [await sourcesOf("record"), change, depends()], run };
}

/** Steps of free runs, and TLC, which knows whether they are some behaviour of the specification. */
export const validation: Suite = {
  name: "validation",
  about: `${RECORDINGS} recordings of 200 steps each of threads that run freely: is each a behaviour of the specification?`,
  version: 1,
  timed: true,
  part: (row) =>
    ofLibrary(row, specificationTexts, (context) =>
      recorded(row, "steps", context, async (file) => {
        const report = await validateFiles([file], {
          claim: RECORDED_CLAIM,
          root: specRoot,
          constants: [],
          lanesAsConstants: { reader: "Readers", updater: "Updaters" },
          explain: 0,
          parallel: 2,
          signal: context.signal,
          progress: context.progress,
        });
        const { results } = report;
        const rejected = results.filter(({ verdict }) => verdict === "rejected").length;
        if (rejected > 0) return killed(`${rejected} of ${results.length} recordings rejected`);
        const undecided = results.find(({ verdict }) => verdict === "inconclusive");
        return undecided === undefined ? MISSED : open(undecided.reason ?? "not decided");
      }),
    ),
};

/** Sections and grace periods of a free run, and the promise of RCU. */
export const guarantee: Suite = {
  name: "guarantee",
  about:
    "a million events of threads that run freely: does a section outlast a grace period, is what is freed read?",
  version: 1,
  timed: true,
  part: (row) =>
    ofLibrary(
      row,
      () => [],
      (context) =>
        recorded(row, "history", context, async (file) => {
          let broken = 0;
          for await (const recording of readRecordings(file))
            broken += checkGuarantee({ file, recording }).broken;
          return broken > 0 ? killed(`broken ${broken} times`) : MISSED;
        }),
    ),
};
