---------------------------- MODULE Registration -----------------------------
(* GLOBAL_EXPEDITED interrupts the CPUs that run a registered address       *)
(* space. To look at the address space itself, the caller would follow a    *)
(* pointer to memory that may be freed meanwhile, so each run queue has a   *)
(* copy of its state. This module asks whether the copy is always there     *)
(* when the caller looks for it:                                            *)
(*                                                                          *)
(*     a CPU that runs a thread of a registered address space is            *)
(*     interrupted by a caller that looks                                   *)
(*                                                                          *)
(* A switch to a user thread renews the copy, but leaves early when the CPU *)
(* has that address space loaded already, as it has after an idle time: a   *)
(* kernel thread borrows the address space that was there before. So when   *)
(* the registration misses a CPU that has only borrowed it, nothing makes   *)
(* up for that later. On today's kernels this can be seen (what was         *)
(* measured on Linux 6.18 is today's counterexample). An exit does the same *)
(* to a process that is registered: it clears the copy, and leaves the      *)
(* address space loaded for a thread that follows on the CPU.               *)
(*                                                                          *)
(* Steps are in order, and a context switch is one step: the question here  *)
(* is who is interrupted, not what an interrupt does (module Kernel).       *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Threads,       \* how many threads the process has: 1 or 2
  ThreadExits,   \* may the second of them exit?
  RenewWhen,     \* a switch to a user thread renews the copy when
                 \*   "loaded-differs"   prev->active_mm # next->mm: today
                 \*   "mm-differs"       prev->mm # next->mm
                 \*   "always"           the copy differs from the state
  SyncWhom,      \* the registration interrupts the CPUs
                 \*   "running"          whose curr->mm it is: today
                 \*   "others-running"   of these, not its own (until 2021)
                 \*   "loaded"           that have it loaded, borrowed or not
                 \*   "all"
  SyncIf,        \* on interrupt, a CPU renews its copy if it finds the
                 \*   address space "running" (today) or "loaded"
  Shortcut,      \* may the only thread renew its own CPU's copy and be done?
  ScanBy,        \* the caller interrupts user threads by the "copy" (today),
                 \*   by the "mm" that curr points to, or "all" of them
  User           \* what the process does to be safe:
                 \*   "nothing"
                 \*   "pinned"           stays on CPU 0 until registered
                 \*   "everywhere"       runs a thread on every CPU meanwhile
                 \*   "again"            registers a second time
                 \*   "fork"             goes on in a child, see Fork
                 \*   "waits"            then waits for a grace period
                 \*                      of the kernel (GLOBAL)
                 \*   "visits"           then runs on each CPU
                 \*   "bounces"          then runs on each CPU, and a child
                 \*                      of it does, and it does again

ASSUME RenewWhen \in {"loaded-differs", "mm-differs", "always"}
ASSUME SyncWhom \in {"running", "others-running", "loaded", "all"}
ASSUME SyncIf \in {"running", "loaded"}
ASSUME ScanBy \in {"copy", "mm", "all"}
ASSUME Threads \in 1..2 /\ Shortcut \in BOOLEAN
ASSUME ThreadExits \in BOOLEAN /\ (ThreadExits => Threads = 2)
ASSUME User \in {"nothing", "pinned", "everywhere", "again", "fork",
                "waits", "visits", "bounces"}
ASSUME User = "everywhere" => Threads = 2

Cpu     == {0, 1}
None    == "none"
Main    == "t1"
Process == IF Threads = 1 THEN {Main} ELSE {Main, "t2"}
Other   == "other"            \* a thread of an unregistered process
Idle    == "idle"             \* one for each CPU, told apart by the CPU
Space   == {"M", "child", "N"}

VARIABLES
  home,          \* the address space of the process: M, or its child's
  gone,          \* threads of the process that have exited
  curr,          \* [Cpu -> thread]
  active,        \* [Cpu -> the address space that is loaded]
  copy,          \* [Cpu -> does the run queue say "registered"?]
  intent,        \* the address spaces whose state says "registered"
  ready,         \* those whose registration is complete
  at,            \* where the registration is
  waits,         \* CPUs that its grace period waits for
  targets,       \* CPUs that it has yet to interrupt
  visits         \* CPUs that it has yet to visit
\* Lanes: 0 = CPU 0, 1 = CPU 1, else = the process
vars == <<home, gone, curr, active, copy, intent, ready, at, waits, targets,
          visits>>

MmOf(t) == CASE t \in gone           -> None
             [] t \in Process \ gone -> home
             [] t = Other           -> "N"
             [] t = Idle            -> None
Runs(c) == MmOf(curr[c])

Init ==
  /\ home = "M" /\ gone = {}
  /\ curr = [c \in Cpu |-> IF c = 0 THEN Main ELSE
               IF User = "everywhere" THEN "t2" ELSE Idle]
  /\ active = [c \in Cpu |->
                 IF c = 0 \/ User = "everywhere" THEN "M" ELSE "N"]
  /\ copy = [c \in Cpu |-> FALSE]
  /\ intent = {} /\ ready = {}
  /\ at = "start"
  /\ waits = {} /\ targets = {} /\ visits = {}

(*----------------------------- context switch -----------------------------*)
Stays(t) == \/ User = "pinned" /\ ready = {}
            \/ User = "everywhere" /\ at # "done"

Differs(c, m) ==
  CASE RenewWhen = "loaded-differs" -> active[c] # m
    [] RenewWhen = "mm-differs"     -> Runs(c) # m
    [] RenewWhen = "always"         -> TRUE

Switch(c, t) ==
  /\ curr[c] # t /\ t \notin gone
  /\ t # Idle => \A d \in Cpu : curr[d] # t
  /\ t \in Process /\ Stays(t) => c = 0 /\ User = "pinned"
  /\ curr[c] \in Process => ~(User = "everywhere" /\ Stays(curr[c]))
  \* Interrupts are sent and waited for without leaving the CPU.
  /\ curr[c] = Main => targets = {}
  /\ curr' = [curr EXCEPT ![c] = t]
  /\ IF MmOf(t) = None THEN UNCHANGED <<active, copy>>
     ELSE /\ active' = [active EXCEPT ![c] = MmOf(t)]
          /\ copy' = [copy EXCEPT ![c] =
                        IF Differs(c, MmOf(t)) THEN MmOf(t) \in intent
                                               ELSE @]
  /\ waits' = waits \ {c}
  /\ UNCHANGED <<home, gone, intent, ready, at, targets, visits>>

(* A timer's interrupt in user mode; nothing ever waits for an idle CPU.    *)
Tick(c) ==
  /\ c \in waits
  /\ waits' = waits \ {c}
  /\ UNCHANGED <<home, gone, curr, active, copy, intent, ready, at, targets,
                 visits>>

(* exit_mm() clears the copy of its CPU, which goes on to borrow the address*)
(* space.                                                                   *)
Exit(c) ==
  /\ ThreadExits /\ curr[c] \in Process \ (gone \cup {Main})
  /\ ~(User = "everywhere" /\ Stays(curr[c]))
  /\ gone' = gone \cup {curr[c]}
  /\ copy' = [copy EXCEPT ![c] = FALSE]
  /\ UNCHANGED <<home, curr, active, intent, ready, at, waits, targets,
                 visits>>

(*------------------------------ registration ------------------------------*)
MainOn(c) == curr[c] = Main

Register(c) ==
  /\ at = "start" /\ MainOn(c)
  /\ IF home \in ready
     THEN at' = "done" /\ UNCHANGED <<copy, intent, ready, waits>>
     ELSE /\ intent' = intent \cup {home}
          /\ IF Threads = 1 /\ Shortcut
             THEN /\ copy' = [copy EXCEPT ![c] = TRUE]
                  /\ at' = "set ready"
                  /\ UNCHANGED <<ready, waits>>
             ELSE /\ at' = "grace"
                  /\ waits' = {d \in Cpu : curr[d] # Idle /\ d # c}
                  /\ UNCHANGED <<copy, ready>>
  /\ UNCHANGED <<home, gone, curr, active, targets, visits>>

(* The look at all CPUs is one step here; what changes after it counts.     *)
Wanted(c, d) == CASE SyncWhom = "running"        -> Runs(d) = home
                  [] SyncWhom = "others-running" -> Runs(d) = home /\ d # c
                  [] SyncWhom = "loaded"         -> active[d] = home
                  [] SyncWhom = "all"            -> TRUE
LookAround(c) ==
  /\ at = "grace" /\ waits = {} /\ MainOn(c)
  /\ at' = "interrupt"
  /\ targets' = {d \in Cpu : Wanted(c, d)}
  /\ UNCHANGED <<home, gone, curr, active, copy, intent, ready, waits,
                 visits>>

Renew(c) ==
  /\ c \in targets
  /\ targets' = targets \ {c}
  /\ copy' = [copy EXCEPT ![c] =
                IF (IF SyncIf = "running" THEN Runs(c) ELSE active[c]) = home
                THEN TRUE ELSE @]
  /\ UNCHANGED <<home, gone, curr, active, intent, ready, at, waits, visits>>

AllRenewed == at = "interrupt" /\ targets = {}
SetReady(c) ==
  /\ MainOn(c) /\ (at = "set ready" \/ AllRenewed)
  /\ ready' = ready \cup {home}
  /\ at' = CASE User = "waits"                  -> "wait"
             [] User \in {"visits", "bounces"} -> "visit"
             [] OTHER                          -> "done"
  /\ waits' = IF User = "waits" THEN {d \in Cpu : curr[d] # Idle /\ d # c}
                                ELSE waits
  /\ visits' = IF User \in {"visits", "bounces"} THEN Cpu ELSE {}
  /\ UNCHANGED <<home, gone, curr, active, copy, intent, targets>>

(* sched_setaffinity() to one CPU after the other. A child is born in       *)
(* Fork's way, on the same CPU, and ends there while its parent sleeps: so  *)
(* its address space is loaded in between, and the parent's is loaded anew. *)
(* This is one step here: whoever else runs in between loads it, too.       *)
Visit(c) ==
  /\ at = "visit" /\ MainOn(c) /\ c \in visits
  /\ visits' = visits \ {c}
  /\ copy' = IF User = "bounces" THEN [copy EXCEPT ![c] = TRUE] ELSE copy
  /\ UNCHANGED <<home, gone, curr, active, intent, ready, at, waits, targets>>
Settle(c) ==
  /\ MainOn(c)
  /\ (at = "visit" /\ visits = {}) \/ (at = "wait" /\ waits = {})
  /\ at' = "done"
  /\ UNCHANGED <<home, gone, curr, active, copy, intent, ready, waits,
                 targets, visits>>

(* A second registration returns immediately, as Register says.             *)
Again == /\ User = "again" /\ at = "done" /\ at' = "start"
         /\ UNCHANGED <<home, gone, curr, active, copy, intent, ready, waits,
                        targets, visits>>

(* A child has a new address space, with the state of its parent's. It is   *)
(* followed in place of the parent, from wherever it first runs.            *)
Fork(c) ==
  /\ User = "fork" /\ Threads = 1
  /\ at = "done" /\ home = "M" /\ MainOn(c)
  /\ home' = "child"
  /\ intent' = intent \cup {"child"} /\ ready' = {"child"}
  /\ active' = [active EXCEPT ![c] = "child"]
  /\ copy' = [copy EXCEPT ![c] = TRUE]
  /\ UNCHANGED <<gone, curr, at, waits, targets, visits>>

Next == \/ \E c \in Cpu : \/ \E t \in Process \cup {Other, Idle} :
                               Switch(c, t)
                          \/ Exit(c) \/ Tick(c)
                          \/ Register(c) \/ LookAround(c) \/ Renew(c)
                          \/ SetReady(c) \/ Fork(c)
                          \/ Visit(c) \/ Settle(c)
        \/ Again
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ home \in Space /\ gone \subseteq Process /\ active \in [Cpu -> Space]
  /\ curr \in [Cpu -> Process \cup {Other, Idle}]
  /\ copy \in [Cpu -> BOOLEAN]
  /\ intent \subseteq Space /\ ready \subseteq intent
  /\ at \in {"start", "grace", "interrupt", "set ready", "wait", "visit",
             "done"}
  /\ waits \subseteq Cpu /\ targets \subseteq Cpu /\ visits \subseteq Cpu

(* Would a caller from another process interrupt CPU c now?                 *)
Interrupted(c) ==
  CASE ScanBy = "copy" -> copy[c] /\ Runs(c) # None
    [] ScanBy = "mm"   -> Runs(c) \in intent
    [] ScanBy = "all"  -> Runs(c) # None

(* User "fork" promises this of the child alone, and one that does more     *)
(* than register promises it when that is done.                             *)
RegisteredAreReached ==
  (User = "fork" => home = "child") /\ at \notin {"wait", "visit"} =>
    \A c \in Cpu : Runs(c) \in ready => Interrupted(c)

(* And the reason for the registration: those who did not ask for it are    *)
(* left alone.                                                              *)
UnregisteredAreSpared ==
  \A c \in Cpu : Runs(c) = "N" => ~Interrupted(c)

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The registration does not wait for a grace period.                       *)
RegisterAtOnce(c) ==
  /\ at = "start" /\ MainOn(c)
  /\ IF home \in ready
     THEN at' = "done" /\ UNCHANGED <<copy, intent, ready, waits>>
     ELSE /\ intent' = intent \cup {home}
          /\ at' = "grace"
          /\ UNCHANGED <<copy, ready, waits>>
  /\ UNCHANGED <<home, gone, curr, active, targets, visits>>
==============================================================================
