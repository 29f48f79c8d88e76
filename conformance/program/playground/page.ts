import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../base/root.js";
import { bundle, page } from "../report/page.js";

const VIEWER = join(root, "conformance", "program", "playground", "viewer");
const TESTS = join(root, "conformance", "litmus", "tests");

/** The playground as one page that needs nothing else: an editor, our tests, and the axioms beside it. */
export function playground(): string {
  const tests = readdirSync(TESTS)
    .filter((name) => name.endsWith(".litmus"))
    .toSorted()
    .map((name) => ({
      name: name.slice(0, -".litmus".length),
      text: readFileSync(join(TESTS, name), "utf8"),
    }));
  return page({
    title: "May this be reordered?",
    script: bundle(join(VIEWER, "main.ts")),
    styles: [
      join(root, "conformance", "program", "report", "viewer", "viewer.css"),
      join(VIEWER, "playground.css"),
    ],
    data: tests,
    worker: bundle(join(VIEWER, "worker.ts")),
  });
}
