-------------------------------- MODULE Defer --------------------------------
(* defer_rcu: each thread has a ring of calls that wait for a grace period. *)
(*                                                                          *)
(* The idea. The calls of call_rcu hang on a list, in memory that comes     *)
(* with each; those of defer_rcu lie in a ring of the thread's own, which   *)
(* may be full. Whoever runs calls (the reclamation thread, or a thread in  *)
(* rcu_defer_barrier) takes a mutex, notes how far each ring is filled,     *)
(* waits for one grace period, and runs what was there before it. A thread  *)
(* whose ring is full does the same for its own: so defer_rcu may wait for  *)
(* a grace period, and must not be called inside a section.                 *)
(*                                                                          *)
(* Only the owner moves the head of a ring, and only a runner, under the    *)
(* mutex, its tail: after the calls have been read, as the owner may then   *)
(* overwrite them. The reclamation thread sleeps while all rings are empty: *)
(* it says so in a futex word and then looks, where a caller moves its head *)
(* and then looks at the word. It starts with the first thread that         *)
(* registers, and is told to stop by the last that unregisters.             *)
(*                                                                          *)
(* Steps are those of liburcu, src/urcu-defer-impl.h; that a call may take  *)
(* up to three entries of the ring is left out. The grace period is the     *)
(* abstract one: any algorithm of this folder will do.                      *)
EXTENDS Integers, FiniteSets

CONSTANTS
  Readers,                 \* how many threads read
  Callers,                 \* how many call; they are 1..Callers
  Size                     \* how many calls a ring can hold
ASSUME Readers \in Nat \ {0} /\ Callers \in Nat \ {0} /\ Size \in Nat \ {0}

Reader   == 1..Readers
Caller   == 1..Callers
Worker   == 0              \* the reclamation thread
Nobody   == -1
Runner   == Caller \cup {Worker}
Position == 0..(2 * Size - 1)

VARIABLES
  inside,                  \* the readers that are inside a section
  waits,                   \* those that the runner's grace period waits for
  ring,                    \* [Caller -> what is in each entry of its ring:
                           \* "call", "watched", or "old", which has been
                           \* run (or never was a call)]
  head, tail,              \* [Caller -> where it will store next; where the
                           \* calls begin that are yet to be run]
  registered,              \* the threads whose rings runners find
  mutex,                   \* rcu_defer_mutex: who runs calls, or Nobody
  threadMutex,             \* defer_thread_mutex: who unregisters, or Nobody
  todo,                    \* the rings that the runner has yet to empty
  last,                    \* [Caller -> the head as the runner has noted it]
  next,                    \* [Caller -> the call that it runs next]
  futex,                   \* -1 while the reclamation thread waits
  stop,                    \* has it been told to stop?
  watched,                 \* is the call that we watch made and not yet run?
                           \* (the first caller's; nobody stores this)
  owing,                   \* the callers in rcu_defer_barrier that have been
                           \* promised that the watched call is run
  before,                  \* the readers inside since before that call
                           \* (nobody computes this)
  after,                   \* [Runner -> its step after the mutex or wake-up]
  pc                       \* [Runner -> the step that comes next]
\* Lanes: 0 = worker, c > 0 = caller c, not = before inside waits owing todo
vars == <<inside, waits, ring, head, tail, registered, mutex, threadMutex,
          todo, last, next, futex, stop, watched, owing, before, after, pc>>

readers == <<inside, waits>>
rings   == <<ring, head, tail>>
run     == <<todo, last, next>>
promise == <<watched, owing, before>>
thread  == <<registered, threadMutex, stop>>

At(t, step) == pc[t] = step
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]
Forward(p) == (p + 1) % (2 * Size)
Between(from, to) == (to - from) % (2 * Size)
Used(c) == Between(tail[c], head[c])
Entry(p) == p % Size

(*------------------------------- the readers ------------------------------*)
Enter(r) == /\ r \notin inside
            /\ inside' = inside \cup {r}
            /\ UNCHANGED <<waits, rings, thread, mutex, run, futex, promise,
                           after, pc>>
MayLeave(r) == TRUE
Leave(r) == /\ r \in inside /\ MayLeave(r)
            /\ inside' = inside \ {r}
            /\ waits' = waits \ {r}
            /\ before' = before \ {r}
            /\ UNCHANGED <<rings, thread, mutex, run, futex, watched, owing,
                           after, pc>>

(*------------------------------- the callers ------------------------------*)
(* defer_rcu. If the ring is full, the caller empties it first, itself.     *)
Call(c) ==
  /\ At(c, "Idle") /\ c \in registered
  /\ after' = [after EXCEPT ![c] = "Store"]
  /\ Goto(c, IF Used(c) = Size THEN "LockMutex" ELSE "Store")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise>>

(* Here its grace period begins. (Any of the first caller's calls may be    *)
(* the one that is watched.)                                                *)
Store(c) ==
  /\ At(c, "Store")
  /\ \E watch \in IF c = 1 /\ ~watched THEN BOOLEAN ELSE {FALSE} :
       /\ ring' = [ring EXCEPT ![c][Entry(head[c])] =
                     IF watch THEN "watched" ELSE "call"]
       /\ watched' = (watched \/ watch)
       /\ before' = IF watch THEN inside ELSE before
  /\ after' = [after EXCEPT ![c] = "Idle"]
  /\ Goto(c, "MoveHead")
  /\ UNCHANGED <<readers, head, tail, thread, mutex, run, futex, owing>>

MoveHead(c) ==
  /\ At(c, "MoveHead")
  /\ head' = [head EXCEPT ![c] = Forward(@)]
  /\ Goto(c, "LoadFutex")
  /\ UNCHANGED <<readers, ring, tail, thread, mutex, run, futex, promise,
                 after>>

LoadFutex(c) ==
  /\ At(c, "LoadFutex")
  /\ Goto(c, IF futex = -1 THEN "ClearFutex" ELSE after[c])
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise, after>>

ClearFutex(c) ==
  /\ At(c, "ClearFutex")
  /\ futex' = 0
  /\ Goto(c, "Wake")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, promise, after>>

Wake(c) ==
  /\ At(c, "Wake")
  /\ pc' = [pc EXCEPT ![c] = after[c],
                      ![Worker] = IF @ = "Asleep" THEN "Sleep" ELSE @]
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise, after>>

(* rcu_defer_barrier: what was called before it has been run when it        *)
(* returns.                                                                 *)
CallBarrier(c) ==
  /\ At(c, "Idle") /\ c \in registered
  /\ after' = [after EXCEPT ![c] = "Idle"]
  /\ owing' = IF watched /\ ~At(1, "MoveHead") THEN owing \cup {c}
                                               ELSE owing
  /\ Goto(c, "LockMutex")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, watched, before>>

(*-------------------------- whoever runs the calls ------------------------*)
(* A thread that has a full ring, or that unregisters, runs its own, and    *)
(* notes nothing: it does not move its head meanwhile.                      *)
Own(t) == after[t] \in {"Store", "Unregistered"}
Scope(t) == IF Own(t) THEN {t} ELSE registered
Limit(c) == IF mutex = c THEN head[c] ELSE last[c]
Filled(scope) == \E c \in scope : Used(c) > 0
LockMutex(t) ==
  /\ At(t, "LockMutex") /\ mutex = Nobody
  /\ mutex' = t
  /\ registered' = IF after[t] = "Unregistered" THEN registered \ {t}
                                                ELSE registered
  /\ todo' = Scope(t)
  /\ last' = [c \in Caller |-> IF c \in registered /\ ~Own(t)
                                 THEN head[c] ELSE last[c]]
  /\ next' = tail
  /\ Goto(t, IF Filled(Scope(t)) THEN "Synchronize" ELSE "Unlock")
  /\ UNCHANGED <<readers, rings, threadMutex, stop, futex, promise, after>>

(* synchronize_rcu begins and ends.                                         *)
Synchronize(t) ==
  /\ At(t, "Synchronize")
  /\ waits' = inside
  /\ Goto(t, "End")
  /\ UNCHANGED <<inside, rings, thread, mutex, run, futex, promise, after>>

End(t) ==
  /\ At(t, "End") /\ waits = {}
  /\ Goto(t, "Run")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise, after>>

First == CHOOSE c \in todo : \A d \in todo : c <= d
Found == ring[First][Entry(next[First])]
RunOne(t) ==
  /\ At(t, "Run") /\ todo # {} /\ next[First] # Limit(First)
  /\ ring' = [ring EXCEPT ![First][Entry(next[First])] = "old"]
  /\ next' = [next EXCEPT ![First] = Forward(@)]
  /\ IF Found = "watched"
       THEN watched' = FALSE /\ before' = {} /\ owing' = {}
       ELSE UNCHANGED promise
  /\ UNCHANGED <<readers, head, tail, thread, mutex, todo, last, futex,
                 after, pc>>

MoveTail(t) ==
  /\ At(t, "Run") /\ todo # {} /\ next[First] = Limit(First)
  /\ tail' = [tail EXCEPT ![First] = Limit(First)]
  /\ todo' = todo \ {First}
  /\ Goto(t, IF todo = {First} THEN "Unlock" ELSE "Run")
  /\ UNCHANGED <<readers, ring, head, thread, mutex, last, next, futex,
                 promise, after>>

Unlock(t) ==
  /\ At(t, "Unlock")
  /\ mutex' = Nobody
  /\ todo' = {}
  /\ Goto(t, after[t])
  /\ UNCHANGED <<readers, rings, thread, last, next, futex, promise, after>>

(*-------------------------- the reclamation thread ------------------------*)
Say ==
  /\ At(Worker, "Say")
  /\ futex' = futex - 1
  /\ Goto(Worker, "LoadStop")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, promise, after>>

LoadStop ==
  /\ At(Worker, "LoadStop")
  /\ Goto(Worker, IF stop THEN "Exit" ELSE "Count")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise, after>>

(* Under the mutex it counts what all rings hold.                           *)
Count ==
  /\ At(Worker, "Count") /\ mutex = Nobody
  /\ Goto(Worker, IF Filled(registered) THEN "SayNot" ELSE "Sleep")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise, after>>

SayNot ==
  /\ At(Worker, "SayNot")
  /\ futex' = 0
  /\ Goto(Worker, "LockMutex")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, promise, after>>

Sleep ==
  /\ At(Worker, "Sleep")
  /\ Goto(Worker, IF futex = -1 THEN "Asleep" ELSE "LockMutex")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, futex, promise, after>>

Exit ==
  /\ At(Worker, "Exit")
  /\ futex' = 0
  /\ Goto(Worker, "Off")
  /\ UNCHANGED <<readers, rings, thread, mutex, run, promise, after>>

(*-------------------------- threads come and go ---------------------------*)
(* The first starts the reclamation thread.                                 *)
MayRegister(c) == TRUE
Register(c) ==
  /\ At(c, "Idle") /\ c \notin registered
  /\ threadMutex = Nobody /\ mutex = Nobody
  /\ MayRegister(c)
  /\ registered' = registered \cup {c}
  /\ pc' = [pc EXCEPT ![Worker] = IF registered = {} THEN "Say" ELSE @]
  /\ UNCHANGED <<readers, rings, threadMutex, stop, mutex, run, futex,
                 promise, after>>

(* A thread leaves the registry and runs what is left in its ring, which is *)
(* freed.                                                                   *)
Unregister(c) ==
  /\ At(c, "Idle") /\ c \in registered /\ threadMutex = Nobody
  /\ threadMutex' = c
  /\ after' = [after EXCEPT ![c] = "Unregistered"]
  /\ Goto(c, "LockMutex")
  /\ UNCHANGED <<readers, rings, registered, stop, mutex, run, futex,
                 promise>>

(* The last stops the reclamation thread.                                   *)
Unregistered(c) ==
  /\ At(c, "Unregistered")
  /\ IF registered = {}
       THEN /\ stop' = TRUE
            /\ after' = [after EXCEPT ![c] = "Join"]
            /\ Goto(c, "LoadFutex")
            /\ UNCHANGED threadMutex
       ELSE /\ threadMutex' = Nobody
            /\ after' = [after EXCEPT ![c] = "Idle"]
            /\ Goto(c, "Idle")
            /\ UNCHANGED stop
  /\ UNCHANGED <<readers, rings, registered, mutex, run, futex, promise>>

Join(c) ==
  /\ At(c, "Join") /\ At(Worker, "Off")
  /\ stop' = FALSE
  /\ threadMutex' = Nobody
  /\ after' = [after EXCEPT ![c] = "Idle"]
  /\ Goto(c, "Idle")
  /\ UNCHANGED <<readers, rings, registered, mutex, run, futex, promise>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ inside = {} /\ waits = {}
  /\ ring = [c \in Caller |-> [i \in 0..(Size - 1) |-> "old"]]
  /\ head = [c \in Caller |-> 0] /\ tail = [c \in Caller |-> 0]
  /\ registered = {} /\ mutex = Nobody /\ threadMutex = Nobody
  /\ todo = {} /\ last = [c \in Caller |-> 0] /\ next = [c \in Caller |-> 0]
  /\ futex = 0 /\ stop = FALSE
  /\ watched = FALSE /\ owing = {} /\ before = {}
  /\ after = [t \in Runner |-> IF t = Worker THEN "Say" ELSE "Idle"]
  /\ pc = [t \in Runner |-> IF t = Worker THEN "Off" ELSE "Idle"]

WakeUp(c) == LoadFutex(c) \/ ClearFutex(c) \/ Wake(c)
RunCalls(t) == \/ LockMutex(t) \/ Synchronize(t) \/ End(t) \/ RunOne(t)
               \/ MoveTail(t) \/ Unlock(t)
WorkerStep == \/ Say \/ LoadStop \/ Count \/ SayNot \/ Sleep \/ Exit
Finish(c) == \/ Store(c) \/ MoveHead(c) \/ WakeUp(c) \/ Unregistered(c)
             \/ Join(c)
Next == \/ \E r \in Reader : Enter(r) \/ Leave(r)
        \/ \E c \in Caller : \/ Call(c) \/ CallBarrier(c) \/ Register(c)
                             \/ Unregister(c) \/ Finish(c)
        \/ WorkerStep
        \/ \E t \in Runner : RunCalls(t)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
Kind == {"call", "watched", "old"}
TypeOK ==
  /\ inside \subseteq Reader /\ waits \subseteq inside
  /\ before \subseteq inside
  /\ ring \in [Caller -> [0..(Size - 1) -> Kind]]
  /\ head \in [Caller -> Position] /\ tail \in [Caller -> Position]
  /\ registered \subseteq Caller /\ mutex \in Runner \cup {Nobody}
  /\ threadMutex \in Caller \cup {Nobody} /\ todo \subseteq Caller
  /\ last \in [Caller -> Position] /\ next \in [Caller -> Position]
  /\ futex \in {-1, 0} /\ stop \in BOOLEAN /\ watched \in BOOLEAN
  /\ owing \subseteq Caller

(* A ring holds no more than it can, and what lies between its tail (or the *)
(* runner's place) and its head are calls that are yet to be run: none is   *)
(* lost, and none run twice.                                                *)
Start(c) == IF c \in todo THEN next[c] ELSE tail[c]
Live(c) == {(Start(c) + i) % (2 * Size) :
              i \in 0..(Between(Start(c), head[c]) - 1)}
NoCallIsLost ==
  \A c \in Caller :
    /\ Used(c) <= Size
    /\ \A p \in Live(c) : ring[c][Entry(p)] # "old"
    /\ watched /\ c = 1 /\ ~At(1, "MoveHead") =>
         \E p \in Live(c) : ring[c][Entry(p)] = "watched"

(* rcu_defer_barrier has run all that was called before it, and so has a    *)
(* thread whose ring was full or is freed.                                  *)
BarrierRunsAll ==
  \A c \in Caller : At(c, "Unlock") => Used(c) = 0 /\ c \notin owing

(* While the reclamation thread sleeps, there is nothing to do, or some     *)
(* caller is on its way to wake it.                                         *)
NoLostWakeUp ==
  At(Worker, "Asleep") =>
    \/ \E c \in Caller : At(c, "Wake")
    \/ /\ futex = -1
       /\ \/ ~Filled(registered) /\ ~stop
          \/ \E c \in Caller : pc[c] \in {"LoadFutex", "ClearFutex"}

(* It leaves its futex word as it found it.                                 *)
WordIsLeftClear == At(Worker, "Off") => futex = 0

(* No call is run while a reader is inside that was inside when it was made.*)
Runs == watched /\ ~watched'
NoEarlyCall == [][Runs => before = {}]_vars

(* A call is a grace period. All callers run the same code.                 *)
Abstract == INSTANCE GracePeriod WITH running <- watched, waits <- before
RefinesGracePeriod == Abstract!Spec

(*----------------------------- it comes to an end -------------------------*)
(* All get on, sections end, and whoever waits for a mutex gets it in the   *)
(* end.                                                                     *)
FairSpec == /\ Spec
            /\ WF_vars(WorkerStep) /\ SF_vars(Count)
            /\ \A t \in Runner : WF_vars(RunCalls(t)) /\ SF_vars(LockMutex(t))
            /\ \A c \in Caller : WF_vars(Finish(c))
            /\ \A r \in Reader : WF_vars(Leave(r))
CallsAreRun == watched ~> ~watched
ThreadStops == \A c \in Caller : At(c, "Join") ~> At(c, "Idle")

(*--------------------------- any number of calls --------------------------*)
(* Where in the ring calls begin makes no difference.                       *)
FromTail(c, p) == Between(tail[c], p)
Any == <<readers, thread, mutex, futex, promise, after, pc, todo,
         [c \in Caller |->
            <<Used(c),
              IF c \notin todo THEN <<>>
              ELSE <<FromTail(c, Limit(c)), FromTail(c, next[c])>>,
              [i \in 0..(Size - 1) |-> ring[c][Entry(tail[c] + i)]]>>]>>
============================================================================
