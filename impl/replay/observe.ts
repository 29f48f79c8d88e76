import {
  ahead,
  announcedWord,
  BEGUN_WORD,
  DOORBELL_WORD,
  ENDED_WORD,
  GP_WORD,
  HEAD_WORD,
  LEADER_WORD,
  noticeWord,
  OLD,
  ownerWord,
  REGISTERED_WORD,
  SLEEPERS_WORD,
  USED_WORD,
  type Words,
} from "../layout.js";
import type { Control } from "./control.js";
import { firstNumber, RUNG } from "./hidden.js";

/** A group of words: how many there are, and the number of its first word's name; undefined: a name without one. */
interface WordKind {
  readonly from: number | undefined;
  readonly count: number;
}

type Sizes = Pick<Control, "updaters" | "readers" | "cells">;

const one = (): WordKind => ({ from: undefined, count: 1 });
const eachSlot = ({ readers }: Sizes): WordKind => ({ from: 1, count: readers });
const eachReader = ({ updaters, readers }: Sizes): WordKind => ({ from: updaters, count: readers });

/** The words that can be observed, by their groups: those of Urcu.contract.json, and where the lanes stand. */
export const WORDS: ReadonlyMap<string, (sizes: Sizes) => WordKind> = new Map<
  string,
  (sizes: Sizes) => WordKind
>([
  ["gp", one],
  ["begun", one],
  ["ended", one],
  ["leader", one],
  ["doorbell", one],
  ["sleepers", one],
  ["registered", one],
  ["used", one],
  ["head", one],
  ["cell", ({ cells }) => ({ from: 0, count: cells })],
  ["announced", eachSlot],
  ["notice", eachSlot],
  ["owner", eachSlot],
  ["slot", eachReader],
  ["held", eachReader],
  ["mine", ({ updaters }) => ({ from: 0, count: updaters })],
  ["at", ({ updaters, readers }) => ({ from: 0, count: updaters + readers })],
]);

/** Reads one word of the state vector. */
export type Observer = () => number;

/**
 * For each word of the plan, how to read it from the domain and from what the driver keeps.
 *
 * Numbers of grace periods are relative in a plan, since the specification's graph comes back to where it was
 * after each update: `gp` is taken less where the path began and its raises so far, `begun` and `ended` by how far they
 * are from it, and an announcement by its age; and the doorbell is taken less where it began and its rings.
 */
export function observersOf(names: readonly string[], words: Words, control: Control): Observer[] {
  const { ints, capacity } = words;
  const load = (index: number) => Atomics.load(ints, index);
  const int =
    (index: number): Observer =>
    () =>
      load(index);
  const gp = () => load(GP_WORD);
  const kept =
    (index: number): Observer =>
    () =>
      Atomics.load(control.words, index);
  const numbered: Readonly<Record<string, (k: number) => Observer>> = {
    cell: (k) => kept(control.cellWord(k)),
    announced: (slot) => () => ageOf(load(announcedWord(slot)), gp()),
    notice: (slot) => int(noticeWord(slot)),
    // Negative while its reader is not counted.
    owner: (slot) => () => Math.abs(load(ownerWord(capacity, slot))),
    slot: (thread) => kept(control.slotWord(thread)),
    held: (thread) => kept(control.heldWord(thread)),
    mine: (thread) => kept(control.mineWord(thread)),
    at: (thread) => kept(control.atWord(thread)),
  };
  const single: Readonly<Record<string, Observer>> = {
    gp: () => 1 + ahead(gp(), firstNumber(control.position.path)) - control.raises,
    begun: () => ahead(load(BEGUN_WORD), gp()),
    ended: () => ahead(gp(), load(ENDED_WORD)),
    leader: () => (load(LEADER_WORD) === 0 ? 0 : 1),
    doorbell: () => (load(DOORBELL_WORD) - RUNG - control.rings) | 0,
    sleepers: int(SLEEPERS_WORD),
    registered: int(REGISTERED_WORD),
    used: int(USED_WORD),
    head: int(HEAD_WORD),
  };
  return names.map((name) => {
    const [, kind = "", k = ""] = /^([a-z]+)(\d*)$/.exec(name) ?? [];
    const observer = k === "" ? single[kind] : numbered[kind]?.(Number(k));
    if (observer === undefined) throw new Error(`no word ${name}`);
    return observer;
  });
}

/**
 * 0: announces nothing; 1: a number older than gp; 2: gp itself; 3: a number that no grace period has had
 * yet.
 */
function ageOf(announced: number, gp: number): number {
  if (announced === 0) return 0;
  if (announced === gp) return 2;
  if (announced === OLD) return 1;
  return ahead(gp, announced) > 0 ? 1 : 3;
}
