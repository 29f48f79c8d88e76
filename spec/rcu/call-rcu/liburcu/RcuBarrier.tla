----------------------------- MODULE RcuBarrier ------------------------------
(* rcu_barrier waits until all callbacks that were queued before it have    *)
(* run.                                                                     *)
(*                                                                          *)
(* The idea. Workers run their queues in order. So rcu_barrier queues one   *)
(* callback of its own on each worker, and waits until all of these have    *)
(* run: what was queued before has then run, too. They count down a         *)
(* completion; the one that reaches 0 wakes the barrier.                    *)
(*                                                                          *)
(* The barrier and each worker use the completion, and the barrier may find *)
(* the count 0 and be gone before the last worker has woken it. So the      *)
(* completion lives as long as one of them refers to it.                    *)
(*                                                                          *)
(* Steps are those of liburcu, src/urcu-call-rcu-impl.h; grace periods are  *)
(* the business of CallRcu.                                                 *)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
  Workers,                 \* how many workers there are
  Length                   \* how many callbacks one queue may hold
ASSUME Workers \in Nat \ {0} /\ Length \in Nat

Worker == 1..Workers

VARIABLES
  queue,                   \* [Worker -> its queue: "callback" or "barrier"]
  ahead,                   \* [Worker -> how many callbacks of it the barrier
                           \* has to wait for] (nobody computes this)
  count,                   \* the completion's barrier_count
  futex,                   \* the completion's futex word
  refs,                    \* the completion's references; 0: it is freed
  left,                    \* the workers that the barrier has yet to queue on
  pc,                      \* [Worker -> the step that comes next]
  barrier                  \* the barrier's next step
\* Lanes: w = worker w, barrier = barrier
vars == <<queue, ahead, count, futex, refs, left, pc, barrier>>

At(w, step) == pc[w] = step
Goto(w, step) == pc' = [pc EXCEPT ![w] = step]
FutexAtStart == {0}        \* the completion is cleared when allocated

(*------------------------------- the workers ------------------------------*)
Call(w) ==
  /\ Len(queue[w]) < Length
  /\ queue' = [queue EXCEPT ![w] = Append(@, "callback")]
  /\ UNCHANGED <<ahead, count, futex, refs, left, pc, barrier>>

MayWork(w) == TRUE
Run(w) ==
  /\ At(w, "Run") /\ queue[w] # <<>> /\ MayWork(w)
  /\ queue' = [queue EXCEPT ![w] = Tail(@)]
  /\ IF Head(queue[w]) = "callback"
       THEN /\ ahead' = [ahead EXCEPT ![w] = IF @ > 0 THEN @ - 1 ELSE 0]
            /\ UNCHANGED pc
       ELSE Goto(w, "Count") /\ UNCHANGED ahead
  /\ UNCHANGED <<count, futex, refs, left, barrier>>

Count(w) ==
  /\ At(w, "Count")
  /\ count' = count - 1
  /\ Goto(w, IF count = 1 THEN "LoadFutex" ELSE "Put")
  /\ UNCHANGED <<queue, ahead, futex, refs, left, barrier>>

LoadFutex(w) ==
  /\ At(w, "LoadFutex")
  /\ Goto(w, IF futex = -1 THEN "ClearFutex" ELSE "Put")
  /\ UNCHANGED <<queue, ahead, count, futex, refs, left, barrier>>

ClearFutex(w) ==
  /\ At(w, "ClearFutex")
  /\ futex' = 0
  /\ Goto(w, "Wake")
  /\ UNCHANGED <<queue, ahead, count, refs, left, barrier>>

Wake(w) ==
  /\ At(w, "Wake")
  /\ barrier' = IF barrier = "Asleep" THEN "Sleep" ELSE barrier
  /\ Goto(w, "Put")
  /\ UNCHANGED <<queue, ahead, count, futex, refs, left>>

Put(w) ==
  /\ At(w, "Put")
  /\ refs' = refs - 1
  /\ Goto(w, "Run")
  /\ UNCHANGED <<queue, ahead, count, futex, left, barrier>>

(*------------------------------- the barrier ------------------------------*)
(* It holds call_rcu_mutex while it allocates and queues, so that no worker *)
(* comes or goes.                                                           *)
Begin ==
  /\ barrier = "Idle" /\ refs = 0
  /\ ahead' = [w \in Worker |-> Len(queue[w])]
  /\ count' = Workers
  /\ refs' = Workers + 1
  /\ futex' \in FutexAtStart
  /\ left' = Worker
  /\ barrier' = "Queue"
  /\ UNCHANGED <<queue, pc>>

Queue ==
  /\ barrier = "Queue"
  /\ \E w \in left :
       /\ queue' = [queue EXCEPT ![w] = Append(@, "barrier")]
       /\ left' = left \ {w}
       /\ barrier' = IF left = {w} THEN "Say" ELSE "Queue"
  /\ UNCHANGED <<ahead, count, futex, refs, pc>>

Less(n) == n - 1
Say ==
  /\ barrier = "Say"
  /\ futex' = Less(futex)
  /\ barrier' = "LoadCount"
  /\ UNCHANGED <<queue, ahead, count, refs, left, pc>>

LoadCount ==
  /\ barrier = "LoadCount"
  /\ barrier' = IF count = 0 THEN "PutOwn" ELSE "Sleep"
  /\ UNCHANGED <<queue, ahead, count, futex, refs, left, pc>>

Sleep ==
  /\ barrier = "Sleep"
  /\ barrier' = IF futex = -1 THEN "Asleep" ELSE "Say"
  /\ UNCHANGED <<queue, ahead, count, futex, refs, left, pc>>

PutOwn ==
  /\ barrier = "PutOwn"
  /\ refs' = refs - 1
  /\ barrier' = "Return"
  /\ UNCHANGED <<queue, ahead, count, futex, left, pc>>

Return ==
  /\ barrier = "Return"
  /\ ahead' = [w \in Worker |-> 0]
  /\ barrier' = "Idle"
  /\ UNCHANGED <<queue, count, futex, refs, left, pc>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ queue = [w \in Worker |-> <<>>]
  /\ ahead = [w \in Worker |-> 0]
  /\ count = 0 /\ futex = 0 /\ refs = 0 /\ left = {}
  /\ pc = [w \in Worker |-> "Run"]
  /\ barrier = "Idle"

WorkerStep(w) == \/ Run(w) \/ Count(w) \/ LoadFutex(w) \/ ClearFutex(w)
                 \/ Wake(w) \/ Put(w)
BarrierStep == Queue \/ Say \/ LoadCount \/ Sleep \/ PutOwn \/ Return
Next == \/ \E w \in Worker : Call(w) \/ WorkerStep(w)
        \/ Begin \/ BarrierStep
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ \A w \in Worker : queue[w] \in Seq({"callback", "barrier"})
  /\ ahead \in [Worker -> 0..(Length + 1)]
  /\ count \in 0..Workers /\ refs \in 0..(Workers + 1)
  /\ left \subseteq Worker

(* The barrier returns when what was queued before its call has run.        *)
NoEarlyReturn == barrier = "Return" => \A w \in Worker : ahead[w] = 0

(* Nobody uses the completion after it has been freed.                      *)
NoUseAfterFree ==
  refs = 0 => /\ \A w \in Worker : At(w, "Run")
              /\ barrier \in {"Idle", "Return"}

(* The word says exactly whether the barrier is about to sleep. Below -1    *)
(* the barrier would not sleep, but spin.                                   *)
FutexSays == futex \in {-1, 0}

(* A barrier that sleeps will be woken.                                     *)
NoLostWakeUp ==
  barrier = "Asleep" =>
    \/ \E w \in Worker : At(w, "Wake")
    \/ futex = -1 /\ (count > 0 \/ \E w \in Worker :
                                     pc[w] \in {"LoadFutex", "ClearFutex"})

FairSpec == /\ Spec
            /\ WF_vars(BarrierStep)
            /\ \A w \in Worker : WF_vars(WorkerStep(w))
BarrierReturns == barrier = "Queue" ~> barrier = "Return"

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The completion is on the barrier's stack, and gone when it returns.      *)
PutAll ==
  /\ barrier = "PutOwn"
  /\ refs' = 0
  /\ barrier' = "Return"
  /\ UNCHANGED <<queue, ahead, count, futex, left, pc>>
PutNothing(w) ==
  /\ At(w, "Put")
  /\ Goto(w, "Run")
  /\ UNCHANGED <<queue, ahead, count, futex, refs, left, barrier>>

(* Each worker has a reference, and the barrier has none.                   *)
BeginWithoutOwn ==
  /\ barrier = "Idle" /\ refs = 0
  /\ ahead' = [w \in Worker |-> Len(queue[w])]
  /\ count' = Workers
  /\ refs' = Workers
  /\ futex' \in FutexAtStart
  /\ left' = Worker
  /\ barrier' = "Queue"
  /\ UNCHANGED <<queue, pc>>
PutNoOwn ==
  /\ barrier = "PutOwn"
  /\ barrier' = "Return"
  /\ UNCHANGED <<queue, ahead, count, futex, refs, left, pc>>

(* The futex word has whatever value was on the stack.                      *)
AnyWord == {-1, 0, 1}

(* From there it counts down for ever; -3 stands for all that is less.      *)
LessBounded(n) == IF n > -3 THEN n - 1 ELSE n

(* The barrier is called from a callback, on the first worker, which will   *)
(* run nothing else before it returns.                                      *)
MayWorkUnlessInside(w) == w = 1 => barrier = "Idle"

(* The barrier queues on one worker only.                                   *)
QueueOnOne ==
  /\ barrier = "Queue"
  /\ queue' = [queue EXCEPT ![1] = Append(@, "barrier")]
  /\ left' = {}
  /\ count' = 1
  /\ refs' = 2
  /\ barrier' = "Say"
  /\ UNCHANGED <<ahead, futex, pc>>

(* The barrier says that it waits, and does not look at the count again.    *)
SayThenSleep ==
  /\ barrier = "Say"
  /\ futex' = Less(futex)
  /\ barrier' = "Sleep"
  /\ UNCHANGED <<queue, ahead, count, refs, left, pc>>
============================================================================
