-------------------------- MODULE SharedGracePeriod --------------------------
(* Several updaters of the *number* algorithm that share grace periods.     *)
(*                                                                          *)
(* The idea. Grace periods are numbered anyway, so an updater can say which *)
(* it needs: the first that begins after it has published. It takes the     *)
(* number of the last one that has begun, plus 1, and waits until the one   *)
(* of this number has ended, whoever has run it. It runs one itself only if *)
(* nobody else does. One in progress is of no use to it: it may have begun  *)
(* before the update. So a call waits for at most two grace periods, and    *)
(* any number of updaters wait for the same.                                *)
(*                                                                          *)
(* This is how Urcu shares, and so what native/ does, on a page of its own: *)
(* registration, nesting and sleep are left out, and instead of a word that *)
(* says whether somebody leads there is a lock that says who.               *)
(*                                                                          *)
(* What a reader announces is on its way to the others for some time, and a *)
(* membarrier makes it arrive: that is all this module has of the machine.  *)
(* It is why a grace period counts as begun before its barrier. (Modules    *)
(* TwoUpdaters and Handover have the rest.)                                 *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Readers,                 \* how many threads read; they are 1..Readers
  Updaters,                \* how many update; they are the numbers after it
  Updates                  \* how many times each of them does
ASSUME Readers \in Nat \ {0} /\ Updaters \in Nat \ {0} /\ Updates \in Nat

Reader  == 1..Readers
Updater == (Readers + 1)..(Readers + Updaters)
Watched == Readers + 1     \* the first updater
Nobody  == 0

VARIABLES
  gp,                      \* the number of the current grace period
  begun,                   \* the last grace period that has begun
  ended,                   \* the last grace period that has ended
  lock,                    \* the updater that runs a grace period, or Nobody
  announced,               \* [Reader -> 0 or the number announced]
  seen,                    \* [Reader -> what others see of that]
  number,                  \* [Reader -> number loaded, not yet announced]
  scanned,                 \* the readers that the scan has passed
  target,                  \* [Updater -> the grace period that it needs]
  calls,                   \* [Updater -> how many updates it has to do]
  before,                  \* the readers inside since before the first
                           \* updater's call (nobody computes this)
  pc                       \* [thread -> the step that comes next]
\* Lanes: r <= Readers = reader r, u > Readers = updater u, not = before
vars == <<gp, begun, ended, lock, announced, seen, number, scanned, target,
          calls, before, pc>>

readers == <<announced, seen, number>>

At(t, step) == pc[t] = step
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]
Inside == {r \in Reader : announced[r] # 0}

(*-------------------------------- the reader ------------------------------*)
LoadGp(r) ==
  /\ At(r, "Idle") /\ announced[r] = 0
  /\ number' = [number EXCEPT ![r] = gp]
  /\ Goto(r, "Announce")
  /\ UNCHANGED <<gp, begun, ended, lock, announced, seen, scanned, target,
                 calls, before>>

Announce(r) ==
  /\ At(r, "Announce")
  /\ announced' = [announced EXCEPT ![r] = number[r]]
  /\ number' = [number EXCEPT ![r] = 0]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<gp, begun, ended, lock, seen, scanned, target, calls,
                 before>>

Unlock(r) ==
  /\ At(r, "Idle") /\ announced[r] # 0
  /\ announced' = [announced EXCEPT ![r] = 0]
  /\ before' = before \ {r}
  /\ UNCHANGED <<gp, begun, ended, lock, seen, number, scanned, target, calls,
                 pc>>

(* What it has stored arrives at the others, sooner or later. (A store that *)
(* is still on its way when the next one follows is never seen.)            *)
Arrive(r) ==
  /\ seen[r] # announced[r]
  /\ seen' = [seen EXCEPT ![r] = announced[r]]
  /\ UNCHANGED <<gp, begun, ended, lock, announced, number, scanned, target,
                 calls, before, pc>>

(*-------------------------------- the updater -----------------------------*)
Publish(u) ==
  /\ At(u, "Idle") /\ calls[u] > 0
  /\ calls' = [calls EXCEPT ![u] = @ - 1]
  /\ before' = IF u = Watched THEN Inside ELSE before
  /\ Goto(u, "Snapshot")
  /\ UNCHANGED <<gp, begun, ended, lock, readers, scanned, target>>

(* A full barrier stands before this load: whoever begins the grace period  *)
(* that is asked for must see what has been published.                      *)
Snapshot(u) ==
  /\ At(u, "Snapshot")
  /\ target' = [target EXCEPT ![u] = begun + 1]
  /\ Goto(u, "Wait")
  /\ UNCHANGED <<gp, begun, ended, lock, readers, scanned, calls,
                 before>>

(* Another has run it.                                                      *)
Share(u) ==
  /\ At(u, "Wait") /\ ended >= target[u]
  /\ target' = [target EXCEPT ![u] = 0]
  /\ before' = IF u = Watched THEN {} ELSE before
  /\ Goto(u, "Idle")
  /\ UNCHANGED <<gp, begun, ended, lock, readers, scanned, calls>>

Lead(u) ==
  /\ At(u, "Wait") /\ ended < target[u] /\ lock = Nobody
  /\ lock' = u
  /\ Goto(u, "Begin")
  /\ UNCHANGED <<gp, begun, ended, readers, scanned, target, calls,
                 before>>

(* It counts as begun before its barrier: an updater that asks for a later  *)
(* one came too late for the barrier.                                       *)
Begin(u) ==
  /\ At(u, "Begin")
  /\ begun' = begun + 1
  /\ Goto(u, "Membarrier")
  /\ UNCHANGED <<gp, ended, lock, readers, scanned, target, calls, before>>

Membarrier(u) ==                                                         \* E
  /\ At(u, "Membarrier")
  /\ seen' = announced
  /\ Goto(u, "Raise")
  /\ UNCHANGED <<gp, begun, ended, lock, announced, number, scanned, target,
                 calls, before>>

Raise(u) ==
  /\ At(u, "Raise")
  /\ gp' = gp + 1
  /\ scanned' = {}
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<begun, ended, lock, readers, target, calls, before>>

Quiescent(r) == seen[r] = 0 \/ seen[r] >= gp
Scan(u) ==
  /\ At(u, "Scan") /\ scanned # Reader
  /\ \E r \in Reader \ scanned : /\ Quiescent(r)
                                 /\ scanned' = scanned \cup {r}
  /\ UNCHANGED <<gp, begun, ended, lock, readers, target, calls,
                 before, pc>>

End(u) ==
  /\ At(u, "Scan") /\ scanned = Reader
  /\ ended' = begun
  /\ scanned' = {}
  /\ Goto(u, "Release")
  /\ UNCHANGED <<gp, begun, lock, readers, target, calls, before>>

Release(u) ==
  /\ At(u, "Release")
  /\ lock' = Nobody
  /\ Goto(u, "Wait")
  /\ UNCHANGED <<gp, begun, ended, readers, scanned, target, calls,
                 before>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ gp = 1 /\ begun = 0 /\ ended = 0
  /\ lock = Nobody
  /\ announced = [r \in Reader |-> 0] /\ seen = [r \in Reader |-> 0]
  /\ number = [r \in Reader |-> 0]
  /\ scanned = {}
  /\ target = [u \in Updater |-> 0]
  /\ calls = [u \in Updater |-> Updates]
  /\ before = {}
  /\ pc = [t \in Reader \cup Updater |-> "Idle"]

ReaderStep(r) == LoadGp(r) \/ Announce(r) \/ Unlock(r) \/ Arrive(r)
Synchronize(u) == \/ Snapshot(u) \/ Share(u) \/ Lead(u) \/ Begin(u)
                  \/ Membarrier(u) \/ Raise(u) \/ Scan(u) \/ End(u)
                  \/ Release(u)
Next == \/ \E r \in Reader : ReaderStep(r)
        \/ \E u \in Updater : Publish(u) \/ Synchronize(u)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ gp \in Nat \ {0} /\ begun \in Nat /\ ended \in Nat
  /\ lock \in Updater \cup {Nobody}
  /\ announced \in [Reader -> Nat] /\ seen \in [Reader -> Nat]
  /\ number \in [Reader -> Nat]
  /\ scanned \subseteq Reader
  /\ target \in [Updater -> Nat] /\ calls \in [Updater -> 0..Updates]
  /\ before \subseteq Reader

(* A call waits for the one in progress and for one more, never longer.     *)
AtMostTwo == \A u \in Updater : target[u] <= ended + 2

(* Grace periods are run one at a time, and their numbers agree.            *)
Numbered == /\ begun - ended \in 0..1
            /\ (lock = Nobody => begun = ended)
            /\ gp - 1 \in {ended, begun}

(* No call returns while a reader is inside that was inside at its start.   *)
Returns == ~At(Watched, "Idle") /\ pc'[Watched] = "Idle"
NoEarlyEnd == [][Returns => before = {}]_vars

(* A call is a grace period of its own, whoever has run it. All updaters    *)
(* run the same code: what holds for the first holds for each.              *)
Abstract == INSTANCE GracePeriod
              WITH inside <- Inside, running <- ~At(Watched, "Idle"),
                   waits <- before
RefinesGracePeriod == Abstract!Spec

(*----------------------------- it comes to an end -------------------------*)
Fairness ==
  /\ \A u \in Updater : WF_vars(Synchronize(u))
  /\ \A r \in Reader : /\ WF_vars(Announce(r)) /\ WF_vars(Unlock(r))
                       /\ WF_vars(Arrive(r))
FairSpec == Spec /\ Fairness
GracePeriodEnds == \A u \in Updater : At(u, "Snapshot") ~> At(u, "Idle")

(*--------------------------- any number of updates ------------------------*)
(* Numbers are only compared: announcements with gp, targets with ended and *)
(* begun. States that agree in these comparisons are one, and the search    *)
(* ends with any number of updates.                                         *)
Age(n) == IF n = 0 THEN "none" ELSE IF n >= gp THEN "current" ELSE "old"
Left(u) == IF target[u] <= ended THEN 0 ELSE target[u] - ended
Any == <<gp - ended, begun - ended, lock,
         [r \in Reader |-> <<Age(announced[r]), Age(seen[r])>>],
         [r \in Reader |-> Age(number[r])], scanned,
         [u \in Updater |-> Left(u)], before, pc>>

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)
(* The updater asks for the next grace period to end, which may be in       *)
(* progress.                                                                *)
SnapshotOfEnded(u) ==
  /\ At(u, "Snapshot")
  /\ target' = [target EXCEPT ![u] = ended + 1]
  /\ Goto(u, "Wait")
  /\ UNCHANGED <<gp, begun, ended, lock, readers, scanned, calls,
                 before>>

(* The updater asks before it publishes.                                    *)
SnapshotFirst(u) ==
  /\ At(u, "Idle") /\ calls[u] > 0
  /\ calls' = [calls EXCEPT ![u] = @ - 1]
  /\ target' = [target EXCEPT ![u] = begun + 1]
  /\ Goto(u, "Snapshot")
  /\ UNCHANGED <<gp, begun, ended, lock, readers, scanned, before>>
PublishSecond(u) ==
  /\ At(u, "Snapshot")
  /\ before' = IF u = Watched THEN Inside ELSE before
  /\ Goto(u, "Wait")
  /\ UNCHANGED <<gp, begun, ended, lock, readers, scanned, target,
                 calls>>

(* The updater says that the grace period has ended when its scan begins.   *)
RaiseAndEnd(u) ==
  /\ At(u, "Raise")
  /\ gp' = gp + 1
  /\ ended' = begun
  /\ scanned' = {}
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<begun, lock, readers, target, calls, before>>

(* A grace period counts as begun when its barrier is over: whoever asks in *)
(* between takes it for one that is still to come.                          *)
MembarrierFirst(u) ==
  /\ At(u, "Begin")
  /\ seen' = announced
  /\ Goto(u, "Membarrier")
  /\ UNCHANGED <<gp, begun, ended, lock, announced, number, scanned, target,
                 calls, before>>
BegunThen(u) ==
  /\ At(u, "Membarrier")
  /\ begun' = begun + 1
  /\ Goto(u, "Raise")
  /\ UNCHANGED <<gp, ended, lock, readers, scanned, target, calls, before>>

(* There is no barrier.                                                     *)
MembarrierNot(u) ==
  /\ At(u, "Membarrier")
  /\ Goto(u, "Raise")
  /\ UNCHANGED <<gp, begun, ended, lock, readers, scanned, target, calls,
                 before>>

(* The updater asks for one more than it needs.                             *)
SnapshotOneMore(u) ==
  /\ At(u, "Snapshot")
  /\ target' = [target EXCEPT ![u] = begun + 2]
  /\ Goto(u, "Wait")
  /\ UNCHANGED <<gp, begun, ended, lock, readers, scanned, calls, before>>

(* Nobody looks whether another leads.                                      *)
LeadAnyway(u) ==
  /\ At(u, "Wait") /\ ended < target[u]
  /\ lock' = u
  /\ Goto(u, "Begin")
  /\ UNCHANGED <<gp, begun, ended, readers, scanned, target, calls, before>>

(* The scan waits for readers that came later, too.                         *)
QuiescentOutside(r) == seen[r] = 0

(* Updaters do share grace periods: the claim that each runs its own is     *)
(* violated.                                                                *)
NobodyShares == \A u \in Updater :
                  At(u, "Wait") /\ ended >= target[u] => lock \in {Nobody, u}
============================================================================
