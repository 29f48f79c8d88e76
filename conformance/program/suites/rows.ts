import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type LibraryMutant, listLibraryMutants } from "../../../native/js/libraries.js";
import { type MutantRow, listMutants as nativeMutants } from "../../../native/js/mutants.js";
import { SOURCES } from "../../../native/js/root.js";
import { requireClaims } from "../../../spec/tlc/claim/asked-claims.js";
import { type Claim, namesOf } from "../../../spec/tlc/claim/claim.js";
import { root, specRoot } from "../../base/root.js";
import { compileTest } from "../../litmus/compile.js";
import { readTest } from "../../litmus/files.js";
import { LitmusError } from "../../litmus/lexer.js";
import { claimsOf } from "../../mutants/matrix.js";
import { type Mutant as LitmusMutant, mutantsOf } from "../../silicon/mutants.js";
import type { Mutant, Target } from "../../targets/target.js";
import { TARGETS } from "../../targets/targets.js";
import { litmusFiles } from "./litmus-files.js";

/** What a row of the matrix changes. */
export type Subject =
  /** The C library, or another algorithm on its engine; without a mutant, as it is: no suite may kill that. */
  | { readonly kind: "native"; readonly target: Target; readonly mutant: Mutant; readonly change: MutantRow }
  | { readonly kind: "unchanged"; readonly target: Target }
  | { readonly kind: "impl"; readonly target: Target; readonly mutant: Mutant }
  /** What drives a library at its API. */
  | { readonly kind: "library"; readonly library: string; readonly mutant: LibraryMutant }
  /** A kernel that answers wrongly, or that answers rightly and does nothing. */
  | { readonly kind: "mistake"; readonly mistake: string }
  | { readonly kind: "idle"; readonly command: string; readonly number: number }
  /** A litmus test without one of its barriers. */
  | { readonly kind: "litmus"; readonly file: string; readonly mutant: LitmusMutant };

/** A mutant, whatever it is a mutant of. */
export interface Row {
  /** What it is a mutant of. */
  readonly of: string;
  readonly name: string;
  /** What it changes, in a sentence. */
  readonly changes: string;
  readonly subject: Subject;
  /** Claims about the same change in the specification: all must be as declared, and one must be violated. */
  readonly claims: readonly Claim[];
}

/** Commands of membarrier whose promise of order the walk's program tries, by their numbers. */
const COMMANDS = [
  ["GLOBAL", 1],
  ["GLOBAL_EXPEDITED", 2],
  ["PRIVATE_EXPEDITED", 8],
  ["PRIVATE_EXPEDITED_SYNC_CORE", 32],
  ["PRIVATE_EXPEDITED_RSEQ", 128],
] as const;

/** The name of the row that changes nothing. */
export const UNCHANGED = "(nothing)";

/** Every mutant of this repository that is not one of a specification, in the order of their tables. */
export async function listRows(): Promise<Row[]> {
  const claims = await requireClaims(["rcu", "membarrier/registration"], specRoot);
  return [
    ...(await nativeRows(claims)),
    ...(await implRows(claims)),
    ...libraryRows(),
    ...kernelRows(claims),
    ...(await litmusRows()),
  ];
}

async function nativeRows(claims: readonly Claim[]): Promise<Row[]> {
  const changes = JSON.parse(readFileSync(join(SOURCES, "mutants.json"), "utf8")) as MutantRow[];
  const byName = new Map(changes.map((change) => [change.name, change]));
  const rows: Row[] = [];
  for (const target of TARGETS.filter(({ name }) => name.startsWith("native"))) {
    const mutants = await target.mutants();
    if (mutants.length === 0) continue;
    rows.push({
      ...{ of: target.name, name: UNCHANGED, changes: "Nothing: no suite may kill it." },
      ...{ subject: { kind: "unchanged", target }, claims: [] },
    });
    for (const mutant of mutants) {
      const change = byName.get(mutant.name);
      if (change === undefined) throw new Error(`${target.name} has no change for ${mutant.name}`);
      rows.push({
        ...{ of: target.name, name: mutant.name, changes: mutant.changes },
        ...{ subject: { kind: "native", target, mutant, change }, claims: claimsAbout(mutant, claims) },
      });
    }
  }
  return rows;
}

async function implRows(claims: readonly Claim[]): Promise<Row[]> {
  const target = TARGETS.find(({ name }) => name === "impl");
  if (target === undefined) return [];
  return (await target.mutants()).map((mutant) => ({
    ...{ of: "impl", name: mutant.name, changes: mutant.changes },
    ...{ subject: { kind: "impl", target, mutant }, claims: claimsAbout(mutant, claims) },
  }));
}

/** The rows of the first of the claims that may be about a mutant. */
function claimsAbout(mutant: Mutant, claims: readonly Claim[]): readonly Claim[] {
  for (const id of claimsOf(mutant)) {
    const own = claims.filter(
      (claim) =>
        claim.set === "ci" && namesOf(claim.id).some((name) => name === id || name.startsWith(`${id}.`)),
    );
    if (own.length > 0) return own;
  }
  return [];
}

/** Those that change what drives a library. Those that name a mutant of native are rows of native. */
function libraryRows(): Row[] {
  const known = new Set(nativeMutants().map(({ name }) => name));
  return listLibraryMutants()
    .filter(({ name }) => !known.has(name))
    .flatMap((mutant) =>
      mutant.libraries.map((library) => ({
        ...{ of: library, name: mutant.name, changes: mutant.changes },
        ...{ subject: { kind: "library", library, mutant } as const, claims: [] },
      })),
    );
}

function kernelRows(claims: readonly Claim[]): Row[] {
  const header = readFileSync(join(SOURCES, "kernel", "liar", "mistakes.h"), "utf8");
  const mistakes = [...header.matchAll(/^\tX\((\w+), "([^"]+)"\)/gm)].map(([, , text = ""]) => text);
  const wrong = mistakes
    .filter((name) => name !== "none")
    .map((mistake) => ({
      ...{ of: "kernel", name: mistake, changes: "An emulated kernel makes this mistake." },
      subject: { kind: "mistake", mistake } as const,
      claims: claims.filter(({ id }) =>
        id.startsWith(`membarrier/registration/Api-mistakes.${mistake.replaceAll(" ", "_")}.`),
      ),
    }));
  const idle = COMMANDS.map(([command, number]) => ({
    ...{ of: "kernel", name: `${command} does nothing`, changes: "The call answers 0 and does nothing." },
    ...{ subject: { kind: "idle", command, number } as const, claims: [] },
  }));
  const control = {
    ...{ of: "kernel", name: UNCHANGED, changes: "Nothing: no suite may kill it." },
    ...{ subject: { kind: "mistake", mistake: "none" } as const, claims: [] },
  };
  return [control, ...wrong, ...idle];
}

/** Every litmus test without one of its barriers, by its name in the matrix. */
export async function litmusMutants(): Promise<
  { readonly name: string; readonly file: string; readonly mutant: LitmusMutant }[]
> {
  const found: { name: string; file: string; mutant: LitmusMutant }[] = [];
  for (const file of litmusFiles()) {
    const read = await readTest(join(root, file));
    if (!("test" in read)) continue;
    const { litmus } = read.test;
    for (const mutant of mutantsOf(litmus).filter(isTest))
      found.push({ name: `${litmus.name}, ${mutant.name}`, file, mutant });
  }
  return found;
}

async function litmusRows(): Promise<Row[]> {
  return (await litmusMutants()).map(({ name, file, mutant }) => ({
    ...{ of: "litmus", name, changes: "A litmus test orders less." },
    ...{ subject: { kind: "litmus", file, mutant }, claims: [] },
  }));
}

/** Without a lock or a section, a test may be none any more. */
function isTest({ litmus }: LitmusMutant): boolean {
  try {
    compileTest(litmus);
    return true;
  } catch (error) {
    if (error instanceof LitmusError) return false;
    throw error;
  }
}
