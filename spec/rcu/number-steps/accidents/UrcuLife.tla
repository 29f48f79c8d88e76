----------------------------- MODULE UrcuLife -------------------------------
(* What else may happen to a reader of Urcu: it goes offline for a while,   *)
(* and its thread ends.                                                     *)
(*                                                                          *)
(* A reader that waits for long, outside of sections, need not disturb      *)
(* updaters meanwhile. It keeps its slot and is no longer counted; with     *)
(* nobody counted an updater returns at once. It comes back as it came: it  *)
(* is counted before it announces anything.                                 *)
(*                                                                          *)
(* A thread that ends is in no section any more, however deep it was. What  *)
(* cleans up behind it (a destructor of the thread) ends its announcement   *)
(* as an unlock does, looks at the notice, and gives the slot back.         *)
EXTENDS Urcu

(* In place of Idle, so that it can neither lock nor unregister.            *)
Offline(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ depth[r] = 0
  /\ FenceL
  /\ registered' = registered - 1
  /\ Goto(r, "Offline")
  /\ UNCHANGED <<numbers, used, owner, slot, memory, slots, reading,
                 updaters>>

Online(r) ==
  /\ At(r, "Offline")
  /\ registered' = registered + 1
  /\ FenceK
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, used, owner, slot, memory, slots, reading,
                 updaters>>

(* It need not come online to leave for good.                               *)
UnregisterOffline(r) ==
  /\ At(r, "Offline") /\ depth[r] = 0
  /\ slot' = [slot EXCEPT ![r] = 0]
  /\ owner' = [owner EXCEPT ![slot[r]] = Nobody]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, registered, used, memory, slots, reading,
                 updaters>>

(* The thread ends inside its sections.                                     *)
EndInside(r) ==
  /\ At(r, "Idle") /\ depth[r] > 0
  /\ FenceB
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ depth' = [depth EXCEPT ![r] = 0]
  /\ held' = [held EXCEPT ![r] = None]
  /\ Goto(r, "LoadNotice")
  /\ UNCHANGED <<numbers, memory, registry, notice, number, updaters>>

LifeStep(r) ==
  Offline(r) \/ Online(r) \/ UnregisterOffline(r) \/ EndInside(r)
LifeNext == Next \/ \E r \in Reader : LifeStep(r)
LifeSpec == Init /\ [][LifeNext]_vars

(* A reader that stays offline for ever holds nobody up, and neither does   *)
(* one that ends: of these steps none has to be taken.                      *)
FairLife == LifeSpec /\ Fairness

(* With everybody offline updaters do return at once, though readers are    *)
(* registered; so this is violated.                                         *)
OfflineIsNotSkipped ==
  \A u \in Updater : At(u, "LoadRegistered") /\ registered = 0 =>
                       \A s \in Slot : owner[s] = Nobody

(*-------------------------------- mutants ---------------------------------*)
(* A reader enters a section while it is offline, in a signal handler say.  *)
LoadGpOffline(r) ==
  /\ pc[r] \in {"Idle", "Offline"} /\ slot[r] # 0 /\ announced[slot[r]] = 0
  /\ depth[r] < Nesting
  /\ number' = [number EXCEPT ![r] = gp]
  /\ Goto(r, "Announce")
  /\ UNCHANGED <<numbers, memory, registry, slots, depth, held, updaters>>

(* It goes offline in the middle of a section.                              *)
OfflineInside(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0
  /\ registered' = registered - 1
  /\ Goto(r, "Offline")
  /\ UNCHANGED <<numbers, used, owner, slot, memory, slots, reading,
                 updaters>>

(* What cleans up looks at no notice.                                       *)
EndSilently(r) ==
  /\ At(r, "Idle") /\ depth[r] > 0
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ depth' = [depth EXCEPT ![r] = 0]
  /\ held' = [held EXCEPT ![r] = None]
  /\ UNCHANGED <<numbers, memory, registry, notice, number, updaters, pc>>

(* The reader is taken off the count twice: offline, and by its end.        *)
UnregisterTwice(r) ==
  /\ At(r, "Offline")
  /\ slot' = [slot EXCEPT ![r] = 0]
  /\ owner' = [owner EXCEPT ![slot[r]] = Nobody]
  /\ Goto(r, "RemoveReader")
  /\ UNCHANGED <<numbers, registered, used, memory, slots, reading,
                 updaters>>
============================================================================
