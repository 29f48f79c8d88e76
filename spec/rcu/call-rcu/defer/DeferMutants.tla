---------------------------- MODULE DeferMutants -----------------------------
(* Defer with one step changed. Each operator here takes the place of one   *)
(* of Defer's in a claim's configuration, and the claim says which promise  *)
(* breaks. Some of them are what liburcu once did, or does.                 *)
EXTENDS Defer, TLC

(* The reclamation thread does not look at the rings between saying that it *)
(* waits and sleeping.                                                      *)
CountNothing ==
  /\ At(Worker, "Count")
  /\ Goto(Worker, "Sleep")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise, after>>

(* The wake-up is for 0 threads.                                            *)
WakeNobody(c) ==
  /\ At(c, "Wake")
  /\ Goto(c, after[c])
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise, after>>

(* The caller looks at the futex word before it moves its head.             *)
StoreThenLook(c) ==
  /\ At(c, "Store")
  /\ ring' = [ring EXCEPT ![c][Entry(head[c])] = "call"]
  /\ after' = [after EXCEPT ![c] = "MoveHead"]
  /\ Goto(c, "LoadFutex")
  /\ UNCHANGED <<readers, head, tail, thread, mutex, run, futex, promise>>
MoveHeadLast(c) ==
  /\ At(c, "MoveHead")
  /\ head' = [head EXCEPT ![c] = Forward(@)]
  /\ after' = [after EXCEPT ![c] = "Idle"]
  /\ Goto(c, "Idle")
  /\ UNCHANGED <<readers, ring, tail, thread, mutex, run, futex, promise>>

(* The reclamation thread checks whether it has to stop before it says that *)
(* it waits.                                                                *)
LookWhetherToStop ==
  /\ At(Worker, "Say")
  /\ Goto(Worker, IF stop THEN "Exit" ELSE "LoadStop")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise, after>>
SayThen ==
  /\ At(Worker, "LoadStop")
  /\ futex' = futex - 1
  /\ Goto(Worker, "Count")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, promise, after>>

(* It stops and leaves the word as it is.                                   *)
ExitAtOnce ==
  /\ At(Worker, "Exit")
  /\ Goto(Worker, "Off")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise, after>>

(* The runner notes how far the rings are filled after its grace period.    *)
EndThenNote(t) ==
  /\ At(t, "End") /\ waits = {}
  /\ last' = [c \in Caller |-> IF c \in todo THEN head[c] ELSE last[c]]
  /\ Goto(t, "Run")
  /\ UNCHANGED <<readers, rings, thread, mutex, todo, next, futex, promise,
                 after>>

(* It moves the tail before it has read the calls: the owner takes the      *)
(* entries to be free.                                                      *)
EndAndMoveTail(t) ==
  /\ At(t, "End") /\ waits = {}
  /\ tail' = [c \in Caller |-> IF c \in todo THEN Limit(c) ELSE tail[c]]
  /\ Goto(t, "Run")
  /\ UNCHANGED <<readers, ring, head, thread, mutex, run, futex, promise,
                 after>>

(* Nobody checks whether the ring is full.                                  *)
CallAnyway(c) ==
  /\ At(c, "Idle") /\ c \in registered
  /\ after' = [after EXCEPT ![c] = "Store"]
  /\ Goto(c, "Store")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise>>

(* A thread whose ring is full runs its own calls without a grace period.   *)
RunAtOnce(t) ==
  /\ At(t, "Synchronize")
  /\ waits' = IF after[t] = "Store" THEN {} ELSE inside
  /\ Goto(t, "End")
  /\ UNCHANGED <<inside, rings, thread, mutex, run, futex, promise, after>>

(* A thread unregisters and leaves its calls unrun.                         *)
FilledUnlessLeaving(scope) ==
  \E c \in scope : Used(c) > 0 /\ after[c] # "Unregistered"

(* rcu_defer_barrier runs the calls of its own thread alone.                *)
OwnAlone(t) == t # Worker

(* The first caller calls inside a section of its own (as the first reader, *)
(* which is the same thread).                                               *)
UnlessItCalls(r) == r = 1 => pc[1] = "Idle"

(* Registration asserts that the thread's `last_head` is 0, but it is left  *)
(* as it was when the thread unregistered.                                  *)
RegisterAsserts(c) ==
  Assert(last[c] = 0, "rcu_defer_register_thread: last_head is not 0")

(* A ring does get full: the claim that none ever does is violated. So is   *)
(* the claim that the reclamation thread never waits with nothing to do.    *)
NeverFull == \A c \in Caller : Used(c) < Size
NeverAsleep == ~At(Worker, "Asleep")
============================================================================
