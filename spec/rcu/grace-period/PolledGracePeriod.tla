-------------------------- MODULE PolledGracePeriod --------------------------
(* Polled grace periods: ask for one, go on, and ask later whether it has   *)
(* passed.                                                                  *)
(*                                                                          *)
(* The idea. A callback of call_rcu counts the grace periods that have      *)
(* passed, and queues itself again as long as somebody needs one more. A    *)
(* thread that asks while it is idle needs the grace period that now        *)
(* begins: the count must pass its present value. One that asks while the   *)
(* callback is pending does not know whether the callback's grace period    *)
(* began before, and needs one more.                                        *)
(*                                                                          *)
(* As liburcu does it (src/urcu-poll-impl.h). Each function holds a mutex,  *)
(* so it is one step here. Between them passes the grace period of the      *)
(* worker that runs the callback: see CallRcu.                              *)
EXTENDS Integers, FiniteSets

CONSTANTS
  Readers,                 \* how many threads read
  Pollers,                 \* how many poll
  Last                     \* grace periods are asked for up to this count
ASSUME Readers \in Nat \ {0} /\ Pollers \in Nat \ {0} /\ Last \in Nat

Reader  == 1..Readers
Poller  == 1..Pollers
Nothing == -1

VARIABLES
  inside,                  \* the readers that are inside a section
  current,                 \* how many grace periods have passed
  latest,                  \* the latest count that was asked for
  active,                  \* is the callback pending?
  callback,                \* where it is: "none", "queued", its grace period
                           \* "begun" or "ended"
  waits,                   \* the readers that this grace period waits for
  target,                  \* [Poller -> what it has been given, or Nothing]
  before                   \* readers inside since before the first poller
                           \* asked (nobody computes this)
\* Lanes: p = poller p, callback = callback, not = before inside waits
vars == <<inside, current, latest, active, callback, waits, target, before>>

Enter(r) == /\ r \notin inside
            /\ inside' = inside \cup {r}
            /\ UNCHANGED <<current, latest, active, callback, waits, target,
                           before>>
Leave(r) == /\ r \in inside
            /\ inside' = inside \ {r}
            /\ waits' = waits \ {r}
            /\ before' = before \ {r}
            /\ UNCHANGED <<current, latest, active, callback, target>>

(*------------------------------- the pollers ------------------------------*)
Needs == IF active THEN current + 1 ELSE current
StartPoll(p) ==
  /\ target[p] = Nothing /\ current < Last
  /\ target' = [target EXCEPT ![p] = Needs]
  /\ latest' = Needs
  /\ active' = TRUE
  /\ callback' = IF active THEN callback ELSE "queued"
  /\ before' = IF p = 1 THEN inside ELSE before
  /\ UNCHANGED <<inside, current, waits>>

(* Asked too early it says no, which changes nothing.                       *)
Reached(n) == n < current
Poll(p) ==
  /\ target[p] # Nothing /\ Reached(target[p])
  /\ target' = [target EXCEPT ![p] = Nothing]
  /\ before' = IF p = 1 THEN {} ELSE before
  /\ UNCHANGED <<inside, current, latest, active, callback, waits>>

(*-------------------------------- the worker ------------------------------*)
Begin == /\ callback = "queued"
         /\ callback' = "begun"
         /\ waits' = inside
         /\ UNCHANGED <<inside, current, latest, active, target, before>>
End == /\ callback = "begun" /\ waits = {}
       /\ callback' = "ended"
       /\ UNCHANGED <<inside, current, latest, active, waits, target, before>>

OneMore(n) == latest >= n
Callback ==
  /\ callback = "ended"
  /\ current' = current + 1
  /\ active' = OneMore(current')
  /\ callback' = IF OneMore(current') THEN "queued" ELSE "none"
  /\ UNCHANGED <<inside, latest, waits, target, before>>

(*------------------------------- the whole --------------------------------*)
Init == /\ inside = {} /\ current = 0 /\ latest = 0 /\ active = FALSE
        /\ callback = "none" /\ waits = {}
        /\ target = [p \in Poller |-> Nothing]
        /\ before = {}
WorkerStep == Begin \/ End \/ Callback
Next == \/ \E r \in Reader : Enter(r) \/ Leave(r)
        \/ \E p \in Poller : StartPoll(p) \/ Poll(p)
        \/ WorkerStep
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ inside \subseteq Reader /\ waits \subseteq inside
  /\ before \subseteq inside
  /\ current \in Nat /\ latest \in Nat /\ active \in BOOLEAN
  /\ callback \in {"none", "queued", "begun", "ended"}
  /\ target \in [Poller -> Nat \cup {Nothing}]

(* The callback is pending exactly while somebody may need it.              *)
ActiveIsPending == active <=> callback # "none"
SomebodyCounts == \A p \in Poller :
                    target[p] >= current => active /\ target[p] <= latest

(* A poller waits at most for the grace period in progress and one more.    *)
AtMostTwo == \A p \in Poller : target[p] <= current + 1

(* No poll says yes while a reader is inside that was inside when the       *)
(* poller asked.                                                            *)
Asks == target[1] # Nothing
SaysYes == Asks /\ ~Asks'
NoEarlyYes == [][SaysYes => before = {}]_vars

(* What is asked for is a grace period, from the question to the yes.       *)
Abstract == INSTANCE GracePeriod WITH running <- Asks, waits <- before
RefinesGracePeriod == Abstract!Spec

FairSpec == /\ Spec
            /\ WF_vars(WorkerStep)
            /\ \A r \in Reader : WF_vars(Leave(r))
            /\ \A p \in Poller : WF_vars(Poll(p))
PollSucceeds == \A p \in Poller : target[p] # Nothing ~> target[p] = Nothing

(*--------------------------- any number of polls --------------------------*)
(* Counts are compared with the present one only.                           *)
Past(n) == IF n < current THEN -1 ELSE n - current
Any == <<inside, Past(latest), active, callback, waits, before,
         [p \in Poller |-> IF target[p] = Nothing THEN -2
                                                  ELSE Past(target[p])]>>

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The grace period in progress is taken for good enough.                   *)
NeedsThis == current

(* A poll says yes one grace period too early.                              *)
ReachedOneOff(n) == n <= current

(* The callback does not queue itself again.                                *)
Never(n) == FALSE

(* Whoever asks while the callback is pending asks for one more than needed.*)
NeedsTwoMore == IF active THEN current + 2 ELSE current

(* The callback queues itself again, and forgets that it is pending.        *)
CallbackForgets ==
  /\ callback = "ended"
  /\ current' = current + 1
  /\ active' = FALSE
  /\ callback' = IF OneMore(current') THEN "queued" ELSE "none"
  /\ UNCHANGED <<inside, latest, waits, target, before>>
============================================================================
