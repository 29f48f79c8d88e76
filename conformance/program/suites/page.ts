import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../../../spec/tlc/base/folders.js";
import { hardware } from "../../base/hardware.js";
import { writeOutput } from "../../base/output-file.js";
import { root } from "../../base/root.js";
import type { MatrixOptions, MatrixRow, SuiteMatrix } from "./matrix.js";
import { renderPage } from "./render-page.js";
import { listRows } from "./rows.js";
import { SUITES } from "./suites.js";

/** The rows that are kept, and what they were measured on. */
export interface KeptMatrix {
  readonly machine: string;
  readonly rows: readonly MatrixRow[];
}

const FOLDER = "conformance/mutants/generated";
export const DATA_FILE = `${FOLDER}/matrix.json`;
export const PAGE_FILE = `${FOLDER}/MATRIX.md`;

/** What is kept in the repository. */
export function readKept(): KeptMatrix | undefined {
  try {
    return JSON.parse(readFileSync(join(root, DATA_FILE), "utf8")) as KeptMatrix;
  } catch {
    return undefined;
  }
}

/** The page, made from what is kept. */
export const pageText = ({ machine, rows }: KeptMatrix): string =>
  renderPage(
    {
      suites: SUITES.map(({ name }) => name),
      rows,
      interrupted: false,
    },
    machine,
  );

/**
 * Puts results into the page, and into the data that it is made from. Other rows and other suites' results stay; what is
 * no mutant any more goes.
 *
 * @returns the files
 */
export async function keepPage(found: SuiteMatrix): Promise<string[]> {
  const before = new Map((readKept()?.rows ?? []).map((row) => [keyOf(row), row]));
  const fresh = new Map(found.rows.map((row) => [keyOf(row), row]));
  const rows = (await listRows()).map((row): MatrixRow => {
    const { of, name, changes } = row;
    const key = keyOf(row);
    const [was, is] = [before.get(key), fresh.get(key)];
    const results = { ...was?.results, ...is?.results };
    const own = SUITES.flatMap((suite) => {
      const result = results[suite.name];
      return result === undefined
        ? []
        : [[suite.name, { ...result, seconds: Math.round(result.seconds * 10) / 10 }] as const];
    });
    const notRun = SUITES.filter((suite) => {
      if (results[suite.name] !== undefined || suite.part(row) === undefined) return false;
      const last = found.suites.includes(suite.name) ? is : was;
      return last?.notRun.includes(suite.name) ?? true;
    }).map((suite) => suite.name);
    return { of, name, changes, results: Object.fromEntries(own), notRun };
  });
  const { processor, cores } = hardware();
  const kept = { machine: `${cores} cores of ${processor}, ${process.arch}, Linux`, rows };
  const files = [
    [DATA_FILE, `${JSON.stringify(kept, null, 1)}\n`],
    [PAGE_FILE, pageText(kept)],
  ] as const;
  for (const [file, text] of files) {
    makeFolder(dirname(join(root, file)));
    writeOutput(join(root, file), text, "the matrix");
  }
  return files.map(([file]) => file);
}

/** Mutants without a result in what is kept, and what is kept of mutants that are no more. */
export function leftOut(
  rows: readonly Pick<MatrixRow, "of" | "name">[],
  kept: KeptMatrix["rows"],
): { readonly missing: string[]; readonly gone: string[] } {
  const known = new Set(rows.map(keyOf));
  const had = new Set(kept.filter(({ results }) => Object.keys(results).length > 0).map(keyOf));
  const text = ({ of, name }: Pick<MatrixRow, "of" | "name">): string => `${of} ${name}`;
  return {
    missing: rows.filter((row) => !had.has(keyOf(row))).map(text),
    gone: kept.filter((row) => !known.has(keyOf(row))).map(text),
  };
}

/** The results that are kept, by row and suite. */
export function knownResults(kept: KeptMatrix | undefined): MatrixOptions["known"] {
  const rows = new Map((kept?.rows ?? []).map((row) => [keyOf(row), row.results]));
  return (row, { name }) => rows.get(keyOf(row))?.[name];
}

const keyOf = ({ of, name }: Pick<MatrixRow, "of" | "name">): string => `${of}\n${name}`;
