------------------------------ MODULE WaitNode ------------------------------
(* How a leader wakes a follower whose queue node is on the follower's own  *)
(* stack.                                                                   *)
(*                                                                          *)
(* The idea. A follower of synchronize_rcu waits in a node that is gone as  *)
(* soon as it returns, and its leader touches the node up to three times:   *)
(* to say that the wait is over, to see whether a wake-up is needed, and to *)
(* say that it is done with the node. Only after the last may the follower  *)
(* return. A leader passes over nodes that are marked as running: these are *)
(* its own, and nobody waits in them. So a follower must not mark its node  *)
(* before it has been told that the wait is over.                           *)
(*                                                                          *)
(* Steps are those of liburcu, src/urcu-wait.h: urcu_adaptative_busy_wait   *)
(* and urcu_adaptative_wake_up.                                             *)
EXTENDS Naturals

CONSTANT Returns           \* how the follower's futex wait may return
                           \* without a wake-up: a set of "spurious", "EINTR"
ASSUME Returns \subseteq {"spurious", "EINTR"}

VARIABLES
  over,                    \* the node says WAKEUP: the wait is over
  running,                 \* the node says RUNNING
  teardown,                \* the node says TEARDOWN: the leader is done
  node,                    \* does the node still exist?
  asleep,                  \* is the follower in the kernel's queue?
  ended,                   \* has the grace period ended? (nobody stores it)
  follower,                \* the follower's next step
  leader                   \* the leader's next step
\* Lanes: follower = follower, leader = leader
vars == <<over, running, teardown, node, asleep, ended, follower, leader>>
state == <<over, running, teardown>>

(*------------------------------ the follower ------------------------------*)
(* A thousand looks without sleeping come first; here it may sleep          *)
(* immediately.                                                             *)
Look ==
  /\ follower = "Look"
  /\ follower' = IF over THEN "Run" ELSE "Sleep"
  /\ UNCHANGED <<state, node, asleep, ended, leader>>

(* The kernel compares and sleeps in one step.                              *)
Sleep ==
  /\ follower = "Sleep"
  /\ asleep' = ~over
  /\ follower' = IF over THEN "Run" ELSE "Asleep"
  /\ UNCHANGED <<state, node, ended, leader>>

ComeBack ==
  /\ asleep /\ Returns # {}
  /\ asleep' = FALSE
  /\ follower' = "Back"
  /\ UNCHANGED <<state, node, ended, leader>>

Back ==
  /\ follower = "Back"
  /\ follower' = "Look"
  /\ UNCHANGED <<state, node, asleep, ended, leader>>

Run ==
  /\ follower = "Run"
  /\ running' = TRUE
  /\ follower' = "WaitTeardown"
  /\ UNCHANGED <<over, teardown, node, asleep, ended, leader>>

(* Its stack frame goes with it.                                            *)
Return ==
  /\ follower = "WaitTeardown" /\ teardown
  /\ node' = FALSE
  /\ follower' = "Returned"
  /\ UNCHANGED <<state, asleep, ended, leader>>

(*------------------------------- the leader -------------------------------*)
End ==
  /\ leader = "GracePeriod"
  /\ ended' = TRUE
  /\ leader' = "PassOver"
  /\ UNCHANGED <<state, node, asleep, follower>>

PassOver ==
  /\ leader = "PassOver"
  /\ leader' = IF running THEN "Done" ELSE "SayOver"
  /\ UNCHANGED <<state, node, asleep, ended, follower>>

SayOver ==
  /\ leader = "SayOver"
  /\ over' = TRUE
  /\ leader' = "LookRunning"
  /\ UNCHANGED <<running, teardown, node, asleep, ended, follower>>

LookRunning ==
  /\ leader = "LookRunning"
  /\ leader' = IF running THEN "SayTeardown" ELSE "Wake"
  /\ UNCHANGED <<state, node, asleep, ended, follower>>

Wake ==
  /\ leader = "Wake"
  /\ asleep' = FALSE
  /\ follower' = IF asleep THEN "Back" ELSE follower
  /\ leader' = "SayTeardown"
  /\ UNCHANGED <<state, node, ended>>

SayTeardown ==
  /\ leader = "SayTeardown"
  /\ teardown' = TRUE
  /\ leader' = "Done"
  /\ UNCHANGED <<over, running, node, asleep, ended, follower>>

(*------------------------------- the whole --------------------------------*)
Init == /\ over = FALSE /\ running = FALSE /\ teardown = FALSE
        /\ node = TRUE /\ asleep = FALSE /\ ended = FALSE
        /\ follower = "Look" /\ leader = "GracePeriod"
FollowerStep == Look \/ Sleep \/ Back \/ Run \/ Return
LeaderStep == \/ End \/ PassOver \/ SayOver \/ LookRunning \/ Wake
              \/ SayTeardown
Finished == follower = "Returned" /\ leader = "Done" /\ UNCHANGED vars
Next == FollowerStep \/ LeaderStep \/ ComeBack \/ Finished
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK == /\ state \in BOOLEAN \X BOOLEAN \X BOOLEAN
          /\ node \in BOOLEAN /\ asleep \in BOOLEAN /\ ended \in BOOLEAN

(* The follower returns after the grace period that covers it.              *)
NoEarlyReturn == follower = "Returned" => ended

(* The leader touches no node that is gone.                                 *)
NoUseAfterFree == ~node => leader = "Done"

FairSpec == Spec /\ WF_vars(FollowerStep) /\ WF_vars(LeaderStep)
FollowerReturns == <>(follower = "Returned")

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* Any return of the futex wait is taken for the wake-up.                   *)
BackIsWoken ==
  /\ follower = "Back"
  /\ follower' = "Run"
  /\ UNCHANGED <<state, node, asleep, ended, leader>>

(* The follower returns when it has been woken.                             *)
ReturnAtOnce ==
  /\ follower = "WaitTeardown"
  /\ node' = FALSE
  /\ follower' = "Returned"
  /\ UNCHANGED <<state, asleep, ended, leader>>

(* The leader wakes before it says that the wait is over.                   *)
PassOverToWake ==
  /\ leader = "PassOver"
  /\ leader' = IF running THEN "Done" ELSE "Wake"
  /\ UNCHANGED <<state, node, asleep, ended, follower>>
WakeThenSay ==
  /\ leader = "Wake"
  /\ asleep' = FALSE
  /\ follower' = IF asleep THEN "Back" ELSE follower
  /\ leader' = "SayOver"
  /\ UNCHANGED <<state, node, ended>>
SayOverLast ==
  /\ leader = "SayOver"
  /\ over' = TRUE
  /\ leader' = "SayTeardown"
  /\ UNCHANGED <<running, teardown, node, asleep, ended, follower>>

(* Any return of the futex wait is taken for the end of the wait.           *)
BackIsOver ==
  /\ follower = "Back"
  /\ node' = FALSE
  /\ follower' = "Returned"
  /\ UNCHANGED <<state, asleep, ended, leader>>
============================================================================
