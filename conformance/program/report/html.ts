import { join } from "node:path";
import { root, version } from "../../base/root.js";
import { bundle, page } from "./page.js";
import { shownPath } from "./path.js";
import type { Reporter } from "./reporter.js";
import { headline, isGood, type Results, totalLine } from "./results.js";
import type { PageData } from "./viewer/data.js";

/** What runs in the page: it has the browser's types, and esbuild bundles it when a page is made. */
const VIEWER = join(root, "conformance", "program", "report", "viewer");

/** One page that needs nothing else: the findings with filters, and counterexamples to step through. */
export const html: Reporter = {
  name: "html",
  description: "one self-contained page, with counterexamples to step through",
  runs: true,
  report(results, folder) {
    return page({
      title: "Quiesce report",
      script: bundle(join(VIEWER, "main.ts")),
      styles: [join(VIEWER, "viewer.css")],
      data: dataOf(results, folder),
    });
  },
};

function dataOf(results: Results, folder: string): PageData {
  return {
    title: results.title,
    command: `quiesce ${results.command}`,
    version: version(),
    when: new Date().toISOString(),
    good: isGood(results),
    total: totalLine(results),
    seconds: results.seconds,
    notes: results.notes,
    tables: results.tables ?? [],
    problems: results.problems.map(({ message, hint, place }) => ({
      message: hint === undefined ? message : `${message}\n${hint}`,
      ...(place && { place: shown(place, folder) }),
    })),
    findings: results.findings.map(({ place, steps: _, ...finding }) => ({
      ...finding,
      headline: headline(finding),
      ...(place && { place: shown(place, folder) }),
    })),
  };
}

function shown({ file, line }: { readonly file: string; readonly line?: number }, folder: string): string {
  return line === undefined ? shownPath(file, folder) : `${shownPath(file, folder)}:${line}`;
}
