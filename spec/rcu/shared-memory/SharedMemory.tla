---------------------------- MODULE SharedMemory -----------------------------
(* A domain in memory that processes share, when any of them may be killed  *)
(* at any step: the *number* algorithm, grace periods shared as in          *)
(* SharedGracePeriod, a notice in each slot.                                *)
(*                                                                          *)
(* The idea. Nobody but the kernel can say that a thread has run its last   *)
(* instruction. A robust lock makes it say so: the lock is held by a thread *)
(* for as long as it lives, and the kernel marks it "owner died" when the   *)
(* thread is gone. So a reader holds the lock `life` of its slot from       *)
(* registration on, and the updater that leads a grace period holds the     *)
(* lock `leader`. Who waits sleeps with a time limit, since no wake-up      *)
(* comes from the dead; at the limit it tries the lock:                     *)
(*                                                                          *)
(*   busy         the owner lives, or is not yet declared dead: wait on     *)
(*   owner died   it is in no section: end its announcement, which is all   *)
(*                that it has left behind                                   *)
(*                                                                          *)
(* A leader's death undoes nothing: gp, begun and ended only grow, and its  *)
(* successor begins a grace period of its own.                              *)
(*                                                                          *)
(* A thread is a process here. All see a step immediately: ReadSide and     *)
(* WaitWake say what that takes, and RobustList what the kernel's word      *)
(* takes. AcrossProcesses says which barrier reaches another process.       *)
EXTENDS Integers, FiniteSets

CONSTANTS
  Readers,                 \* how many threads read; they are 1..Readers
  Updaters,                \* how many update; they are the numbers after it
  Slots,                   \* how many slots the memory has
  Updates,                 \* how many times each updater updates
  Crashes                  \* how many threads are killed, at any step
ASSUME Readers \in Nat \ {0} /\ Updaters \in Nat \ {0}
ASSUME Slots \in Nat \ {0} /\ Updates \in Nat /\ Crashes \in Nat

Reader  == 1..Readers
Updater == (Readers + 1)..(Readers + Updaters)
Thread  == Reader \cup Updater
Slot    == 1..Slots
None    == -1

(* What a robust lock says: nobody holds it; t, thread t does; -t, it does  *)
(* since the last owner has died, and has not said that all is well again   *)
(* (pthread_mutex_consistent); the owner has died; or nobody can have it    *)
(* any more, since it was unlocked in between (ENOTRECOVERABLE).            *)
Free == 0
Died == Readers + Updaters + 1
Lost == Died + 1
CanTake(lock)   == lock \in {Free, Died}
Taken(lock, t)  == IF lock = Free THEN t ELSE -t
Unlocked(lock)  == IF lock > 0 THEN Free ELSE Lost
HeldBy(lock, t) == lock \in {t, -t}

VARIABLES
  process,                 \* [Thread -> "lives" | "killed" (SIGKILL is on its
                           \*   way, and it may still go on) | "dead" (but
                           \*   the kernel has yet to say so)]
  crashes,                 \* how many may still be killed
  gp,                      \* the number of the current grace period
  begun,                   \* the last grace period that has begun
  ended,                   \* the last grace period that has ended
  leader,                  \* the robust lock of who runs a grace period
  announced,               \* [Slot -> 0 or the number announced there]
  notice,                  \* [Slot -> 1 while an updater waits for it]
  life,                    \* [Slot -> the robust lock of its reader]
  head,                    \* the published pointer: to which cell; each
                           \*   update publishes the next one
  freed,                   \* the cells that have been freed
  slot,                    \* [Reader -> its slot, 0 if not registered]
  number,                  \* [Reader -> number loaded, not yet announced]
  held,                    \* [Reader -> cell it holds a pointer to, or None]
  old,                     \* [Updater -> the cell that it has replaced]
  wants,                   \* [Updater -> the grace period that it needs]
  calls,                   \* [Updater -> how many updates it has to do]
  scanned,                 \* [Updater -> the slot that its scan has come to]
  pc                       \* [Thread -> the step that comes next; "Asleep" in
                           \*   the futex of a slot, "Waits" for a leader]
fate    == <<process, crashes>>
numbers == <<gp, begun, ended>>
memory  == <<head, freed>>
slots   == <<announced, notice, life>>
reader  == <<slot, number, held>>
updater == <<old, wants, calls, scanned>>
\* Lanes: t <= Readers = reader t, t > Readers = updater t, not = slots
vars == <<fate, numbers, leader, slots, memory, reader, updater, pc>>

At(t, step) == pc[t] = step
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]
Runs(t) == process[t] # "dead"
Can(t, step) == Runs(t) /\ At(t, step)

(*---------------------------------- fate ----------------------------------*)
Kill(t) ==
  /\ crashes > 0 /\ process[t] = "lives"
  /\ crashes' = crashes - 1
  /\ process' = [process EXCEPT ![t] = "killed"]
  /\ UNCHANGED <<numbers, leader, slots, memory, reader, updater, pc>>

(* Its last instruction was somewhere. What it had in its registers is      *)
(* gone; what it has written stays.                                         *)
Die(t) ==
  /\ process[t] = "killed"
  /\ process' = [process EXCEPT ![t] = "dead"]
  /\ Goto(t, "Idle")
  /\ IF t \in Reader
     THEN /\ slot' = [slot EXCEPT ![t] = 0]
          /\ number' = [number EXCEPT ![t] = 0]
          /\ held' = [held EXCEPT ![t] = None]
          /\ UNCHANGED updater
     ELSE /\ old' = [old EXCEPT ![t] = None]
          /\ wants' = [wants EXCEPT ![t] = 0]
          /\ scanned' = [scanned EXCEPT ![t] = 0]
          /\ UNCHANGED <<calls, reader>>
  /\ UNCHANGED <<crashes, numbers, leader, slots, memory>>

(* The kernel goes through the robust locks of the dead, one by one.        *)
Declarable(t) == process[t] = "dead"
Declare(t) ==
  /\ Declarable(t)
  /\ \/ /\ HeldBy(leader, t)
        /\ leader' = Died
        /\ UNCHANGED life
     \/ \E s \in Slot : /\ HeldBy(life[s], t)
                        /\ life' = [life EXCEPT ![s] = Died]
                        /\ UNCHANGED leader
  /\ UNCHANGED <<fate, numbers, announced, notice, memory, reader, updater,
                 pc>>

(* A new process in the place of the old one.                               *)
Restart(t) ==
  /\ process[t] = "dead"
  /\ ~HeldBy(leader, t) /\ \A s \in Slot : ~HeldBy(life[s], t)
  /\ process' = [process EXCEPT ![t] = "lives"]
  /\ UNCHANGED <<crashes, numbers, leader, slots, memory, reader, updater,
                 pc>>

(*------------------------------ registration ------------------------------*)
(* A slot is claimed by its lock. If the last owner has died, perhaps in a  *)
(* section, its announcement is ended first, and who waits for it is woken. *)
(* A claimer that dies in between leaves the lock as it found it.           *)
Claim(r) ==
  /\ Can(r, "Idle") /\ slot[r] = 0
  /\ \E s \in Slot :
       /\ CanTake(life[s])
       /\ life' = [life EXCEPT ![s] = Taken(@, r)]
       /\ slot' = [slot EXCEPT ![r] = s]
       /\ Goto(r, IF life[s] = Died THEN "ClearDead" ELSE "Idle")
  /\ UNCHANGED <<fate, numbers, leader, announced, notice, memory, number,
                 held, updater>>

ClearDead(r) ==
  /\ Can(r, "ClearDead")
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ Goto(r, "WakeDead")
  /\ UNCHANGED <<fate, numbers, leader, notice, life, memory, reader,
                 updater>>

(* Wakes who sleeps in the futex of slot s.                                 *)
WakeAt(s, r, next) ==
  pc' = [t \in Thread |->
           IF t = r THEN next
           ELSE IF t \in Updater /\ At(t, "Asleep") /\ scanned[t] = s
                THEN "Rescan" ELSE pc[t]]
WakeDead(r) ==
  /\ Can(r, "WakeDead")
  /\ WakeAt(slot[r], r, "Consistent")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

Consistent(r) ==
  /\ Can(r, "Consistent")
  /\ life' = [life EXCEPT ![slot[r]] = r]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<fate, numbers, leader, announced, notice, memory, reader,
                 updater>>

Unregister(r) ==
  /\ Can(r, "Idle") /\ slot[r] # 0
  /\ life' = [life EXCEPT ![slot[r]] = Unlocked(@)]
  /\ slot' = [slot EXCEPT ![r] = 0]
  /\ UNCHANGED <<fate, numbers, leader, announced, notice, memory, number,
                 held, updater, pc>>

(*-------------------------------- the reader ------------------------------*)
(* An announcement that stands is taken for that of an outer section, which *)
(* lock and unlock leave alone. Nothing nests here, so none ever does.      *)
LoadGp(r) ==
  /\ Can(r, "Idle") /\ slot[r] # 0 /\ announced[slot[r]] = 0
  /\ number' = [number EXCEPT ![r] = gp]
  /\ Goto(r, "Announce")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, slot, held, updater>>

Announce(r) ==
  /\ Can(r, "Announce")
  /\ announced' = [announced EXCEPT ![slot[r]] = number[r]]
  /\ number' = [number EXCEPT ![r] = 0]
  /\ Goto(r, "Inside")
  /\ UNCHANGED <<fate, numbers, leader, notice, life, memory, slot, held,
                 updater>>

Dereference(r) ==
  /\ Can(r, "Inside") /\ held[r] = None
  /\ held' = [held EXCEPT ![r] = head]
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, slot, number, updater,
                 pc>>

Unlock(r) ==
  /\ Can(r, "Inside")
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ held' = [held EXCEPT ![r] = None]
  /\ Goto(r, "LoadNotice")
  /\ UNCHANGED <<fate, numbers, leader, notice, life, memory, slot, number,
                 updater>>

LoadNotice(r) ==
  /\ Can(r, "LoadNotice")
  /\ Goto(r, IF notice[slot[r]] = 0 THEN "Idle" ELSE "ClearNotice")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

ClearNotice(r) ==
  /\ Can(r, "ClearNotice")
  /\ notice' = [notice EXCEPT ![slot[r]] = 0]
  /\ Goto(r, "Wake")
  /\ UNCHANGED <<fate, numbers, leader, announced, life, memory, reader,
                 updater>>

Wake(r) ==
  /\ Can(r, "Wake")
  /\ WakeAt(slot[r], r, "Idle")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

(*-------------------------------- the updater -----------------------------*)
Publish(u) ==
  /\ Can(u, "Idle") /\ calls[u] > 0
  /\ calls' = [calls EXCEPT ![u] = @ - 1]
  /\ old' = [old EXCEPT ![u] = head]
  /\ head' = head + 1
  /\ Goto(u, "Snapshot")
  /\ UNCHANGED <<fate, numbers, leader, slots, freed, reader, wants,
                 scanned>>

Snapshot(u) ==
  /\ Can(u, "Snapshot")
  /\ wants' = [wants EXCEPT ![u] = begun + 1]
  /\ Goto(u, "Look")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, old, calls,
                 scanned>>

(* It has ended, whoever has run it.                                        *)
Share(u) ==
  /\ Can(u, "Look") /\ ended >= wants[u]
  /\ wants' = [wants EXCEPT ![u] = 0]
  /\ Goto(u, "Free")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, old, calls,
                 scanned>>

Lead(u) ==
  /\ Can(u, "Look") /\ ended < wants[u] /\ CanTake(leader)
  /\ leader' = Taken(leader, u)
  /\ Goto(u, IF leader = Died THEN "ClearNotices" ELSE "Begin")
  /\ UNCHANGED <<fate, numbers, slots, memory, reader, updater>>

(* Another leads. It will ring a bell, if it lives so long.                 *)
Follow(u) ==
  /\ Can(u, "Look") /\ ended < wants[u] /\ ~CanTake(leader)
  /\ Goto(u, "Waits")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

FollowLimit(u) ==
  /\ Can(u, "Waits")
  /\ Goto(u, "Look")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

(* A successor. What the dead leader was waiting for is nobody's notice.    *)
ClearNotices(u) ==
  /\ Can(u, "ClearNotices")
  /\ notice' = [s \in Slot |-> 0]
  /\ Goto(u, "ConsistentLeader")
  /\ UNCHANGED <<fate, numbers, leader, announced, life, memory, reader,
                 updater>>

ConsistentLeader(u) ==
  /\ Can(u, "ConsistentLeader")
  /\ leader' = u
  /\ Goto(u, "Begin")
  /\ UNCHANGED <<fate, numbers, slots, memory, reader, updater>>

(* A number that a dead leader has used is used up: a grace period ends for *)
(* all numbers up to its own.                                               *)
Begin(u) ==
  /\ Can(u, "Begin")
  /\ begun' = begun + 1
  /\ Goto(u, "Raise")
  /\ UNCHANGED <<fate, gp, ended, leader, slots, memory, reader, updater>>

Raise(u) ==                                         \* E, then the new number
  /\ Can(u, "Raise")
  /\ gp' = gp + 1
  /\ scanned' = [scanned EXCEPT ![u] = 1]
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<fate, begun, ended, leader, slots, memory, reader, old,
                 wants, calls>>

Quiescent(s) == announced[s] = 0 \/ announced[s] >= gp
Advance(u) ==
  IF scanned[u] < Slots
    THEN scanned' = [scanned EXCEPT ![u] = @ + 1] /\ Goto(u, "Scan")
    ELSE scanned' = [scanned EXCEPT ![u] = 0] /\ Goto(u, "End")

Scan(u) ==
  /\ Can(u, "Scan")
  /\ IF Quiescent(scanned[u])
     THEN Advance(u)
     ELSE Goto(u, "SetNotice") /\ UNCHANGED scanned
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, old, wants,
                 calls>>

SetNotice(u) ==                                     \* then I
  /\ Can(u, "SetNotice")
  /\ notice' = [notice EXCEPT ![scanned[u]] = 1]
  /\ Goto(u, "Rescan")
  /\ UNCHANGED <<fate, numbers, leader, announced, life, memory, reader,
                 updater>>

Rescan(u) ==
  /\ Can(u, "Rescan")
  /\ Goto(u, IF Quiescent(scanned[u]) THEN "StopNotice" ELSE "Sleep")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

Sleep(u) ==
  /\ Can(u, "Sleep")
  /\ Goto(u, IF notice[scanned[u]] = 1 THEN "Asleep" ELSE "SetNotice")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

Limit(u) ==
  /\ Can(u, "Asleep")
  /\ Goto(u, "TryLife")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

TryLife(u) ==
  /\ Can(u, "TryLife")
  /\ LET s == scanned[u] IN
     IF CanTake(life[s])
     THEN /\ life' = [life EXCEPT ![s] = Taken(@, u)]
          /\ Goto(u, "Bury")
     ELSE /\ Goto(u, "Rescan")
          /\ UNCHANGED life
  /\ UNCHANGED <<fate, numbers, leader, announced, notice, memory, reader,
                 updater>>

(* Who holds the lock of a slot and does not read there may end what is     *)
(* announced there.                                                         *)
Bury(u) ==
  /\ Can(u, "Bury")
  /\ announced' = [announced EXCEPT ![scanned[u]] = 0]
  /\ Goto(u, IF life[scanned[u]] = u THEN "Leave" ELSE "ConsistentDead")
  /\ UNCHANGED <<fate, numbers, leader, notice, life, memory, reader,
                 updater>>

ConsistentDead(u) ==
  /\ Can(u, "ConsistentDead")
  /\ life' = [life EXCEPT ![scanned[u]] = u]
  /\ Goto(u, "Leave")
  /\ UNCHANGED <<fate, numbers, leader, announced, notice, memory, reader,
                 updater>>

Leave(u) ==
  /\ Can(u, "Leave")
  /\ life' = [life EXCEPT ![scanned[u]] = Unlocked(@)]
  /\ Goto(u, "Rescan")
  /\ UNCHANGED <<fate, numbers, leader, announced, notice, memory, reader,
                 updater>>

StopNotice(u) ==
  /\ Can(u, "StopNotice")
  /\ notice' = [notice EXCEPT ![scanned[u]] = 0]
  /\ Advance(u)
  /\ UNCHANGED <<fate, numbers, leader, announced, life, memory, reader, old,
                 wants, calls>>

End(u) ==                                           \* H comes before
  /\ Can(u, "End")
  /\ ended' = begun
  /\ Goto(u, "Release")
  /\ UNCHANGED <<fate, gp, begun, leader, slots, memory, reader, updater>>

Release(u) ==
  /\ Can(u, "Release")
  /\ leader' = Unlocked(leader)
  /\ Goto(u, "Ring")
  /\ UNCHANGED <<fate, numbers, slots, memory, reader, updater>>

Ring(u) ==
  /\ Can(u, "Ring")
  /\ pc' = [t \in Thread |-> IF t = u \/ At(t, "Waits") THEN "Look"
                                                       ELSE pc[t]]
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

FreeOld(u) ==
  /\ Can(u, "Free")
  /\ freed' = freed \cup {old[u]}
  /\ old' = [old EXCEPT ![u] = None]
  /\ Goto(u, "Idle")
  /\ UNCHANGED <<fate, numbers, leader, slots, head, reader, wants, calls,
                 scanned>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ process = [t \in Thread |-> "lives"] /\ crashes = Crashes
  /\ gp = 1 /\ begun = 0 /\ ended = 0
  /\ leader = Free
  /\ announced = [s \in Slot |-> 0]
  /\ notice = [s \in Slot |-> 0]
  /\ life = [s \in Slot |-> Free]
  /\ head = 0 /\ freed = {}
  /\ slot = [r \in Reader |-> 0]
  /\ number = [r \in Reader |-> 0]
  /\ held = [r \in Reader |-> None]
  /\ old = [u \in Updater |-> None]
  /\ wants = [u \in Updater |-> 0]
  /\ calls = [u \in Updater |-> Updates]
  /\ scanned = [u \in Updater |-> 0]
  /\ pc = [t \in Thread |-> "Idle"]

Fate(t) == Kill(t) \/ Die(t) \/ Declare(t) \/ Restart(t)
ReaderStep(r) ==
  \/ Claim(r) \/ ClearDead(r) \/ WakeDead(r) \/ Consistent(r)
  \/ Unregister(r)
  \/ LoadGp(r) \/ Announce(r) \/ Dereference(r) \/ Unlock(r)
  \/ LoadNotice(r) \/ ClearNotice(r) \/ Wake(r)
Synchronize(u) ==
  \/ Snapshot(u) \/ Share(u) \/ Lead(u) \/ Follow(u) \/ FollowLimit(u)
  \/ ClearNotices(u) \/ ConsistentLeader(u)
  \/ Begin(u) \/ Raise(u) \/ Scan(u) \/ SetNotice(u) \/ Rescan(u)
  \/ Sleep(u) \/ Limit(u)
  \/ TryLife(u) \/ Bury(u) \/ ConsistentDead(u) \/ Leave(u)
  \/ StopNotice(u) \/ End(u) \/ Release(u) \/ Ring(u)
Next == \/ \E t \in Thread : Fate(t)
        \/ \E r \in Reader : ReaderStep(r)
        \/ \E u \in Updater : Publish(u) \/ Synchronize(u) \/ FreeOld(u)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
Lock == -(Readers + Updaters)..Lost
TypeOK ==
  /\ process \in [Thread -> {"lives", "killed", "dead"}]
  /\ crashes \in 0..Crashes
  /\ gp \in Nat \ {0} /\ begun \in Nat /\ ended \in 0..begun
  /\ leader \in Lock
  /\ announced \in [Slot -> Nat] /\ notice \in [Slot -> {0, 1}]
  /\ life \in [Slot -> Lock]
  /\ head \in Nat /\ freed \subseteq 0..(head - 1)
  /\ slot \in [Reader -> 0..Slots] /\ number \in [Reader -> Nat]
  /\ held \in [Reader -> 0..head \cup {None}]
  /\ old \in [Updater -> 0..head \cup {None}]
  /\ wants \in [Updater -> Nat] /\ calls \in [Updater -> 0..Updates]
  /\ scanned \in [Updater -> 0..Slots]
  /\ DOMAIN pc = Thread

(* Nobody who can still take a step holds a pointer to what is freed.       *)
NoUseAfterFree == \A r \in Reader : held[r] \notin freed

(* A reader that runs has a slot to itself.                                 *)
SlotsAreOwned ==
  \A r \in Reader : slot[r] # 0 => HeldBy(life[slot[r]], r)

(* What nobody holds announces nothing; no slot and no leader's lock is     *)
(* ever beyond repair.                                                      *)
FreeIsQuiescent == \A s \in Slot : life[s] = Free => announced[s] = 0
NothingIsLost == leader # Lost /\ \A s \in Slot : life[s] # Lost

(* One leads at a time, and numbers are used once.                          *)
Leads(u) ==
  pc[u] \in {"ClearNotices", "ConsistentLeader", "Begin", "Raise", "Scan",
             "SetNotice", "Rescan", "Sleep", "Asleep", "TryLife", "Bury",
             "ConsistentDead", "Leave", "StopNotice", "End", "Release"}
OneLeads == \A u \in Updater : Leads(u) => HeldBy(leader, u)
NumbersGrow == [][gp' >= gp /\ begun' >= begun /\ ended' >= ended]_vars

(* A notice stands only under a grace period, so no reader makes a system   *)
(* call for nobody. (A dead leader's notices stand until its successor.)    *)
NoNoticeForNobody == leader = Free => \A s \in Slot : notice[s] = 0

(*------------------------------ it comes to an end ------------------------*)
(* Crashes come to an end, since they are counted. Of the rest: an updater  *)
(* goes on, and so its time limits pass; a reader that has begun something  *)
(* finishes it, and leaves its section; who is killed dies, and the kernel  *)
(* says so. Nobody need be restarted, and nobody need register.             *)
Leaves(r) ==
  \/ ClearDead(r) \/ WakeDead(r) \/ Consistent(r)
  \/ Announce(r) \/ Unlock(r)
  \/ LoadNotice(r) \/ ClearNotice(r) \/ Wake(r)
FairLife ==
  \A t \in Thread : WF_vars(Die(t)) /\ WF_vars(Declare(t))
Fairness ==
  /\ FairLife
  /\ \A u \in Updater : WF_vars(Synchronize(u))
  /\ \A r \in Reader : WF_vars(Leaves(r))
FairSpec == Spec /\ Fairness

(* An updater that calls returns, or is killed itself.                      *)
GracePeriodEnds ==
  \A u \in Updater :
    At(u, "Snapshot") ~> (At(u, "Free") \/ process[u] # "lives")

(* A slot does not stay with the dead: it can be claimed again.             *)
SlotsComeBack ==
  \A s \in Slot : \A t \in Thread :
    (HeldBy(life[s], t) /\ process[t] = "dead") ~> ~HeldBy(life[s], t)

(*------------------------------ it does happen ----------------------------*)
(* Claims that say "allowed" of these show that the others are not vacuous. *)
NobodyIsBuried == ~(\E u \in Updater : At(u, "Bury") /\ life[scanned[u]] = -u
                                       /\ announced[scanned[u]] # 0)
NobodySucceeds == \A u \in Updater : ~At(u, "ConsistentLeader")
NobodyTakesOver == ~(\E r \in Reader : At(r, "ClearDead")
                                       /\ announced[slot[r]] # 0)
==============================================================================
