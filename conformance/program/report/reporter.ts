import type { Results } from "./results.js";

/** A format for what a run has found: one file each, and a row in reporters.ts. */
export interface Reporter {
  /** As --reporter takes it. */
  readonly name: string;
  /** What it is for, in a few words. */
  readonly description: string;
  /** It shows runs, which take time to gather. */
  readonly runs?: true;
  /** The whole text, with the newline at its end. Paths are relative to `folder` where they lie in it. */
  report(results: Results, folder: string): string;
}
