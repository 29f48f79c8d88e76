----------------------------- MODULE LockedLook ------------------------------
(* A caller that looks at what a CPU runs could take the lock of that CPU's *)
(* run queue: then it sees no switch half done. Versions of 2010 did so.    *)
(* The context switch takes that lock, too. So a caller in a loop can make  *)
(* switches wait, on CPUs that it has no business with; any process may be  *)
(* such a caller. This module asks how often a CPU that is about to switch  *)
(* can find the lock taken again.                                           *)
(*                                                                          *)
(* It adds the lock to module Costs. A CPU waits for it with interrupts     *)
(* off. The caller holds it for the look alone, and never while it waits.   *)
EXTENDS Costs

CONSTANT
  Lock           \* "none"    today: the look takes no lock
                 \* "unfair"  whoever comes first gets it
                 \* "ticket"  whoever has waited longest gets it
ASSUME LockIsKnown == Lock \in {"none", "unfair", "ticket"}
ASSUME ItLooksAndInterrupts == Variant = "private" /\ Moves
ASSUME NothingElseIsCounted == Ask = "interrupts"

VARIABLES
  held,          \* the CPUs whose lock the caller has: one at most
  wants,         \* CPUs that are about to switch, but lack the lock so far
  passed         \* [Other -> how often the caller has had c's lock since
                 \*   CPU c came to want it]
lock    == <<held, wants, passed>>
allVars == <<vars, lock>>

LockInit == Init /\ held = {} /\ wants = {}
                 /\ passed = [c \in Other |-> 0]

(* The count stays where the bound is exceeded.                             *)
Again(c) == [passed EXCEPT ![c] = IF @ <= Bound THEN @ + 1 ELSE @]

(*--------------------------------- a CPU ----------------------------------*)
(* Once it waits for the lock, an interrupt has to wait until it has        *)
(* switched.                                                                *)
Want(c) ==
  /\ Free(c) /\ c \notin wants
  /\ wants' = wants \cup {c}
  /\ passed' = IF c \in held THEN Again(c) ELSE passed
  /\ UNCHANGED <<vars, held>>

Switch(c) ==
  /\ c \in wants \ held
  /\ wants' = wants \ {c}
  /\ passed' = [passed EXCEPT ![c] = 0]
  /\ off' = off \cup {c}
  /\ UNCHANGED <<runs, caller, pending, count, held>>

CpuStep(c) ==
  /\ c \notin wants
  /\ \/ Own(c) \/ Interrupt(c) \/ TickIn(c)
     \/ \E k \in Kind : Arrive(c, k)
  /\ UNCHANGED lock

(*------------------------------- the caller -------------------------------*)
(* In the middle of a switch the lock is the CPU's own.                     *)
TakeLock(c) ==
  /\ Lock # "none" /\ held = {}
  /\ at = "look" /\ c \in unseen /\ \A d \in unseen : c <= d
  /\ c \notin off
  /\ Lock = "ticket" => c \notin wants
  /\ held' = {c}
  /\ passed' = IF c \in wants THEN Again(c) ELSE passed
  /\ UNCHANGED <<vars, wants>>

LookAndUnlock(c) ==
  /\ Lock # "none" => c \in held
  /\ Look(c)
  /\ held' = {}
  /\ UNCHANGED <<wants, passed>>

LockingCaller ==
  \/ (Call \/ Send \/ Return) /\ UNCHANGED lock
  \/ \E c \in Other : TakeLock(c) \/ LookAndUnlock(c)

LockNext == LockingCaller
            \/ \E c \in Other : Want(c) \/ Switch(c) \/ CpuStep(c)

LockSpec == LockInit /\ [][LockNext]_allVars

(*------------------------------ the promises ------------------------------*)
LockTypeOK ==
  /\ TypeOK
  /\ held \subseteq Other /\ Cardinality(held) <= 1
  /\ wants \subseteq Other
  /\ passed \in [Other -> Nat]

(* With the lock, no switch is half done when the caller looks.             *)
LooksAtWhole == \A c \in held : c \notin off

(* A switch lets the caller go first at most this many times.               *)
SwitchesSoon == \A c \in Other : passed[c] <= Bound

(* And it comes at all, if it takes a lock that stays free.                 *)
LockFair == LockSpec /\ WF_allVars(LockingCaller)
            /\ \A c \in Other : /\ WF_allVars(Switch(c))
                                /\ WF_allVars(CpuStep(c))
SwitchesHappen == \A c \in Other : c \in wants ~> c \notin wants

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The CPU lets go of the lock in the middle of its switch.                 *)
TakeLockAnyway(c) ==
  /\ Lock # "none" /\ held = {}
  /\ at = "look" /\ c \in unseen /\ \A d \in unseen : c <= d
  /\ Lock = "ticket" => c \notin wants
  /\ held' = {c}
  /\ passed' = IF c \in wants THEN Again(c) ELSE passed
  /\ UNCHANGED <<vars, wants>>
==============================================================================
