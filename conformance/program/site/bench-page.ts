import { chartsOf } from "../bench/charts.js";
import { aboutKept, type KeptBench, RESULTS } from "../bench/kept.js";
import { plain } from "../markdown/markdown.js";
import type { SitePage } from "./place.js";

/** Where the page stands on the site. */
export const BENCHMARKS = "reference/benchmarks.md";

/** What charts show, for those who don't see them; a family's chart is called as it is. */
const ALT: Readonly<Record<string, string>> = {
  "timeline.svg": "a grace period of each variant of the article, with its interrupts",
  "ratios.svg": "our figures divided by liburcu's, with the aims",
};

/** The page of the benchmarks, and its charts by path from the root: all from the results that are kept. */
export function benchPage(results: readonly KeptBench[]): {
  readonly page: SitePage;
  readonly pictures: ReadonlyMap<string, string>;
} {
  const pictures = new Map<string, string>();
  const sections = results.flatMap((result) => {
    const charts = [...chartsOf(result.figures)].map(([file, svg]) => {
      const path = `${result.name}/${file}`;
      pictures.set(`${RESULTS}/${path}`, svg);
      return `![${ALT[file] ?? file.replace(/\.svg$/, "").replaceAll("-", " ")}](${path})`;
    });
    const notes = result.figures.notes.filter((note) => !/busy/.test(note));
    return [`## ${result.name}`, ...aboutKept(result).map(plain), ...notes.map(plain), ...charts];
  });
  const intro =
    "What `quiesce bench` measured: each program is one body, compiled once for each library, and the libraries take turns, " +
    "round by round. Compare figures of one machine with each other, and none with another machine's. How they are kept " +
    "says [the folder of the results](README.md).";
  const none =
    "No result is kept yet. On a quiet machine, in a clone: `npx quiesce bench --keep NAME`, which takes five minutes.";
  const modelled =
    "What happens in a grace period of each variant, and to whom, is drawn from the specification: " +
    "[a grace period, and who pays for it](../../../spec/membarrier/generated/grace-period.svg).";
  const text = ["# Benchmarks", intro, modelled, ...(results.length === 0 ? [none] : sections), ""].join(
    "\n\n",
  );
  return { page: { path: BENCHMARKS, from: `${RESULTS}/BENCHMARKS.md`, text }, pictures };
}
