import { join } from "node:path";
import { checkClaims } from "../../spec/tlc/check.js";
import type { Claim } from "../../spec/tlc/claim.js";
import { BadInputError, UsageError } from "../../spec/tlc/errors.js";
import { suggest } from "../../spec/tlc/suggest.js";
import type { Tools } from "../../spec/tlc/tools.js";
import { explainClaim } from "../check/explain.js";
import { type Cell, cellName, type Question } from "./cells.js";

interface Model {
  readonly module: string;
  readonly letters: string;
  readonly constants: string;
  readonly promises: readonly string[];
}

const PROTOCOL = `  Raise     = "after"
  Scans     = 2
  Volatile  <- IsVolatile
  Announce  <- WhatIsAnnounced
  Readers   = 1
`;
/** How each question of module Necessity is asked of a single cell; the figures are those of its INSTANCEs. */
const MODELS: Readonly<Record<Question, Model>> = {
  use: {
    module: "NecessityUse",
    letters: "ABCDEFGH",
    constants: `${PROTOCOL}  Updates   = 2\n  Sections  = 2\n  Nesting   = 1\n`,
    promises: ["NoUseAfterFree", "NoUseBeforeInitialised"],
  },
  guarantee: {
    module: "NecessityGuarantee",
    letters: "ABCDEFGH",
    constants: `${PROTOCOL}  Updates   = 1\n`,
    promises: ["SectionsAfterSeeBefore", "SectionsBeforeAreSeen"],
  },
  progress: {
    module: "NecessityProgress",
    letters: "ABCDEFGH",
    constants: `${PROTOCOL}  Updates   = 1\n`,
    promises: [],
  },
  wait: { module: "NecessityWait", letters: "BCI", constants: "  Readers   = 1\n", promises: [] },
};

/** Which property TLC names for what breaks. */
const PROPERTIES: Readonly<Record<string, string>> = {
  freed: "NoUseAfterFree",
  unfilled: "NoUseBeforeInitialised",
  early: "SectionsAfterSeeBefore",
  unseen: "SectionsBeforeAreSeen",
  hang: "deadlock",
  asleep: "deadlock",
  endless: "deadlock",
};

/** The cell of that name. Throws UsageError when there is none. */
export function findCell(cells: readonly Cell[], name: string): Cell {
  const cell = cells.find((c) => cellName(c) === name);
  if (cell !== undefined) return cell;
  const meant = suggest(name, cells.map(cellName));
  throw new UsageError(`there is no cell ${name}`, {
    hint:
      meant === undefined
        ? "A cell is ALGORITHM.FLAVOUR.MISSING.ORDER, as number.membarrier.A.tso."
        : `Did you mean ${meant}?`,
  });
}

/** A cell that breaks as a claim of its own. Throws BadInputError when nothing breaks there. */
export function claimOfCell(cell: Cell, spec: string): Claim {
  const { broken } = cell;
  if (broken === undefined)
    throw new BadInputError(`nothing breaks in ${cellName(cell)}: there is no counterexample to show`);
  const model = MODELS[broken.question];
  const strengths = [...model.letters].map((letter) => `  ${letter}         <- Strength${letter}\n`).join("");
  const promises = model.promises.length === 0 ? "" : `INVARIANTS\n  ${model.promises.join("\n  ")}\n`;
  const config = `SPECIFICATION Spec
CONSTANTS
  Thread    <- Threads
  Program   <- Programs
  Memory0   <- Words
  Order     = "${cell.order}"
  HandlerHasBarrier = TRUE
  Algorithm = "${cell.algorithm}"
  Kind      = "${cell.flavour}"
  Dropped   = "${cell.missing}"
  Missing   <- MissingStep
${strengths}${model.constants}${promises}`;
  const module = join(spec, "rcu", `${model.module}.tla`);
  const violates = PROPERTIES[broken.breaks] ?? broken.breaks;
  return {
    id: `rcu/${model.module}.${cellName(cell)}`,
    file: join(spec, "rcu", `${model.module}.cfg`),
    line: 1,
    module,
    sentence: `Without ${cell.missing}, ${broken.breaks}.`,
    set: "full",
    declared: { verdict: "violated", violates },
    overrides: {},
    config,
  };
}

/** The counterexample of a cell that breaks, as a table for a person. Throws as claimOfCell does. */
export async function explainCell(
  cell: Cell,
  spec: string,
  tools: Tools,
  signal: AbortSignal,
): Promise<string> {
  const [result] = await checkClaims([claimOfCell(cell, spec)], tools, { signal });
  if (result?.verdict !== "violated")
    throw new BadInputError(
      `TLC finds no counterexample of ${cellName(cell)}: ${result?.reason ?? result?.verdict}`,
    );
  return await explainClaim(result, tools, signal);
}
