import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { MAN_FOLDER, referenceFiles } from "../../../native/js/reference/render.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { readLetters } from "../../base/letters.js";
import { renderStepsHeader, renderStepsModule, renderWordsHeader } from "../../plan/headers.js";
import { readContract } from "../../plan/read-contract.js";
import { stepIds } from "../../plan/steps.js";
import type { StoredPlan } from "../../plan/store.js";
import { renderTests } from "../../plan/tests.js";
import { LIBRARIES } from "../../targets/targets.js";
import { HISTORY_PAGE, renderHistory } from "./history-page.js";
import { insertLetters } from "./letters.js";
import { matrixFiles } from "./matrix-pages.js";
import { renderVariants, VARIANTS_PAGE } from "./variants.js";

/** A file made from the specification: its path from the root, and its text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

const MODULE = "rcu/number-steps/Urcu";
const QSBR = "rcu/number-steps/qsbr/UrcuQsbr";
const STEPS_BY = `Generated from spec/${MODULE}.tla and UrcuQsbr.tla by \`npm run generate\`. Do not edit.`;
const WORDS_BY = `Generated from spec/${MODULE}.contract.json by \`npm run generate\`. Do not edit.`;
const MADE_BY = `Generated from spec/${MODULE}.tla by \`npm run generate\`. Do not edit.`;

/**
 * All generated files except the claims' pages, in memory. The same specification gives the same files, byte for byte.
 *
 * @param plans those of the replayed claims
 * @param claims all of ours
 */
export function generatedFiles(
  root: string,
  plans: readonly StoredPlan[],
  claims: readonly Claim[],
): GeneratedFile[] {
  const contract = readContract(join(root, "spec", `${MODULE}.contract.json`));
  const names = contract.steps.map(({ name }) => name);
  const steps = stepIds(names);
  const more = readContract(join(root, "spec", `${QSBR}.contract.json`)).steps.map(({ name }) => name);
  const native = [...steps, ...more.filter((name) => !names.includes(name)).toSorted()];
  const read = (path: string): string => readFileSync(join(root, path), "utf8");
  return [
    { path: "native/src/generated/steps.h", text: renderStepsHeader(native, STEPS_BY) },
    { path: "native/src/generated/words.h", text: renderWordsHeader(contract, WORDS_BY) },
    { path: "impl/generated/steps.ts", text: renderStepsModule(steps, MADE_BY) },
    ...LIBRARIES.map((target) => ({
      path: `conformance/generated/urcu.${target.name}.test.ts`,
      text: renderTests(plans, target, `// ${MADE_BY}`),
    })),
    { path: "conformance/generated/urcu.json", text: manifest(plans) },
    ...matrixFiles(
      join(root, "spec"),
      "Generated from spec/rcu/necessity/NecessityExpected.tla by `npm run generate`. Do not edit.",
    ),
    {
      path: "ARCHITECTURE.md",
      text: insertLetters(read("ARCHITECTURE.md"), readLetters(join(root, "spec"))),
    },
    ...referenceFiles(),
    { path: VARIANTS_PAGE, text: renderVariants(claims) },
    { path: HISTORY_PAGE, text: renderHistory(read("spec/history.json"), claims) },
  ];
}

/** What the paths are, without the paths themselves: a changed specification or cover shows here. */
function manifest(built: readonly StoredPlan[]): string {
  const plans = built.map(({ claim, sha256, report }) => ({ claim, planSha256: sha256, ...report }));
  return `${JSON.stringify({ madeBy: MADE_BY, spec: MODULE, plans }, null, 2)}\n`;
}

/** The paths of the files that differ from what is on disk. */
export function staleFiles(root: string, files: readonly GeneratedFile[]): string[] {
  return files
    .filter(
      ({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text,
    )
    .map(({ path }) => path);
}

/** Manual pages of functions that are gone. */
export function leftOverManual(root: string, files: readonly GeneratedFile[]): string[] {
  const made = new Set(files.map(({ path }) => path));
  const folder = join(root, MAN_FOLDER);
  const there = existsSync(folder) ? readdirSync(folder).map((name) => `${MAN_FOLDER}/${name}`) : [];
  return there.filter((path) => !made.has(path)).toSorted();
}

/** Writes the files that differ, each in one piece. */
export function writeFiles(root: string, files: readonly GeneratedFile[]): void {
  for (const { path, text } of files) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}.tmp`;
    writeFileSync(draft, text);
    renameSync(draft, file);
  }
}
