---------------------------- MODULE UrcuReturns -----------------------------
(* Urcu, where a futex may return without a wake-up: for a signal (EINTR),  *)
(* or for somebody else's wake-up (spurious).                               *)
(*                                                                          *)
(* The idea. Only words say something, and a return is none: whoever comes  *)
(* back looks again, as if he had been woken. A leader looks at the slot    *)
(* that it has slept at; a follower listens, and looks which grace period   *)
(* has ended. FutexWait has all ways in which one futex may return; here    *)
(* are both sleeps of Urcu, with all that stands around them.               *)
EXTENDS Urcu

ComeBack(u) ==
  /\ At(u, "Asleep")
  /\ Goto(u, "Rescan")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

ComeBackFromDoorbell(u) ==
  /\ At(u, "AsleepAtDoorbell")
  /\ Goto(u, "RemoveSleeper")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

ReturnsNext ==
  Next \/ \E u \in Updater : ComeBack(u) \/ ComeBackFromDoorbell(u)
ReturnsSpec == Init /\ [][ReturnsNext]_vars

(* A futex may return for nothing again and again; those who are woken and  *)
(* those who are not go on alike.                                           *)
FairReturns == ReturnsSpec /\ Fairness

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The leader takes any return for the end of the section.                  *)
ComeBackIsWoken(u) ==
  /\ At(u, "Asleep")
  /\ Goto(u, "ClearNotice")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* The follower takes any return for the end of its grace period.           *)
ComeBackIsOver(u) ==
  /\ At(u, "AsleepAtDoorbell")
  /\ Return(u)
  /\ sleepers' = sleepers - 1
  /\ UNCHANGED <<numbers, memory, readers, leader, doorbell, updating,
                 passing>>

(* The follower comes back, and forgets to say that it no longer sleeps.    *)
ComeBackCounted(u) ==
  /\ At(u, "AsleepAtDoorbell")
  /\ Goto(u, "LoadDoorbell")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* A leader or a follower does come back for nothing.                       *)
NobodyComesBack == [][~\E u \in Updater :
                         ComeBack(u) \/ ComeBackFromDoorbell(u)]_vars
============================================================================
