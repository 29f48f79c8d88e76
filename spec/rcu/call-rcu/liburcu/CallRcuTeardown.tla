--------------------------- MODULE CallRcuTeardown ---------------------------
(* A worker of call_rcu is taken down while others call and rcu_barrier     *)
(* walks over the workers.                                                  *)
(*                                                                          *)
(* The idea. Callers find their worker through a pointer, inside a section  *)
(* of their own: so a thread that takes the worker's pointer away and waits *)
(* for a grace period knows that nobody will queue on it any more. It then  *)
(* tells the worker to stop, and moves what is left on its queue to the     *)
(* default worker, which it wakes. Only rcu_barrier may still queue on it,  *)
(* since it walks over the list of all workers. So one mutex covers "the    *)
(* queue is empty" and "it is off the list".                                *)
(*                                                                          *)
(* Steps are those of liburcu, src/urcu-call-rcu-impl.h. A wake-up is one   *)
(* step, and so is a worker's round: CallRcu takes both apart.              *)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
  Callers,                 \* how many threads call; each has one callback,
                           \* and may queue it again when it has been run
  WithBarrier              \* is there a thread that calls rcu_barrier?
ASSUME Callers \in Nat /\ WithBarrier \in BOOLEAN

Caller  == 1..Callers
Barrier == 0               \* the thread in rcu_barrier, and its callbacks
Freer   == -1              \* the thread that takes a worker down
Default == -2              \* the default worker
Own     == -3              \* the worker that is taken down
Nobody  == -4
Worker  == {Default, Own}
Thread  == Caller \cup {Barrier, Freer}

VARIABLES
  assigned,                \* the worker that callers find
  dest,                    \* [Thread -> the worker that it queues on]
  list,                    \* the workers that rcu_barrier finds
  mutex,                   \* call_rcu_mutex: who holds it, or Nobody
  queue,                   \* [Worker -> callbacks queued; Barrier is one]
  futex,                   \* [Worker -> -1 while it waits]
  pending,                 \* callbacks called and not yet run
  stop,                    \* has the worker been told to stop?
  stopped,                 \* has it said that it has?
  freed,                   \* has its data been freed?
  todo,                    \* the workers that the barrier has yet to visit
  waits,                   \* the callers that the freer's grace period waits
                           \* for
  pc                       \* [thread or worker -> the step that comes next]
\* Lanes: -3 = worker, -2 = default, -1 = freer, 0 = barrier, c > 0 = caller c
vars == <<assigned, dest, list, mutex, queue, futex, pending, stop,
          stopped, freed, todo, waits, pc>>

flags == <<stop, stopped, freed>>
At(t, step) == pc[t] = step
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]
In(s) == {s[i] : i \in 1..Len(s)}

(* A wake-up: the word is cleared and the worker woken, if it waits.        *)
WakeUp(t, w, step) ==
  /\ futex' = IF futex[w] = -1 THEN [futex EXCEPT ![w] = 0] ELSE futex
  /\ pc' = [pc EXCEPT ![t] = step,
                      ![w] = IF futex[w] = -1 /\ @ = "Asleep" THEN "Sleep"
                                                              ELSE @]

(*------------------------------- the callers ------------------------------*)
(* Read lock and load of the pointer; the section ends after the wake-up.   *)
Sections == {c \in Caller : ~At(c, "Idle")}
Find(c) ==
  /\ At(c, "Idle") /\ c \notin pending
  /\ dest' = [dest EXCEPT ![c] = assigned]
  /\ Goto(c, "Enqueue")
  /\ UNCHANGED <<assigned, list, mutex, queue, futex, pending, flags,
                 todo, waits>>

Enqueue(c) ==
  /\ At(c, "Enqueue")
  /\ queue' = [queue EXCEPT ![dest[c]] = Append(@, c)]
  /\ pending' = pending \cup {c}
  /\ Goto(c, "WakeUp")
  /\ UNCHANGED <<assigned, dest, list, mutex, futex, flags, todo,
                 waits>>

WakeAndLeave(c) ==
  /\ At(c, "WakeUp")
  /\ WakeUp(c, dest[c], "Idle")
  /\ dest' = [dest EXCEPT ![c] = Default]
  /\ waits' = waits \ {c}
  /\ UNCHANGED <<assigned, list, mutex, queue, pending, flags, todo>>

(*------------------------------- rcu_barrier ------------------------------*)
LockBarrier ==
  /\ WithBarrier
  /\ At(Barrier, "Idle") /\ mutex = Nobody /\ Barrier \notin pending
  /\ mutex' = Barrier
  /\ todo' = list
  /\ Goto(Barrier, "Enqueue")
  /\ UNCHANGED <<assigned, dest, list, queue, futex, pending, flags,
                 waits>>

EnqueueBarrier ==
  /\ At(Barrier, "Enqueue") /\ todo # {}
  /\ \E w \in todo : /\ queue' = [queue EXCEPT ![w] = Append(@, Barrier)]
                     /\ dest' = [dest EXCEPT ![Barrier] = w]
                     /\ todo' = todo \ {w}
  /\ pending' = pending \cup {Barrier}
  /\ Goto(Barrier, "WakeUp")
  /\ UNCHANGED <<assigned, list, mutex, futex, flags, waits>>

WakeBarrier ==
  /\ At(Barrier, "WakeUp")
  /\ WakeUp(Barrier, dest[Barrier], "Enqueue")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, pending, flags,
                 todo, waits>>

UnlockBarrier ==
  /\ At(Barrier, "Enqueue") /\ todo = {}
  /\ mutex' = Nobody
  /\ dest' = [dest EXCEPT ![Barrier] = Default]
  /\ Goto(Barrier, "Wait")
  /\ UNCHANGED <<assigned, list, queue, futex, pending, flags, todo,
                 waits>>

(* It waits until each of its callbacks has run.                            *)
ReturnBarrier ==
  /\ At(Barrier, "Wait") /\ Barrier \notin pending
  /\ Goto(Barrier, "Idle")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, futex, pending,
                 flags, todo, waits>>

(*-------------------------------- the worker ------------------------------*)
(* It says that it will wait, takes what is queued and runs it.             *)
Elsewhere(w) == todo # {} \/ \E v \in Worker \ {w} : Barrier \in In(queue[v])
Work(w) ==
  /\ At(w, "Work")
  /\ futex' = [futex EXCEPT ![w] = -1]
  /\ queue' = [queue EXCEPT ![w] = <<>>]
  /\ pending' = (pending \ In(queue[w]))
                  \cup (IF Elsewhere(w) THEN {Barrier} \cap pending ELSE {})
  /\ Goto(w, "Look")
  /\ UNCHANGED <<assigned, dest, list, mutex, flags, todo, waits>>

Look(w) ==
  /\ At(w, "Look")
  /\ IF w = Own /\ stop
       THEN /\ Goto(w, "Ended")
            /\ stopped' = TRUE
       ELSE /\ Goto(w, IF queue[w] = <<>> THEN "Sleep" ELSE "Work")
            /\ UNCHANGED stopped
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, futex, pending, stop,
                 freed, todo, waits>>

Sleep(w) ==
  /\ At(w, "Sleep")
  /\ Goto(w, IF futex[w] = -1 THEN "Asleep" ELSE "Work")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, futex, pending, flags,
                 todo, waits>>

(*--------------------------- call_rcu_data_free ---------------------------*)
Unassign ==
  /\ At(Freer, "Idle")
  /\ assigned' = Default
  /\ Goto(Freer, "Synchronize")
  /\ UNCHANGED <<dest, list, mutex, queue, futex, pending, flags, todo,
                 waits>>

Synchronize ==
  /\ At(Freer, "Synchronize")
  /\ waits' = Sections
  /\ Goto(Freer, "End")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, futex, pending,
                 flags, todo>>

TellToStop ==
  /\ At(Freer, "End") /\ waits = {}
  /\ stop' = TRUE
  /\ Goto(Freer, "WakeOwn")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, futex, pending,
                 stopped, freed, todo, waits>>

WakeOwn ==
  /\ At(Freer, "WakeOwn")
  /\ WakeUp(Freer, Own, "WaitStopped")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, pending, flags,
                 todo, waits>>

(* Under the mutex: is anything left? If so, the mutex is released once to  *)
(* get hold of the default worker, and the queue is moved all the same.     *)
LockToLook ==
  /\ At(Freer, "WaitStopped") /\ stopped /\ mutex = Nobody
  /\ IF queue[Own] = <<>> THEN mutex' = Freer /\ Goto(Freer, "Unlink")
                            ELSE UNCHANGED mutex /\ Goto(Freer, "LockToMove")
  /\ UNCHANGED <<assigned, dest, list, queue, futex, pending, flags,
                 todo, waits>>

LockToMove ==
  /\ At(Freer, "LockToMove") /\ mutex = Nobody
  /\ mutex' = Freer
  /\ queue' = [queue EXCEPT ![Default] = @ \o queue[Own], ![Own] = <<>>]
  /\ Goto(Freer, "WakeDefault")
  /\ UNCHANGED <<assigned, dest, list, futex, pending, flags, todo,
                 waits>>

WakeDefault ==
  /\ At(Freer, "WakeDefault")
  /\ WakeUp(Freer, Default, "Unlink")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, pending, flags,
                 todo, waits>>

Unlink ==
  /\ At(Freer, "Unlink")
  /\ list' = list \ {Own}
  /\ mutex' = Nobody
  /\ Goto(Freer, "Free")
  /\ UNCHANGED <<assigned, dest, queue, futex, pending, flags, todo,
                 waits>>

Free ==
  /\ At(Freer, "Free") /\ At(Own, "Ended")
  /\ freed' = TRUE
  /\ Goto(Freer, "Done")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, futex, pending,
                 stop, stopped, todo, waits>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ assigned = Own
  /\ dest = [t \in Thread |-> Default]
  /\ list = Worker
  /\ mutex = Nobody
  /\ queue = [w \in Worker |-> <<>>]
  /\ futex = [w \in Worker |-> 0]
  /\ pending = {} /\ todo = {} /\ waits = {}
  /\ stop = FALSE /\ stopped = FALSE /\ freed = FALSE
  /\ pc = [t \in Thread \cup Worker |-> IF t \in Worker THEN "Work"
                                                        ELSE "Idle"]

CallerStep(c) == Enqueue(c) \/ WakeAndLeave(c)
BarrierStep == EnqueueBarrier \/ WakeBarrier \/ UnlockBarrier \/ ReturnBarrier
WorkerStep(w) == Work(w) \/ Look(w) \/ Sleep(w)
FreerStep == \/ Synchronize \/ TellToStop \/ WakeOwn \/ LockToLook
             \/ LockToMove \/ WakeDefault \/ Unlink \/ Free
Next == \/ \E c \in Caller : Find(c) \/ CallerStep(c)
        \/ LockBarrier \/ BarrierStep
        \/ \E w \in Worker : WorkerStep(w)
        \/ Unassign \/ FreerStep
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ assigned \in Worker /\ dest \in [Thread -> Worker]
  /\ list \subseteq Worker /\ mutex \in {Nobody, Barrier, Freer}
  /\ futex \in [Worker -> {-1, 0}]
  /\ pending \subseteq Caller \cup {Barrier}
  /\ todo \subseteq Worker /\ waits \subseteq Caller

(* Nobody queues on a worker, or wakes one, whose data has been freed.      *)
NoUseAfterFree ==
  freed => /\ At(Own, "Ended")
           /\ \A t \in Caller \cup {Barrier} :
                pc[t] \in {"Enqueue", "WakeUp"} => dest[t] # Own

(* Nothing is left on a queue that is freed.                                *)
NoCallbackIsLost == freed => queue[Own] = <<>>

(* A worker that sleeps over a callback is about to be woken. WakeOwn does  *)
(* not count: it tells a worker to stop, and whoever queues on one wakes it *)
(* itself.                                                                  *)
NoLostWakeUp ==
  \A w \in Worker : At(w, "Asleep") /\ queue[w] # <<>> =>
    \/ \E t \in Caller \cup {Barrier} : At(t, "WakeUp") /\ dest[t] = w
    \/ At(Freer, "WakeDefault")

FairSpec == /\ Spec
            /\ \A c \in Caller : WF_vars(CallerStep(c))
            /\ WF_vars(BarrierStep)
            /\ \A w \in Worker : WF_vars(WorkerStep(w))
            /\ SF_vars(FreerStep)
FreeEnds == At(Freer, "Synchronize") ~> At(Freer, "Done")
CallbackRuns == \A c \in Caller : c \in pending ~> c \notin pending
BarrierReturns == At(Barrier, "Wait") ~> At(Barrier, "Idle")

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The default worker is not woken for what was moved to it.                *)
WakeNobody ==
  /\ At(Freer, "WakeDefault")
  /\ Goto(Freer, "Unlink")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, futex, pending,
                 flags, todo, waits>>

(* The mutex covers only the unlinking.                                     *)
LookWithoutLock ==
  /\ At(Freer, "WaitStopped") /\ stopped
  /\ Goto(Freer, IF queue[Own] = <<>> THEN "LockToUnlink" ELSE "Move")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, futex, pending,
                 flags, todo, waits>>
MoveWithoutLock ==
  \/ /\ At(Freer, "Move")
     /\ queue' = [queue EXCEPT ![Default] = @ \o queue[Own],
                               ![Own] = <<>>]
     /\ Goto(Freer, "WakeDefault")
     /\ UNCHANGED <<assigned, dest, list, mutex, futex, pending, flags,
                    todo, waits>>
  \/ /\ At(Freer, "LockToUnlink") /\ mutex = Nobody
     /\ mutex' = Freer
     /\ Goto(Freer, "Unlink")
     /\ UNCHANGED <<assigned, dest, list, queue, futex, pending, flags,
                    todo, waits>>
WakeDefaultThenLock ==
  /\ At(Freer, "WakeDefault")
  /\ WakeUp(Freer, Default, "LockToUnlink")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, pending, flags,
                 todo, waits>>

(* Callers are not in a section; or they are threads that have not          *)
(* registered, so that nobody sees it.                                      *)
NoSections == {}

(* What is left is not moved.                                               *)
LookAtNothing ==
  /\ At(Freer, "WaitStopped") /\ stopped /\ mutex = Nobody
  /\ mutex' = Freer
  /\ Goto(Freer, "Unlink")
  /\ UNCHANGED <<assigned, dest, list, queue, futex, pending, flags,
                 todo, waits>>

(* The worker is told to stop, and nobody wakes it.                         *)
WakeOwnNot ==
  /\ At(Freer, "WakeOwn")
  /\ Goto(Freer, "WaitStopped")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, futex, pending,
                 flags, todo, waits>>

(* Nobody waits until the worker has stopped, nor for its end.              *)
LookWithoutWaiting ==
  /\ At(Freer, "WaitStopped") /\ mutex = Nobody
  /\ IF queue[Own] = <<>> THEN mutex' = Freer /\ Goto(Freer, "Unlink")
                            ELSE UNCHANGED mutex /\ Goto(Freer, "LockToMove")
  /\ UNCHANGED <<assigned, dest, list, queue, futex, pending, flags,
                 todo, waits>>
FreeWithoutWaiting ==
  /\ At(Freer, "Free")
  /\ freed' = TRUE
  /\ Goto(Freer, "Done")
  /\ UNCHANGED <<assigned, dest, list, mutex, queue, futex, pending,
                 stop, stopped, todo, waits>>

(* The mutex is not taken again for the move, and what is not held is       *)
(* released.                                                                *)
MoveUnlocked ==
  /\ At(Freer, "LockToMove")
  /\ queue' = [queue EXCEPT ![Default] = @ \o queue[Own], ![Own] = <<>>]
  /\ Goto(Freer, "WakeDefault")
  /\ UNCHANGED <<assigned, dest, list, mutex, futex, pending, flags, todo,
                 waits>>

(* It is taken for the unlinking alone, after the move.                     *)
WakeAndLock ==
  \/ /\ At(Freer, "WakeDefault")
     /\ WakeUp(Freer, Default, "LockToUnlink")
     /\ UNCHANGED <<assigned, dest, list, mutex, queue, pending, flags,
                    todo, waits>>
  \/ /\ At(Freer, "LockToUnlink") /\ mutex = Nobody
     /\ mutex' = Freer
     /\ Goto(Freer, "Unlink")
     /\ UNCHANGED <<assigned, dest, list, queue, futex, pending, flags,
                    todo, waits>>
============================================================================
