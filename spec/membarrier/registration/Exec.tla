-------------------------------- MODULE Exec ---------------------------------
(* A program begins without registrations after exec. A thread that execs   *)
(* takes a new address space, and its CPU's copy of the state, which        *)
(* GLOBAL_EXPEDITED goes by, has to follow:                                 *)
(*                                                                          *)
(*     exec_mmap:  the new state = 0;  the copy = 0;  mm = new;  load it    *)
(*                                                                          *)
(* This module asks whether the copy is right after that, and what each     *)
(* step is for. The old address space goes on without the thread: another   *)
(* thread of it may run on the same CPU (after a vfork, or a clone with     *)
(* CLONE_VM, it is still used), and may register it meanwhile. What exec    *)
(* owes to accesses in flight is in module Kernel.                          *)
(*                                                                          *)
(* Steps are in order. One run queue is enough: what other CPUs do to it is *)
(* one interrupt.                                                           *)
EXTENDS Naturals, Sequences

CONSTANTS
  Order,         \* the steps of exec, see Steps
  FreshIsClear,  \* is the state of a new address space 0 from the start?
                 \*   (Else it begins as that of the old one, as in fork.)
  Preemptible,   \* may the thread be switched out between the steps? Not
                 \*   under a spin lock, but under PREEMPT_RT's sleeping one
  Meanwhile      \* may the old address space register while this goes on?
                 \*   (Else it has done so before, or does not.)
ASSUME {FreshIsClear, Preemptible, Meanwhile} \subseteq BOOLEAN
ASSUME Order \in {"today", "copy-late", "copy-kept", "state-kept",
                  "state-late"}

(* "mm" to "load" is done with interrupts off. "state-late" is how it was   *)
(* until 5.3 (which had no copy yet): at the very end, free to be switched. *)
Steps == CASE Order = "today"      -> <<"state", "copy", "mm", "load">>
           [] Order = "copy-late"  -> <<"state", "mm", "copy", "load">>
           [] Order = "copy-kept"  -> <<"state", "mm", "load">>
           [] Order = "state-kept" -> <<"copy", "mm", "load">>
           [] Order = "state-late" -> <<"copy", "mm", "load", "state">>
Done     == Len(Steps)
Position(step) == CHOOSE n \in 1..Done : Steps[n] = step

Execs  == "execs"             \* the thread that execs
Stays  == "stays"             \* one that goes on in the old address space
Idle   == "idle"
Space  == {"old", "new"}
None   == "none"

VARIABLES
  curr,          \* the thread that the CPU runs
  mm,            \* the address space of the thread that execs
  active,        \* the address space that is loaded
  state,         \* [Space -> does its state say "registered"?]
  copy,          \* does the run queue say so?
  done,          \* how many steps of exec are done
  asked,         \* has the new program registered?
  hit            \* is an interrupt under way, sent by a registration of the
                 \*   old address space?
\* Lanes: else = the CPU
vars == <<curr, mm, active, state, copy, done, asked, hit>>

MmOf(t) == CASE t = Execs -> mm [] t = Stays -> "old" [] t = Idle -> None

Init ==
  /\ curr = Execs /\ mm = "old" /\ active = "old"
  /\ \E r \in BOOLEAN :
       /\ state = [s \in Space |-> r /\ (s = "new" => ~FreshIsClear)]
       /\ copy = r
  /\ done = 0 /\ asked = FALSE /\ hit = FALSE

(*---------------------------------- exec ----------------------------------*)
InterruptsOff ==
  /\ curr = Execs
  /\ done \in Position("mm") .. Position("load") - 1
Step ==
  /\ curr = Execs /\ done < Done
  /\ done' = done + 1
  /\ LET step == Steps[done + 1] IN
     /\ state'  = IF step = "state" THEN [state EXCEPT !["new"] = FALSE]
                                    ELSE state
     /\ copy'   = IF step = "copy" THEN FALSE ELSE copy
     /\ mm'     = IF step = "mm" THEN "new" ELSE mm
     /\ active' = IF step = "load" THEN "new" ELSE active
  /\ UNCHANGED <<curr, asked, hit>>

(* The new program runs, alone, and so registers without further ado.       *)
RegisterNew ==
  /\ curr = Execs /\ done = Done /\ ~asked
  /\ asked' = TRUE
  /\ state' = [state EXCEPT !["new"] = TRUE]
  /\ copy' = TRUE
  /\ UNCHANGED <<curr, mm, active, done, hit>>

(*------------------------------- the others -------------------------------*)
(* On another CPU. A CPU that runs the address space is interrupted. One    *)
(* that has only borrowed it is another question (module Registration).     *)
RegisterOld ==
  /\ Meanwhile /\ ~state["old"]
  /\ curr = Idle => active # "old"
  /\ state' = [state EXCEPT !["old"] = TRUE]
  /\ hit' = (MmOf(curr) = "old")
  /\ UNCHANGED <<curr, mm, active, copy, done, asked>>
Handle ==
  /\ hit /\ ~InterruptsOff
  /\ hit' = FALSE
  /\ copy' = IF MmOf(curr) = "old" THEN state["old"] ELSE copy
  /\ UNCHANGED <<curr, mm, active, state, done, asked>>

(* A switch leaves early if the address space is loaded already. Interrupts *)
(* come first: one that comes too late, when the CPU has switched to its    *)
(* idle thread, is the gap of module Registration again.                    *)
MayLeave ==
  /\ ~hit
  /\ curr = Execs => \/ done = 0 \/ done >= Position("load")
                     \/ Preemptible /\ ~InterruptsOff
Switch(t) ==
  /\ t # curr /\ MayLeave
  /\ curr' = t
  /\ IF MmOf(t) \in {None, active} THEN UNCHANGED <<active, copy>>
     ELSE active' = MmOf(t) /\ copy' = state[MmOf(t)]
  /\ UNCHANGED <<mm, state, done, asked, hit>>

Next == \/ Step \/ RegisterNew \/ RegisterOld \/ Handle
        \/ \E t \in {Execs, Stays, Idle} : Switch(t)
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ curr \in {Execs, Stays, Idle}
  /\ mm \in Space /\ active \in Space
  /\ state \in [Space -> BOOLEAN]
  /\ {copy, asked, hit} \subseteq BOOLEAN
  /\ done \in 0..Done

(* In the midst of exec a thread touches neither address space.             *)
RunsUser == CASE curr = Execs -> done \in {0, Done}
              [] curr = Stays -> TRUE
              [] curr = Idle  -> FALSE

(* A registration is complete when its interrupts are.                      *)
RegisteredAreReached == RunsUser /\ state[MmOf(curr)] /\ ~hit => copy
UnregisteredAreSpared == RunsUser /\ ~state[MmOf(curr)] => ~copy
NewProgramIsUnregistered == done = Done /\ ~asked => ~state["new"]

(* The opposite, to see that the thread does exec while the CPU's copy is   *)
(* set.                                                                     *)
NothingIsToBeCleared == ~(done = Done /\ state["old"])
==============================================================================
