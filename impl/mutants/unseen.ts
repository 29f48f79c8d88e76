import { VERSION } from "../layout.js";
import * as inTwo from "./in-two.js";
import type { Row } from "./row.js";

/** The mutants that replay can't see, each with the check that kills it. */
export const UNSEEN: readonly (Row & Required<Pick<Row, "test">>)[] = [
  {
    name: "register-in-two",
    step: "Register",
    change: "a slot is found free and then claimed, in two steps: two readers may get the same one",
    test: "a register between two atomic operations of another gets another slot",
    sides: { Slots: inTwo.ClaimsInTwo },
  },
  {
    name: "exchange-in-two",
    step: "Publish",
    change:
      "the old cell is loaded and then the new one stored, in two steps: two updaters may get the same one",
    test: "a replace between two atomic operations of another loses nothing and frees nothing twice",
    sides: { Updater: inTwo.PublishesInTwo },
  },
  {
    name: "abandon-slot-in-two",
    step: null,
    change: "a dead thread's slot is checked and then given back, in two steps: by now it may be another's",
    test: "a dead thread's slot is given back once, and not when it is somebody else's",
    sides: { Slots: inTwo.TakesOverInTwo },
  },
  {
    name: "abandon-lock-unseen",
    step: null,
    change: "a dead updater's lock is checked and then freed, in two steps: by now it may be another's",
    test: "a dead updater's lock is freed once, and not when it is somebody else's",
    sides: { Updater: inTwo.AbandonsLockUnseen },
  },
  {
    name: "abandon-lock-once",
    step: null,
    change: "a dead updater's lock is not freed when somebody begins to sleep on it just then",
    test: "whoever sleeps on a dead updater's lock is woken",
    sides: { Updater: inTwo.AbandonsLockOnce },
  },
  {
    name: "older-version",
    step: null,
    change: "a buffer of an older version of the layout is taken for one of this",
    test: "a buffer of another version is refused, be it older or newer",
    sides: { isVersion: (version) => version <= VERSION },
  },
  {
    name: "newer-version",
    step: null,
    change: "a buffer of a newer version of the layout is taken for one of this",
    test: "a buffer of another version is refused, be it older or newer",
    sides: { isVersion: (version) => version >= VERSION },
  },
];
