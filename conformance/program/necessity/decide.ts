import { BadInputError } from "../../../spec/tlc/base/errors.js";
import { type Claim, readClaims } from "../../../spec/tlc/claim/claim.js";
import { type CheckOptions, type ClaimResult, checkClaims } from "../../../spec/tlc/decide/check.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { type Cell, FLAVOURS, type Flavour, readCells } from "./cells.js";
import type { Decided } from "./matrix.js";

/** The cells, and whether all of them are what module NecessityExpected says. */
export interface DecidedMatrix extends Decided {
  readonly asExpected: boolean;
  readonly results: readonly ClaimResult[];
}

/** The claims that decide the matrix, one a flavour: rcu/necessity/Necessity.membarrier and its like. */
export async function matrixClaims(spec: string, flavours: readonly Flavour[]): Promise<Claim[]> {
  const { claims } = await readClaims(
    ["rcu/necessity/Necessity.cfg", "rcu/necessity/Necessity-flavours.cfg"],
    spec,
  );
  return flavours.map((flavour) => {
    const claim = claims.find((c) => flavourOf(c) === flavour);
    if (claim === undefined) throw new BadInputError(`no claim decides the matrix of the flavour ${flavour}`);
    return claim;
  });
}

/** The flavour that a claim of the matrix is about. */
function flavourOf(claim: Claim): Flavour | undefined {
  return FLAVOURS.find((flavour) => claim.overrides["Examined"]?.replaceAll('"', "") === flavour);
}

/** Lets TLC decide the matrix by its claims (matrixClaims), one run each, or takes the runs from the cache. */
export async function decideMatrix(
  claims: readonly Claim[],
  tools: Tools,
  options: CheckOptions = {},
): Promise<DecidedMatrix> {
  const results = await checkClaims(claims, tools, options);
  const cells: Cell[] = [];
  const undecided = new Map<Flavour, string>();
  for (const result of results) {
    const flavour = flavourOf(result.claim);
    if (flavour === undefined) continue;
    const seen = readCells(flavour, result.report?.printed ?? []);
    // What a run prints before it ends is not the whole truth.
    if (result.verdict === "inconclusive" || seen.length === 0)
      undecided.set(flavour, result.reason ?? "TLC reported no cells");
    else cells.push(...seen);
  }
  return { cells, undecided, asExpected: results.every((r) => r.asDeclared), results };
}
