import type { Progress } from "../../base/terminal.js";
import type { CheckSummary } from "./run.js";
import { showProblems, showSummary, showUnexpected, showWritten } from "./show.js";
import { showTranslations } from "./show-translations.js";
import { showVacuity } from "./show-vacuity.js";
import { showVerbose } from "./show-verbose.js";

export interface TextOptions {
  /** With the counterexample of every violated claim, as declared or not. */
  readonly explain: boolean;
  /** With figures for every claim, and what it printed. */
  readonly verbose?: boolean;
  /** With every step of a long counterexample. */
  readonly fullTrace?: boolean;
  readonly signal: AbortSignal;
  readonly progress?: Progress;
}

/** What a check has found, for a person: the claims by folder, then what differs from its declaration. */
export async function checkText(summary: CheckSummary, options: TextOptions): Promise<string> {
  const unexpected = await showUnexpected(summary, options);
  const verbose = options.verbose ? showVerbose(summary) : "";
  const after = `${showVacuity(summary.vacuity)}${showTranslations(summary.translations)}${showProblems(summary)}${showWritten(summary)}`;
  return `${showSummary(summary)}\n${verbose}${unexpected}${after}`;
}
