----------------------------- MODULE QsbrShared ------------------------------
(* synchronize_rcu of liburcu's qsbr in full: updaters share a grace        *)
(* period, which is one scan with wide numbers and two with narrow ones.    *)
(*                                                                          *)
(* The idea. Updaters share as in Phase: each puts itself on a stack, and   *)
(* the one that finds it empty leads all that it takes from there before    *)
(* its grace period starts. But in qsbr an updater is a reader, too, and    *)
(* one that is online and waits is silent. So a thread goes offline first   *)
(* of all, before it knows whether it will lead or follow: a leader would   *)
(* wait for its own follower if that stayed online. Going offline is an     *)
(* announcement like any other, and may be what another leader sleeps for.  *)
(*                                                                          *)
(* With 64 bits the number never comes back (Qsbr), and one scan after it   *)
(* has been raised is enough. With 32 it might, so there the counter is one *)
(* bit that wraps around immediately, and nobody relies on what is older.   *)
(* This leaves a phase: a scan for the readers that have the other one, a   *)
(* flip, and a second scan for those that the first has found online with   *)
(* the current phase. A thread that is held up between its load of the      *)
(* phase and its store, as it goes online, is one of those.                 *)
(*                                                                          *)
(* Steps are those of liburcu, src/urcu-qsbr.c and                          *)
(* urcu/static/urcu-qsbr.h. WaitNode has the follower's sleep, which is one *)
(* step here; FutexWait the ways in which the leader's may end.             *)
EXTENDS Integers, FiniteSets

CONSTANTS
  Readers,                 \* how many threads read; they are 1..Readers
  Writers,                 \* how many of them, the first, also update
  Passes,                  \* 1: numbers that do not wrap, 2: a phase bit
  Updates                  \* with numbers, calls begin while fewer grace
                           \* periods have run; with a phase always
ASSUME Readers \in Nat \ {0} /\ Writers \in 1..Readers
ASSUME Passes \in {1, 2} /\ Updates \in Nat

Reader  == 1..Readers
Writer  == 1..Writers
Watched == 1               \* the first updater
Nobody  == 0

VARIABLES
  gp,                      \* the number of the grace period, or the phase,
                           \* which is 1 or 2
  futex,                   \* -1 while the leader waits, else 0
  waiting,                 \* the readers that were asked to wake the leader
  stack,                   \* the updaters that wait for a leader
  lock,                    \* rcu_gp_lock: who leads, or Nobody
  batch,                   \* [Writer -> whom it leads]
  registered,              \* the threads on the registry
  copy,                    \* [Reader -> its copy of gp; 0 while offline]
  loaded,                  \* [Reader -> gp as loaded, not yet stored]
  inside,                  \* the threads that are inside a section: nobody
                           \* announces this, it is what has to be protected
  pass,                    \* the leader's scan: 1 or 2; 0 for none
  visit,                   \* the readers that it still waits for
  round,                   \* those that it has yet to look at in this round
  snapshot,                \* those that the second scan will wait for
  before,                  \* the readers inside since before the first
                           \* updater's call (nobody computes this)
  calls,                   \* who is inside synchronize_rcu
  pc                       \* [Reader -> the step that comes next]
\* Lanes: u <= Writers = thread u, r <= Readers = thread r, not = before
vars == <<gp, futex, waiting, stack, lock, batch, registered, copy, loaded,
          inside, pass, visit, round, snapshot, before, calls, pc>>

wake    == <<futex, waiting>>
sharing == <<stack, lock, batch>>
scan    == <<pass, visit, round, snapshot>>
promise == <<before, calls>>

At(t, step) == pc[t] = step
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]
Online(r) == copy[r] # 0

(*-------------------------------- the reader ------------------------------*)
(* Sections cost nothing: no step of these two is in the code.              *)
MayEnter(r) == At(r, "Idle") /\ Online(r)
Enter(r) ==
  /\ r \in registered /\ MayEnter(r) /\ r \notin inside
  /\ inside' = inside \cup {r}
  /\ UNCHANGED <<gp, wake, sharing, registered, copy, loaded, scan, promise,
                 pc>>

Leave(r) ==
  /\ At(r, "Idle") /\ r \in inside
  /\ inside' = inside \ {r}
  /\ before' = before \ {r}
  /\ UNCHANGED <<gp, wake, sharing, registered, copy, loaded, scan, calls,
                 pc>>

(* A quiescent state, and going online: load gp, then store it. There is    *)
(* nothing to say if it is the same as before.                              *)
LoadGp(r) ==
  /\ At(r, "Idle") /\ r \in registered /\ r \notin inside
  /\ copy[r] # gp
  /\ loaded' = [loaded EXCEPT ![r] = gp]
  /\ Goto(r, IF Online(r) THEN "Quiesce" ELSE "GoOnline")
  /\ UNCHANGED <<gp, wake, sharing, registered, copy, inside, scan, promise>>

Quiesce(r) ==
  /\ At(r, "Quiesce")
  /\ copy' = [copy EXCEPT ![r] = loaded[r]]
  /\ loaded' = [loaded EXCEPT ![r] = 0]
  /\ Goto(r, "LoadWaiting")
  /\ UNCHANGED <<gp, wake, sharing, registered, inside, scan, promise>>

(* A full barrier stands after the store: no section begins before it.      *)
GoOnline(r) ==
  /\ At(r, "GoOnline")
  /\ copy' = [copy EXCEPT ![r] = loaded[r]]
  /\ loaded' = [loaded EXCEPT ![r] = 0]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<gp, wake, sharing, registered, inside, scan, promise>>

GoOffline(r) ==
  /\ At(r, "Idle") /\ Online(r) /\ r \notin inside
  /\ copy' = [copy EXCEPT ![r] = 0]
  /\ Goto(r, "LoadWaiting")
  /\ UNCHANGED <<gp, wake, sharing, registered, loaded, inside, scan,
                 promise>>

(* Whoever has announced something wakes the leader, if it was asked to. A  *)
(* thread that is on its way into synchronize_rcu goes on there.            *)
AfterOffline == "Push"
Then(r) == IF r \in calls THEN AfterOffline ELSE "Idle"
LoadWaiting(r) ==
  /\ At(r, "LoadWaiting")
  /\ Goto(r, IF r \in waiting THEN "ClearWaiting" ELSE Then(r))
  /\ UNCHANGED <<gp, wake, sharing, registered, copy, loaded, inside, scan,
                 promise>>

ClearWaiting(r) ==
  /\ At(r, "ClearWaiting")
  /\ waiting' = waiting \ {r}
  /\ Goto(r, "LoadFutex")
  /\ UNCHANGED <<gp, futex, sharing, registered, copy, loaded, inside, scan,
                 promise>>

LoadFutex(r) ==
  /\ At(r, "LoadFutex")
  /\ Goto(r, IF futex = -1 THEN "ClearFutex" ELSE Then(r))
  /\ UNCHANGED <<gp, wake, sharing, registered, copy, loaded, inside, scan,
                 promise>>

ClearFutex(r) ==
  /\ At(r, "ClearFutex")
  /\ futex' = 0
  /\ Goto(r, "Wake")
  /\ UNCHANGED <<gp, waiting, sharing, registered, copy, loaded, inside,
                 scan, promise>>

Wake(r) ==
  /\ At(r, "Wake")
  /\ pc' = [t \in Reader |-> CASE t = r -> Then(r)
                               [] pc[t] = "Asleep" -> "Sleep"
                               [] OTHER -> pc[t]]
  /\ UNCHANGED <<gp, wake, sharing, registered, copy, loaded, inside, scan,
                 promise>>

(* A thread registers and then goes online; it goes offline and then        *)
(* unregisters. Both take the registry lock, which the leader holds while   *)
(* it looks at the readers, but not while it waits.                         *)
LockIsFree == \A u \in Writer : pc[u] \notin {"AskToWake", "Scan", "Flip"}
Register(r) ==
  /\ At(r, "Idle") /\ r \notin registered /\ LockIsFree
  /\ registered' = registered \cup {r}
  /\ UNCHANGED <<gp, wake, sharing, copy, loaded, inside, scan, promise, pc>>

Unregister(r) ==
  /\ At(r, "Idle") /\ r \in registered /\ ~Online(r) /\ LockIsFree
  /\ registered' = registered \ {r}
  /\ visit' = visit \ {r}
  /\ snapshot' = snapshot \ {r}
  /\ UNCHANGED <<gp, wake, sharing, copy, loaded, inside, pass, round,
                 promise, pc>>

(*------------------------- updaters share a leader ------------------------*)
(* It publishes and calls synchronize_rcu, outside its own sections. Here   *)
(* its grace period starts.                                                 *)
Publish(u) ==
  /\ At(u, "Idle") /\ u \notin inside
  /\ Passes = 2 \/ gp <= Updates
  /\ calls' = calls \cup {u}
  /\ before' = IF u = Watched THEN inside ELSE before
  /\ Goto(u, IF Online(u) THEN "OfflineToWait" ELSE "Push")
  /\ UNCHANGED <<gp, wake, sharing, registered, copy, loaded, inside, scan>>

OfflineToWait(u) ==
  /\ At(u, "OfflineToWait")
  /\ copy' = [copy EXCEPT ![u] = 0]
  /\ Goto(u, "LoadWaiting")
  /\ UNCHANGED <<gp, wake, sharing, registered, loaded, inside, scan,
                 promise>>

Push(u) ==
  /\ At(u, "Push")
  /\ stack' = stack \cup {u}
  /\ Goto(u, IF stack = {} THEN "LockGp" ELSE "Follow")
  /\ UNCHANGED <<gp, wake, lock, batch, registered, copy, loaded, inside,
                 scan, promise>>

LockGp(u) ==
  /\ At(u, "LockGp") /\ lock = Nobody
  /\ lock' = u
  /\ Goto(u, "PopAll")
  /\ UNCHANGED <<gp, wake, stack, batch, registered, copy, loaded, inside,
                 scan, promise>>

PopAll(u) ==
  /\ At(u, "PopAll")
  /\ batch' = [batch EXCEPT ![u] = stack]
  /\ stack' = {}
  /\ Goto(u, "Begin")
  /\ UNCHANGED <<gp, wake, lock, registered, copy, loaded, inside, scan,
                 promise>>

UnlockGp(u) ==
  /\ At(u, "UnlockGp")
  /\ lock' = Nobody
  /\ Goto(u, "WakeFollowers")
  /\ UNCHANGED <<gp, wake, stack, batch, registered, copy, loaded, inside,
                 scan, promise>>

(* It returns, and so do its followers: their grace periods end here. Each  *)
(* goes online again with an ordinary step.                                 *)
WakeFollowers(u) ==
  /\ At(u, "WakeFollowers")
  /\ LET back == batch[u] \cup {u} IN
       /\ pc' = [t \in Reader |-> IF t \in back THEN "Idle" ELSE pc[t]]
       /\ calls' = calls \ back
       /\ before' = IF Watched \in back THEN {} ELSE before
  /\ batch' = [batch EXCEPT ![u] = {}]
  /\ UNCHANGED <<gp, wake, stack, lock, registered, copy, loaded, inside,
                 scan>>

(*---------------------------- the grace period ----------------------------*)
(* The first scan looks at all that are registered: after the number has    *)
(* been raised, or before the phase is flipped.                             *)
FirstGp == IF Passes = 1 THEN gp + 1 ELSE gp
Begin(u) ==
  /\ At(u, "Begin")
  /\ IF registered = {}
       THEN /\ Goto(u, "UnlockGp")
            /\ UNCHANGED <<gp, scan>>
       ELSE /\ gp' = FirstGp
            /\ pass' = 1 /\ visit' = registered /\ round' = registered
            /\ Goto(u, "Scan")
            /\ UNCHANGED snapshot
  /\ UNCHANGED <<wake, sharing, registered, copy, loaded, inside, promise>>

Passed(r) == copy[r] = 0 \/ copy[r] = gp
Waits(r) == Passes = 2 /\ pass = 1 /\ copy[r] = gp
Scan(u) ==
  /\ At(u, "Scan") /\ round # {}
  /\ \E r \in round :
       /\ round' = round \ {r}
       /\ visit' = IF Passed(r) THEN visit \ {r} ELSE visit
       /\ snapshot' = IF Waits(r) THEN snapshot \cup {r} ELSE snapshot
  /\ UNCHANGED <<gp, wake, sharing, registered, copy, loaded, inside, pass,
                 promise, pc>>

(* After an unsuccessful round it may look again immediately, or say that   *)
(* it waits: first the futex, then which readers should wake it, then       *)
(* another look.                                                            *)
NextStep == IF pass = Passes THEN "UnlockGp" ELSE "Flip"
ScanEnd(u) ==
  /\ At(u, "Scan") /\ round = {}
  /\ IF visit = {}
       THEN /\ futex' = 0
            /\ pass' = IF NextStep = "Flip" THEN pass ELSE 0
            /\ Goto(u, NextStep)
       ELSE /\ Goto(u, IF futex = -1 THEN "Sleep" ELSE "Again")
            /\ UNCHANGED <<futex, pass>>
  /\ UNCHANGED <<gp, waiting, sharing, registered, copy, loaded, inside,
                 visit, round, snapshot, promise>>

Again(u) ==
  /\ At(u, "Again")
  /\ \/ /\ round' = visit /\ Goto(u, "Scan") /\ UNCHANGED futex
     \/ /\ futex' = -1 /\ Goto(u, "AskToWake") /\ UNCHANGED round
  /\ UNCHANGED <<gp, waiting, sharing, registered, copy, loaded, inside,
                 pass, visit, snapshot, promise>>

AskToWake(u) ==
  /\ At(u, "AskToWake")
  /\ waiting' = waiting \cup visit
  /\ round' = visit
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<gp, futex, sharing, registered, copy, loaded, inside, pass,
                 visit, snapshot, promise>>

Sleep(u) ==
  /\ At(u, "Sleep")
  /\ Goto(u, IF futex = -1 THEN "Asleep" ELSE "Again")
  /\ UNCHANGED <<gp, wake, sharing, registered, copy, loaded, inside, scan,
                 promise>>

Other == 3 - gp            \* the other phase
Flip(u) ==
  /\ At(u, "Flip")
  /\ gp' = Other
  /\ pass' = 2 /\ visit' = snapshot /\ round' = snapshot /\ snapshot' = {}
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<wake, sharing, registered, copy, loaded, inside, promise>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ gp = 1 /\ futex = 0 /\ waiting = {}
  /\ stack = {} /\ lock = Nobody /\ batch = [u \in Writer |-> {}]
  /\ registered = {}
  /\ copy = [r \in Reader |-> 0] /\ loaded = [r \in Reader |-> 0]
  /\ inside = {}
  /\ pass = 0 /\ visit = {} /\ round = {} /\ snapshot = {}
  /\ before = {} /\ calls = {}
  /\ pc = [r \in Reader |-> "Idle"]

(* What a thread has to finish once it has begun it.                        *)
Finish(r) == \/ Quiesce(r) \/ GoOnline(r) \/ LoadWaiting(r)
             \/ ClearWaiting(r) \/ LoadFutex(r) \/ ClearFutex(r) \/ Wake(r)
Synchronize(u) == \/ OfflineToWait(u) \/ Push(u) \/ LockGp(u) \/ PopAll(u)
                  \/ Begin(u) \/ Scan(u) \/ ScanEnd(u) \/ Again(u)
                  \/ AskToWake(u) \/ Sleep(u) \/ Flip(u) \/ UnlockGp(u)
                  \/ WakeFollowers(u)
ReaderStep(r) == \/ Enter(r) \/ Leave(r) \/ LoadGp(r) \/ GoOffline(r)
                 \/ Register(r) \/ Unregister(r) \/ Finish(r)
Next == \/ \E r \in Reader : ReaderStep(r)
        \/ \E u \in Writer : Publish(u) \/ Synchronize(u)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ gp \in Nat \ {0} /\ (Passes = 2 => gp \in {1, 2})
  /\ futex \in {-1, 0} /\ waiting \subseteq Reader
  /\ stack \subseteq Writer /\ lock \in Writer \cup {Nobody}
  /\ batch \in [Writer -> SUBSET Writer]
  /\ registered \subseteq Reader /\ inside \subseteq Reader
  /\ copy \in [Reader -> Nat] /\ loaded \in [Reader -> Nat]
  /\ pass \in 0..2 /\ visit \subseteq registered /\ round \subseteq visit
  /\ snapshot \subseteq registered
  /\ before \subseteq Reader /\ calls \subseteq Writer

(* Only threads that are registered and online read.                        *)
ReadersAreOnline == \A r \in inside : r \in registered /\ Online(r)

(* The leader looks only at threads that are on the registry: the memory of *)
(* another may be gone.                                                     *)
OnlyTheRegisteredAreAsked == visit \cup snapshot \subseteq registered

(* Whoever waits, as a leader or led by another, is offline meanwhile.      *)
WaitersAreOffline ==
  \A u \in Writer : At(u, "Follow") \/ At(u, "Asleep") => ~Online(u)

(* When nobody leads, nothing is left of the last grace period.             *)
NothingIsLeft ==
  lock = Nobody =>
    /\ futex = 0 /\ pass = 0
    /\ visit = {} /\ round = {} /\ snapshot = {}

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

(* A follower has a leader: it is in somebody's batch, or on the stack of   *)
(* one that is yet to take it.                                              *)
FollowersAreLed ==
  \A u \in Writer : At(u, "Follow") =>
    \/ \E v \in Writer : u \in batch[v]
    \/ u \in stack /\ \E v \in stack : pc[v] \in {"LockGp", "PopAll"}

(* No call returns while a reader is inside that was inside at its start.   *)
Returns == Watched \in calls \ calls'
NoEarlyEnd == [][Returns => before = {}]_vars

(* A call is a grace period of its own, whoever leads it. All updaters run  *)
(* the same code: what holds for the first holds for each.                  *)
Abstract == INSTANCE GracePeriod
              WITH running <- Watched \in calls, waits <- before
RefinesGracePeriod == Abstract!Spec

(*----------------------------- it comes to an end -------------------------*)
(* As in Qsbr. No lock has to be fair: whoever comes while a leader is yet  *)
(* to take the stack is led by that one, so at most one waits for the lock. *)
FairSpec == /\ Spec
            /\ \A u \in Writer : WF_vars(Synchronize(u))
            /\ \A r \in Reader : WF_vars(Finish(r)) /\ WF_vars(Leave(r))
            /\ \A r \in Reader : SF_vars(LoadGp(r))
GracePeriodEnds == \A u \in Writer : u \in calls ~> u \notin calls

(*--------------------------- any number of updates ------------------------*)
(* A copy matters only by whether it is 0, equal to gp, or another. (With a *)
(* phase there is only one other.)                                          *)
Age(n) == IF n = 0 THEN "none" ELSE IF n = gp THEN "current" ELSE "old"
Any == <<wake, sharing, registered, [r \in Reader |-> Age(copy[r])],
         [r \in Reader |-> Age(loaded[r])], inside, scan, promise, pc>>
============================================================================
