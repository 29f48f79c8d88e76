----------------------------- MODULE UrcuMutants -----------------------------
(* Urcu with one step changed. Each operator here takes the place of one of *)
(* Urcu's in a claim's configuration (`Raise <- RaiseNothing`), and the     *)
(* claim says which promise breaks. So each step of Urcu is known to matter,*)
(* and each promise is known to be able to fail.                            *)
EXTENDS Urcu

(* A grace period without a number of its own. Readers that came before it  *)
(* have announced as high a number as it looks for.                         *)
RaiseNothing ==
  /\ At(0, "Raise")
  /\ scanned' = 1
  /\ Goto(0, "Scan")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held>>

(* The reader announces nothing.                                            *)
AnnounceZero(r) ==
  /\ At(r, "Announce")
  /\ number' = [number EXCEPT ![r] = 0]
  /\ depth' = [depth EXCEPT ![r] = @ + 1]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, held, scanned>>

(* An inner lock announces afresh, and the outer section looks younger than *)
(* it is.                                                                   *)
LockNestedOverwrites(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ announced[slot[r]] # 0
  /\ depth[r] < Nesting
  /\ announced' = [announced EXCEPT ![slot[r]] = gp]
  /\ depth' = [depth EXCEPT ![r] = @ + 1]
  /\ UNCHANGED <<gp, waiting, memory, registry, number, held, scanned, pc>>

(* An inner unlock ends the outer section's announcement.                   *)
UnlockNestedClears(r) ==
  /\ At(r, "Idle") /\ depth[r] > 1
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ depth' = [depth EXCEPT ![r] = @ - 1]
  /\ UNCHANGED <<gp, waiting, memory, registry, number, held, scanned, pc>>

(* The scan begins at the second slot.                                      *)
RaiseAndSkipASlot ==
  /\ At(0, "Raise")
  /\ gp' = gp + 1
  /\ scanned' = 2
  /\ Goto(0, "Scan")
  /\ UNCHANGED <<waiting, memory, announced, registry, number, depth, held>>

(* The scan takes the number before this one for good enough.               *)
QuiescentOneOff(s) == announced[s] = 0 \/ announced[s] + 1 >= gp

(* synchronize returns after the barrier: no scan.                          *)
MembarrierOnly ==
  /\ At(0, "Membarrier")
  /\ Goto(0, "Free")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>

(* synchronize returns as soon as it has been woken.                        *)
AwakeIsEnough ==
  /\ At(0, "Awake")
  /\ scanned' = 0
  /\ Goto(0, "Free")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held>>

(* The new pointer is published after the grace period, not before it.      *)
InitialiseOnly ==
  /\ At(0, "Initialise")
  /\ cell' = [cell EXCEPT ![Other(head)] = "live"]
  /\ Goto(0, "Membarrier")
  /\ UNCHANGED <<gp, waiting, head, announced, registry, number, depth,
                 held, scanned>>
AdvanceToPublish ==
  IF scanned < Readers
    THEN scanned' = scanned + 1 /\ Goto(0, "Scan")
    ELSE scanned' = 0 /\ Goto(0, "Publish")
PublishLast ==
  /\ At(0, "Publish")
  /\ head' = Other(head)
  /\ Goto(0, "Free")
  /\ UNCHANGED <<gp, waiting, cell, announced, registry, number, depth,
                 held, scanned>>

(* The new pointer is published before its cell is filled.                  *)
InitialiseNothing ==
  /\ At(0, "Initialise")
  /\ Goto(0, "Publish")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>
PublishAndFill ==
  /\ At(0, "Membarrier")
  /\ cell' = [cell EXCEPT ![head] = "live"]
  /\ Goto(0, "Raise")
  /\ UNCHANGED <<gp, waiting, head, announced, registry, number, depth,
                 held, scanned>>

(* The reader clears the futex word but wakes nobody.                       *)
WakeNobody(r) ==
  /\ At(r, "Wake")
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>

(* The reader leaves without looking at the futex word.                     *)
UnlockAndForget(r) ==
  /\ At(r, "Idle") /\ depth[r] = 1
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ depth' = [depth EXCEPT ![r] = 0]
  /\ held' = [held EXCEPT ![r] = None]
  /\ UNCHANGED <<gp, waiting, memory, registry, number, scanned, pc>>

(* The updater sleeps without looking at the reader again.                  *)
MembarrierThenSleep ==
  /\ At(0, "MembarrierWaiting")
  /\ Goto(0, "Sleep")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>

(* A reader gives back the slot of another.                                 *)
UnregisterAnother(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ depth[r] = 0
  /\ slot' = [slot EXCEPT ![r] = 0]
  /\ owner' = [owner EXCEPT ![1] = 0]
  /\ UNCHANGED <<gp, waiting, memory, announced, number, depth, held,
                 scanned, pc>>

(* A reader claims the first slot, free or not.                             *)
First == 1

(* A reader leaves, and its announcement stands.                            *)
UnlockKeepsAnnouncing(r) ==
  /\ At(r, "Idle") /\ depth[r] = 1
  /\ depth' = [depth EXCEPT ![r] = 0]
  /\ held' = [held EXCEPT ![r] = None]
  /\ Goto(r, "LoadWaiting")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, scanned>>

(* The reader looks at the futex word before it ends its announcement.      *)
UnlockLater(r) ==
  /\ At(r, "Idle") /\ depth[r] = 1
  /\ depth' = [depth EXCEPT ![r] = 0]
  /\ held' = [held EXCEPT ![r] = None]
  /\ Goto(r, "LoadWaiting")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, scanned>>
LoadWaitingFirst(r) ==
  /\ At(r, "LoadWaiting")
  /\ Goto(r, IF waiting = 0 THEN "Leave" ELSE "LeaveAndWake")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>
LeaveLast(r) ==
  /\ pc[r] \in {"Leave", "LeaveAndWake"}
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ waiting' = IF At(r, "Leave") THEN waiting ELSE 0
  /\ Goto(r, IF At(r, "Leave") THEN "Idle" ELSE "Wake")
  /\ UNCHANGED <<gp, memory, registry, number, depth, held, scanned>>

(* synchronize does not wait for a reader that it finds in a section.       *)
ReturnInstead ==
  /\ At(0, "SetWaiting")
  /\ scanned' = 0
  /\ Goto(0, "Free")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held>>

(* What has been replaced is freed before the grace period.                 *)
PublishThenFree ==
  /\ At(0, "Publish")
  /\ head' = Other(head)
  /\ Goto(0, "Free")
  /\ UNCHANGED <<gp, waiting, cell, announced, registry, number, depth,
                 held, scanned>>
FreeThenWait ==
  /\ At(0, "Free")
  /\ cell' = [cell EXCEPT ![Other(head)] = "freed"]
  /\ Goto(0, "Membarrier")
  /\ UNCHANGED <<gp, waiting, head, announced, registry, number, depth,
                 held, scanned>>
AdvanceToEnd ==
  IF scanned < Readers
    THEN scanned' = scanned + 1 /\ Goto(0, "Scan")
    ELSE /\ scanned' = 0
         /\ Goto(0, IF gp <= Updates THEN "Initialise" ELSE "Done")

(* The two that follow free nothing early. They also wait for readers that  *)
(* came later, and such readers may come for ever.                          *)
QuiescentOutside(s) == announced[s] = 0
AnnounceStale(r) ==
  /\ At(r, "Announce")
  /\ announced' = [announced EXCEPT ![slot[r]] =
                     IF number[r] > 1 THEN number[r] - 1 ELSE number[r]]
  /\ number' = [number EXCEPT ![r] = 0]
  /\ depth' = [depth EXCEPT ![r] = @ + 1]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<gp, waiting, memory, registry, held, scanned>>
============================================================================
