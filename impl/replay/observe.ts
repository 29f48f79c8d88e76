import { announcedLong, GP_LONG, HEAD_WORD, ownerWord, WAITING_WORD, type Words } from "../layout.js";
import type { Control } from "./control.js";

/** Reads one word of the state vector. */
export type Observer = () => number;

/** For each word of the plan, how to read it from the domain and from what the driver keeps. */
export function observersOf(names: readonly string[], words: Words, control: Control): Observer[] {
  const int =
    (index: number): Observer =>
    () =>
      Atomics.load(words.ints, index);
  const long =
    (index: number): Observer =>
    () =>
      Number(Atomics.load(words.longs, index));
  const kept =
    (index: number): Observer =>
    () =>
      Atomics.load(control.words, index);
  const numbered: Readonly<Record<string, (k: number) => Observer>> = {
    cell: (k) => kept(control.cellWord(k)),
    announced: (slot) => long(announcedLong(slot)),
    owner: (slot) => int(ownerWord(slot)),
    slot: (reader) => kept(control.slotWord(reader)),
    held: (reader) => kept(control.heldWord(reader)),
    at: (thread) => kept(control.atWord(thread)),
  };
  const single: Readonly<Record<string, Observer>> = {
    gp: long(GP_LONG),
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
