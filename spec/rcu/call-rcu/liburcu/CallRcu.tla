------------------------------- MODULE CallRcu -------------------------------
(* call_rcu: a grace period that nobody waits for.                          *)
(*                                                                          *)
(* The idea. An updater puts a callback on a queue and goes on. A worker    *)
(* takes the whole queue, waits for one grace period, and runs what it has  *)
(* taken: the grace period starts after each of them was queued. Callbacks  *)
(* queued meanwhile wait for the next. So each call is a grace period that  *)
(* starts with the call and ends with the callback.                         *)
(*                                                                          *)
(* The worker sleeps while the queue is empty. It says so in a futex word   *)
(* before it looks at the queue, and callers look at the word after they    *)
(* have queued: as with readers and updaters, whichever comes second sees   *)
(* the other. Steps are those of liburcu, src/urcu-call-rcu-impl.h. The     *)
(* worker's own grace period is the abstract one: any algorithm of this     *)
(* folder will do.                                                          *)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
  Readers,                 \* how many threads read
  Callers                  \* how many call; each has one callback, which it
                           \* may queue again when it has been run
ASSUME Readers \in Nat \ {0} /\ Callers \in Nat \ {0}

Reader == 1..Readers
Caller == 1..Callers

VARIABLES
  inside,                  \* the readers that are inside a section
  queue,                   \* the callbacks queued, the first one first
  batch,                   \* those that the worker has taken
  pending,                 \* those called and not yet run
  futex,                   \* -1 while the worker waits or is about to
  waits,                   \* readers that the worker's grace period waits
                           \* for
  before,                  \* readers inside since before the first caller's
                           \* call (nobody computes this)
  worker,                  \* the worker's next step
  pc                       \* [Caller -> the step that comes next]
\* Lanes: c = caller c, worker = worker, not = before inside waits queue batch
vars == <<inside, queue, batch, pending, futex, waits, before, worker, pc>>

At(c, step) == pc[c] = step
Goto(c, step) == pc' = [pc EXCEPT ![c] = step]
In(s) == {s[i] : i \in 1..Len(s)}

(*------------------------------- the readers ------------------------------*)
Enter(r) == /\ r \notin inside
            /\ inside' = inside \cup {r}
            /\ UNCHANGED <<queue, batch, pending, futex, waits, before,
                           worker, pc>>
Leave(r) == /\ r \in inside
            /\ inside' = inside \ {r}
            /\ waits' = waits \ {r}
            /\ before' = before \ {r}
            /\ UNCHANGED <<queue, batch, pending, futex, worker, pc>>

(*------------------------------- the callers ------------------------------*)
Enqueue(c) ==
  /\ At(c, "Idle") /\ c \notin pending
  /\ queue' = Append(queue, c)
  /\ pending' = pending \cup {c}
  /\ before' = IF c = 1 THEN inside ELSE before
  /\ Goto(c, "LoadFutex")
  /\ UNCHANGED <<inside, batch, futex, waits, worker>>

LoadFutex(c) ==
  /\ At(c, "LoadFutex")
  /\ Goto(c, IF futex = -1 THEN "ClearFutex" ELSE "Idle")
  /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before, worker>>

ClearFutex(c) ==
  /\ At(c, "ClearFutex")
  /\ futex' = 0
  /\ Goto(c, "Wake")
  /\ UNCHANGED <<inside, queue, batch, pending, waits, before, worker>>

Wake(c) ==
  /\ At(c, "Wake")
  /\ worker' = IF worker = "Asleep" THEN "Sleep" ELSE worker
  /\ Goto(c, "Idle")
  /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before>>

(*-------------------------------- the worker ------------------------------*)
Say ==
  /\ worker = "Say"
  /\ futex' = futex - 1
  /\ worker' = "Splice"
  /\ UNCHANGED <<inside, queue, batch, pending, waits, before, pc>>

Splice ==
  /\ worker = "Splice"
  /\ batch' = queue
  /\ queue' = <<>>
  /\ worker' = IF queue = <<>> THEN "Look" ELSE "Synchronize"
  /\ UNCHANGED <<inside, pending, futex, waits, before, pc>>

(* synchronize_rcu begins and ends.                                         *)
Synchronize ==
  /\ worker = "Synchronize"
  /\ waits' = inside
  /\ worker' = "End"
  /\ UNCHANGED <<inside, queue, batch, pending, futex, before, pc>>

End ==
  /\ worker = "End" /\ waits = {}
  /\ worker' = "Run"
  /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before, pc>>

Run ==
  /\ worker = "Run"
  /\ batch' = Tail(batch)
  /\ pending' = pending \ {Head(batch)}
  /\ before' = IF Head(batch) = 1 THEN {} ELSE before
  /\ worker' = IF Len(batch) = 1 THEN "Look" ELSE "Run"
  /\ UNCHANGED <<inside, queue, futex, waits, pc>>

(* Is there more? If so, it goes on without having slept.                   *)
Look ==
  /\ worker = "Look"
  /\ worker' = IF queue = <<>> THEN "Sleep" ELSE "Splice"
  /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before, pc>>

Sleep ==
  /\ worker = "Sleep"
  /\ worker' = IF futex = -1 THEN "Asleep" ELSE "Say"
  /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before, pc>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ inside = {} /\ queue = <<>> /\ batch = <<>> /\ pending = {}
  /\ futex = 0 /\ waits = {} /\ before = {}
  /\ worker = "Say"
  /\ pc = [c \in Caller |-> "Idle"]

WorkerStep == \/ Say \/ Splice \/ Synchronize \/ End \/ Run \/ Look \/ Sleep
WakeUp(c) == LoadFutex(c) \/ ClearFutex(c) \/ Wake(c)
Next == \/ \E r \in Reader : Enter(r) \/ Leave(r)
        \/ \E c \in Caller : Enqueue(c) \/ WakeUp(c)
        \/ WorkerStep
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ inside \subseteq Reader /\ waits \subseteq inside
  /\ before \subseteq inside
  /\ queue \in Seq(Caller) /\ batch \in Seq(Caller)
  /\ pending \subseteq Caller
  /\ futex \in {-1, 0}

(* Each call is run once: what is pending is in one place.                  *)
NoCallbackIsLost ==
  /\ pending = In(queue) \cup In(batch)
  /\ Cardinality(pending) = Len(queue) + Len(batch)

(* While the worker sleeps and a callback is queued, some caller is on its  *)
(* way to wake it.                                                          *)
NoLostWakeUp ==
  worker = "Asleep" =>
    \/ \E c \in Caller : At(c, "Wake")
    \/ /\ futex = -1
       /\ \/ queue = <<>>
          \/ \E c \in Caller : pc[c] \in {"LoadFutex", "ClearFutex"}

(* No callback runs while a reader is inside that was inside at the call.   *)
Runs == 1 \in pending \ pending'
NoEarlyCallback == [][Runs => before = {}]_vars

(* A call is a grace period. All callers run the same code.                 *)
Abstract == INSTANCE GracePeriod
              WITH running <- 1 \in pending, waits <- before
RefinesGracePeriod == Abstract!Spec

(*----------------------------- it comes to an end -------------------------*)
FairSpec == /\ Spec
            /\ WF_vars(WorkerStep)
            /\ \A c \in Caller : WF_vars(WakeUp(c))
            /\ \A r \in Reader : WF_vars(Leave(r))
CallbackRuns == \A c \in Caller : c \in pending ~> c \notin pending

(* A worker that has nothing to do sleeps.                                  *)
Quiet == pending = {} /\ \A c \in Caller : At(c, "Idle")
WorkerRests == <>[]Quiet => <>[](worker = "Asleep")

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The caller looks at the futex word before it queues.                     *)
LookFirst(c) ==
  /\ At(c, "Idle") /\ c \notin pending
  /\ Goto(c, IF futex = -1 THEN "ClearFutex" ELSE "Queue")
  /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before, worker>>
WakeThenQueue(c) ==
  /\ At(c, "Wake")
  /\ worker' = IF worker = "Asleep" THEN "Sleep" ELSE worker
  /\ Goto(c, "Queue")
  /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before>>
QueueLast(c) ==
  /\ At(c, "Queue")
  /\ queue' = Append(queue, c)
  /\ pending' = pending \cup {c}
  /\ before' = IF c = 1 THEN inside ELSE before
  /\ Goto(c, "Idle")
  /\ UNCHANGED <<inside, batch, futex, waits, worker>>

(* The caller queues, and does not look at the futex word.                  *)
QueueAndForget(c) ==
  /\ At(c, "Idle") /\ c \notin pending
  /\ queue' = Append(queue, c)
  /\ pending' = pending \cup {c}
  /\ before' = IF c = 1 THEN inside ELSE before
  /\ UNCHANGED <<inside, batch, futex, waits, worker, pc>>

(* The worker never says that it waits.                                     *)
SayNothing ==
  /\ worker = "Say"
  /\ worker' = "Splice"
  /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before, pc>>

(* The worker says that it waits after its last look at the queue.          *)
LookThenSay ==
  /\ worker = "Look"
  /\ worker' = IF queue = <<>> THEN "Say" ELSE "Splice"
  /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before, pc>>
SayLast ==
  /\ worker = "Say"
  /\ futex' = -1
  /\ worker' = "Sleep"
  /\ UNCHANGED <<inside, queue, batch, pending, waits, before, pc>>
SleepThenSplice ==
  /\ worker = "Sleep"
  /\ worker' = IF futex = -1 THEN "Asleep" ELSE "Splice"
  /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before, pc>>

(* The worker takes what was queued during its grace period, too.           *)
SpliceNothing ==
  /\ worker = "Splice"
  /\ worker' = IF queue = <<>> THEN "Look" ELSE "Synchronize"
  /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before, pc>>
EndThenSplice ==
  /\ worker = "End" /\ waits = {}
  /\ batch' = queue
  /\ queue' = <<>>
  /\ worker' = "Run"
  /\ UNCHANGED <<inside, pending, futex, waits, before, pc>>

(* It takes the first callback, and empties the queue.                      *)
SpliceTheFirst ==
  /\ worker = "Splice"
  /\ batch' = IF queue = <<>> THEN <<>> ELSE <<Head(queue)>>
  /\ queue' = <<>>
  /\ worker' = IF queue = <<>> THEN "Look" ELSE "Synchronize"
  /\ UNCHANGED <<inside, pending, futex, waits, before, pc>>

(* What it takes stays on the queue, too.                                   *)
SpliceAndLeave ==
  /\ worker = "Splice"
  /\ batch' = queue
  /\ worker' = IF queue = <<>> THEN "Look" ELSE "Synchronize"
  /\ UNCHANGED <<inside, queue, pending, futex, waits, before, pc>>

(* It sleeps for a while only, and looks again.                             *)
SleepAWhile ==
  \/ /\ worker = "Sleep"
     /\ worker' = IF futex = -1 THEN "Asleep" ELSE "Say"
     /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before, pc>>
  \/ /\ worker = "Asleep"
     /\ worker' = "Look"
     /\ UNCHANGED <<inside, queue, batch, pending, futex, waits, before, pc>>
============================================================================
