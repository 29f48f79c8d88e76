import { showProblems, showSummary, showUnexpected, showWritten } from "../check/show.js";
import { showVacuity } from "../check/show-vacuity.js";
import { showVerbose } from "../check/show-verbose.js";
import type { Reporter } from "./reporter.js";

/** For a person: the claims by folder, then what differs from its declaration. */
export const text: Reporter = {
  name: "text",
  async report(summary, options) {
    const unexpected = await showUnexpected(summary, options);
    const verbose = options.verbose ? showVerbose(summary) : "";
    const after = `${showVacuity(summary.vacuity)}${showProblems(summary)}${showWritten(summary)}`;
    return `${showSummary(summary)}\n${verbose}${unexpected}${after}`;
  },
};
