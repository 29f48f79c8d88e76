import { join } from "node:path";
import { BadInputError, UsageError } from "../../../spec/tlc/base/errors.js";
import { suggest } from "../../../spec/tlc/base/suggest.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { checkClaims } from "../../../spec/tlc/decide/check.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { explainClaim } from "../counterexample/explain-claim.js";
import { BREAKS, type Cell, cellName, type Question } from "./cells.js";

/** How each question of module Necessity is asked of a single cell; the sizes are those of module NecessitySizes. */
interface Model {
  readonly module: string;
  readonly letters: string;
  readonly constants: string;
  /** The operator that has the programs, when it is not Programs. */
  readonly programs?: string;
}

const PROTOCOL = `  Missing   <- MissingStep
  Raise     <- CellRaise
  Scans     <- CellScans
  Volatile  <- IsVolatile
  Announce  <- WhatIsAnnounced
  Readers   <- CellReaders
`;
const ONE_GRACE_PERIOD = `${PROTOCOL}  Updates   <- OtherUpdates\n`;
const MODELS: Readonly<Record<Question, Model>> = {
  use: {
    module: "NecessityUse",
    letters: "ABCDEFGH",
    constants: `${PROTOCOL}  Updates   <- UseUpdates\n  Sections  <- UseSections\n  Nesting   <- UseNesting\n`,
  },
  guarantee: { module: "NecessityGuarantee", letters: "ABCDEFGH", constants: ONE_GRACE_PERIOD },
  progress: { module: "NecessityProgress", letters: "ABCDEFGH", constants: ONE_GRACE_PERIOD },
  wait: {
    module: "NecessityWait",
    letters: "BCI",
    constants: "  Missing   <- MissingStep\n  Readers   <- CellReaders\n",
  },
  sharing: {
    module: "NecessitySharing",
    letters: "ABDEH",
    constants: `  Pass      <- StrengthJ
  Then      <- StrengthH
  Done      <- ModeM
  Way       = "share"
  Look      = "begun"
  Later     = 1
  Periods   = 1
  Earlier   = 0
  Marks     <- MarksHere
  Flags     = "own"
  Announce  = "sections"
  Itself    = "no reader"
`,
  },
  registry: {
    module: "NecessityRegistry",
    letters: "ABCDEHJKL",
    constants: `  Way       = "skip"
  For       = "itself"
  Raised    = "registers"
  MarkRead  = "after"
  First     = "slot"
`,
  },
  lead: {
    module: "NecessityLead",
    letters: "HJMPQ",
    constants: "  E         <- LeadersE\n  Updates   <- LeaderUpdates\n",
    programs: "LoosePrograms",
  },
  bell: {
    module: "NecessityBell",
    letters: "MNOPR",
    constants: '  Wants     = "ended"\n  Rings     = TRUE\n',
    programs: "LoosePrograms",
  },
  worker: { module: "NecessityWorker", letters: "ST", constants: "" },
  "hand over": { module: "NecessityHandOver", letters: "JU", constants: "" },
};

/** Which invariant breaks in each case; in all others but `back`, the promise that some thread can always take a step. */
const PROMISES: Readonly<Record<string, string>> = {
  freed: "NoUseAfterFree",
  unfilled: "NoUseBeforeInitialised",
  early: "SectionsAfterSeeBefore",
  unseen: "SectionsBeforeAreSeen",
};

/** It is about a step, not a state. */
const NUMBERS_GROW = "NumbersGrow";

/** The cell of that name. Throws UsageError when there is none. */
export function findCell(cells: readonly Cell[], name: string): Cell {
  const cell = cells.find((c) => cellName(c) === name);
  if (cell !== undefined) return cell;
  const meant = suggest(name, cells.map(cellName));
  throw new UsageError(`there is no cell ${name}`, {
    hint:
      meant === undefined
        ? "A cell is ALGORITHM.FLAVOUR.MISSING.ORDER, such as number.membarrier.A.tso."
        : `Did you mean ${meant}?`,
  });
}

/** A cell that breaks, as a separate claim. Throws BadInputError when nothing breaks there. */
export function claimOfCell(cell: Cell, spec: string): Claim {
  const { broken } = cell;
  if (broken === undefined)
    throw new BadInputError(`nothing breaks in ${cellName(cell)}: there is no counterexample to show`);
  const bySignal = broken.question === "use" && cell.flavour === "signal";
  const model = bySignal
    ? { ...MODELS.use, module: "NecessityUseBySignal", programs: "ProgramsBySignal" }
    : MODELS[broken.question];
  const strengths = [...model.letters].map((letter) => `  ${letter}         <- Strength${letter}\n`).join("");
  const promise = PROMISES[broken.breaks];
  // TLC looks only for what is expected to break: where two things break, it may find either first.
  const promises =
    broken.breaks === "back"
      ? `CHECK_DEADLOCK FALSE\nPROPERTY ${NUMBERS_GROW}\n`
      : promise === undefined
        ? ""
        : `CHECK_DEADLOCK FALSE\nINVARIANT ${promise}\n`;
  const config = `SPECIFICATION Spec
CONSTANTS
  Thread    <- Threads
  Program   <- ${model.programs ?? "Programs"}
  Memory0   <- Words
  Order     = "${cell.order}"
  HandlerHasBarrier = TRUE
  Algorithm = "${cell.algorithm}"
  Kind      = "${cell.flavour}"
  Dropped   = "${cell.missing}"
  Face      = "${cell.face ?? "whole"}"
${strengths}${model.constants}${promises}`;
  const module = join(spec, "rcu", "necessity", `${model.module}.tla`);
  return {
    id: `rcu/necessity/${model.module}.${cellName(cell)}`,
    file: join(spec, "rcu", "necessity", `${model.module}.cfg`),
    root: spec,
    line: 1,
    module,
    sentence: `${cell.face === undefined ? "Without" : "Without the processor's half of"} ${cell.missing}, ${BREAKS[broken.breaks] ?? broken.breaks}.`,
    set: "ci",
    declared: {
      verdict: "violated",
      violates: broken.breaks === "back" ? NUMBERS_GROW : (promise ?? "deadlock"),
    },
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
      `TLC finds no counterexample for ${cellName(cell)}: ${result?.reason ?? result?.verdict}`,
    );
  return await explainClaim(result, tools, signal);
}
