import { showSummary, showUnexpected } from "../check/show.js";
import { showVacuity } from "../check/show-vacuity.js";
import type { Reporter } from "./reporter.js";

/** For a person: the claims by folder, then what differs from its declaration. */
export const text: Reporter = {
  name: "text",
  async report(summary, options) {
    const unexpected = await showUnexpected(summary, options);
    return `${showSummary(summary)}\n${unexpected}${showVacuity(summary.vacuity)}`;
  },
};
