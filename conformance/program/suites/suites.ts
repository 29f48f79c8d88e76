import { join } from "node:path";
import { RecordError } from "../../../native/js/errors.js";
import { readMutant } from "../../../native/js/mutants.js";
import { withScratch } from "../../../spec/tlc/base/scratch.js";
import { specRoot } from "../../base/root.js";
import type { Progress } from "../../base/terminal.js";
import { type Candidate, declaredTest, replayCandidate } from "../../mutants/matrix.js";
import type { StoredPlan } from "../../plan/store.js";
import { readRecordings } from "../../record/read.js";
import { TARGETS } from "../../targets/targets.js";
import { checkGuarantee } from "../../validate/guarantee.js";
import { recordInto } from "../validation/record-into.js";
import { validateFiles } from "../validation/validate-files.js";

/** What a suite makes of a mutant. */
export interface Outcome {
  /** `missed`: it ran, and noticed nothing. `open`: what it saw is not certain. */
  readonly verdict: "killed" | "missed" | "open";
  /** How it noticed, in a few words; or why it is open. */
  readonly how: string;
}

/** What suites need. */
export interface SuiteContext {
  readonly plans: readonly StoredPlan[];
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** A way to notice that an implementation is wrong. */
export interface Suite {
  readonly name: string;
  /** undefined: this suite has nothing to do with this mutant. */
  run(candidate: Candidate, context: SuiteContext): Promise<Outcome | undefined>;
}

const RECORDED_CLAIM = "rcu/number-steps/Urcu-any-updates";
const RECORDINGS = 30;
const MISSED: Outcome = { verdict: "missed", how: "" };

const killed = (how: string): Outcome => ({ verdict: "killed", how });

/** A free run of the C library alone: others are not recorded. */
const isLibrarys = ({ target }: Candidate): boolean => target.name === "native";

/** Records a mutant; a program that dies or hangs over it has been killed, too. */
async function recorded(
  { mutant }: Candidate,
  program: "steps" | "history",
  { signal, progress }: SuiteContext,
  look: (file: string) => Promise<Outcome>,
): Promise<Outcome> {
  return withScratch("suite", async (folder) => {
    const out = join(folder, "recorded.qsrec");
    try {
      const { hung } = await recordInto(out, {
        program,
        mutant: mutant.name,
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
      const outcome = await look(out);
      return outcome.verdict !== "killed" && hung ? killed("a thread never came back") : outcome;
    } catch (error) {
      if (error instanceof RecordError) return killed(error.message);
      throw error;
    }
  });
}

const replay: Suite = {
  name: "replay",
  async run(candidate, { plans, signal }) {
    if (isLibrarys(candidate) && isShareds(candidate)) return undefined;
    const seen = await replayCandidate(candidate, plans, signal);
    if (seen !== undefined) return killed(`${seen.failure.kind} at ${seen.failure.step || "rest"}`);
    return MISSED;
  },
};

/** Whether it changes the domain in shared memory, which other plans and programs know nothing of. */
function isShareds({ mutant }: Candidate): boolean {
  return readMutant(mutant.name).file.startsWith("src/shared");
}

/** The same on another implementation that is built of the same sources. */
function replayOn(target: string): Suite {
  return {
    name: target,
    async run(candidate, { plans, signal }) {
      const other = TARGETS.find(({ name }) => name === target);
      if (other === undefined || !isLibrarys(candidate) || !isShareds(candidate)) return undefined;
      for (const { plan } of plans.filter((stored) => stored.plan.module === other.drives)) {
        const { failure } = await other.replay(plan, { mutant: candidate.mutant.name, signal });
        if (failure !== undefined) return killed(`${failure.kind} at ${failure.step || "rest"}`);
      }
      return MISSED;
    },
  };
}

const validation: Suite = {
  name: "validation",
  async run(candidate, context) {
    if (!isLibrarys(candidate) || isShareds(candidate)) return undefined;
    return recorded(candidate, "steps", context, async (file) => {
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
      const results = report?.results ?? [];
      const rejected = results.filter(({ verdict }) => verdict === "rejected").length;
      if (rejected > 0) return killed(`${rejected} of ${results.length} recordings rejected`);
      const open = results.find(({ verdict }) => verdict === "inconclusive");
      return open === undefined ? MISSED : { verdict: "open", how: open.reason ?? "not decided" };
    });
  },
};

const guarantee: Suite = {
  name: "guarantee",
  async run(candidate, context) {
    if (!isLibrarys(candidate) || isShareds(candidate)) return undefined;
    return recorded(candidate, "history", context, async (file) => {
      let broken = 0;
      for await (const recording of readRecordings(file))
        broken += checkGuarantee({ file, recording }).broken;
      return broken > 0 ? killed(`broken ${broken} times`) : MISSED;
    });
  },
};

const test: Suite = {
  name: "test",
  async run(candidate, { signal }) {
    const outcome = await declaredTest(candidate, signal);
    if (outcome === undefined) return undefined;
    return outcome.failed ? killed(outcome.test) : MISSED;
  },
};

/** In the order in which the matrix has them. Only the test that is declared to kill a mutant is run on it. */
export const SUITES: readonly Suite[] = [replay, replayOn("native-shared"), validation, guarantee, test];
