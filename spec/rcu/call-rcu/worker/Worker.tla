------------------------------- MODULE Worker --------------------------------
(* Deferral as the native library does it: what is deferred is on its way   *)
(* through its domain, and a worker only moves it on. CallRcu has the       *)
(* worker of liburcu, which takes the whole queue for itself.               *)
(*                                                                          *)
(* The idea. Callbacks pass through four places: pushed (by anybody, with   *)
(* one compare-and-swap), fresh, waiting (for a grace period), ready. All   *)
(* but the push is under a lock, which nobody holds while he waits for a    *)
(* grace period or runs a callback. So whoever moves callbacks on holds     *)
(* none of them but the one that he runs: if he stops, or ends in the       *)
(* middle of it, the others are where all can see them.                     *)
(*                                                                          *)
(* The worker sleeps when nothing is anywhere. It says so before it looks   *)
(* for the last time, and whoever pushes looks whether it says so after the *)
(* push. A barrier takes what has been pushed, too: so the last look is at  *)
(* all places, under the lock, and not at what is pushed alone.             *)
(*                                                                          *)
(* A barrier leaves the callbacks to the worker. When there is none, or it  *)
(* has left, it moves them on itself. It returns when those before it have  *)
(* run: not when they have been started, since somebody else may be in one. *)
(*                                                                          *)
(* Beyond a bound, callers wait. A callback may call, too; it doesn't wait, *)
(* since it would be among those that it waits for.                         *)
(*                                                                          *)
(* Grace periods have numbers: whoever finds nothing waiting asks for one   *)
(* for all that is fresh, and anybody may wait for it. What a grace period  *)
(* is, is said by `before`, as in CallRcu.                                  *)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
  Callers,                 \* how many call; each has one callback, which it
                           \* may defer again when it has been run
  Bound,                   \* so many may be deferred before callers wait
  Stops,                   \* may the worker be stopped, and started again?
  Exits,                   \* may a callback end the worker?
  Calls                    \* does each callback of caller 1 call, too?
ASSUME Callers \in Nat \ {0} /\ Bound \in Nat
ASSUME {Stops, Exits, Calls} \subseteq BOOLEAN

Caller  == 1..Callers
Own     == Callers + 1     \* the callback that a callback defers
Callback == 1..(Callers + 1)
Runner  == {"worker", "barrier"}

VARIABLES
  inside,                  \* is the reader inside a section?
  pushed, fresh, waiting, ready,   \* the four places, the oldest first
  asleep,                  \* the word in which the worker says that it sleeps
  passed,                  \* has the grace period of those waiting passed?
  runs,                    \* [Runner -> the callback that it is in, or 0]
  worker,                  \* the worker's next step
  stop,                    \* shall it leave?
  pc,                      \* [Caller -> the step that comes next]
  barrier,                 \* the barrier's next step
  ahead,                   \* those that the barrier waits for
  before,                  \* callbacks deferred since when the reader's
                           \* section is the same (nobody computes this)
  due                      \* those waiting that the reader's section holds up
                           \* (the grace period does)
\* Lanes: c = caller c, worker = worker, barrier = barrier
vars == <<inside, pushed, fresh, waiting, ready, asleep, passed, runs, worker,
          stop, pc, barrier, ahead, before, due>>
places == <<pushed, fresh, waiting, ready>>

At(c, step) == pc[c] = step
Goto(c, step) == pc' = [pc EXCEPT ![c] = step]
In(s) == {s[i] : i \in 1..Len(s)}
Deferred == In(pushed) \cup In(fresh) \cup In(waiting) \cup In(ready)
Running == {runs[r] : r \in Runner} \ {0}
Unfinished == Deferred \cup Running

(*-------------------------------- the reader ------------------------------*)
Enter == /\ ~inside
         /\ inside' = TRUE
         /\ UNCHANGED <<places, asleep, passed, runs, worker, stop, pc,
                        barrier, ahead, before, due>>
Leave == /\ inside
         /\ inside' = FALSE
         /\ before' = {} /\ due' = FALSE
         /\ UNCHANGED <<places, asleep, passed, runs, worker, stop, pc,
                        barrier, ahead>>

(*------------------------------- the callers ------------------------------*)
Pushes(b) == /\ pushed' = Append(pushed, b)
             /\ before' = IF inside THEN before \cup {b} ELSE before

Push(c) ==
  /\ At(c, "Idle") /\ c \notin Unfinished
  /\ Pushes(c)
  /\ Goto(c, "LoadAsleep")
  /\ UNCHANGED <<inside, fresh, waiting, ready, asleep, passed, runs, worker,
                 stop, barrier, ahead, due>>

(* Clearing the word and waking are one step: see WaitWake.                 *)
LoadAsleep(c) ==
  /\ At(c, "LoadAsleep")
  /\ Goto(c, IF asleep THEN "Wake" ELSE "Look")
  /\ UNCHANGED <<inside, places, asleep, passed, runs, worker, stop, barrier,
                 ahead, before, due>>

WokenFrom(step) == IF step = "Asleep" THEN "Collect" ELSE step
Wake(c) ==
  /\ At(c, "Wake")
  /\ asleep' = FALSE
  /\ worker' = WokenFrom(worker)
  /\ Goto(c, "Look")
  /\ UNCHANGED <<inside, places, passed, runs, stop, barrier, ahead, before,
                 due>>

(* Too much? Then it waits until there is less. What keeps it waiting has   *)
(* somebody who sees to it: without a worker it goes on.                    *)
Works == worker # "None"
Look(c) ==
  /\ At(c, "Look")
  /\ Goto(c, IF Cardinality(Unfinished) > Bound THEN "Wait" ELSE "Idle")
  /\ UNCHANGED <<inside, places, asleep, passed, runs, worker, stop, barrier,
                 ahead, before, due>>
Wait(c) ==
  /\ At(c, "Wait")
  /\ Cardinality(Unfinished) <= Bound \/ ~Works
  /\ Goto(c, "Idle")
  /\ UNCHANGED <<inside, places, asleep, passed, runs, worker, stop, barrier,
                 ahead, before, due>>

(*------------------- whoever moves callbacks on, in one step --------------*)
(* Under the lock: collect, ask for a grace period, and see whether it has  *)
(* passed.                                                                  *)
Advance ==
  LET all   == fresh \o pushed
      asks  == waiting = <<>> /\ ready = <<>>
  IN  /\ pushed' = <<>>
      /\ fresh' = IF asks THEN <<>> ELSE all
      /\ IF asks
           THEN /\ waiting' = all
                /\ due' = inside
                /\ passed' = FALSE
                /\ UNCHANGED ready
           ELSE IF waiting # <<>> /\ passed
           THEN /\ ready' = ready \o waiting
                /\ waiting' = <<>>
                /\ UNCHANGED <<due, passed>>
           ELSE UNCHANGED <<waiting, ready, due, passed>>

(* The grace period: it may end when the section that it began under has    *)
(* been left.                                                               *)
PassFor(who) ==
  /\ waiting # <<>> /\ ~passed /\ ~due
  /\ passed' = TRUE
  /\ UNCHANGED <<inside, places, asleep, runs, worker, stop, pc, barrier,
                 ahead, before, due>>

Starts(r) ==
  /\ ready # <<>> /\ runs[r] = 0
  /\ runs' = [runs EXCEPT ![r] = Head(ready)]
  /\ ready' = Tail(ready)

Ends(r) ==
  /\ runs' = [runs EXCEPT ![r] = 0]
  /\ before' = before \ {runs[r]}
  /\ ahead' = ahead \ {runs[r]}

(*-------------------------------- the worker ------------------------------*)
(* A callback of caller 1 defers another; that one defers none. It wakes    *)
(* nobody: the worker is awake, or the barrier that runs it is.             *)
Nested(r) == Calls /\ runs[r] = 1 /\ Own \notin Unfinished

Collect ==
  /\ worker = "Collect"
  /\ IF stop THEN /\ worker' = "None"
                  /\ UNCHANGED <<places, passed, due>>
             ELSE /\ Advance
                  /\ worker' = IF pushed = <<>> /\ fresh = <<>>
                                  /\ waiting = <<>> /\ ready = <<>>
                               THEN "Say" ELSE "Go"
  /\ UNCHANGED <<inside, asleep, runs, stop, pc, barrier, ahead, before>>

Go ==
  /\ worker = "Go"
  /\ \/ /\ ready # <<>> /\ Starts("worker")
        /\ worker' = "Callback"
     \/ /\ ready = <<>> /\ (waiting = <<>> \/ passed)
        /\ worker' = "Collect"
        /\ UNCHANGED <<ready, runs>>
  /\ UNCHANGED <<inside, pushed, fresh, waiting, asleep, passed, stop, pc,
                 barrier, ahead, before, due>>

Returns == "Collect"
Callbacks ==
  /\ worker = "Callback"
  /\ IF Nested("worker")
       THEN /\ pushed' = Append(pushed, Own)
            /\ before' = (IF inside THEN before \cup {Own} ELSE before)
                           \ {runs["worker"]}
            /\ runs' = [runs EXCEPT !["worker"] = 0]
            /\ ahead' = ahead \ {runs["worker"]}
       ELSE Ends("worker") /\ UNCHANGED pushed
  /\ worker' = Returns
  /\ UNCHANGED <<inside, fresh, waiting, ready, asleep, passed, stop, pc,
                 barrier, due>>

(* A callback ends the thread. The library starts another worker.           *)
Dies ==
  /\ Exits /\ worker = "Callback"
  /\ Ends("worker")
  /\ worker' = "Collect"
  /\ UNCHANGED <<inside, places, asleep, passed, stop, pc, barrier, due>>

Say ==
  /\ worker = "Say"
  /\ asleep' = TRUE
  /\ worker' = "LastLook"
  /\ UNCHANGED <<inside, places, passed, runs, stop, pc, barrier, ahead,
                 before, due>>

LastLook ==
  /\ worker = "LastLook"
  /\ IF Deferred = {} /\ ~stop
       THEN /\ worker' = IF asleep THEN "Asleep" ELSE "Collect"
            /\ UNCHANGED asleep
       ELSE worker' = "Collect" /\ asleep' = FALSE
  /\ UNCHANGED <<inside, places, passed, runs, stop, pc, barrier, ahead,
                 before, due>>

(* Somebody stops it, and wakes it; later somebody starts another.          *)
Stop ==
  /\ Stops /\ Works /\ ~stop
  /\ stop' = TRUE
  /\ asleep' = FALSE
  /\ worker' = WokenFrom(worker)
  /\ UNCHANGED <<inside, places, passed, runs, pc, barrier, ahead, before,
                 due>>
Start ==
  /\ Stops /\ worker = "None"
  /\ stop' = FALSE
  /\ worker' = "Collect"
  /\ UNCHANGED <<inside, places, asleep, passed, runs, pc, barrier, ahead,
                 before, due>>

(*------------------------------- the barrier ------------------------------*)
(* It collects before it counts, so that what is pushed has its place.      *)
Begin ==
  /\ barrier = "Idle"
  /\ ahead' = Unfinished
  /\ fresh' = fresh \o pushed
  /\ pushed' = <<>>
  /\ barrier' = "Wait"
  /\ UNCHANGED <<inside, waiting, ready, asleep, passed, runs, worker, stop,
                 pc, before, due>>

(* Only where no worker sees to it.                                         *)
HelpCollect ==
  /\ barrier = "Wait" /\ ~Works /\ ready = <<>>
  /\ waiting = <<>> \/ passed
  /\ Deferred # {}
  /\ Advance
  /\ UNCHANGED <<inside, asleep, runs, worker, stop, pc, barrier, ahead,
                 before>>
HelpRun ==
  /\ barrier = "Wait" /\ ~Works
  /\ ahead \cap Deferred # {}
  /\ Starts("barrier")
  /\ barrier' = "Callback"
  /\ UNCHANGED <<inside, pushed, fresh, waiting, asleep, passed, worker,
                 stop, pc, ahead, before, due>>
HelpEnd ==
  /\ barrier = "Callback"
  /\ Ends("barrier")
  /\ barrier' = "Wait"
  /\ UNCHANGED <<inside, places, asleep, passed, worker, stop, pc, due>>

Seen == ahead = {}
Return ==
  /\ barrier = "Wait" /\ Seen
  /\ barrier' = "Returned"
  /\ UNCHANGED <<inside, places, asleep, passed, runs, worker, stop, pc,
                 ahead, before, due>>
Again ==
  /\ barrier = "Returned"
  /\ barrier' = "Idle"
  /\ ahead' = {}
  /\ UNCHANGED <<inside, places, asleep, passed, runs, worker, stop, pc,
                 before, due>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ inside = FALSE
  /\ pushed = <<>> /\ fresh = <<>> /\ waiting = <<>> /\ ready = <<>>
  /\ asleep = FALSE /\ passed = FALSE
  /\ runs = [r \in Runner |-> 0]
  /\ worker = "Collect" /\ stop = FALSE
  /\ pc = [c \in Caller |-> "Idle"]
  /\ barrier = "Idle" /\ ahead = {} /\ before = {} /\ due = FALSE

CallerStep(c) == LoadAsleep(c) \/ Wake(c) \/ Look(c) \/ Wait(c)
WorkerStep == Collect \/ Go \/ Callbacks \/ Say \/ LastLook
Pass == (Works \/ barrier = "Wait") /\ PassFor("anybody")
BarrierStep == HelpCollect \/ HelpRun \/ HelpEnd \/ Return \/ Again
Next == \/ Enter \/ Leave
        \/ \E c \in Caller : Push(c) \/ CallerStep(c)
        \/ WorkerStep \/ Pass \/ Dies \/ Stop \/ Start
        \/ Begin \/ BarrierStep
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ inside \in BOOLEAN /\ asleep \in BOOLEAN /\ passed \in BOOLEAN
  /\ stop \in BOOLEAN /\ due \in BOOLEAN
  /\ runs \in [Runner -> Callback \cup {0}]
  /\ ahead \subseteq Callback /\ before \subseteq Callback

(* What is deferred is in one place, and run once.                          *)
NoneTwice ==
  Cardinality(Deferred) = Len(pushed) + Len(fresh) + Len(waiting) + Len(ready)

(* Nor is it lost. A barrier has what it waits for in `ahead`; what is lost *)
(* before a barrier has seen it is in `before` alone.                       *)
NoneLost == before \subseteq Unfinished /\ ahead \subseteq Unfinished

(* No callback starts while the reader is in a section that it was in at    *)
(* the call.                                                                *)
NoEarlyCallback == Running \cap before = {}

(* While the worker sleeps, what is deferred has somebody on his way to     *)
(* wake it, or a barrier... there is no other.                              *)
NoLostWakeUp ==
  worker = "Asleep" =>
    \/ Deferred = {}
    \/ asleep /\ \E c \in Caller : pc[c] \in {"LoadAsleep", "Wake"}
    \/ \E c \in Caller : At(c, "Wake")

(* When the barrier returns, nobody is in a callback that came before it.   *)
NoEarlyReturn == barrier = "Returned" => ahead = {}

FairSpec == /\ Spec
            /\ WF_vars(WorkerStep) /\ WF_vars(Pass)
            /\ WF_vars(Leave) /\ WF_vars(HelpCollect \/ HelpRun \/ HelpEnd)
            /\ WF_vars(Return) /\ WF_vars(Again) /\ WF_vars(Start)
            /\ \A c \in Caller : WF_vars(CallerStep(c))
CallbackRuns == \A c \in Caller : c \in Unfinished ~> c \notin Unfinished
CallReturns == \A c \in Caller : At(c, "LoadAsleep") ~> At(c, "Idle")
BarrierReturns == barrier = "Wait" ~> barrier = "Returned"

(* A worker that is told to stop leaves.                                    *)
StopEnds == stop ~> worker = "None"
==============================================================================
