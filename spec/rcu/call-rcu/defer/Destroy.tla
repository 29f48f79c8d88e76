------------------------------- MODULE Destroy -------------------------------
(* A domain is destroyed with callbacks that have yet to run, and perhaps   *)
(* with a worker that runs them. Nobody is registered any more, and nobody  *)
(* but callbacks defers; both are up to the user. The destroyer:            *)
(*                                                                          *)
(*     do  stop the worker, and wait until it has left                      *)
(*     while  there was something to run, having run it                     *)
(*     unmap                                                                *)
(*                                                                          *)
(* The loop is there because a callback may defer another, and may ask for  *)
(* a worker (qs_call), which is then started again. Only when nothing has   *)
(* run since the worker left can neither have happened.                     *)
(*                                                                          *)
(* Who waits: the destroyer, for the worker and for all callbacks. It never *)
(* waits for a reader, it refuses (LastTouch). And it refuses in a callback *)
(* of the domain, as it would wait for its own return.                      *)
(*                                                                          *)
(* A callback takes a step to run, and what it defers is there when it      *)
(* returns. Grace periods are left out, since nobody reads.                 *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Callbacks,               \* how many: the first is deferred already; each
                           \*   but the last defers the next one
  Calls,                   \* the callbacks that ask for a worker, too
  Inside                   \* is it the first callback that destroys?
ASSUME Callbacks \in Nat \ {0}
ASSUME Calls \subseteq 1..Callbacks
ASSUME Inside \in BOOLEAN

Callback == 1..Callbacks
Nothing  == 0

VARIABLES
  pending,                 \* callbacks deferred and not yet begun
  ran,                     \* those that have returned
  worker,                  \* "none", or it "runs"
  works,                   \* the callback that the worker is in, or Nothing
  stop,                    \* has it been told to leave?
  batch,                   \* what the destroyer sees to in this round
  runs,                    \* the callback that the destroyer is in
  step,                    \* the destroyer's next step
  mapped                   \* is the domain there?
\* Lanes: else = the destroyer, worker = the worker
vars == <<pending, ran, worker, works, stop, batch, runs, step, mapped>>

Init ==
  /\ pending = IF Inside THEN {} ELSE {1}
  /\ ran = {}
  /\ worker \in {"none", "runs"}
  /\ works = Nothing /\ stop = FALSE
  /\ batch = {} /\ runs = IF Inside THEN 1 ELSE Nothing
  /\ step = "Look" /\ mapped = TRUE

(* What a callback leaves behind when it returns.                           *)
Deferred(c) == IF c < Callbacks THEN {c + 1} ELSE {}
Returns(c) ==
  /\ ran' = ran \cup {c}
  /\ pending' = pending \cup Deferred(c)
  /\ worker' = IF c \in Calls THEN "runs" ELSE worker

(*-------------------------------- the worker ------------------------------*)
WorkerTakes ==
  /\ worker = "runs" /\ works = Nothing
  /\ \E c \in pending : works' = c /\ pending' = pending \ {c}
  /\ UNCHANGED <<ran, worker, stop, batch, runs, step, mapped>>
WorkerReturns ==
  /\ works # Nothing
  /\ Returns(works)
  /\ works' = Nothing
  /\ UNCHANGED <<stop, batch, runs, step, mapped>>

(* Between two callbacks it looks whether it shall leave.                   *)
WorkerLeaves ==
  /\ worker = "runs" /\ works = Nothing /\ stop
  /\ worker' = "none" /\ stop' = FALSE
  /\ UNCHANGED <<pending, ran, works, batch, runs, step, mapped>>

(*------------------------------ the destroyer -----------------------------*)
Refuses == runs # Nothing
Look ==
  /\ step = "Look"
  /\ step' = IF Refuses THEN "Refused" ELSE "Stop"
  /\ UNCHANGED <<pending, ran, worker, works, stop, batch, runs, mapped>>

StopWorker ==
  /\ step = "Stop"
  /\ stop' = (worker = "runs")
  /\ step' = "Join"
  /\ UNCHANGED <<pending, ran, worker, works, batch, runs, mapped>>
Join ==
  /\ step = "Join" /\ ~stop
  /\ step' = "Reclaim"
  /\ UNCHANGED <<pending, ran, worker, works, stop, batch, runs, mapped>>

(* Those that another runs it waits for; the others it runs itself.         *)
Open == (pending \cup ({works} \ {Nothing})) \ ran
Reclaim ==
  /\ step = "Reclaim"
  /\ batch' = Open
  /\ step' = IF Open = {} THEN "Unmap" ELSE "Drain"
  /\ UNCHANGED <<pending, ran, worker, works, stop, runs, mapped>>
Run ==
  /\ step = "Drain" /\ runs = Nothing
  /\ \E c \in batch \cap pending : runs' = c /\ pending' = pending \ {c}
  /\ UNCHANGED <<ran, worker, works, stop, batch, step, mapped>>
Return ==
  /\ step = "Drain" /\ runs # Nothing
  /\ Returns(runs)
  /\ runs' = Nothing
  /\ UNCHANGED <<works, stop, batch, step, mapped>>
Again ==
  /\ step = "Drain" /\ runs = Nothing /\ batch \subseteq ran
  /\ batch' = {}
  /\ step' = "Stop"
  /\ UNCHANGED <<pending, ran, worker, works, stop, runs, mapped>>
Unmap ==
  /\ step = "Unmap"
  /\ mapped' = FALSE
  /\ step' = "Done"
  /\ UNCHANGED <<pending, ran, worker, works, stop, batch, runs>>

(*--------------------------------- the whole ------------------------------*)
Rest == step \in {"Done", "Refused"} /\ UNCHANGED vars
WorkerStep  == WorkerTakes \/ WorkerReturns \/ WorkerLeaves
DestroyStep == Look \/ StopWorker \/ Join \/ Reclaim \/ Run \/ Return
               \/ Again \/ Unmap
Next == WorkerStep \/ DestroyStep \/ Rest
Spec == Init /\ [][Next]_vars
FairSpec == Spec /\ WF_vars(WorkerStep) /\ WF_vars(DestroyStep)

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ pending \subseteq Callback /\ ran \subseteq Callback
  /\ worker \in {"none", "runs"} /\ works \in Callback \cup {Nothing}
  /\ stop \in BOOLEAN /\ mapped \in BOOLEAN
  /\ batch \subseteq Callback /\ runs \in Callback \cup {Nothing}

(* Nobody is left in a domain that is gone.                                 *)
NobodyIsLeft == ~mapped => worker = "none" /\ works = Nothing

(* And every callback has run.                                              *)
NothingIsLeft == ~mapped => pending = {} /\ ran = Callback

(* Destroying ends.                                                         *)
DestroyEnds == <>(step \in {"Done", "Refused"})

(* A worker does come back in the middle, and the loop goes around.         *)
NobodyComesBack == ~(step = "Drain" /\ worker = "runs")

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* Once, and no more.                                                       *)
NotAgain ==
  /\ step = "Drain" /\ runs = Nothing /\ batch \subseteq ran
  /\ batch' = {}
  /\ step' = "Unmap"
  /\ UNCHANGED <<pending, ran, worker, works, stop, runs, mapped>>

(* It does not wait until the worker has left.                              *)
JoinNot ==
  /\ step = "Join"
  /\ step' = "Reclaim"
  /\ UNCHANGED <<pending, ran, worker, works, stop, batch, runs, mapped>>

(* It runs what there is, and the worker, which it leaves alone, has the    *)
(* rest.                                                                    *)
StopNot ==
  /\ step = "Stop"
  /\ step' = "Reclaim"
  /\ UNCHANGED <<pending, ran, worker, works, stop, batch, runs, mapped>>

(* What somebody else is running is left to him.                            *)
OpenPending == pending

(* It does not refuse inside, and waits for the callback that it is in.     *)
RefusesNever == FALSE
InsideToo ==
  /\ step = "Reclaim"
  /\ batch' = Open \cup ({runs} \ {Nothing})
  /\ step' = IF Open \cup ({runs} \ {Nothing}) = {} THEN "Unmap" ELSE "Drain"
  /\ UNCHANGED <<pending, ran, worker, works, stop, runs, mapped>>
ReturnsLast ==
  /\ step = "Done" /\ runs # Nothing
  /\ Returns(runs)
  /\ runs' = Nothing
  /\ UNCHANGED <<works, stop, batch, step, mapped>>
==============================================================================
