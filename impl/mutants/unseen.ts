import { VERSION } from "../layout.js";
import * as inTwo from "./in-two.js";
import * as leaders from "./leaders.js";
import * as readSides from "./read-sides.js";
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
    name: "used-raised-in-two",
    step: "RaiseUsed",
    change: "the mark is compared and then raised, in two steps: it may fall back",
    test: "registrations that race are all counted, and below the mark",
    sides: { Slots: inTwo.RaisesUsedInTwo },
  },
  {
    name: "count-in-two",
    step: "AddReader",
    change: "a reader is counted in two steps: one of two may be lost, and nobody waits for it",
    test: "registrations that race are all counted, and below the mark",
    sides: { Slots: inTwo.CountsInTwo },
  },
  {
    name: "uncount-in-two",
    step: "RemoveReader",
    change: "a reader is counted down in two steps: one that registers meanwhile may be lost",
    test: "registrations that race are all counted, and below the mark",
    sides: { Slots: inTwo.UncountsInTwo },
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
    name: "lead-in-two",
    step: "Lead",
    change: "the leader is found to be nobody and then replaced, in two steps: two may lead",
    test: "of two updaters that race one leads",
    sides: { Updater: inTwo.LeadsInTwo },
  },
  {
    name: "sleep-in-two",
    step: "AddSleeper",
    change: "a follower is counted in two steps: one of two may be lost, and nobody wakes it",
    test: "followers that race are all counted",
    sides: { Updater: inTwo.CountsSleepersInTwo },
  },
  {
    name: "rise-in-two",
    step: "RemoveSleeper",
    change: "a follower is counted down in two steps: one that comes meanwhile may be lost",
    test: "followers that race are all counted",
    sides: { Updater: inTwo.UncountsSleepersInTwo },
  },
  {
    name: "ring-in-two",
    step: "Ring",
    change: "the doorbell is read and then rung, in two steps: one of two rings may be lost",
    test: "every ring is heard, by all who sleep",
    sides: { Updater: inTwo.RingsInTwo },
  },
  {
    name: "wakes-one",
    step: "WakeAll",
    change: "the leader wakes one follower only",
    test: "every ring is heard, by all who sleep",
    sides: { Updater: inTwo.WakesOne },
  },
  {
    name: "awake-is-enough",
    step: "Rescan",
    change: "after its sleep the leader assumes without looking that the reader has left",
    test: "a leader that has slept to the limit looks again",
    sides: { Updater: leaders.AwakeIsEnough },
  },
  {
    name: "number-not-checked",
    step: "Announce",
    change:
      "what is announced is not compared with the current number: after 2^31 grace periods it may be the next one's",
    test: "a reader that is held up while numbers wrap around is waited for",
    sides: { ReadSideCode: readSides.AnnouncesAnyNumber },
  },
  {
    name: "abandon-slot-in-two",
    step: null,
    change: "a dead thread's slot is checked and then given back, in two steps: by now it may be another's",
    test: "a dead thread's slot is given back once, and not when it is somebody else's",
    sides: { Slots: inTwo.TakesOverInTwo },
  },
  {
    name: "abandon-uncounted",
    step: null,
    change: "a thread that died before it was counted is counted down: nobody waits for another",
    test: "a thread that died before it was counted is not counted down",
    sides: { Slots: inTwo.UncountsTheUncounted },
  },
  {
    name: "abandon-asleep",
    step: null,
    change: "who sleeps at a dead reader's slot is not woken",
    test: "whoever sleeps at a dead reader's slot is woken",
    sides: { Slots: inTwo.AbandonsAsleep },
  },
  {
    name: "abandon-lead-unseen",
    step: null,
    change: "a dead leader is checked and then replaced, in two steps: by now another may lead",
    test: "a dead leader is replaced once, and not when another leads",
    sides: { Updater: inTwo.AbandonsLeadUnseen },
  },
  {
    name: "abandon-lead-silently",
    step: null,
    change: "the doorbell is not rung for a dead leader: who is about to sleep does so",
    test: "whoever sleeps at a dead leader's doorbell is woken",
    sides: { Updater: inTwo.AbandonsLeadSilently },
  },
  {
    name: "abandon-followers-asleep",
    step: null,
    change: "who sleeps at a dead leader's doorbell is not woken",
    test: "whoever sleeps at a dead leader's doorbell is woken",
    sides: { Updater: inTwo.AbandonsFollowersAsleep },
  },
  {
    name: "older-version",
    step: null,
    change: "a memory of an older version of the layout is taken for one of this",
    test: "a memory of another version is refused, be it older or newer",
    sides: { isVersion: (version) => version <= VERSION },
  },
  {
    name: "newer-version",
    step: null,
    change: "a memory of a newer version of the layout is taken for one of this",
    test: "a memory of another version is refused, be it older or newer",
    sides: { isVersion: (version) => version >= VERSION },
  },
];
