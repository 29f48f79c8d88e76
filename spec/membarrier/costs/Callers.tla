------------------------------- MODULE Callers -------------------------------
(* Several threads call membarrier() in a loop, and interrupt one CPU: can  *)
(* they keep its thread from ever getting on?                               *)
(*                                                                          *)
(* The idea. A caller waits until its interrupt has been handled, so one    *)
(* that calls in a loop leaves a gap each time, however short: the CPU has  *)
(* nothing to handle, and its thread could get on. Two callers need leave   *)
(* none, since one sends while the interrupt of the other is handled. A     *)
(* mutex around the sending and the waiting makes them one caller again.    *)
(* Linux has had one since 2024. It also bounds how many interrupts a CPU   *)
(* may have before it: one, and not one for each caller.                    *)
(*                                                                          *)
(* Module Costs counts what one caller does, on several CPUs, with a switch *)
(* at any time. Here is one CPU, and no switch.                             *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Callers,                 \* how many there are
  Mutex,                   \* do they send and wait under a mutex?
  Bound                    \* so many interrupts may be before the CPU
ASSUME Callers \in Nat \ {0} /\ Mutex \in BOOLEAN /\ Bound \in Nat

Caller == 1..Callers
Nobody == 0

VARIABLES
  at,                      \* [Caller -> "user", "lock", "send", "wait"]
  holder,                  \* who holds the mutex, or Nobody
  pending,                 \* the callers whose interrupt is before the CPU
  turn                     \* changes whenever the CPU's thread gets on
\* Lanes: c <= Callers = caller c, else = the CPU
vars == <<at, holder, pending, turn>>

Goto(c, step) == at' = [at EXCEPT ![c] = step]

Call(c) ==
  /\ at[c] = "user"
  /\ Goto(c, IF Mutex THEN "lock" ELSE "send")
  /\ UNCHANGED <<holder, pending, turn>>

Lock(c) ==
  /\ at[c] = "lock" /\ holder = Nobody
  /\ holder' = c
  /\ Goto(c, "send")
  /\ UNCHANGED <<pending, turn>>

Send(c) ==
  /\ at[c] = "send"
  /\ pending' = pending \cup {c}
  /\ Goto(c, "wait")
  /\ UNCHANGED <<holder, turn>>

Return(c) ==
  /\ at[c] = "wait" /\ c \notin pending
  /\ holder' = IF holder = c THEN Nobody ELSE holder
  /\ Goto(c, "user")
  /\ UNCHANGED <<pending, turn>>

(* An interrupt comes before whatever the thread would do.                  *)
Handle ==
  /\ \E c \in pending : pending' = pending \ {c}
  /\ UNCHANGED <<at, holder, turn>>

GetOn ==
  /\ pending = {}
  /\ turn' = ~turn
  /\ UNCHANGED <<at, holder, pending>>

Init == /\ at = [c \in Caller |-> "user"] /\ holder = Nobody
        /\ pending = {} /\ turn = FALSE
CallerStep(c) == Call(c) \/ Lock(c) \/ Send(c) \/ Return(c)
Next == (\E c \in Caller : CallerStep(c)) \/ Handle \/ GetOn
Spec == Init /\ [][Next]_vars

(* A thread that could get on again and again does so in the end: whether   *)
(* it does in a short gap is a matter of how fast it is. Callers go on, and *)
(* the mutex is given to whoever waits long enough.                         *)
FairSpec == /\ Spec
            /\ WF_vars(Handle) /\ SF_vars(GetOn)
            /\ \A c \in Caller : WF_vars(CallerStep(c)) /\ SF_vars(Lock(c))

TypeOK ==
  /\ at \in [Caller -> {"user", "lock", "send", "wait"}]
  /\ holder \in Caller \cup {Nobody} /\ pending \subseteq Caller
  /\ turn \in BOOLEAN

FewPending == Cardinality(pending) <= Bound
ThreadGetsOn == []<>turn /\ []<>~turn
CallsReturn == \A c \in Caller : at[c] = "lock" ~> at[c] = "user"

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The mutex is held while the interrupt is sent, and not while it is       *)
(* waited for.                                                              *)
SendAndUnlock(c) ==
  /\ at[c] = "send"
  /\ pending' = pending \cup {c}
  /\ holder' = IF holder = c THEN Nobody ELSE holder
  /\ Goto(c, "wait")
  /\ UNCHANGED turn

(* Whoever has sent keeps the mutex.                                        *)
ReturnLocked(c) ==
  /\ at[c] = "wait" /\ c \notin pending
  /\ Goto(c, "user")
  /\ UNCHANGED <<holder, pending, turn>>
==============================================================================
