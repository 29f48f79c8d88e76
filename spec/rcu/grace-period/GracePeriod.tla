---------------------------- MODULE GracePeriod ----------------------------
(* What a grace period promises, and nothing about how it is kept.          *)
(*                                                                          *)
(* Readers enter and leave read-side critical sections as they please. A    *)
(* grace period that has started may end only when every section that was   *)
(* open at its start has been left. Sections that are entered later may go  *)
(* on; an implementation that can't tell them apart may wait for some of    *)
(* them as well, which delays it but breaks no promise.                     *)
(*                                                                          *)
(* Every algorithm of this folder is shown to refine this page.             *)
EXTENDS FiniteSets

CONSTANT Reader            \* the threads that may read
ASSUME IsFiniteSet(Reader)

VARIABLES
  inside,                  \* the readers that are inside a section
  running,                 \* is a grace period under way?
  waits                    \* the readers that it still has to wait for
vars == <<inside, running, waits>>

TypeOK == /\ inside \subseteq Reader
          /\ running \in BOOLEAN
          /\ waits \subseteq inside

(* A section that begins during a grace period need not be waited for, but  *)
(* may be.                                                                  *)
Enter(r) == /\ r \notin inside
            /\ inside' = inside \cup {r}
            /\ waits' \in {waits} \cup (IF running THEN {waits \cup {r}}
                                                   ELSE {})
            /\ UNCHANGED running

Leave(r) == /\ r \in inside
            /\ inside' = inside \ {r}
            /\ waits' = waits \ {r}
            /\ UNCHANGED running

(* The promise begins here: whoever is inside now will be waited for.       *)
Start == /\ ~running
         /\ running' = TRUE
         /\ waits' = inside
         /\ UNCHANGED inside

(* And it is kept here.                                                     *)
End == /\ running
       /\ waits = {}
       /\ running' = FALSE
       /\ UNCHANGED <<inside, waits>>

Init == inside = {} /\ running = FALSE /\ waits = {}
Next == \/ \E r \in Reader : Enter(r) \/ Leave(r)
        \/ Start
        \/ End
Spec == Init /\ [][Next]_vars
============================================================================
