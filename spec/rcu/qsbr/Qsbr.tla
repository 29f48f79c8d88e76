-------------------------------- MODULE Qsbr ---------------------------------
(* RCU by quiescent states, as liburcu's qsbr flavour does it (64 bits).    *)
(*                                                                          *)
(* The idea. Entering and leaving a section costs nothing at all: a thread  *)
(* says from time to time that it is in no section (a quiescent state), by  *)
(* copying the number of the current grace period. A thread that will not   *)
(* do so for a while goes offline, which is announced as 0. A grace period  *)
(* raises the number and waits until each thread's copy is 0 or equal to    *)
(* it. It starts after the update, so one scan is enough, and since numbers *)
(* do not wrap around, an old copy never looks new.                         *)
(*                                                                          *)
(* The price: a thread that is online and silent blocks every updater. An   *)
(* updater that also reads is such a thread while it waits, so it goes      *)
(* offline first; and a thread that goes offline or unregisters has to wake *)
(* the updater, as every quiescent state does.                              *)
EXTENDS Integers, FiniteSets

CONSTANTS
  Readers,                 \* how many threads read; they are 1..Readers
  Writers,                 \* how many of them, the first, also update
  Updates                  \* calls begin while fewer grace periods have run
ASSUME Readers \in Nat \ {0} /\ Writers \in 1..Readers /\ Updates \in Nat

Reader  == 1..Readers
Writer  == 1..Writers
Watched == 1               \* the first updater
Nobody  == 0

VARIABLES
  gp,                      \* the number of the current grace period
  futex,                   \* -1 while the leader waits, else 0
  lock,                    \* rcu_gp_lock: who leads, or Nobody
  registered,              \* the threads on the registry
  copy,                    \* [Reader -> its copy of gp; 0 while offline]
  loaded,                  \* [Reader -> gp as loaded, not yet stored]
  waiting,                 \* the readers that were asked to wake the leader
  inside,                  \* the threads that are inside a section: nobody
                           \* announces this, it is what has to be protected
  visit,                   \* the readers that the leader still waits for
  round,                   \* those that it has yet to look at in this round
  before,                  \* the readers inside since before the first
                           \* updater's call (nobody computes this)
  calls,                   \* who is inside synchronize_rcu
  pc                       \* [Reader -> the step that comes next]
\* Lanes: u <= Writers = thread u, r <= Readers = thread r, not = before
vars == <<gp, futex, lock, registered, copy, loaded, waiting, inside, visit,
          round, before, calls, pc>>

At(t, step) == pc[t] = step
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]
Online(r) == copy[r] # 0

(*-------------------------------- the reader ------------------------------*)
(* Sections cost nothing: no step of these two is in the code.              *)
Enter(r) ==
  /\ At(r, "Idle") /\ r \in registered /\ Online(r) /\ r \notin inside
  /\ inside' = inside \cup {r}
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, waiting, visit,
                 round, before, calls, pc>>

Leave(r) ==
  /\ At(r, "Idle") /\ r \in inside
  /\ inside' = inside \ {r}
  /\ before' = before \ {r}
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, waiting, visit,
                 round, calls, pc>>

(* A quiescent state, and going online: load the number, then store it.     *)
(* There is nothing to say if it is the same as before.                     *)
MayBeQuiescent(r) == r \notin inside
LoadGp(r) ==
  /\ At(r, "Idle") /\ r \in registered /\ MayBeQuiescent(r)
  /\ copy[r] # gp
  /\ loaded' = [loaded EXCEPT ![r] = gp]
  /\ Goto(r, IF Online(r) THEN "Quiesce" ELSE "GoOnline")
  /\ UNCHANGED <<gp, futex, lock, registered, copy, waiting, inside, visit,
                 round, before, calls>>

Quiesce(r) ==
  /\ At(r, "Quiesce")
  /\ copy' = [copy EXCEPT ![r] = loaded[r]]
  /\ loaded' = [loaded EXCEPT ![r] = 0]
  /\ Goto(r, "LoadWaiting")
  /\ UNCHANGED <<gp, futex, lock, registered, waiting, inside, visit, round,
                 before, calls>>

GoOnline(r) ==
  /\ At(r, "GoOnline")
  /\ copy' = [copy EXCEPT ![r] = loaded[r]]
  /\ loaded' = [loaded EXCEPT ![r] = 0]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<gp, futex, lock, registered, waiting, inside, visit, round,
                 before, calls>>

GoOffline(r) ==
  /\ At(r, "Idle") /\ Online(r) /\ MayBeQuiescent(r)
  /\ copy' = [copy EXCEPT ![r] = 0]
  /\ Goto(r, "LoadWaiting")
  /\ UNCHANGED <<gp, futex, lock, registered, loaded, waiting, inside, visit,
                 round, before, calls>>

(* Whoever has announced something wakes the leader, if it was asked to. A  *)
(* thread that is on its way into synchronize_rcu goes on there.            *)
Then(r) == IF r \in calls THEN "LockGp" ELSE "Idle"
LoadWaiting(r) ==
  /\ At(r, "LoadWaiting")
  /\ Goto(r, IF r \in waiting THEN "ClearWaiting" ELSE Then(r))
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, waiting, inside,
                 visit, round, before, calls>>

ClearWaiting(r) ==
  /\ At(r, "ClearWaiting")
  /\ waiting' = waiting \ {r}
  /\ Goto(r, "LoadFutex")
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, inside, visit,
                 round, before, calls>>

LoadFutex(r) ==
  /\ At(r, "LoadFutex")
  /\ Goto(r, IF futex = -1 THEN "ClearFutex" ELSE Then(r))
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, waiting, inside,
                 visit, round, before, calls>>

ClearFutex(r) ==
  /\ At(r, "ClearFutex")
  /\ futex' = 0
  /\ Goto(r, "Wake")
  /\ UNCHANGED <<gp, lock, registered, copy, loaded, waiting, inside, visit,
                 round, before, calls>>

Wake(r) ==
  /\ At(r, "Wake")
  /\ pc' = [t \in Reader |-> CASE t = r -> Then(r)
                               [] pc[t] = "Asleep" -> "Sleep"
                               [] OTHER -> pc[t]]
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, waiting, inside,
                 visit, round, before, calls>>

(* A thread registers and then goes online; it goes offline and then        *)
(* unregisters. Both take the registry lock, which the leader holds while   *)
(* it looks at the readers, but not while it waits.                         *)
LockIsFree == \A u \in Writer : pc[u] \notin {"AskToWake", "Scan"}
Register(r) ==
  /\ At(r, "Idle") /\ r \notin registered /\ LockIsFree
  /\ registered' = registered \cup {r}
  /\ UNCHANGED <<gp, futex, lock, copy, loaded, waiting, inside, visit, round,
                 before, calls, pc>>

Unregister(r) ==
  /\ At(r, "Idle") /\ r \in registered /\ ~Online(r) /\ LockIsFree
  /\ registered' = registered \ {r}
  /\ visit' = visit \ {r}
  /\ UNCHANGED <<gp, futex, lock, copy, loaded, waiting, inside, round,
                 before, calls, pc>>

(*-------------------------------- the updater -----------------------------*)
(* It publishes and calls synchronize_rcu, outside its own sections.        *)
Publish(u) ==
  /\ At(u, "Idle") /\ u \notin inside /\ gp <= Updates
  /\ calls' = calls \cup {u}
  /\ before' = IF u = Watched THEN inside ELSE before
  /\ Goto(u, IF Online(u) THEN "OfflineToWait" ELSE "LockGp")
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, waiting, inside,
                 visit, round>>

OfflineToWait(u) ==
  /\ At(u, "OfflineToWait")
  /\ copy' = [copy EXCEPT ![u] = 0]
  /\ Goto(u, "LoadWaiting")
  /\ UNCHANGED <<gp, futex, lock, registered, loaded, waiting, inside, visit,
                 round, before, calls>>

LockGp(u) ==
  /\ At(u, "LockGp") /\ lock = Nobody
  /\ lock' = u
  /\ Goto(u, "Raise")
  /\ UNCHANGED <<gp, futex, registered, copy, loaded, waiting, inside, visit,
                 round, before, calls>>

Raise(u) ==
  /\ At(u, "Raise")
  /\ gp' = gp + 1
  /\ visit' = registered
  /\ round' = registered
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<futex, lock, registered, copy, loaded, waiting, inside,
                 before, calls>>

Passed(r) == copy[r] = 0 \/ copy[r] = gp
Scan(u) ==
  /\ At(u, "Scan") /\ round # {}
  /\ \E r \in round : /\ round' = round \ {r}
                      /\ visit' = IF Passed(r) THEN visit \ {r} ELSE visit
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, waiting, inside,
                 before, calls, pc>>

(* After an unsuccessful round it may look again immediately, or say that   *)
(* it waits: first the futex, then which readers should wake it, then       *)
(* another look.                                                            *)
ScanEnd(u) ==
  /\ At(u, "Scan") /\ round = {}
  /\ IF visit = {} THEN /\ futex' = 0
                        /\ Goto(u, "UnlockGp")
                   ELSE /\ Goto(u, IF futex = -1 THEN "Sleep" ELSE "Again")
                        /\ UNCHANGED futex
  /\ UNCHANGED <<gp, lock, registered, copy, loaded, waiting, inside, visit,
                 round, before, calls>>

Again(u) ==
  /\ At(u, "Again")
  /\ \/ /\ round' = visit /\ Goto(u, "Scan") /\ UNCHANGED futex
     \/ /\ futex' = -1 /\ Goto(u, "AskToWake") /\ UNCHANGED round
  /\ UNCHANGED <<gp, lock, registered, copy, loaded, waiting, inside, visit,
                 before, calls>>

AskToWake(u) ==
  /\ At(u, "AskToWake")
  /\ waiting' = waiting \cup visit
  /\ round' = visit
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, inside, visit,
                 before, calls>>

Sleep(u) ==
  /\ At(u, "Sleep")
  /\ Goto(u, IF futex = -1 THEN "Asleep" ELSE "Again")
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, waiting, inside,
                 visit, round, before, calls>>

UnlockGp(u) ==
  /\ At(u, "UnlockGp")
  /\ lock' = Nobody
  /\ Goto(u, "Return")
  /\ UNCHANGED <<gp, futex, registered, copy, loaded, waiting, inside, visit,
                 round, before, calls>>

(* Back from the call; it goes online again with an ordinary step.          *)
Return(u) ==
  /\ At(u, "Return")
  /\ calls' = calls \ {u}
  /\ before' = IF u = Watched THEN {} ELSE before
  /\ Goto(u, "Idle")
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, waiting, inside,
                 visit, round>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ gp = 1 /\ futex = 0 /\ lock = Nobody
  /\ registered = {}
  /\ copy = [r \in Reader |-> 0]
  /\ loaded = [r \in Reader |-> 0]
  /\ waiting = {} /\ inside = {} /\ visit = {} /\ round = {}
  /\ before = {} /\ calls = {}
  /\ pc = [r \in Reader |-> "Idle"]

(* What a thread has to finish once it has begun it.                        *)
Finish(r) == \/ Quiesce(r) \/ GoOnline(r) \/ LoadWaiting(r)
             \/ ClearWaiting(r) \/ LoadFutex(r) \/ ClearFutex(r) \/ Wake(r)
Synchronize(u) == \/ OfflineToWait(u) \/ LockGp(u) \/ Raise(u) \/ Scan(u)
                  \/ ScanEnd(u) \/ Again(u) \/ AskToWake(u) \/ Sleep(u)
                  \/ UnlockGp(u) \/ Return(u)
ReaderStep(r) == \/ Enter(r) \/ Leave(r) \/ LoadGp(r) \/ GoOffline(r)
                 \/ Register(r) \/ Unregister(r) \/ Finish(r)
Next == \/ \E r \in Reader : ReaderStep(r)
        \/ \E u \in Writer : Publish(u) \/ Synchronize(u)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ gp \in Nat \ {0} /\ futex \in {-1, 0} /\ lock \in Reader \cup {Nobody}
  /\ registered \subseteq Reader /\ waiting \subseteq Reader
  /\ copy \in [Reader -> Nat] /\ loaded \in [Reader -> Nat]
  /\ inside \subseteq Reader /\ visit \subseteq Reader
  /\ round \subseteq visit
  /\ before \subseteq Reader /\ calls \subseteq Writer

(* Only threads that are registered and online read.                        *)
ReadersAreOnline == \A r \in inside : r \in registered /\ Online(r)

(* When nobody leads, nothing is left of the last grace period. (A thread   *)
(* that has been asked to wake the leader, and passed before it saw that,   *)
(* looks at the futex once more than it need.)                              *)
NothingIsLeft == lock = Nobody => futex = 0 /\ visit = {} /\ round = {}

(* A sleeping leader waits for a reader that is asked to wake it and has    *)
(* yet to pass, or somebody is on the way to wake it.                       *)
NoLostWakeUp ==
  \A u \in Writer : At(u, "Asleep") =>
    \/ \E r \in Reader : At(r, "Wake")
    \/ /\ futex = -1
       /\ \/ \E r \in visit : r \in waiting /\ ~Passed(r)
          \/ \E r \in Reader : \/ pc[r] \in {"LoadFutex", "ClearFutex",
                                             "ClearWaiting"}
                               \/ At(r, "LoadWaiting") /\ r \in waiting

(* No call returns while a reader is inside that was inside at its start.   *)
Returns == Watched \in calls \ calls'
NoEarlyEnd == [][Returns => before = {}]_vars

(* A call is a grace period for the sections, which cost nothing.           *)
Abstract == INSTANCE GracePeriod
              WITH running <- Watched \in calls, waits <- before
RefinesGracePeriod == Abstract!Spec

(*----------------------------- it comes to an end -------------------------*)
(* Besides finishing what it has begun and leaving its sections, a thread   *)
(* that is online has to pass quiescent states: that is the bargain.        *)
Fairness ==
  /\ \A u \in Writer : WF_vars(Synchronize(u))
  /\ \A r \in Reader : WF_vars(Finish(r)) /\ WF_vars(Leave(r))
FairSpec == Spec /\ Fairness
                 /\ \A r \in Reader : SF_vars(LoadGp(r))
GracePeriodEnds == \A u \in Writer : u \in calls ~> u \notin calls

(* Without that, a thread that stays online blocks all updaters, whether it *)
(* reads or not.                                                            *)
SilentSpec == Spec /\ Fairness

(*--------------------------- any number of updates ------------------------*)
(* A copy matters only by whether it is 0, equal to gp, or older.           *)
Age(n) == IF n = 0 THEN "none" ELSE IF n = gp THEN "current" ELSE "old"
Any == <<futex, lock, registered, [r \in Reader |-> Age(copy[r])],
         [r \in Reader |-> Age(loaded[r])], waiting, inside, visit, round,
         before, calls, pc>>
(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The updater waits for itself.                                            *)
PublishOnline(u) ==
  /\ At(u, "Idle") /\ u \notin inside /\ gp <= Updates
  /\ calls' = calls \cup {u}
  /\ before' = IF u = Watched THEN inside ELSE before
  /\ Goto(u, "LockGp")
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, waiting, inside,
                 visit, round>>

(* It goes offline without telling the leader, whom it then waits for.      *)
OfflineWithoutWake(u) ==
  /\ At(u, "OfflineToWait")
  /\ copy' = [copy EXCEPT ![u] = 0]
  /\ Goto(u, "LockGp")
  /\ UNCHANGED <<gp, futex, lock, registered, loaded, waiting, inside, visit,
                 round, before, calls>>

(* A thread unregisters while it is online, and tells nobody.               *)
UnregisterOnline(r) ==
  /\ At(r, "Idle") /\ r \in registered /\ r \notin inside /\ LockIsFree
  /\ registered' = registered \ {r}
  /\ visit' = visit \ {r}
  /\ copy' = [copy EXCEPT ![r] = 0]
  /\ UNCHANGED <<gp, futex, lock, loaded, waiting, inside, round, before,
                 calls, pc>>

(* Numbers of one bit. (2 follows 1, and 1 follows 2.)                      *)
RaiseAndWrap(u) ==
  /\ At(u, "Raise")
  /\ gp' = 3 - gp
  /\ visit' = registered
  /\ round' = registered
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<futex, lock, registered, copy, loaded, waiting, inside,
                 before, calls>>

(* A thread says that it is quiescent inside a section.                     *)
Always(r) == TRUE

(* The leader sleeps without another look.                                  *)
AskThenSleep(u) ==
  /\ At(u, "AskToWake")
  /\ waiting' = waiting \cup visit
  /\ Goto(u, "Sleep")
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, inside, visit,
                 round, before, calls>>

(* It asks to be woken before it says that it waits.                        *)
AskFirst(u) ==
  /\ At(u, "Again")
  /\ \/ round' = visit /\ Goto(u, "Scan") /\ UNCHANGED waiting
     \/ waiting' = waiting \cup visit /\ Goto(u, "AskToWake")
        /\ UNCHANGED round
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, inside, visit,
                 before, calls>>
SayLast(u) ==
  /\ At(u, "AskToWake")
  /\ futex' = -1
  /\ round' = visit
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<gp, lock, registered, copy, loaded, waiting, inside, visit,
                 before, calls>>

(* The leader leaves its word set when all have passed.                     *)
ScanEndLeavesWord(u) ==
  /\ At(u, "Scan") /\ round = {}
  /\ Goto(u, IF visit = {} THEN "UnlockGp"
             ELSE IF futex = -1 THEN "Sleep" ELSE "Again")
  /\ UNCHANGED <<gp, futex, lock, registered, copy, loaded, waiting, inside,
                 visit, round, before, calls>>
============================================================================
