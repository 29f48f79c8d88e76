import type { Progress } from "../../base/terminal.js";
import type { CheckSummary } from "../check/run.js";

export interface ReportOptions {
  /** With the counterexample of every violated claim, as declared or not. */
  readonly explain: boolean;
  /** With figures for every claim, and what it printed. */
  readonly verbose?: boolean;
  /** With every step of a long counterexample. */
  readonly fullTrace?: boolean;
  readonly signal: AbortSignal;
  readonly progress?: Progress;
}

/** A format for the results of a check. */
export interface Reporter {
  readonly name: string;
  /** The whole text, with the newline at its end. */
  report(summary: CheckSummary, options: ReportOptions): Promise<string>;
}
