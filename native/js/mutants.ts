import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MutantError } from "./errors.js";
import { SOURCES } from "./root.js";

/**
 * What is expected to kill a mutant: replay, or a test of a C program of native/test/, or, where only weak memory shows
 * it, a claim of the specification.
 */
export type Killer =
  | "replay"
  | { readonly claim: string }
  | {
      readonly program:
        | "library"
        | "accesses"
        | "races"
        | "counts"
        | "shared"
        | "kills"
        | "deferral"
        | "misuse"
        | "structures";
      readonly test: string;
    };

/** Programs that measure, or need luck; the others mostly wait for what hangs. */
const ALONE: ReadonlySet<string> = new Set(["counts", "kills", "races"]);

/** Whether the test that kills a mutant has to have the machine to itself. */
export function needsMachine(killer: Killer): boolean {
  return killer !== "replay" && "program" in killer && ALONE.has(killer.program);
}

/** What native has a replay target for: the library in a flavour of its (membarrier's), and native/replay/phase.h. */
export type NativeTarget =
  | "number"
  | "number-global"
  | "number-mb"
  | "number-signal"
  | "number-qsbr"
  | "phase";

/** The library with one step changed. */
export interface NativeMutant {
  readonly name: string;
  /** What the change does, in a sentence. */
  readonly changes: string;
  readonly killer: Killer;
  /** Somebody sleeps for ever by it: replay sees it hang, and nothing else. */
  readonly hangs?: boolean;
}

/** A mutant with the change itself: lines of a file below native/ that others take the place of. */
export interface MutantRow extends NativeMutant {
  readonly file: string;
  /** Whose step it changes; the library's if there is none. */
  readonly target?: NativeTarget;
  readonly lines: readonly string[];
  readonly become: readonly string[];
}

/** A mutant of another table, which names the test that kills it. */
export interface TestedMutant extends Omit<MutantRow, "killer" | "target"> {
  readonly test: string;
}

/** All mutants of a target, in the order of native/mutants.json. */
export function listMutants(target: NativeTarget = "number"): readonly MutantRow[] {
  const rows = JSON.parse(readFileSync(join(SOURCES, "mutants.json"), "utf8")) as MutantRow[];
  return rows.filter((row) => (row.target ?? "number") === target);
}

/** @throws MutantError when there is none of this name */
export function readMutant(name: string, target: NativeTarget = "number"): MutantRow {
  const mutants = listMutants(target);
  const mutant = mutants.find((row) => row.name === name);
  if (mutant !== undefined) return mutant;
  throw new MutantError(
    `no mutant of ${target === "number" ? "the native library" : `native's ${target} algorithm`} is called "${name}"`,
    {
      hint: `The mutants are: ${mutants.map((row) => row.name).join(", ")}.`,
    },
  );
}

/**
 * The changed file's text, by its path below native/.
 *
 * @throws MutantError unless the mutant's lines stand in the file exactly once
 */
export function mutantText(mutant: MutantRow): Promise<ReadonlyMap<string, string>> {
  return mutantTextOf(mutant);
}

/** The same for a row of any table, which `table` names for messages. */
export async function mutantTextOf(
  mutant: Omit<MutantRow, "killer">,
  table = "native/mutants.json",
): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(SOURCES, mutant.file), "utf8");
  const parts = text.split(mutant.lines.join("\n"));
  if (parts.length !== 2) {
    throw new MutantError(
      `the lines that the mutant "${mutant.name}" changes stand ${parts.length - 1} times in its file`,
      {
        where: `native/${mutant.file}`,
        hint: `The library has changed: bring the row up to date: it is in ${table}.`,
      },
    );
  }
  return new Map([[mutant.file, parts.join(mutant.become.join("\n"))]]);
}
