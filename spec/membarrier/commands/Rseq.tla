-------------------------------- MODULE Rseq ---------------------------------
(* RSEQ: a restartable sequence is a section of code that a thread runs on  *)
(* one CPU without being disturbed, or else begins again. It loads a        *)
(* pointer to data of that CPU and uses what it points to. An updater       *)
(* changes the pointer, calls membarrier(RSEQ), for all CPUs or (with       *)
(* FLAG_CPU) for one, and may count on it that from the return on no        *)
(* section uses the old pointer (an allocator that takes back the cache of  *)
(* a CPU, say).                                                             *)
(*                                                                          *)
(* Two things make that true, and neither is enough. A section that has     *)
(* loaded the old pointer begins again, and one that begins loads the new   *)
(* one. What there is for each:                                             *)
(*                                                                          *)
(*     restart  the interrupt that the call sends marks the thread          *)
(*     preempt  a switch marks the thread that it takes from the CPU        *)
(*     handler  the interrupt has a barrier                                 *)
(*     enter    a switch has one after rq->curr = next, from another        *)
(*              address space or a kernel thread                            *)
(*     caller   the call has one before it looks for CPUs to interrupt      *)
(*                                                                          *)
(* A mark takes effect on the way back to user mode, and not before. So it  *)
(* makes no difference whether the handler marks first, and none whether    *)
(* the caller's own CPU is interrupted: whatever else ran there has been    *)
(* taken from it, and a switch has a barrier.                               *)
(*                                                                          *)
(* Memory: a CPU may go on to load the old pointer until it has passed a    *)
(* barrier that comes after one of the updater. One change and one call.    *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Readers,       \* how many threads have sections: 1 or 2
  Target,        \* the call is for "all" CPUs, or "one" (CPU 1)
  Own,           \* the caller's own CPU is "interrupted" as others are,
                 \*   "unsent" (left out when interrupts are sent), or
                 \*   "unseen" (left out at the look round already, which
                 \*   the caller may be moved to another CPU after)
  MarkFirst,     \* does the handler mark before its barrier?
  Dropped        \* which of the above are missing
ASSUME Readers \in 1..2
ASSUME Target \in {"all", "one"}
ASSUME Own \in {"interrupted", "unsent", "unseen"}
ASSUME MarkFirst \in BOOLEAN
ASSUME Dropped \subseteq {"restart", "preempt", "handler", "enter", "caller"}

Cpu     == {0, 1}
Asked   == IF Target = "all" THEN Cpu ELSE {1}
Updater == "updater"
Reader  == IF Readers = 1 THEN {"r1"} ELSE {"r1", "r2"}
Idle    == "idle"             \* one for each CPU, told apart by the CPU
Thread  == Reader \cup {Updater, Idle}
Ours(t) == t # Idle

VARIABLES
  curr,          \* [Cpu -> Thread], rq->curr
  phase,         \* [Cpu -> "on", "left" or "stored" (before and after
                 \*   rq->curr = next), "handler" (half way through), "exit"
                 \*   (the handler has returned, not yet the interrupt)]
  next,          \* [Cpu -> the thread that it is about to run]
  held,          \* [Reader -> "old" or "new", the pointer that it has loaded
                 \*   in its section; "none" outside]
  marked,        \* readers that begin again on the way to user mode
  changed,       \* has the pointer been changed?
  visible,       \* has the updater passed a barrier since?
  fresh,         \* [Cpu -> must it load the new pointer?]
  at,            \* where the caller is
  unseen,        \* CPUs that the caller has yet to look at
  mask,          \* CPUs that it is going to interrupt
  pending,       \* CPUs that it waits for
  used           \* what a section has used since the return: "nothing",
                 \*   the "new" pointer or the "old" one
\* Lanes: 0 = CPU 0, 1 = CPU 1, held = readers, at = caller, unseen = caller
cpus   == <<curr, phase, next>>
memory == <<changed, visible, fresh>>
caller == <<at, unseen, mask, pending>>
vars   == <<cpus, held, marked, memory, caller, used>>

Init ==
  /\ curr = [c \in Cpu |-> IF c = 0 THEN Updater ELSE "r1"]
  /\ phase = [c \in Cpu |-> "on"]
  /\ next = curr
  /\ held = [r \in Reader |-> "none"]
  /\ marked = {}
  /\ changed = FALSE /\ visible = FALSE
  /\ fresh = [c \in Cpu |-> FALSE]
  /\ at = "user"
  /\ unseen = {} /\ mask = {} /\ pending = {}
  /\ used = "nothing"

Undecided == used = "nothing"

(* A full barrier on CPU c. It is the updater's, too, if that runs there.   *)
Barrier(c) ==
  LET seen == visible \/ (changed /\ curr[c] = Updater)
  IN  /\ visible' = seen
      /\ fresh' = [fresh EXCEPT ![c] = @ \/ seen]
      /\ UNCHANGED changed

Mark(t) == marked' = IF t \in Reader THEN marked \cup {t} ELSE marked

(* The way back to user mode: a section that is marked begins again.        *)
ToUser(t) ==
  IF t \in marked
  THEN /\ held' = [held EXCEPT ![t] = "none"]
       /\ marked' = marked \ {t}
  ELSE UNCHANGED <<held, marked>>

(*-------------------------------- sections --------------------------------*)
ReaderOn(c) == curr[c] \in Reader /\ phase[c] = "on"

(* Sections on a CPU that the call is not for use another pointer.          *)
Load(c) ==
  /\ Undecided /\ c \in Asked /\ ReaderOn(c) /\ held[curr[c]] = "none"
  /\ \E v \in (IF changed THEN {"new"} ELSE {})
              \cup (IF fresh[c] THEN {} ELSE {"old"}) :
       /\ held' = [held EXCEPT ![curr[c]] = v]
       \* Nor does a CPU go back from the new one to the old one.
       /\ fresh' = [fresh EXCEPT ![c] = @ \/ v = "new"]
  /\ UNCHANGED <<cpus, marked, changed, visible, caller, used>>

Use(c) ==
  /\ Undecided /\ ReaderOn(c) /\ held[curr[c]] # "none"
  /\ held' = [held EXCEPT ![curr[c]] = "none"]
  /\ used' = IF at = "done" THEN held[curr[c]] ELSE used
  /\ UNCHANGED <<cpus, marked, memory, caller>>

(*----------------------------- context switch -----------------------------*)
Running(t) == \E c \in Cpu : curr[c] = t \/ next[c] = t

(* The caller keeps its CPU while it sends interrupts and waits for them.   *)
Leave(c, t) ==
  /\ Undecided /\ phase[c] \in {"on", "exit"}
  /\ IF t = Idle THEN curr[c] # Idle ELSE ~Running(t)
  /\ curr[c] = Updater => at # "wait"
  /\ phase' = [phase EXCEPT ![c] = "left"]
  /\ next' = [next EXCEPT ![c] = t]
  /\ IF "preempt" \in Dropped THEN UNCHANGED marked ELSE Mark(curr[c])
  /\ Barrier(c)
  /\ UNCHANGED <<curr, held, caller, used>>

(* Between two threads of the address space there is no barrier after this  *)
(* one, and none is needed: the CPU is interrupted, whichever is seen.      *)
StoreCurr(c) ==
  /\ Undecided /\ phase[c] = "left"
  /\ curr' = [curr EXCEPT ![c] = next[c]]
  /\ phase' = [phase EXCEPT ![c] =
                 IF Ours(curr[c]) = Ours(next[c]) \/ "enter" \in Dropped
                 THEN "exit" ELSE "stored"]
  /\ UNCHANGED <<next, held, marked, memory, caller, used>>

Enter(c) ==
  /\ Undecided /\ phase[c] = "stored"
  /\ phase' = [phase EXCEPT ![c] = "exit"]
  /\ Barrier(c)
  /\ UNCHANGED <<curr, next, held, marked, caller, used>>

Exit(c) ==
  /\ Undecided /\ phase[c] = "exit"
  /\ phase' = [phase EXCEPT ![c] = "on"]
  /\ ToUser(curr[c])
  /\ UNCHANGED <<curr, next, memory, caller, used>>

(*-------------------------------- the call --------------------------------*)
UpdaterOn(c) == curr[c] = Updater /\ phase[c] = "on"
UpdaterRuns  == \E c \in Cpu : UpdaterOn(c)
OwnCpu       == CHOOSE c \in Cpu : curr[c] = Updater

Change ==
  /\ at = "user" /\ UpdaterRuns
  /\ at' = "changed" /\ changed' = TRUE
  /\ UNCHANGED <<cpus, held, marked, visible, fresh, unseen, mask, pending,
                 used>>

Call ==
  /\ at = "changed" /\ UpdaterRuns
  /\ at' = "look"
  /\ unseen' = Asked
  /\ IF "caller" \in Dropped THEN UNCHANGED memory ELSE Barrier(OwnCpu)
  /\ UNCHANGED <<cpus, held, marked, mask, pending, used>>

Look(c) ==
  /\ at = "look" /\ UpdaterRuns
  /\ c \in unseen /\ \A d \in unseen : c <= d
  /\ unseen' = unseen \ {c}
  /\ mask' = IF Ours(curr[c]) /\ ~(Own = "unseen" /\ c = OwnCpu)
             THEN mask \cup {c} ELSE mask
  /\ UNCHANGED <<cpus, held, marked, memory, at, pending, used>>

Send ==
  /\ at = "look" /\ unseen = {} /\ UpdaterRuns
  /\ at' = "wait"
  /\ pending' = IF Own = "unsent" THEN mask \ {OwnCpu} ELSE mask
  /\ mask' = {}
  /\ UNCHANGED <<cpus, held, marked, memory, unseen, used>>

(* Interrupts are off in the middle of a switch. The caller waits for the   *)
(* end of the handler.                                                      *)
HandlerBarrier(c) ==
  IF "handler" \in Dropped THEN UNCHANGED memory ELSE Barrier(c)
HandlerMark(c) ==
  IF "restart" \in Dropped THEN UNCHANGED marked ELSE Mark(curr[c])

Interrupt(c) ==
  /\ c \in pending /\ phase[c] = "on"
  /\ phase' = [phase EXCEPT ![c] = "handler"]
  /\ IF MarkFirst THEN HandlerMark(c) /\ UNCHANGED memory
                  ELSE HandlerBarrier(c) /\ UNCHANGED marked
  /\ UNCHANGED <<curr, next, held, caller, used>>

HandlerEnds(c) ==
  /\ phase[c] = "handler"
  /\ phase' = [phase EXCEPT ![c] = "exit"]
  /\ pending' = pending \ {c}
  /\ IF MarkFirst THEN HandlerBarrier(c) /\ UNCHANGED marked
                  ELSE HandlerMark(c) /\ UNCHANGED memory
  /\ UNCHANGED <<curr, next, held, at, unseen, mask, used>>

Return ==
  /\ at = "wait" /\ pending = {} /\ UpdaterRuns
  /\ at' = "done"
  /\ Barrier(OwnCpu)
  /\ UNCHANGED <<cpus, held, marked, unseen, mask, pending, used>>

Rest == ~Undecided /\ UNCHANGED vars

Next == \/ Change \/ Call \/ Send \/ Return
        \/ \E c \in Cpu : \/ Load(c) \/ Use(c)
                          \/ \E t \in Thread : Leave(c, t)
                          \/ StoreCurr(c) \/ Enter(c) \/ Exit(c)
                          \/ Look(c) \/ Interrupt(c) \/ HandlerEnds(c)
        \/ Rest
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ curr \in [Cpu -> Thread] /\ next \in [Cpu -> Thread]
  /\ phase \in [Cpu -> {"on", "left", "stored", "handler", "exit"}]
  /\ held \in [Reader -> {"none", "old", "new"}] /\ marked \subseteq Reader
  /\ {changed, visible} \subseteq BOOLEAN /\ fresh \in [Cpu -> BOOLEAN]
  /\ at \in {"user", "changed", "look", "wait", "done"}
  /\ unseen \subseteq Cpu /\ mask \subseteq Cpu /\ pending \subseteq Cpu
  /\ pending # {} => at = "wait"
  /\ used \in {"nothing", "new", "old"}

OldIsNotUsed == used # "old"

(* A mark is taken on the way to user mode: else a section would begin      *)
(* again each time that its thread is interrupted.                          *)
MarksAreTaken == \A c \in Cpu : phase[c] = "on" => curr[c] \notin marked

(* The opposites, to see that sections do go on after the return, and that  *)
(* some had the old pointer until then.                                     *)
NewIsNotUsed == used # "new"
NoneHadOld   == at = "done" => \A r \in Reader : held[r] # "old"

(* A mutant: it takes the place of ToUser in a claim's configuration.       *)
MarkStays(t) ==
  /\ held' = IF t \in marked THEN [held EXCEPT ![t] = "none"] ELSE held
  /\ UNCHANGED marked
==============================================================================
