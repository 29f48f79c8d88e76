---------------------------- MODULE WorkerMutants ----------------------------
(* Worker with one step changed. Each of these takes the place of an        *)
(* operator of Worker in a claim's configuration; but BarrierCountsAll is a *)
(* promise.                                                                 *)
EXTENDS Worker

(* NoEarlyReturn is about those that a barrier has counted. These are all   *)
(* that are not finished by then, also those in the middle of running.      *)
BarrierCountsAll ==
  [][barrier = "Idle" /\ barrier' = "Wait"
       => Unfinished \subseteq ahead']_vars

(* The barrier counts what is deferred, and not what runs.                  *)
CountsTheDeferred ==
  /\ barrier = "Idle"
  /\ ahead' = Deferred
  /\ fresh' = fresh \o pushed
  /\ pushed' = <<>>
  /\ barrier' = "Wait"
  /\ UNCHANGED <<inside, waiting, ready, asleep, passed, runs, worker, stop,
                 pc, before, due>>

(* No mutant: whoever has stopped the worker starts it no more.             *)
NeverAgain == FALSE

(* The worker looks at what is pushed alone, before it sleeps.              *)
LooksAtPushed ==
  /\ worker = "LastLook"
  /\ IF pushed = <<>> /\ ~stop
       THEN /\ worker' = IF asleep THEN "Asleep" ELSE "Collect"
            /\ UNCHANGED asleep
       ELSE worker' = "Collect" /\ asleep' = FALSE
  /\ UNCHANGED <<inside, places, passed, runs, stop, pc, barrier, ahead,
                 before, due>>

(* The worker looks for the last time before it says that it sleeps.        *)
SaysAndSleeps ==
  /\ worker = "Say"
  /\ asleep' = TRUE
  /\ worker' = "Asleep"
  /\ UNCHANGED <<inside, places, passed, runs, stop, pc, barrier, ahead,
                 before, due>>

(* A push is a load and a store: what others have pushed in between is      *)
(* stored over.                                                             *)
StoresOver(b) == /\ \/ pushed' = Append(pushed, b)
                    \/ pushed' = <<b>>
                 /\ before' = IF inside THEN before \cup {b} ELSE before

(* A caller pushes, and does not look whether the worker sleeps.            *)
ForgetsToLook(c) ==
  /\ At(c, "LoadAsleep")
  /\ Goto(c, "Look")
  /\ UNCHANGED <<inside, places, asleep, passed, runs, worker, stop, barrier,
                 ahead, before, due>>

(* The barrier waits until those before it have been started.               *)
SeenStarted == ahead \cap Deferred = {}
ReturnsEarly ==
  /\ barrier = "Wait" /\ SeenStarted
  /\ barrier' = "Returned"
  /\ UNCHANGED <<inside, places, asleep, passed, runs, worker, stop, pc,
                 ahead, before, due>>

(* What is collected joins those whose grace period has begun.              *)
JoinsTheWaiting ==
  /\ pushed' = <<>> /\ fresh' = <<>>
  /\ IF waiting # <<>> /\ passed
       THEN /\ ready' = ready \o waiting \o fresh \o pushed
            /\ waiting' = <<>>
            /\ UNCHANGED <<due, passed>>
       ELSE /\ waiting' = waiting \o fresh \o pushed
            /\ due' = IF waiting = <<>> THEN inside ELSE due
            /\ passed' = IF waiting = <<>> THEN FALSE ELSE passed
            /\ UNCHANGED ready

(* The worker holds what it has found ready, and takes it along when it     *)
(* stops.                                                                   *)
TakesItAlong ==
  /\ worker = "Collect"
  /\ IF stop THEN /\ worker' = "None"
                  /\ ready' = <<>>
                  /\ UNCHANGED <<pushed, fresh, waiting, passed, due>>
             ELSE /\ Advance
                  /\ worker' = IF pushed = <<>> /\ fresh = <<>>
                                  /\ waiting = <<>> /\ ready = <<>>
                               THEN "Say" ELSE "Go"
  /\ UNCHANGED <<inside, asleep, runs, stop, pc, barrier, ahead, before>>

(* A callback that ends its thread takes what is ready along.               *)
DiesWithAll ==
  /\ Exits /\ worker = "Callback"
  /\ Ends("worker")
  /\ ready' = <<>>
  /\ worker' = "Collect"
  /\ UNCHANGED <<inside, pushed, fresh, waiting, asleep, passed, stop, pc,
                 barrier, due>>

(* The worker that a callback ends is not replaced, and a barrier still     *)
(* leaves the callbacks to it.                                              *)
DiesForGood ==
  /\ Exits /\ worker = "Callback"
  /\ Ends("worker")
  /\ worker' = "Dead"
  /\ UNCHANGED <<inside, places, asleep, passed, stop, pc, barrier, due>>

(* A callback that calls beyond the bound waits for itself.                 *)
WaitsInside ==
  /\ worker = "Callback"
  /\ ~(Nested("worker") /\ Cardinality(Unfinished) >= Bound)
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

(* A barrier that collects what is pushed leaves it there as well.          *)
CollectsCopies ==
  /\ barrier = "Idle"
  /\ ahead' = Unfinished
  /\ fresh' = fresh \o pushed
  /\ barrier' = "Wait"
  /\ UNCHANGED <<inside, pushed, waiting, ready, asleep, passed, runs, worker,
                 stop, pc, before, due>>

(* The last look is at the callbacks alone, and not at whether to stop.     *)
LooksAtCallbacks ==
  /\ worker = "LastLook"
  /\ IF Deferred = {}
       THEN /\ worker' = IF asleep THEN "Asleep" ELSE "Collect"
            /\ UNCHANGED asleep
       ELSE worker' = "Collect" /\ asleep' = FALSE
  /\ UNCHANGED <<inside, places, passed, runs, stop, pc, barrier, ahead,
                 before, due>>
==============================================================================
