import type { Claim } from "../claim/claim.js";
import type { ModuleClosure, ModuleFile } from "../claim/modules.js";
import { readAlgorithm } from "../look/pluscal.js";
import type { TlcReport } from "../output/report.js";
import type { TlcOutcome } from "../run/outcome.js";
import type { Decision, Verdict } from "./verdict.js";

/** A claim's result. */
export interface ClaimResult {
  readonly claim: Claim;
  readonly verdict: Verdict;
  readonly asDeclared: boolean;
  /** Why it is inconclusive, or how it differs from what is declared. */
  readonly reason?: string;
  /** Distinct states. */
  readonly states?: number;
  /** States generated. */
  readonly generated?: number;
  /** Stubs that stood in place of modules that only proofs need. */
  readonly stubs?: readonly string[];
  /** Files of Java beside its modules, which were not run (see ModuleClosure). */
  readonly java?: readonly string[];
  /** Its modules that have a PlusCal algorithm. */
  readonly algorithms?: readonly ModuleFile[];
  /** Wall time of TLC's run; of the original run when it is from the cache. */
  readonly seconds: number;
  readonly fromCache: boolean;
  /** What TLC said; undefined when it wasn't run. */
  readonly report?: TlcReport;
}

/** A claim's result from a run of TLC. */
export function toResult(
  claim: Claim,
  { stubs, files, java }: Pick<ModuleClosure, "stubs" | "files" | "java">,
  outcome: TlcOutcome,
  decision: Decision,
  fromCache: boolean,
): ClaimResult {
  const { statistics } = outcome.report;
  const algorithms = files.filter(({ text }) => readAlgorithm(text) !== undefined);
  return {
    claim,
    ...decision,
    ...(statistics && { states: statistics.distinct, generated: statistics.generated }),
    ...(stubs.length > 0 && { stubs }),
    ...(java.length > 0 && { java }),
    ...(algorithms.length > 0 && { algorithms }),
    seconds: outcome.seconds,
    fromCache,
    report: inFile(outcome.report, claim.file),
  };
}

/** TLC read the configuration from a scratch folder; line by line it is the claim's file. */
function inFile(report: TlcReport, file: string): TlcReport {
  const errors = report.errors.map((error) =>
    error.kind === "config" && error.location !== undefined && error.location.file === undefined
      ? { ...error, location: { ...error.location, file } }
      : error,
  );
  return { ...report, errors };
}
