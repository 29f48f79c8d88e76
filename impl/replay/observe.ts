import { announcedLong, GP_LONG, HEAD_WORD, ownerWord, WAITING_WORD, type Words } from "../layout.js";
import type { Control } from "./control.js";
import { NUMBER_BASE } from "./hidden.js";

/** Reads one word of the state vector. */
export type Observer = () => number;

/**
 * For each word of the plan, how to read it from the domain and from what the driver keeps.
 *
 * Numbers of grace periods are relative in a plan, since the specification's graph comes back to where it was
 * after each update: `gp` is taken less NUMBER_BASE and the raises of the path so far, and an announcement by its age.
 */
export function observersOf(names: readonly string[], words: Words, control: Control): Observer[] {
  const int =
    (index: number): Observer =>
    () =>
      Atomics.load(words.ints, index);
  const age = (index: number): Observer => {
    return () => ageOf(Atomics.load(words.longs, index), Atomics.load(words.longs, GP_LONG));
  };
  const kept =
    (index: number): Observer =>
    () =>
      Atomics.load(control.words, index);
  const numbered: Readonly<Record<string, (k: number) => Observer>> = {
    cell: (k) => kept(control.cellWord(k)),
    announced: (slot) => age(announcedLong(slot)),
    owner: (slot) => int(ownerWord(slot)),
    slot: (reader) => kept(control.slotWord(reader)),
    held: (reader) => kept(control.heldWord(reader)),
    at: (thread) => kept(control.atWord(thread)),
  };
  const single: Readonly<Record<string, Observer>> = {
    gp: () => Number(Atomics.load(words.longs, GP_LONG) - NUMBER_BASE) - control.raises,
    waiting: int(WAITING_WORD),
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
function ageOf(announced: bigint, gp: bigint): number {
  if (announced === 0n) return 0;
  if (announced === gp) return 2;
  return announced < gp ? 1 : 3;
}
