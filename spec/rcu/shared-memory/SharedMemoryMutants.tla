------------------------- MODULE SharedMemoryMutants -------------------------
(* SharedMemory with one step changed: mistakes that are easy to make when  *)
(* processes look after each other. Each operator takes the place of one of *)
(* SharedMemory in a claim's configuration.                                 *)
EXTENDS SharedMemory

(*-------------------------- who is taken for dead -------------------------*)
(* Long busy, so it must be dead.                                           *)
BusyMeansDead(u) ==
  /\ Can(u, "TryLife")
  /\ IF CanTake(life[scanned[u]])
     THEN /\ life' = [life EXCEPT ![scanned[u]] = Taken(@, u)]
          /\ Goto(u, "Bury")
          /\ UNCHANGED announced
     ELSE /\ announced' = [announced EXCEPT ![scanned[u]] = 0]
          /\ Goto(u, "Rescan")
          /\ UNCHANGED life
  /\ UNCHANGED <<fate, numbers, leader, notice, memory, reader, updater>>

(* It has been sent SIGKILL, so it must be dead. kill() returns before the  *)
(* last instruction.                                                        *)
KilledMeansDead(u) ==
  /\ Can(u, "TryLife")
  /\ IF \E r \in Reader : /\ HeldBy(life[scanned[u]], r)
                          /\ process[r] = "killed"
     THEN announced' = [announced EXCEPT ![scanned[u]] = 0]
     ELSE UNCHANGED announced
  /\ Goto(u, "Rescan")
  /\ UNCHANGED <<fate, numbers, leader, notice, life, memory, reader,
                 updater>>

(* One thread of a process holds the locks for all. SIGKILL ends a process  *)
(* thread by thread, and the one that holds the lock may be the first.      *)
KeeperDiesFirst(t) == process[t] \in {"killed", "dead"}

(* The slot says who owns it by a pid, without a lock. A new process has    *)
(* the pid of the dead one: somebody of this name exists, so it lives.      *)
Exists(t) == process[t] # "dead"
PidTryLife(u) ==
  /\ Can(u, "TryLife")
  /\ IF \E r \in Reader : HeldBy(life[scanned[u]], r) /\ Exists(r)
     THEN Goto(u, "Rescan") /\ UNCHANGED life
     ELSE /\ life' = [life EXCEPT ![scanned[u]] = u]
          /\ Goto(u, "Bury")
  /\ UNCHANGED <<fate, numbers, leader, announced, notice, memory, reader,
                 updater>>
NobodyDeclares(t) == Declarable(t) /\ FALSE /\ UNCHANGED vars
RestartAtOnce(t) ==
  /\ process[t] = "dead"
  /\ process' = [process EXCEPT ![t] = "lives"]
  /\ UNCHANGED <<crashes, numbers, leader, slots, memory, reader, updater,
                 pc>>

(*------------------------------ who is waited for -------------------------*)
(* The updater sleeps until it is woken, and the dead wake nobody.          *)
NoLimit(u) == Can(u, "Asleep") /\ FALSE /\ UNCHANGED vars

(* So does a follower, and the dead ring no bell.                           *)
NoFollowLimit(u) == Can(u, "Waits") /\ FALSE /\ UNCHANGED vars

(* Neither needs a reader.                                                  *)
NobodyClaims(r) == Can(r, "Idle") /\ FALSE /\ UNCHANGED vars

(*---------------------------- what is left behind -------------------------*)
(* The claimer takes the slot of a dead owner as it is.                     *)
ClaimAsItIs(r) ==
  /\ Can(r, "ClearDead")
  /\ Goto(r, "WakeDead")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

(* The updater says that all is well again, and has done nothing.           *)
UnlockOnly(u) ==
  /\ Can(u, "Bury")
  /\ Goto(u, IF life[scanned[u]] = u THEN "Leave" ELSE "ConsistentDead")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

(* It does what is to be done, and does not say so.                         *)
BuryAndLeave(u) ==
  /\ Can(u, "Bury")
  /\ announced' = [announced EXCEPT ![scanned[u]] = 0]
  /\ Goto(u, "Leave")
  /\ UNCHANGED <<fate, numbers, leader, notice, life, memory, reader,
                 updater>>

(* The same for the leader's lock: nobody can ever lead again.              *)
SucceedSilently(u) ==
  /\ Can(u, "ConsistentLeader")
  /\ Goto(u, "Begin")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

(* It unlocks the slot first, and then ends what is announced there: by now *)
(* that may be the next owner's.                                            *)
LeaveFirst(u) ==
  /\ Can(u, "Bury")
  /\ life' = [life EXCEPT ![scanned[u]] = Free]
  /\ Goto(u, "ConsistentDead")
  /\ UNCHANGED <<fate, numbers, leader, announced, notice, memory, reader,
                 updater>>
BuryLast(u) ==
  /\ Can(u, "ConsistentDead")
  /\ announced' = [announced EXCEPT ![scanned[u]] = 0]
  /\ Goto(u, "Rescan")
  /\ UNCHANGED <<fate, numbers, leader, notice, life, memory, reader,
                 updater>>

(*--------------------------- the leader's successor -----------------------*)
(* It leaves the notices of the dead leader.                                *)
NoticesStay(u) ==
  /\ Can(u, "ClearNotices")
  /\ Goto(u, "ConsistentLeader")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

(* It takes back a grace period that has begun and not ended...             *)
TakesBackBegun(u) ==
  /\ Can(u, "ClearNotices")
  /\ notice' = [s \in Slot |-> 0]
  /\ begun' = ended
  /\ Goto(u, "ConsistentLeader")
  /\ UNCHANGED <<fate, gp, ended, leader, announced, life, memory, reader,
                 updater>>

(* ... or its number: who has announced that one is then taken for young.   *)
TakesBackGp(u) ==
  /\ Can(u, "ClearNotices")
  /\ notice' = [s \in Slot |-> 0]
  /\ gp' = ended + 1
  /\ Goto(u, "ConsistentLeader")
  /\ UNCHANGED <<fate, begun, ended, leader, announced, life, memory, reader,
                 updater>>

(* ... or it ends the one that the dead leader has begun, unscanned.        *)
EndsWhatHasBegun(u) ==
  /\ Can(u, "ClearNotices")
  /\ notice' = [s \in Slot |-> 0]
  /\ ended' = begun
  /\ Goto(u, "ConsistentLeader")
  /\ UNCHANGED <<fate, gp, begun, leader, announced, life, memory, reader,
                 updater>>

(* Where that matters: a leader has died after its Begin. Two followers     *)
(* have asked for this grace period, and a reader holds the first cell.     *)
LeaderHasDied ==
  /\ Readers = 1 /\ Updaters = 3
  /\ process = [t \in Thread |-> "lives"] /\ crashes = Crashes
  /\ gp = 1 /\ begun = 1 /\ ended = 0
  /\ leader = Died
  /\ announced = [s \in Slot |-> IF s = 1 THEN 1 ELSE 0]
  /\ notice = [s \in Slot |-> 0]
  /\ life = [s \in Slot |-> IF s = 1 THEN 1 ELSE Free]
  /\ head = 3 /\ freed = {}
  /\ slot = [r \in Reader |-> 1]
  /\ number = [r \in Reader |-> 0]
  /\ held = [r \in Reader |-> 0]
  /\ old = [u \in Updater |-> IF u = 2 THEN None ELSE u - 3]
  /\ wants = [u \in Updater |-> IF u = 2 THEN 0 ELSE 1]
  /\ calls = [u \in Updater |-> 0]
  /\ scanned = [u \in Updater |-> 0]
  /\ pc = [t \in Thread |-> CASE t = 1 -> "Inside"
                             [] t = 2 -> "Idle"
                             [] OTHER -> "Look"]

(*----------------------------------- fork ---------------------------------*)
(* A child goes on in the slot of its parent, who goes on, too. A robust    *)
(* lock is not inherited.                                                   *)
KeepsParentsSlot(r) ==
  /\ Can(r, "Idle") /\ slot[r] = 0
  /\ \E q \in Reader : slot[q] # 0 /\ slot' = [slot EXCEPT ![r] = slot[q]]
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, number, held, updater,
                 pc>>
ClaimOrKeep(r) ==
  \/ KeepsParentsSlot(r)
  \/ /\ Can(r, "Idle") /\ slot[r] = 0 /\ CanTake(life[1])
     /\ life' = [life EXCEPT ![1] = Taken(@, r)]
     /\ slot' = [slot EXCEPT ![r] = 1]
     /\ Goto(r, IF life[1] = Died THEN "ClearDead" ELSE "Idle")
     /\ UNCHANGED <<fate, numbers, leader, announced, notice, memory, number,
                    held, updater>>

(*--------------------------- two leaders at a time ------------------------*)
(* A follower that has waited long takes the lead from one that lives.      *)
Usurps(u) ==
  /\ Can(u, "Waits")
  /\ leader' = u
  /\ Goto(u, "Begin")
  /\ UNCHANGED <<fate, numbers, slots, memory, reader, updater>>

(*---------------------------- who wakes for the dead ----------------------*)
(* The claimer of a dead owner's slot wakes nobody.                         *)
WakesNobody(r) ==
  /\ Can(r, "WakeDead")
  /\ Goto(r, "Consistent")
  /\ UNCHANGED <<fate, numbers, leader, slots, memory, reader, updater>>

(* With a time limit this only takes longer. Without one even a claimer     *)
(* that wakes is not enough, whoever comes: its wake-up may come when the   *)
(* updater has looked, but is not yet asleep, and the notice still stands.  *)
ClaimedSpec == FairSpec /\ \A r \in Reader : WF_vars(Claim(r))

(* A claimer does wake an updater, so this is violated.                     *)
NoClaimerWakes ==
  [][\A u \in Updater : At(u, "Asleep") /\ pc'[u] = "Rescan" =>
       \A r \in Reader : ~At(r, "WakeDead")]_vars
==============================================================================
