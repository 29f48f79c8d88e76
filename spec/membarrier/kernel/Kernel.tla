------------------------------- MODULE Kernel --------------------------------
(* membarrier() in a kernel that runs more threads than it has CPUs. The    *)
(* caller looks at what each CPU runs, without a lock, and interrupts those *)
(* that matter. Meanwhile threads are switched out and in, migrate, exit,   *)
(* and kernel threads borrow or adopt address spaces. What the look misses  *)
(* has to pass a barrier by itself, and the scheduler sees to that:         *)
(*                                                                          *)
(*     switch      mb d;  rq->curr = next;  mb e                            *)
(*     exit_mm     mb d;  mm = NULL                                         *)
(*     unuse_mm    mb d;  mm = NULL               (a kernel thread that has *)
(*     use_mm             mm = M;  mb g            adopted M gives it back) *)
(*     exec_mmap   mb d;  mm = a new one                                    *)
(*                                                                          *)
(* Letters are those of kernel/sched/membarrier.c, with its scenario before *)
(* them: "C.d" is letter d of scenario C. It has no scenario for exec:      *)
(* "exec.d" is our name for the barrier in membarrier_exec_mmap().          *)
(*                                                                          *)
(* Steps are in order here; one variable says that accesses are not:        *)
(* flight[c] has what CPU c may have begun and not yet performed: a         *)
(* thread's accesses are in it from the last barrier before them to the     *)
(* next one after them. So a store that sinks below `rq->curr = next` and a *)
(* load that rises above it both show. Module Ordering asks the same on a   *)
(* machine that reorders each access by itself.                             *)
(*                                                                          *)
(* GLOBAL_EXPEDITED asks each run queue for its copy of the state that says *)
(* "registered". So whatever maintains that copy is here as well, in one    *)
(* place each: registration, switch, exit, adoption and exec. Module        *)
(* Registration has the steps of a registration, Exec those of exec.        *)
(*                                                                          *)
(* What is left out: the caller's own accesses (Ordering, mb_a and mb_c),   *)
(* CPUs that come and go (Hotplug), more than one call at a time. One call  *)
(* is enough: the promise is about each by itself, and the model may do     *)
(* anything before it. Most claims have 2 CPUs, some of the full set 3.     *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Cpu,           \* the CPUs: 0 and 1, perhaps 2
  Variant,       \* how the caller makes the others pass a barrier:
                 \*   "all"      interrupts every CPU (2010, first version)
                 \*   "grace"    waits for a grace period of the scheduler
                 \*              (2010: expedited = 0; now GLOBAL)
                 \*   "loaded"   interrupts CPUs that have its address space
                 \*              loaded, borrowed or not (mm_cpumask)
                 \*   "private"  interrupts CPUs whose current thread shares
                 \*              its address space (PRIVATE_EXPEDITED)
                 \*   "global"   interrupts CPUs whose current thread has a
                 \*              registered one, by the run queue's copy
                 \*              (GLOBAL_EXPEDITED)
  Activity,      \* what may happen, out of "exit", "exec", "adopt",
                 \*   "migrate" (the caller, too, is switched out and in),
                 \*   "second" (the caller has a second sibling), and
                 \*   "register" (registrations are made meanwhile, and not
                 \*   before all this)
  Registered,    \* the address spaces that register for "global"
  RenewWhen,     \* a switch to a user thread renews the copy when
                 \*   "loaded-differs"   prev->active_mm # next->mm: today
                 \*   "mm-differs"       prev->mm # next->mm
  Dropped,       \* letters that are missing
  HandlerHasBarrier,   \* does the interrupt's handler have a full barrier?
  Preemptible,   \* may the caller be switched out while it sends and waits?
  UserIsQuiescent      \* does a grace period take a CPU in user mode for one
                       \*   that has passed a barrier (nohz_full)?

Letters == {"C.d", "C.e", "C.e-lazy", "D.d", "E.d", "E.g", "exec.d"}
ASSUME CpusAreKnown == Cpu \in {{0, 1}, {0, 1, 2}}
ASSUME VariantIsKnown ==
  Variant \in {"all", "grace", "loaded", "private", "global"}
ASSUME ActivityIsKnown ==
  Activity \subseteq {"exit", "exec", "adopt", "migrate", "second",
                      "register"}
ASSUME RegisteredAreKnown ==
  /\ Registered \subseteq {"M", "N"}
  /\ Variant = "global" <=> Registered # {}
ASSUME RenewWhen \in {"loaded-differs", "mm-differs"}
ASSUME LettersAreKnown == Dropped \subseteq Letters
ASSUME Booleans ==
  {HandlerHasBarrier, Preemptible, UserIsQuiescent} \subseteq BOOLEAN

(*-------------------------------- the cast --------------------------------*)
(* The caller and its sibling share address space M (as threads do, or      *)
(* processes after clone with CLONE_VM, or vfork). The other one, a real-   *)
(* time thread say, has N. Each CPU has its idle thread, which is a kernel  *)
(* thread, and one more kernel thread may adopt M. The sibling may exec:    *)
(* then it has X, which nobody has registered.                              *)
Caller   == "caller"
Sibling  == "sibling"
Second   == "second"
Other    == "other"
Worker   == "worker"
Idle(c)  == CASE c = 0 -> "idle0" [] c = 1 -> "idle1" [] c = 2 -> "idle2"
Idles    == {Idle(c) : c \in Cpu}
Thread   == {Caller, Sibling, Other} \cup Idles
            \cup (IF "second" \in Activity THEN {Second} ELSE {})
            \cup (IF "adopt" \in Activity THEN {Worker} ELSE {})
Space    == {"M", "N"} \cup (IF "exec" \in Activity THEN {"X"} ELSE {})
None     == "none"
Scope    == CASE Variant \in {"all", "grace"}      -> Space
              [] Variant \in {"loaded", "private"} -> {"M"}
              [] Variant = "global"                -> Registered
Home     == [t \in Thread |-> CASE t \in {Caller, Sibling, Second} -> "M"
                                [] t = Other                       -> "N"
                                [] OTHER                           -> None]
Kernel   == {t \in Thread : Home[t] = None}

VARIABLES
  mm,            \* [Thread -> Space or None]
  curr,          \* [Cpu -> Thread], rq->curr
  active,        \* [Cpu -> Space], the address space that is loaded
  flight,        \* [Cpu -> accesses in flight, <<thread, address space>>]
  phase,         \* [Cpu -> where it is in the kernel's code]
  next,          \* [Cpu -> the thread that it is about to run]
  after,         \* [Cpu -> the letter after rq->curr = next, "" for none]
  registered,    \* the address spaces whose state says "registered"
  copy,          \* [Cpu -> does the run queue say "registered"?]
  at,            \* where the caller is
  unseen,        \* CPUs that the caller has yet to look at
  mask,          \* CPUs that it is going to interrupt
  pending,       \* CPUs that it waits for
  interrupted,   \* the threads that it has interrupted
  calling, owes  \* see Contract
contract == <<mm, curr, active, flight, calling, owes>>
cpus     == <<phase, next, after>>
state    == <<registered, copy>>
caller   == <<at, unseen, mask, pending, interrupted>>
\* Lanes: 0 = CPU 0, 1 = CPU 1, 2 = CPU 2, else = the caller
vars     == <<contract, cpus, state, caller>>

Init ==
  /\ mm = Home
  /\ curr = [c \in Cpu |-> CASE c = 0 -> Caller [] c = 1 -> Sibling
                              [] c = 2 -> Other]
  /\ active = [c \in Cpu |-> Home[curr[c]]]
  /\ flight = [c \in Cpu |-> IF c = 0 THEN {} ELSE {<<curr[c], active[c]>>}]
  /\ phase = [c \in Cpu |-> "on"]
  /\ next = curr
  /\ after = [c \in Cpu |-> ""]
  /\ registered = IF "register" \in Activity THEN {} ELSE Registered
  /\ copy = [c \in Cpu |-> active[c] \in registered]
  /\ at = "user"
  /\ unseen = {} /\ mask = {} /\ pending = {} /\ interrupted = {}
  /\ calling = FALSE /\ owes = {}

(*-------------------------------- barriers --------------------------------*)
(* The accesses of thread t, if it has any. The caller's are left out.      *)
Accesses(t) == IF t = Caller \/ mm[t] = None THEN {} ELSE {<<t, mm[t]>>}

(* CPU c passes a full barrier, and begins other accesses.                  *)
Passed(c) == flight[c] \ UNION {flight[d] : d \in Cpu \ {c}}
Fence(c, begun) ==
  /\ flight' = [flight EXCEPT ![c] = begun]
  /\ owes' = owes \ Passed(c)
NoFence(c, begun) ==
  /\ flight' = [flight EXCEPT ![c] = @ \cup begun]
  /\ UNCHANGED owes
FenceOf(letter, c, begun) ==
  IF letter \in Dropped THEN NoFence(c, begun) ELSE Fence(c, begun)

(* Interrupts are off while curr and its address space change.              *)
Interruptible(c) == phase[c] \in {"on", "ending", "execing", "cleared"}

(* Nothing that happens after the call's return matters to it.              *)
Undecided == at # "done"

(*----------------------------- context switch -----------------------------*)
(* What follows `rq->curr = t`. Loading another address space is a full     *)
(* barrier (or has one beside it). From a kernel thread back to the address *)
(* space that it has borrowed, mmdrop() has one. Between two threads of the *)
(* same address space there is none, and none is needed: the CPU runs the   *)
(* address space either way and will be interrupted.                        *)
LetterAfter(c, t) ==
  CASE mm[t] = None                              -> ""
    [] mm[t] # None /\ active[c] # mm[t]         -> "C.e"
    [] mm[t] = active[c] /\ mm[curr[c]] = None   -> "C.e-lazy"
    [] mm[t] = active[c] /\ mm[curr[c]] # None   -> ""

Running(t) == \E c \in Cpu : curr[c] = t \/ next[c] = t
MayRun(c, t) ==
  /\ ~Running(t)
  /\ t \in Idles => t = Idle(c)
  /\ mm[t] = None => t \in Kernel
  /\ t = Caller => "migrate" \in Activity

(* The caller keeps its CPU while it sends interrupts and waits for them.   *)
(* It sleeps while it waits for a grace period.                             *)
MayLeave(c) ==
  curr[c] = Caller =>
    /\ "migrate" \in Activity
    /\ at = "wait" => Preemptible \/ Variant = "grace"

(* Accesses of the next thread begin with the last barrier before them. If  *)
(* no barrier follows rq->curr = next, that is this one.                    *)
Leave(c, t) ==
  /\ Undecided /\ phase[c] = "on" /\ MayRun(c, t) /\ MayLeave(c)
  /\ phase' = [phase EXCEPT ![c] = "left"]
  /\ next' = [next EXCEPT ![c] = t]
  /\ after' = [after EXCEPT ![c] = LetterAfter(c, t)]
  /\ LET early == IF LetterAfter(c, t) \in Dropped \cup {""}
                  THEN Accesses(t) ELSE {}
     IN  FenceOf("C.d", c, early)
  /\ pending' = IF Variant = "grace" THEN pending \ {c} ELSE pending
  /\ UNCHANGED <<mm, curr, active, calling, state,
                 at, unseen, mask, interrupted>>

StoreCurr(c) ==
  /\ Undecided /\ phase[c] = "left"
  /\ phase' = [phase EXCEPT ![c] = "stored"]
  /\ curr' = [curr EXCEPT ![c] = next[c]]
  /\ active' = [active EXCEPT ![c] = IF mm[next[c]] = None THEN @
                                                          ELSE mm[next[c]]]
  /\ UNCHANGED <<mm, flight, calling, owes, next, after, state, caller>>

(* Then the copy, if somebody looks at it, before the barrier.              *)
Renews(c) ==
  /\ Variant = "global" /\ mm[curr[c]] # None
  /\ after[c] \in (IF RenewWhen = "loaded-differs" THEN {"C.e"}
                   ELSE {"C.e", "C.e-lazy"})
Renew(c) ==
  /\ Undecided /\ phase[c] = "stored" /\ Renews(c)
  /\ phase' = [phase EXCEPT ![c] = "renewed"]
  /\ copy' = [copy EXCEPT ![c] = mm[curr[c]] \in registered]
  /\ UNCHANGED <<contract, next, after, registered, caller>>

Enter(c) ==
  /\ Undecided /\ phase[c] = IF Renews(c) THEN "renewed" ELSE "stored"
  /\ phase' = [phase EXCEPT ![c] = "on"]
  /\ after' = [after EXCEPT ![c] = ""]
  /\ IF after[c] = "" THEN NoFence(c, {})
                      ELSE FenceOf(after[c], c, Accesses(curr[c]))
  /\ UNCHANGED <<mm, curr, active, calling, next, state, caller>>

(*-------------------- exit, adopting, giving back, exec -------------------*)
(* exit_mm() by the sibling, kthread_unuse_mm() by a kernel thread. mm and  *)
(* copy change one after the other, with interrupts off. A caller skips the *)
(* CPU if it sees either, so they are one step here.                        *)
GivesUp(t) == \/ t = Sibling /\ "exit" \in Activity
              \/ t = Worker
FenceBeforeEnd(c) ==
  /\ Undecided /\ phase[c] = "on" /\ GivesUp(curr[c]) /\ mm[curr[c]] # None
  /\ phase' = [phase EXCEPT ![c] = "ending"]
  /\ FenceOf(IF curr[c] = Sibling THEN "D.d" ELSE "E.d", c, {})
  /\ UNCHANGED <<mm, curr, active, calling, next, after, state, caller>>
End(c) ==
  /\ Undecided /\ phase[c] = "ending"
  /\ phase' = [phase EXCEPT ![c] = "on"]
  /\ mm' = [mm EXCEPT ![curr[c]] = None]
  /\ copy' = [copy EXCEPT ![c] = FALSE]
  /\ UNCHANGED <<curr, active, flight, calling, owes, next, after, registered,
                 caller>>

(* kthread_use_mm().                                                        *)
BeginUse(c) ==
  /\ Undecided /\ phase[c] = "on" /\ curr[c] = Worker /\ mm[Worker] = None
  /\ phase' = [phase EXCEPT ![c] = "adopting"]
  /\ NoFence(c, IF "E.g" \in Dropped THEN {<<Worker, "M">>} ELSE {})
  /\ UNCHANGED <<mm, curr, active, calling, next, after, state, caller>>
Use(c) ==
  /\ Undecided /\ phase[c] = "adopting"
  /\ phase' = [phase EXCEPT ![c] = "adopted"]
  /\ mm' = [mm EXCEPT ![Worker] = "M"]
  /\ active' = [active EXCEPT ![c] = "M"]
  /\ copy' = [copy EXCEPT ![c] = "M" \in registered]
  /\ UNCHANGED <<curr, flight, calling, owes, next, after, registered,
                 caller>>
FenceAfterUse(c) ==
  /\ Undecided /\ phase[c] = "adopted"
  /\ phase' = [phase EXCEPT ![c] = "on"]
  /\ FenceOf("E.g", c, {<<Worker, "M">>})
  /\ UNCHANGED <<mm, curr, active, calling, next, after, state, caller>>

(* exec_mmap(). Loading the new address space is a barrier on most          *)
(* machines. Nobody can rely on it: a thread that could call for X does not *)
(* exist yet. So it is left out, and what the thread does in X may begin    *)
(* before it has X.                                                         *)
FenceBeforeExec(c) ==
  /\ Undecided /\ phase[c] = "on" /\ "exec" \in Activity
  /\ curr[c] = Sibling /\ mm[Sibling] = "M"
  /\ phase' = [phase EXCEPT ![c] = "execing"]
  /\ FenceOf("exec.d", c, {<<Sibling, "X">>})
  /\ UNCHANGED <<mm, curr, active, calling, next, after, state, caller>>
ClearCopy(c) ==
  /\ Undecided /\ phase[c] = "execing" /\ Variant = "global"
  /\ phase' = [phase EXCEPT ![c] = "cleared"]
  /\ copy' = [copy EXCEPT ![c] = FALSE]
  /\ UNCHANGED <<contract, next, after, registered, caller>>
Exec(c) ==
  /\ Undecided
  /\ phase[c] = IF Variant = "global" THEN "cleared" ELSE "execing"
  /\ phase' = [phase EXCEPT ![c] = "on"]
  /\ mm' = [mm EXCEPT ![Sibling] = "X"]
  /\ active' = [active EXCEPT ![c] = "X"]
  /\ UNCHANGED <<curr, flight, calling, owes, next, after, state, caller>>

(*------------------------------ registration ------------------------------*)
(* A thread registers its address space: it sets the state, and by          *)
(* interrupts the copies of CPUs that run it, but not of those that have    *)
(* borrowed it.                                                             *)
Register(c) ==
  /\ at = "user" /\ phase[c] = "on"
  /\ curr[c] \notin Kernel /\ mm[curr[c]] \in Registered \ registered
  /\ registered' = registered \cup {mm[curr[c]]}
  /\ copy' = [d \in Cpu |-> copy[d] \/ mm[curr[d]] = mm[curr[c]]]
  /\ UNCHANGED <<contract, cpus, caller>>

(*------------------------------- membarrier -------------------------------*)
CallerRuns == \E c \in Cpu : curr[c] = Caller /\ phase[c] = "on"
OwnCpu     == CHOOSE c \in Cpu : curr[c] = Caller

Call ==
  /\ at = "user" /\ CallerRuns
  /\ Variant = "global" => registered = Registered
  /\ at' = "look"
  /\ calling' = TRUE
  /\ owes' = {f \in UNION {flight[c] : c \in Cpu} : f[2] \in Scope}
  /\ unseen' = Cpu
  /\ UNCHANGED <<mm, curr, active, flight, cpus, state, mask, pending,
                 interrupted>>

(* One CPU at a time, without a lock. The caller's own is skipped: it is    *)
(* in order with the caller, and if the caller leaves it, by a switch.      *)
Matters(c) == CASE Variant = "all"     -> TRUE
                [] Variant = "grace"   -> FALSE
                [] Variant = "loaded"  -> active[c] = mm[Caller]
                [] Variant = "private" -> mm[curr[c]] = mm[Caller]
                [] Variant = "global"  -> mm[curr[c]] # None
Following(c) == c \in unseen /\ \A d \in unseen : c <= d
Seen(c, matters) ==
  /\ at' = "look"
  /\ unseen' = unseen \ {c}
  /\ mask' = IF matters THEN mask \cup {c} ELSE mask
  /\ UNCHANGED <<contract, cpus, state, pending, interrupted>>
Look(c) ==
  /\ at = (IF Variant = "global" THEN "copy" ELSE "look")
  /\ CallerRuns /\ Following(c)
  /\ Seen(c, c # OwnCpu /\ Matters(c))

(* GLOBAL_EXPEDITED looks at the copy, and only then at curr.               *)
LookAtCopy(c) ==
  /\ at = "look" /\ Variant = "global" /\ CallerRuns /\ Following(c)
  /\ IF c # OwnCpu /\ copy[c]
     THEN /\ at' = "copy"
          /\ UNCHANGED <<contract, cpus, state, unseen, mask, pending,
                         interrupted>>
     ELSE Seen(c, FALSE)

(* A grace period waits for each CPU to switch, to be interrupted by its    *)
(* timer in user mode, or to be idle.                                       *)
Quiescent(c) == \/ curr[c] \in Idles \cup {Caller} /\ phase[c] = "on"
                \/ /\ UserIsQuiescent
                   /\ curr[c] \notin Kernel /\ phase[c] = "on"
Send ==
  /\ at = "look" /\ unseen = {} /\ CallerRuns
  /\ at' = "wait"
  /\ pending' = IF Variant = "grace" THEN {c \in Cpu : ~Quiescent(c)}
                                     ELSE mask \ {OwnCpu}
  /\ mask' = {}
  /\ UNCHANGED <<contract, cpus, state, unseen, interrupted>>

Interrupt(c) ==
  /\ at = "wait" /\ Variant # "grace"
  /\ c \in pending /\ Interruptible(c)
  /\ pending' = pending \ {c}
  /\ interrupted' = interrupted \cup {curr[c]}
  /\ IF HandlerHasBarrier THEN Fence(c, flight[c]) ELSE NoFence(c, {})
  /\ UNCHANGED <<mm, curr, active, calling, cpus, state, at, unseen, mask>>

Tick(c) ==
  /\ at = "wait" /\ Variant = "grace"
  /\ c \in pending /\ Interruptible(c)
  /\ pending' = pending \ {c}
  /\ Fence(c, flight[c])
  /\ UNCHANGED <<mm, curr, active, calling, cpus, state, at, unseen, mask,
                 interrupted>>

Return ==
  /\ at = "wait" /\ pending = {} /\ CallerRuns
  /\ at' = "done"
  /\ calling' = FALSE
  /\ UNCHANGED <<mm, curr, active, flight, owes, cpus, state, unseen, mask,
                 pending, interrupted>>

(*---------------------------- the whole kernel ----------------------------*)
Schedule(c) == \/ \E t \in Thread : Leave(c, t)
               \/ StoreCurr(c) \/ Renew(c) \/ Enter(c)
               \/ FenceBeforeEnd(c) \/ End(c)
               \/ BeginUse(c) \/ Use(c) \/ FenceAfterUse(c)
               \/ FenceBeforeExec(c) \/ ClearCopy(c) \/ Exec(c)
               \/ Register(c)
Membarrier  == \/ Call \/ Send \/ Return
               \/ \E c \in Cpu : LookAtCopy(c) \/ Look(c)

Rest == ~Undecided /\ UNCHANGED vars

Next == \/ Membarrier
        \/ \E c \in Cpu : Schedule(c) \/ Interrupt(c) \/ Tick(c)
        \/ Rest

Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ mm \in [Thread -> Space \cup {None}]
  /\ curr \in [Cpu -> Thread] /\ next \in [Cpu -> Thread]
  /\ active \in [Cpu -> Space]
  /\ flight \in [Cpu -> SUBSET (Thread \X Space)]
  /\ phase \in [Cpu -> {"on", "left", "stored", "renewed", "ending",
                        "adopting", "adopted", "execing", "cleared"}]
  /\ after \in [Cpu -> Letters \cup {""}]
  /\ registered \subseteq Registered /\ copy \in [Cpu -> BOOLEAN]
  /\ at \in {"user", "look", "copy", "wait", "done"}
  /\ unseen \subseteq Cpu /\ mask \subseteq Cpu /\ pending \subseteq Cpu
  /\ interrupted \subseteq Thread
  /\ calling \in BOOLEAN

(* A CPU that runs a thread with an address space has that one loaded.      *)
LoadedIsCurrent ==
  \A c \in Cpu : phase[c] = "on" /\ mm[curr[c]] # None
                   => active[c] = mm[curr[c]]

(* A thread's accesses are in flight on one CPU at a time: it is not        *)
(* switched in elsewhere before those of the last CPU have passed.          *)
InFlightOnce ==
  \A c, d \in Cpu : c # d => flight[c] \cap flight[d] = {}

(* The contract, as an invariant and as a refinement.                       *)
PromiseKept == at = "done" => owes = {}

Abstract == INSTANCE Contract
              WITH inFlight <- UNION {flight[c] : c \in Cpu}
MeetsContract == Abstract!Spec

(*-------------------------- the questions of 2010 -------------------------*)
(* Whom does the call interrupt? A thread that it shares no memory with, an *)
(* idle CPU (which costs energy), a real-time thread?                       *)
NoStrangerInterrupted == Other \notin interrupted
NoIdleInterrupted     == interrupted \cap Idles = {}

OnlyKinInterrupted    == \A t \in interrupted : Home[t] = Home[Caller]

(* The same if nobody switches from the look to the return.                 *)
Settled == IF at \in {"look", "copy", "wait"} THEN UNCHANGED phase
           ELSE at' = "look" => \A c \in Cpu : phase[c] = "on"
SpecSettled == Init /\ [][Next /\ Settled]_vars

(* Does the caller return, if nobody but itself and the interrupts is sure  *)
(* to make progress? An interrupt is taken in the end, even if the CPU      *)
(* turns interrupts off again and again.                                    *)
Progress == /\ WF_vars(Membarrier)
            /\ \A c \in Cpu : /\ SF_vars(Interrupt(c))
                              /\ WF_vars(StoreCurr(c)) /\ WF_vars(Enter(c))
                              /\ WF_vars(Renew(c)) /\ WF_vars(End(c))
                              /\ WF_vars(Use(c)) /\ WF_vars(FenceAfterUse(c))
                              /\ WF_vars(ClearCopy(c)) /\ WF_vars(Exec(c))
Ticks    == \A c \in Cpu : SF_vars(Tick(c))
SpecProgress == Spec /\ Progress
SpecTicks    == Spec /\ Progress /\ Ticks
CallReturns  == calling ~> ~calling

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* A switch to a user thread that loads no address space.                   *)
StoreCurrOnly(c) ==
  /\ Undecided /\ phase[c] = "left"
  /\ phase' = [phase EXCEPT ![c] = "stored"]
  /\ curr' = [curr EXCEPT ![c] = next[c]]
  /\ UNCHANGED <<mm, active, flight, calling, owes, next, after, state,
                 caller>>
==============================================================================
