import * as readers from "./readers.js";
import type { Row } from "./row.js";
import * as updaters from "./updaters.js";

/** The mutants that replay kills: one row and one class with one changed step each. */
export const SEEN: readonly Row[] = [
  {
    name: "zero-number",
    step: "Announce",
    change: "the reader announces 0: no updater sees its section",
    sides: { Reader: readers.AnnouncesZero },
  },
  {
    name: "stale-number",
    step: "Announce",
    change: "the reader announces the number before the one it loaded",
    sides: { Reader: readers.AnnouncesStaleNumber },
  },
  {
    name: "nested-overwrites",
    step: "LockNested",
    change: "an inner lock announces the current number over the outer section's",
    sides: { Reader: readers.NestedOverwrites },
  },
  {
    name: "inner-unlock-clears",
    step: "UnlockNested",
    change: "an inner unlock ends the outer section's announcement",
    sides: { Reader: readers.InnerUnlockClears },
  },
  {
    name: "unlock-keeps-announcing",
    step: "Unlock",
    change: "the outermost unlock does not end the announcement",
    sides: { Reader: readers.UnlockKeepsAnnouncing },
  },
  {
    name: "unlock-and-forget",
    step: "LoadWaiting",
    change: "the outermost unlock does not check whether an updater waits",
    sides: { Reader: readers.UnlockAndForget },
  },
  {
    name: "missed-wake-up",
    step: "Wake",
    change: "the reader clears waiting but wakes nobody",
    sides: { Reader: readers.MissedWakeUp },
  },
  {
    name: "waiting-not-cleared",
    step: "ClearWaiting",
    change: "the reader wakes the updater but leaves waiting set",
    sides: { Reader: readers.WaitingNotCleared },
  },
  {
    name: "unregister-another",
    step: "Unregister",
    change: "the reader gives back another one's slot",
    sides: { Reader: readers.UnregistersAnother },
  },
  {
    name: "raised-first",
    step: "Raise",
    change: "the number is raised before the membarrier",
    sides: { Updater: updaters.RaisedFirst },
  },
  {
    name: "not-raised",
    step: "Raise",
    change: "the number is not raised: sections that began before look as if they began after",
    sides: { Updater: updaters.NotRaised },
  },
  {
    name: "scan-skips-reader",
    step: "Scan",
    change: "the scan skips the first slot",
    sides: { Updater: updaters.ScanSkipsReader },
  },
  {
    name: "scan-compares-wrongly",
    step: "Scan",
    change: "the scan takes the number before this one for good enough",
    sides: { Updater: updaters.ScanComparesWrongly },
  },
  {
    name: "early-return",
    step: "SetWaiting",
    change: "synchronize does not wait for a reader that it finds in a section",
    sides: { Updater: updaters.EarlyReturn },
  },
  {
    name: "awake-is-enough",
    step: "Rescan",
    change: "once woken, the updater assumes without looking that the reader has left",
    sides: { Updater: updaters.AwakeIsEnough },
  },
  {
    name: "sleep-without-rescan",
    step: "Rescan",
    change: "the updater goes to sleep although the reader has left meanwhile",
    sides: { Updater: updaters.SleepsWithoutRescan },
  },
  {
    name: "number-in-32-bits",
    step: "Scan",
    change: "numbers are compared in 32 bits: after 2^32 grace periods the order turns round",
    sides: { Updater: updaters.ComparesIn32Bits },
  },
  {
    name: "number-loaded-early",
    step: "LoadGp",
    change: "the number is loaded before the step point that says so",
    sides: { Reader: readers.LoadsNumberEarly },
  },
  {
    name: "unlocked-early",
    step: "Unlock",
    change: "the announcement ends before the step point that says so",
    sides: { Reader: readers.UnlocksEarly },
  },
  {
    name: "freed-twice",
    step: "Free",
    change: "the old cell is reclaimed twice",
    sides: { Updater: updaters.FreesTwice },
  },
  {
    name: "free-before-scan",
    step: "Free",
    change: "the old cell is reclaimed before the grace period",
    sides: { Updater: updaters.FreesBeforeScan },
  },
  {
    name: "publish-after-scan",
    step: "Publish",
    change: "the new cell is published after the grace period",
    sides: { Updater: updaters.PublishesAfterScan },
  },
];
