import { BadInputError } from "../../../spec/tlc/base/errors.js";
import { suggest } from "../../../spec/tlc/base/suggest.js";
import type { Target } from "../../targets/target.js";
import { TARGETS } from "../../targets/targets.js";
import { listRows, type Row } from "./rows.js";
import type { Suite } from "./suite.js";
import { SUITES } from "./suites.js";

export interface Choice {
  /** Implementations that were asked for; with all of them, everything else is in the matrix, too. */
  readonly targets: readonly Target[];
  /** Names of mutants or of what they are mutants of; all if there is none. */
  readonly names: readonly string[];
}

/**
 * The rows that are asked for.
 *
 * @throws BadInputError for a name that is none
 */
export async function chooseRows({ targets, names }: Choice): Promise<Row[]> {
  const wanted = new Set(targets.map(({ name }) => name));
  const all = (await listRows()).filter(({ of }) => targets.length === TARGETS.length || wanted.has(of));
  const named = (row: Row, name: string): boolean => row.name === name || row.of === name;
  for (const name of names) {
    if (all.some((row) => named(row, name))) continue;
    const groups = [...new Set(all.map(({ of }) => of))];
    throw new BadInputError(
      `there is no mutant "${name}"${meant(suggest(name, [...groups, ...all.map((row) => row.name)]))}`,
      {
        hint: `A name is a mutant's, or one of what they are mutants of: ${groups.join(", ")}.`,
      },
    );
  }
  return names.length === 0 ? all : all.filter((row) => names.some((name) => named(row, name)));
}

/**
 * The suites that are asked for, in the order of the matrix; all if there is none.
 *
 * @throws BadInputError for a name that is none
 */
export function chooseSuites(names: readonly string[]): readonly Suite[] {
  const known = SUITES.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new BadInputError(`there is no suite "${name}"${meant(suggest(name, known))}`, {
      hint: `The suites are: ${known.join(", ")}.`,
    });
  }
  return names.length === 0 ? SUITES : SUITES.filter(({ name }) => names.includes(name));
}

const meant = (name: string | undefined): string => (name === undefined ? "" : `; did you mean "${name}"?`);
