import { BadInputError } from "../../../spec/tlc/base/errors.js";
import { type Claim, readClaims } from "../../../spec/tlc/claim/claim.js";
import { type CheckOptions, type ClaimResult, checkClaims } from "../../../spec/tlc/decide/check.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { type EndedEarly, unlessInterrupted, withTimeLimit } from "../../base/interrupted.js";
import { type Cell, type Face, FLAVOURS, type Flavour, readCells } from "./cells.js";
import type { Decided } from "./matrix.js";

/** The cells, and whether all of them are what module NecessityExpected says. */
export interface DecidedMatrix extends Decided {
  readonly asExpected: boolean;
  readonly results: readonly ClaimResult[];
  /** It ended before all flavours were decided: these are undecided. */
  readonly endedEarly?: EndedEarly;
}

const FILES: Readonly<Record<Face, readonly string[]>> = {
  whole: ["rcu/necessity/Necessity.cfg", "rcu/necessity/Necessity-flavours.cfg"],
  compiler: ["rcu/necessity/NecessityCompiler.cfg"],
};

/** The claims that decide a face of the matrix, one a flavour: rcu/necessity/Necessity.membarrier and its like. */
export async function matrixClaims(
  spec: string,
  flavours: readonly Flavour[],
  face: Face = "whole",
): Promise<Claim[]> {
  const { claims } = await readClaims(FILES[face], spec);
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

/** What the run of a flavour's claim says: its cells, or why there are none. */
export type FlavourResult = { readonly flavour: Flavour } & (
  | { readonly cells: readonly Cell[] }
  | { readonly undecided: string }
);

/** The options of a check, and what the matrix needs besides. */
export interface MatrixOptions extends CheckOptions {
  /** Which face the claims decide. */
  readonly face?: Face;
  readonly signal: AbortSignal;
  /** Seconds for the whole matrix; without any, it may take as long as it takes. */
  readonly timeLimit?: number | undefined;
  /** Called for each flavour as soon as it is decided. */
  readonly onFlavour?: (result: FlavourResult) => void;
}

/**
 * Lets TLC decide the matrix by its claims (matrixClaims), one run each, or takes the runs from the cache. When it is
 * interrupted, or its time is over, the flavours that were not decided by then are undecided.
 */
export async function decideMatrix(
  claims: readonly Claim[],
  tools: Tools,
  options: MatrixOptions,
): Promise<DecidedMatrix> {
  const { timeLimit, onFlavour, onEvent, face = "whole", ...others } = options;
  const { signal, ended } = withTimeLimit(options.signal, timeLimit);
  const results: ClaimResult[] = [];
  const cells: Cell[] = [];
  const undecided = new Map<Flavour, string>();
  const settle = (result: FlavourResult): void => {
    if ("cells" in result) cells.push(...result.cells);
    else undecided.set(result.flavour, result.undecided);
    onFlavour?.(result);
  };
  const whole = await unlessInterrupted(signal, () =>
    checkClaims(claims, tools, {
      ...others,
      signal,
      onEvent: (event) => {
        onEvent?.(event);
        if (event.kind !== "finished") return;
        results.push(event.result);
        const found = readResult(event.result, face);
        if (found !== undefined) settle(found);
      },
    }),
  );
  const endedEarly = whole === undefined ? ended() : undefined;
  for (const claim of claims) {
    const flavour = flavourOf(claim);
    if (flavour !== undefined && !results.some((result) => result.claim === claim))
      settle({
        flavour,
        undecided: endedEarly === "time limit" ? "the time limit was reached" : "interrupted",
      });
  }
  const inOrder = claims.flatMap((claim) => results.filter((result) => result.claim === claim));
  return {
    cells: FLAVOURS.flatMap((flavour) => cells.filter((cell) => cell.flavour === flavour)),
    undecided,
    asExpected: inOrder.length === claims.length && inOrder.every((r) => r.asDeclared),
    results: inOrder,
    ...(endedEarly && { endedEarly }),
  };
}

function readResult({ claim, verdict, reason, report }: ClaimResult, face: Face): FlavourResult | undefined {
  const flavour = flavourOf(claim);
  if (flavour === undefined) return undefined;
  const cells = readCells(flavour, report?.printed ?? [], face);
  // What a run prints before it ends is not the whole truth.
  return verdict === "inconclusive" || cells.length === 0
    ? { flavour, undecided: reason ?? "TLC reported no cells" }
    : { flavour, cells };
}
