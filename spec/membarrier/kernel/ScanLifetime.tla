---------------------------- MODULE ScanLifetime -----------------------------
(* What a look at other CPUs may follow. The caller of GLOBAL_EXPEDITED     *)
(* asks for each CPU whether it runs a registered address space, without a  *)
(* lock: rq->curr is a thread, p->mm its address space, and that has the    *)
(* state. Meanwhile the thread exits, and both are freed:                   *)
(*                                                                          *)
(*     thread         a grace period of RCU after it has left the CPU, so   *)
(*                    an RCU section keeps it                               *)
(*     address space  as soon as nobody uses or borrows it any more         *)
(*                                                                          *)
(* So the caller may look at p->mm, but not at what it points to. Each run  *)
(* queue has a copy of the state for it (Registration asks whether that is  *)
(* always right). And the section has to end, or the grace period never     *)
(* does: nothing that waits for one would be freed again.                   *)
(*                                                                          *)
(* One scan of two CPUs. A thread exits on the first; the second is idle.   *)
(* Steps are in order.                                                      *)
EXTENDS Naturals

CONSTANTS
  StateOf,       \* the caller takes the state from the "copy" in the run
                 \*   queue, or from the address space ("mm")
  Section,       \* it has "one" section for all CPUs, "none", or that and
                 \*   another for each CPU that it does not end ("unended")
  ThreadFreed,   \* when the thread has left its CPU: "later" (a grace
                 \*   period) or at "once"
  MmFreed        \* when nobody uses the address space: "once" or "later"
ASSUME StateOf \in {"copy", "mm"}
ASSUME Section \in {"one", "none", "unended"}
ASSUME {ThreadFreed, MmFreed} \subseteq {"later", "once"}

Cpu == {1, 2}

VARIABLES
  thread,        \* the thread: "runs", "exits" (has no address space),
                 \*   "gone" (from its CPU, which borrows that still),
                 \*   "dropped" (that has ended, too)
  freed,         \* of "thread" and "mm", what is freed
  waits,         \* of these, what waits for a grace period
  old,           \* does the grace period wait for the caller's section?
  at,            \* the caller: "before", "next" (CPU), "thread" (has a
                 \*   pointer to it), "mm" (has a pointer to that), "after"
  cpu,           \* the CPU that it looks at; 3 when it has seen both
  depth,         \* how many sections of RCU it is in
  touched        \* what it has looked at after it was freed
\* Lanes: thread = the thread, at = the caller, depth = the caller
vars == <<thread, freed, waits, old, at, cpu, depth, touched>>

Init == /\ thread = "runs" /\ freed = {} /\ waits = {} /\ old = FALSE
        /\ at = "before" /\ cpu = 1 /\ depth = 0
        /\ touched = {}

(*------------------------------- the thread -------------------------------*)
CallerStays == UNCHANGED <<at, cpu, depth, touched>>
Free(what, when) ==
  IF when = "once"
  THEN /\ freed' = freed \cup {what}
       /\ UNCHANGED <<waits, old>>
  ELSE /\ waits' = waits \cup {what}
       /\ old' = (depth > 0)
       /\ UNCHANGED freed

ExitMm   == /\ thread = "runs" /\ thread' = "exits"
            /\ UNCHANGED <<freed, waits, old>> /\ CallerStays
Schedule == /\ thread = "exits" /\ thread' = "gone"
            /\ Free("thread", ThreadFreed) /\ CallerStays
(* The CPU switches to another address space and lets go of the one that it *)
(* has borrowed.                                                            *)
Drop     == /\ thread = "gone" /\ thread' = "dropped"
            /\ Free("mm", MmFreed) /\ CallerStays

(* A grace period waits for the sections that began before it. When         *)
(* something more begins to wait (they are not told apart), it starts       *)
(* again.                                                                   *)
GraceEnds == /\ waits # {} /\ ~old
             /\ freed' = freed \cup waits /\ waits' = {}
             /\ UNCHANGED <<thread, old>> /\ CallerStays

(*-------------------------------- the scan --------------------------------*)
Touch(what) == touched' = touched \cup ({what} \cap freed)
Lock        == depth' = depth + 1
OthersStay  == /\ old' = (old /\ depth' > 0)
               /\ UNCHANGED <<thread, freed, waits>>
Locks       == IF Section = "none" THEN UNCHANGED depth ELSE Lock

Begin == /\ at = "before" /\ at' = "next" /\ Locks
         /\ UNCHANGED <<cpu, touched>> /\ OthersStay

(* The copy is right here: it is renewed when the address space is left. An *)
(* idle CPU's thread is there for ever, and has no address space.           *)
OnCpu == cpu = 1 /\ thread \in {"runs", "exits"}
LoadCurr ==
  /\ at = "next" /\ cpu \in Cpu
  /\ IF Section = "unended" THEN Lock ELSE UNCHANGED depth
  /\ IF OnCpu /\ (StateOf = "copy" => thread = "runs")
     THEN at' = "thread" /\ UNCHANGED cpu
     ELSE cpu' = cpu + 1 /\ UNCHANGED at
  /\ UNCHANGED touched /\ OthersStay

LoadMm ==
  /\ at = "thread"
  /\ Touch("thread")
  /\ IF thread = "runs" /\ StateOf = "mm"
     THEN at' = "mm" /\ UNCHANGED cpu
     ELSE at' = "next" /\ cpu' = cpu + 1
  /\ UNCHANGED depth /\ OthersStay

LoadState ==
  /\ at = "mm"
  /\ Touch("mm")
  /\ at' = "next" /\ cpu' = cpu + 1
  /\ UNCHANGED depth /\ OthersStay

End == /\ at = "next" /\ cpu \notin Cpu /\ at' = "after"
       /\ depth' = IF depth = 0 THEN 0 ELSE depth - 1
       /\ UNCHANGED <<cpu, touched>> /\ OthersStay

Scan == Begin \/ LoadCurr \/ LoadMm \/ LoadState \/ End
Exit == ExitMm \/ Schedule \/ Drop \/ GraceEnds
Next == Scan \/ Exit
Spec == Init /\ [][Next]_vars /\ WF_vars(Scan) /\ WF_vars(Exit)

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ thread \in {"runs", "exits", "gone", "dropped"}
  /\ freed \subseteq {"thread", "mm"} /\ waits \subseteq {"thread", "mm"}
  /\ old \in BOOLEAN
  /\ at \in {"before", "next", "thread", "mm", "after"}
  /\ cpu \in 1..3 /\ depth \in 0..3
  /\ touched \subseteq {"thread", "mm"}

NoUseAfterFree    == touched = {}
AllIsFreedOneDay  == <>(freed = {"thread", "mm"})

(* The opposite, to see that the address space is freed while the caller    *)
(* has a pointer to the thread.                                             *)
NothingIsFreedMeanwhile == at = "thread" => "mm" \notin freed
==============================================================================
