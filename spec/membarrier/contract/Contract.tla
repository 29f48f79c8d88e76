------------------------------ MODULE Contract -------------------------------
(* What membarrier() promises, and nothing about how it is kept.            *)
(*                                                                          *)
(* Accesses to an address space are in flight from the barrier that the     *)
(* kernel has passed before them to the barrier that it passes after them:  *)
(* in between, the processor may perform them in any order, and the rest of *)
(* the machine may not count on any of them. Passing a full barrier ends    *)
(* what is in flight on a CPU; what the thread does next is in flight       *)
(* again.                                                                   *)
(*                                                                          *)
(* Between the call and the return of membarrier() everything that was in   *)
(* flight at the call, in the address spaces of its scope, passes a full    *)
(* barrier. So the caller sees what was done before that barrier, and what  *)
(* is done after it sees what the caller has done before the call.          *)
(*                                                                          *)
(* Three things are easily taken for one another, and this page keeps them  *)
(* apart:                                                                   *)
(*   curr     the thread that a CPU runs                                    *)
(*   mm       the address space of a thread; a kernel thread has none       *)
(*   active   the address space that a CPU has loaded. While it runs a      *)
(*            kernel thread, that is a borrowed one: the one it had before. *)
(* The promise is about accesses, which only a thread with that mm makes. A *)
(* CPU that merely borrows an address space owes nothing.                   *)
EXTENDS FiniteSets

CONSTANTS
  Cpu,           \* the processors
  Thread,        \* user threads and kernel threads
  Space,         \* the address spaces
  None,          \* the mm of a thread that has none
  Scope          \* the address spaces of the call: the caller's (PRIVATE),
                 \*   all (GLOBAL), the registered ones (GLOBAL_EXPEDITED)

ASSUME IsFiniteSet(Cpu) /\ IsFiniteSet(Thread)
ASSUME None \notin Space /\ Scope \subseteq Space

VARIABLES
  mm,            \* [Thread -> Space or None]
  curr,          \* [Cpu -> Thread]
  active,        \* [Cpu -> Space]
  inFlight,      \* accesses in flight, as <<thread, address space>>
  calling,       \* is a call of membarrier() under way?
  owes           \* what has been in flight since before the call
vars == <<mm, curr, active, inFlight, calling, owes>>

TypeOK == /\ mm \in [Thread -> Space \cup {None}]
          /\ curr \in [Cpu -> Thread]
          /\ active \in [Cpu -> Space]
          /\ inFlight \subseteq Thread \X Space
          /\ calling \in BOOLEAN
          /\ owes \subseteq {f \in inFlight : f[2] \in Scope}

(* CPU c goes over to thread t. A kernel thread borrows what is loaded.     *)
Switch(c, t) ==
  /\ curr' = [curr EXCEPT ![c] = t]
  /\ active' = [active EXCEPT ![c] = IF mm[t] = None THEN @ ELSE mm[t]]
  /\ UNCHANGED <<mm, inFlight, calling, owes>>

(* The thread that c runs takes another address space, or gives up its own. *)
Change(c, m) ==
  /\ mm' = [mm EXCEPT ![curr[c]] = m]
  /\ active' = [active EXCEPT ![c] = IF m = None THEN @ ELSE m]
  /\ UNCHANGED <<curr, inFlight, calling, owes>>

(* Some accesses pass a full barrier, others begin. A thread may begin some *)
(* before it is curr, for all that this page says: it is up to the kernel   *)
(* that these do not escape a later call. What ends has passed its barrier. *)
Barrier ==
  /\ inFlight' \subseteq Thread \X Space
  /\ owes' \subseteq owes \cap inFlight'
  /\ UNCHANGED <<mm, curr, active, calling>>

(* The promise begins here.                                                 *)
Call ==
  /\ ~calling
  /\ calling' = TRUE
  /\ owes' = {f \in inFlight : f[2] \in Scope}
  /\ UNCHANGED <<mm, curr, active, inFlight>>

(* And it is kept here.                                                     *)
Return ==
  /\ calling /\ owes = {}
  /\ calling' = FALSE
  /\ UNCHANGED <<mm, curr, active, inFlight, owes>>

Init == /\ mm \in [Thread -> Space \cup {None}]
        /\ curr \in [Cpu -> Thread]
        /\ active \in [Cpu -> Space]
        /\ inFlight \subseteq Thread \X Space
        /\ ~calling
        /\ owes = {}

Next == \/ \E c \in Cpu, t \in Thread : Switch(c, t)
        \/ \E c \in Cpu, m \in Space \cup {None} : Change(c, m)
        \/ Barrier
        \/ Call
        \/ Return

Spec == Init /\ [][Next]_vars
==============================================================================
