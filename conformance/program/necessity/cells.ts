import { parseValue, type Value } from "../../../spec/tlc/value/value.js";
import { ORDERS, type Order } from "../../litmus/model.js";

export const FLAVOURS = ["membarrier", "mb", "signal", "qsbr"] as const;
export type Flavour = (typeof FLAVOURS)[number];
export const ALGORITHMS = ["number", "phase"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/**
 * The faces of the matrix: a letter is left out altogether, or it holds the compiler and no longer the processor. Modules
 * Necessity and NecessityCompiler.
 */
export const FACES = ["whole", "compiler"] as const;
export type Face = (typeof FACES)[number];

/** The questions of module Necessity; a cell breaks by the first of them that has a bad answer. */
export const QUESTIONS = [
  "use",
  "guarantee",
  "wait",
  "progress",
  "sharing",
  "registry",
  "lead",
  "bell",
  "worker",
  "hand over",
] as const;
export type Question = (typeof QUESTIONS)[number];

/** What can break, in words; the same ones in module Necessity. */
export const BREAKS: Readonly<Record<string, string>> = {
  freed: "a reader uses a freed cell",
  unfilled: "a reader uses a cell that is not yet filled",
  early: "a section that sees what came after the grace period misses what came before it",
  unseen: "the updater misses what a section did that had begun before the grace period",
  hang: "a grace period never ends",
  asleep: "a wake-up is lost, and whoever waits for it sleeps for ever",
  endless: "the updater waits for a section that began after its grace period did",
  back: "a number that only grows is taken back",
};

/** The question that a letter from J on breaks by, if any: of those that module Necessity asks (Around), the first. */
const AROUND: Readonly<Record<string, Question>> = {
  J: "sharing",
  K: "registry",
  L: "registry",
  M: "sharing",
  N: "bell",
  O: "bell",
  P: "lead",
  Q: "lead",
  R: "bell",
  S: "worker",
  T: "worker",
  U: "hand over",
};

/**
 * Which question has so bad an answer when a letter or step is missing. A hang is a deadlock under any of them; the first
 * one asked finds it.
 */
export function questionOf(missing: string, breaks: string): Question {
  const around = AROUND[missing];
  if (around !== undefined) return around;
  if (breaks === "early" || breaks === "unseen") return "guarantee";
  return breaks === "asleep" ? "wait" : breaks === "endless" ? "progress" : "use";
}

/** A question about one cell, as TLC has answered it. */
export interface Answer {
  readonly question: Question;
  /** A key of BREAKS; undefined when nothing breaks. */
  readonly breaks?: string;
  /** Distinct states that TLC examined before it knew. */
  readonly states: number;
}

/** What happens to one flavour of one algorithm, under one memory order, without one letter or step. */
export interface Cell {
  readonly flavour: Flavour;
  readonly algorithm: Algorithm;
  /** A letter, the name of a step, or "nothing". */
  readonly missing: string;
  readonly order: Order;
  /** The other face of the matrix, if it is not the whole letter that is left out. */
  readonly face?: "compiler";
  readonly answers: readonly Answer[];
  /** The first answer that is bad; undefined when nothing breaks. */
  readonly broken?: Answer & { readonly breaks: string };
}

/** Is what is missing a letter, that is, an ordering point? */
export function isLetter(missing: string): boolean {
  return missing.length === 1;
}

/**
 * The name of a cell, as `--cell` takes it: `number.membarrier.end-announcement.tso`. On the other face, it is
 * `number.membarrier.E-compiler.tso`.
 */
export function cellName(cell: Pick<Cell, "algorithm" | "flavour" | "missing" | "order" | "face">): string {
  const row = cell.face === undefined ? rowId(cell.missing) : `${rowId(cell.missing)}-${cell.face}`;
  return [cell.algorithm, cell.flavour, row, cell.order].join(".");
}

/** The name of a row as part of a cell's name or of a link: `end-announcement`. */
export function rowId(missing: string): string {
  return missing.replaceAll(" ", "-");
}

/**
 * Reads the cells of a flavour from what module Necessity has printed (TellBroken); anything that is not a cell is
 * skipped.
 */
export function readCells(flavour: Flavour, printed: readonly string[], face: Face = "whole"): Cell[] {
  const cells = new Map<string, Cell>();
  for (const line of printed.filter((text) => /^<<\s*"cell"/.test(text))) {
    const value = parseValue(line);
    if (value.kind !== "sequence") continue;
    const [, algorithm, missing, question, order, states, breaks] = value.elements.map(plain);
    const which = ALGORITHMS.find((name) => name === algorithm);
    const where = ORDERS.find((name) => name === order);
    const asked = QUESTIONS.find((name) => name === question);
    if (which === undefined || where === undefined || asked === undefined) continue;
    const answer: Answer = {
      question: asked,
      states: Number(states),
      ...(breaks !== "" && { breaks: String(breaks) }),
    };
    const key = { flavour, algorithm: which, missing: String(missing), order: where, ...faceOf(face) };
    const before = cells.get(cellName(key));
    cells.set(cellName(key), withAnswers(key, [...(before?.answers ?? []), answer]));
  }
  return [...cells.values()];
}

/** The face as a part of a cell. */
export function faceOf(face: Face): Pick<Cell, "face"> {
  return face === "compiler" ? { face } : {};
}

/** A cell with its answers, in the order of the questions. */
export function withAnswers(
  key: Pick<Cell, "flavour" | "algorithm" | "missing" | "order" | "face">,
  answers: readonly Answer[],
): Cell {
  const sorted = [...answers].sort((a, b) => QUESTIONS.indexOf(a.question) - QUESTIONS.indexOf(b.question));
  const bad = sorted.find((answer) => answer.breaks !== undefined);
  return {
    ...key,
    answers: sorted,
    ...(bad?.breaks !== undefined && { broken: { ...bad, breaks: bad.breaks } }),
  };
}

function plain(value: Value): string | number {
  if (value.kind === "string") return value.value;
  return value.kind === "integer" ? Number(value.value) : "";
}
