------------------------------ MODULE SyncCore -------------------------------
(* SYNC_CORE: a thread changes instructions that others may execute, calls  *)
(* membarrier(SYNC_CORE), and may count on it that from the call's return   *)
(* on none of them executes the old ones (a just-in-time compiler that      *)
(* reuses the place of a method, say).                                      *)
(*                                                                          *)
(* A core has fetched and decoded instructions ahead, and no barrier for    *)
(* data makes it fetch them again: that takes a core-serialising            *)
(* instruction. So stale[c] says whether CPU c may hold instructions from   *)
(* before the change. What serialises it:                                   *)
(*                                                                          *)
(*     handler  the interrupt that the call sends, by itself. (People once  *)
(*              thought that the return from the interrupt did; but the     *)
(*              thread can be preempted before that, and another can return *)
(*              to user mode from a system call, which does not serialise)  *)
(*     own      the same on the caller's own CPU. A barrier for data could  *)
(*              be left out there: the caller has one of its own            *)
(*     switch   a switch to another address space than is loaded            *)
(*     lazy     a switch from a kernel thread back to the address space     *)
(*              that it has borrowed, which loads nothing                   *)
(*                                                                          *)
(* The last two have to come after rq->curr = next, as the caller looks at  *)
(* rq->curr, without a lock, for the CPUs to interrupt ("order"). The call  *)
(* itself may be missing, too ("call"): then switches are all there is.     *)
(*                                                                          *)
(* One change and one call. Accesses to data are in order here (Kernel asks *)
(* about these), so the change itself is seen by all that fetch after it.   *)
(* What is left out: threads that are made, exit or exec, kernel threads    *)
(* that adopt an address space, and how riscv does it, which marks all      *)
(* cores and has each fetch anew when it next loads the address space.      *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Dropped        \* which of the above are missing
ASSUME Dropped \subseteq {"handler", "own", "switch", "lazy", "order", "call"}

(* Three threads of the address space M, one of N, on two CPUs.             *)
Cpu     == {0, 1}
Editor  == "editor"
Process == {Editor, "runner", "sibling"}
Other   == "other"
Idle    == "idle"             \* one for each CPU, told apart by the CPU
Thread  == Process \cup {Other, Idle}
None    == "none"
MmOf(t) == CASE t \in Process -> "M"
             [] t = Other     -> "N"
             [] t = Idle      -> None

VARIABLES
  curr,          \* [Cpu -> Thread], rq->curr
  active,        \* [Cpu -> the address space that is loaded]
  phase,         \* [Cpu -> "on", "left" or "stored" (before and after
                 \*   rq->curr = next), "exit" (the handler has returned,
                 \*   not yet the interrupt)]
  next,          \* [Cpu -> the thread that it is about to run]
  syncs,         \* [Cpu -> does this switch serialise?]
  stale,         \* [Cpu -> may it hold instructions from before the change?]
  at,            \* where the caller is
  unseen,        \* CPUs that the caller has yet to look at
  mask,          \* CPUs that it is going to interrupt
  pending,       \* CPUs that it waits for
  ran            \* what was executed since the return: "nothing", "new" or
                 \*   "old" instructions
\* Lanes: 0 = CPU 0, 1 = CPU 1, else = the caller
cpus   == <<curr, active, phase, next, syncs>>
caller == <<at, unseen, mask, pending>>
vars   == <<cpus, stale, caller, ran>>

Init ==
  /\ curr = [c \in Cpu |-> IF c = 0 THEN Editor ELSE "runner"]
  /\ active = [c \in Cpu |-> "M"]
  /\ phase = [c \in Cpu |-> "on"]
  /\ next = curr
  /\ syncs = [c \in Cpu |-> FALSE]
  /\ stale = [c \in Cpu |-> FALSE]
  /\ at = "user"
  /\ unseen = {} /\ mask = {} /\ pending = {}
  /\ ran = "nothing"

Undecided == ran = "nothing"
Serialise(c) == stale' = [stale EXCEPT ![c] = FALSE]

(*----------------------------- context switch -----------------------------*)
(* Between two threads of the same address space nothing serialises, and    *)
(* nothing has to: the CPU is interrupted whichever of them the caller      *)
(* sees.                                                                    *)
Serialises(c, t) ==
  CASE MmOf(t) = None                                   -> FALSE
    [] MmOf(t) # None /\ active[c] # MmOf(t)            ->
         "switch" \notin Dropped
    [] MmOf(t) = active[c] /\ MmOf(curr[c]) = None      ->
         "lazy" \notin Dropped
    [] MmOf(t) = active[c] /\ MmOf(curr[c]) # None      -> FALSE

Running(t) == \E c \in Cpu : curr[c] = t \/ next[c] = t

(* The caller keeps its CPU while it sends interrupts and waits for them.   *)
Leave(c, t) ==
  /\ Undecided /\ phase[c] \in {"on", "exit"}
  /\ IF t = Idle THEN curr[c] # Idle ELSE ~Running(t)
  /\ curr[c] = Editor => at # "wait"
  /\ phase' = [phase EXCEPT ![c] = "left"]
  /\ next' = [next EXCEPT ![c] = t]
  /\ syncs' = [syncs EXCEPT ![c] = Serialises(c, t)]
  /\ IF "order" \in Dropped /\ Serialises(c, t) THEN Serialise(c)
                                                ELSE UNCHANGED stale
  /\ UNCHANGED <<curr, active, caller, ran>>

StoreCurr(c) ==
  /\ Undecided /\ phase[c] = "left"
  /\ phase' = [phase EXCEPT ![c] = "stored"]
  /\ curr' = [curr EXCEPT ![c] = next[c]]
  /\ active' = [active EXCEPT ![c] = IF MmOf(next[c]) = None THEN @
                                                       ELSE MmOf(next[c])]
  /\ UNCHANGED <<next, syncs, stale, caller, ran>>

Enter(c) ==
  /\ Undecided /\ phase[c] = "stored"
  /\ phase' = [phase EXCEPT ![c] = "on"]
  /\ syncs' = [syncs EXCEPT ![c] = FALSE]
  /\ IF "order" \notin Dropped /\ syncs[c] THEN Serialise(c)
                                           ELSE UNCHANGED stale
  /\ UNCHANGED <<curr, active, next, caller, ran>>

(*-------------------------------- the call --------------------------------*)
EditorOn(c) == curr[c] = Editor /\ phase[c] = "on"
OwnCpu      == CHOOSE c \in Cpu : curr[c] = Editor

(* Every core may have fetched ahead what is changed here, the editor's own *)
(* included.                                                                *)
Edit ==
  /\ at = "user" /\ \E c \in Cpu : EditorOn(c)
  /\ at' = "changed"
  /\ stale' = [c \in Cpu |-> TRUE]
  /\ UNCHANGED <<cpus, unseen, mask, pending, ran>>

Call ==
  /\ at = "changed" /\ \E c \in Cpu : EditorOn(c)
  /\ at' = "look"
  /\ unseen' = Cpu
  /\ UNCHANGED <<cpus, stale, mask, pending, ran>>

Look(c) ==
  /\ at = "look" /\ \E d \in Cpu : EditorOn(d)
  /\ c \in unseen /\ \A d \in unseen : c <= d
  /\ unseen' = unseen \ {c}
  /\ mask' = IF MmOf(curr[c]) = "M" THEN mask \cup {c} ELSE mask
  /\ UNCHANGED <<cpus, stale, at, pending, ran>>

Send ==
  /\ at = "look" /\ unseen = {} /\ \E c \in Cpu : EditorOn(c)
  /\ at' = "wait"
  /\ pending' = CASE "call" \in Dropped -> {}
                  [] "own" \in Dropped  -> mask \ {OwnCpu}
                  [] OTHER              -> mask
  /\ mask' = {}
  /\ UNCHANGED <<cpus, stale, unseen, ran>>

(* Interrupts are off while curr and the address space change.              *)
Interrupt(c) ==
  /\ at = "wait" /\ c \in pending /\ phase[c] = "on"
  /\ pending' = pending \ {c}
  /\ IF "handler" \in Dropped
     THEN phase' = [phase EXCEPT ![c] = "exit"] /\ UNCHANGED stale
     ELSE Serialise(c) /\ UNCHANGED phase
  /\ UNCHANGED <<curr, active, next, syncs, at, unseen, mask, ran>>

(* Returning from an interrupt serialises. From a system call it does not.  *)
ReturnFromInterrupt(c) ==
  /\ Undecided /\ phase[c] = "exit"
  /\ phase' = [phase EXCEPT ![c] = "on"]
  /\ Serialise(c)
  /\ UNCHANGED <<curr, active, next, syncs, caller, ran>>

Return ==
  /\ at = "wait" /\ pending = {} /\ \E c \in Cpu : EditorOn(c)
  /\ at' = "done"
  /\ UNCHANGED <<cpus, stale, unseen, mask, pending, ran>>

Execute(c) ==
  /\ at = "done" /\ Undecided
  /\ phase[c] = "on" /\ MmOf(curr[c]) = "M"
  /\ ran' = IF stale[c] THEN "old" ELSE "new"
  /\ UNCHANGED <<cpus, stale, caller>>

Rest == ~Undecided /\ UNCHANGED vars

Next == \/ Edit \/ Call \/ Send \/ Return
        \/ \E c \in Cpu : \/ \E t \in Thread : Leave(c, t)
                          \/ StoreCurr(c) \/ Enter(c)
                          \/ Look(c) \/ Interrupt(c)
                          \/ ReturnFromInterrupt(c) \/ Execute(c)
        \/ Rest
Spec == Init /\ [][Next]_vars

(* The same where the editor never leaves the CPU on which it edits.        *)
SpecStays == Init /\ [][Next /\ (curr[0] = Editor => curr'[0] = Editor)]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ curr \in [Cpu -> Thread] /\ next \in [Cpu -> Thread]
  /\ active \in [Cpu -> {"M", "N"}]
  /\ phase \in [Cpu -> {"on", "left", "stored", "exit"}]
  /\ syncs \in [Cpu -> BOOLEAN] /\ stale \in [Cpu -> BOOLEAN]
  /\ at \in {"user", "changed", "look", "wait", "done"}
  /\ unseen \subseteq Cpu /\ mask \subseteq Cpu /\ pending \subseteq Cpu
  /\ ran \in {"nothing", "new", "old"}

NoStaleCodeRuns == ran # "old"

(* The opposite, to see that code does run: on another CPU than the         *)
(* caller's, by a thread that was not interrupted.                          *)
NewCodeNeverRuns == ran # "new"
==============================================================================
