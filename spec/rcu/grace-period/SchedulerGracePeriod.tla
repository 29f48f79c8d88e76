------------------------ MODULE SchedulerGracePeriod -------------------------
(* Why the scheduler's grace period is none for readers in user space.      *)
(*                                                                          *)
(* The idea. The kernel waits until every CPU has switched, or has been     *)
(* interrupted in user mode: then no reader of the kernel that was inside a *)
(* section is inside it still, since a section there forbids the switch,    *)
(* and is not in user mode. A thread in user space can forbid nothing. It   *)
(* is switched out in the middle of its section, and the timer interrupts   *)
(* it there. All CPUs have then switched, each has passed a full barrier    *)
(* (which is what GLOBAL uses it for), and the reader is inside as before.  *)
(* So a library that calls membarrier() has to scan its readers, too.       *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Readers,                 \* how many threads read
  Cpus,                    \* how many CPUs there are
  Switched,                \* may a reader be switched out inside a section?
  Ticked                   \* does a tick inside a section count?
ASSUME Readers \in Nat \ {0} /\ Cpus \in Nat \ {0}
ASSUME Switched \in BOOLEAN /\ Ticked \in BOOLEAN

Reader == 1..Readers
Cpu    == 1..Cpus
Idle   == 0

VARIABLES
  runs,                    \* [Cpu -> the reader that it runs, or Idle]
  inside,                  \* the readers that are inside a section
  running,                 \* is a grace period of the scheduler under way?
  pending,                 \* the CPUs that it waits for
  before                   \* readers inside since before it began (nobody
                           \* computes this)
\* Lanes: c <= Cpus = CPU c, else = the caller, not = before inside
vars == <<runs, inside, running, pending, before>>

Runs(r) == \E c \in Cpu : runs[c] = r

Enter(r) ==
  /\ Runs(r) /\ r \notin inside
  /\ inside' = inside \cup {r}
  /\ UNCHANGED <<runs, running, pending, before>>

Leave(r) ==
  /\ Runs(r) /\ r \in inside
  /\ inside' = inside \ {r}
  /\ before' = before \ {r}
  /\ UNCHANGED <<runs, running, pending>>

Switch(c, r) ==
  /\ runs[c] # r /\ (r # Idle => ~Runs(r))
  /\ runs[c] \in inside => Switched
  /\ runs' = [runs EXCEPT ![c] = r]
  /\ pending' = pending \ {c}
  /\ UNCHANGED <<inside, running, before>>

Tick(c) ==
  /\ c \in pending
  /\ runs[c] \in inside => Ticked
  /\ pending' = pending \ {c}
  /\ UNCHANGED <<runs, inside, running, before>>

(* Idle CPUs are not waited for.                                            *)
Start ==
  /\ ~running
  /\ running' = TRUE
  /\ pending' = {c \in Cpu : runs[c] # Idle}
  /\ before' = inside
  /\ UNCHANGED <<runs, inside>>

End ==
  /\ running /\ pending = {}
  /\ running' = FALSE
  /\ before' = {}
  /\ UNCHANGED <<runs, inside, pending>>

Init == /\ runs = [c \in Cpu |-> Idle]
        /\ inside = {} /\ running = FALSE /\ pending = {} /\ before = {}
Next == \/ \E r \in Reader : Enter(r) \/ Leave(r)
        \/ \E c \in Cpu : \/ Tick(c)
                          \/ \E r \in Reader \cup {Idle} : Switch(c, r)
        \/ Start \/ End
Spec == Init /\ [][Next]_vars

TypeOK ==
  /\ runs \in [Cpu -> Reader \cup {Idle}]
  /\ inside \subseteq Reader /\ running \in BOOLEAN
  /\ pending \subseteq Cpu /\ before \subseteq inside

(* What the scheduler does promise to both: who was running has passed a    *)
(* barrier, since it has switched, or was interrupted.                      *)
AllHavePassed == [][running /\ ~running' => pending = {}]_vars

Abstract == INSTANCE GracePeriod WITH waits <- before
RefinesGracePeriod == Abstract!Spec

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* It waits for one CPU alone.                                              *)
EndEarly ==
  /\ running /\ Cardinality(pending) < Cpus
  /\ running' = FALSE
  /\ before' = {} /\ pending' = {}
  /\ UNCHANGED <<runs, inside>>
============================================================================
