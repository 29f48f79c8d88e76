import { QuiesceError } from "../errors.js";
import type { Step } from "../generated/steps.js";
import { type CheckName, runCheck } from "../interleavings/checks.js";
import { REFERENCE, type Sides } from "../sides.js";
import type { Row } from "./row.js";
import { SEEN } from "./seen.js";
import { UNSEEN } from "./unseen.js";

/** The implementation with one step changed, to show that the tests can fail. */
export interface Mutant {
  readonly name: string;
  /** The step that is changed; null: none of the specification's. */
  readonly step: Step | null;
  /** What is changed, as a clause. */
  readonly change: string;
  /** What should kill it: replay, or the check of this name. */
  readonly killer: "replay" | { readonly test: CheckName };
  /** Somebody sleeps for ever by it: replay sees it hang, and nothing else. */
  readonly hangs: boolean;
}

const ROWS: readonly Row[] = [...SEEN, ...UNSEEN];

/** There is no mutant of this name. */
export class UnknownMutantError extends QuiesceError {
  constructor(name: string) {
    super(`no mutant of impl is called "${name}". There are: ${ROWS.map((row) => row.name).join(", ")}.`);
  }
}

/** The mutant has no check that should kill it. */
export class UntestedMutantError extends QuiesceError {
  constructor(name: string) {
    super(`no check is declared to kill the mutant of impl "${name}": replay does.`);
  }
}

/** All mutants of this implementation. */
export function listMutants(): readonly Mutant[] {
  return ROWS.map(({ name, step, change, test, hangs = false }) => ({
    ...{ name, step, change, hangs },
    killer: test === undefined ? "replay" : { test },
  }));
}

/** The parts of a domain as this mutant has them. @throws UnknownMutantError */
export function sidesOfMutant(name: string): Sides {
  return { ...REFERENCE, ...rowOf(name).sides };
}

/**
 * Runs the check that is declared to kill this mutant, on the mutant.
 * @throws UnknownMutantError; UntestedMutantError when replay is to kill it
 */
export function testMutant(name: string): { readonly test: CheckName; readonly failed: boolean } {
  const { test } = rowOf(name);
  if (test === undefined) throw new UntestedMutantError(name);
  return { test, failed: runCheck(test, sidesOfMutant(name)).length > 0 };
}

function rowOf(name: string): Row {
  const row = ROWS.find((candidate) => candidate.name === name);
  if (row === undefined) throw new UnknownMutantError(name);
  return row;
}
