------------------------------ MODULE Promise ------------------------------
(* What a history of sections and grace periods must be like, whoever has   *)
(* made it. It is the promise of GracePeriod for any number of grace        *)
(* periods at once, and what follows for the objects that are replaced and  *)
(* freed: nobody looks at one after it has been freed, nor after a grace    *)
(* period that began when it had been replaced.                             *)
(*                                                                          *)
(* The steps are those that programs record (conformance/record/FORMAT.md), *)
(* and quiesce validate compares them with this module; a checker for long  *)
(* histories says the same of thousands of small ones. Where Tolerant is    *)
(* TRUE a step that breaks the promise is taken, and seen: so it can be     *)
(* asked, too, whether a history may have broken it.                        *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Threads,                 \* how many there are
  Objects,                 \* how many there are, numbered from 1
  Tolerant                 \* go on after a broken promise?
ASSUME Threads \in Nat /\ Objects \in Nat /\ Tolerant \in BOOLEAN

Thread == 0..(Threads - 1)
Object == 1..Objects

VARIABLES
  inside,                  \* the threads that are inside a section
  waiting,                 \* those that wait for a grace period
  waits,                   \* [Thread -> the threads that it waits for]
  replaced,                \* the objects that no pointer leads to any more
  dying,                   \* [Thread -> those of them that were replaced
                           \* when its grace period began]
  dead,                    \* the objects that nobody may look at
  broken                   \* has the promise been broken?
\* Lanes: t < Threads = thread t
vars == <<inside, waiting, waits, replaced, dying, dead, broken>>

Keeps(promise) == /\ Tolerant \/ promise
                  /\ broken' = (broken \/ ~promise)

Lock(t) ==
  /\ t \notin inside
  /\ inside' = inside \cup {t}
  /\ UNCHANGED <<waiting, waits, replaced, dying, dead, broken>>

Unlock(t) ==
  /\ t \in inside
  /\ inside' = inside \ {t}
  /\ waits' = [u \in Thread |-> waits[u] \ {t}]
  /\ UNCHANGED <<waiting, replaced, dying, dead, broken>>

Begin(t) ==
  /\ t \notin waiting
  /\ waiting' = waiting \cup {t}
  /\ waits' = [waits EXCEPT ![t] = inside]
  /\ dying' = [dying EXCEPT ![t] = replaced]
  /\ UNCHANGED <<inside, replaced, dead, broken>>

End(t) ==
  /\ t \in waiting
  /\ Keeps(waits[t] = {})
  /\ waiting' = waiting \ {t}
  /\ waits' = [waits EXCEPT ![t] = {}]
  /\ dying' = [dying EXCEPT ![t] = {}]
  /\ dead' = dead \cup dying[t]
  /\ UNCHANGED <<inside, replaced>>

Publish(t, o) ==
  /\ replaced' = replaced \cup {o}
  /\ UNCHANGED <<inside, waiting, waits, dying, dead, broken>>

Free(t, o) ==
  /\ dead' = dead \cup {o}
  /\ UNCHANGED <<inside, waiting, waits, replaced, dying, broken>>

(* The pointer leads to what has not been replaced: memory keeps that.      *)
Find(t, o) ==
  /\ o \notin replaced
  /\ Keeps(o \notin dead)
  /\ UNCHANGED <<inside, waiting, waits, replaced, dying, dead>>

Read(t, o) ==
  /\ Keeps(o \notin dead)
  /\ UNCHANGED <<inside, waiting, waits, replaced, dying, dead>>

Init ==
  /\ inside = {} /\ waiting = {} /\ replaced = {} /\ dead = {}
  /\ waits = [t \in Thread |-> {}]
  /\ dying = [t \in Thread |-> {}]
  /\ broken = FALSE
Next ==
  \E t \in Thread :
    \/ Lock(t) \/ Unlock(t) \/ Begin(t) \/ End(t)
    \/ \E o \in Object :
         Publish(t, o) \/ Free(t, o) \/ Find(t, o) \/ Read(t, o)
Spec == Init /\ [][Next]_vars

TypeOK ==
  /\ inside \subseteq Thread /\ waiting \subseteq Thread
  /\ waits \in [Thread -> SUBSET Thread]
  /\ replaced \subseteq Object /\ dead \subseteq Object
  /\ dying \in [Thread -> SUBSET Object]
  /\ broken \in BOOLEAN
WaitsForThoseInside == \A t \in Thread : waits[t] \subseteq inside
Kept == ~broken

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* A section is left, and those who wait for it are not told.               *)
UnlockUntold(t) ==
  /\ t \in inside
  /\ inside' = inside \ {t}
  /\ UNCHANGED <<waiting, waits, replaced, dying, dead, broken>>

(* Nothing is freed but by a grace period.                                  *)
NobodyFrees(t, o) == FALSE /\ UNCHANGED vars
NothingDies == dead = {}
============================================================================
