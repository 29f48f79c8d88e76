------------------------- MODULE QsbrSharedMutants ---------------------------
(* QsbrShared with one step changed. Each operator here takes the place of  *)
(* one of QsbrShared's in a claim's configuration, and the claim says which *)
(* promise breaks; one, TwoFlips, breaks none.                              *)
EXTENDS QsbrShared

(* Only the one that leads goes offline. Its followers are online, silent,  *)
(* and waited for.                                                          *)
PublishOnline(u) ==
  /\ At(u, "Idle") /\ u \notin inside
  /\ Passes = 2 \/ gp <= Updates
  /\ calls' = calls \cup {u}
  /\ before' = IF u = Watched THEN inside ELSE before
  /\ Goto(u, "Push")
  /\ UNCHANGED <<gp, wake, sharing, registered, copy, loaded, inside, scan>>
PushThenOffline(u) ==
  /\ At(u, "Push")
  /\ stack' = stack \cup {u}
  /\ Goto(u, IF stack # {} THEN "Follow"
             ELSE IF Online(u) THEN "OfflineToWait" ELSE "LockGp")
  /\ UNCHANGED <<gp, wake, lock, batch, registered, copy, loaded, inside,
                 scan, promise>>
OfflineThenLock == "LockGp"

(* Nobody goes offline.                                                     *)
PushOnline(u) ==
  /\ At(u, "Push")
  /\ stack' = stack \cup {u}
  /\ Goto(u, IF stack # {} THEN "Follow" ELSE "LockGp")
  /\ UNCHANGED <<gp, wake, lock, batch, registered, copy, loaded, inside,
                 scan, promise>>

(* It goes offline without checking whether it should wake somebody, whom   *)
(* it then follows, or whose lock it waits for.                             *)
OfflineWithoutWake(u) ==
  /\ At(u, "OfflineToWait")
  /\ copy' = [copy EXCEPT ![u] = 0]
  /\ Goto(u, "Push")
  /\ UNCHANGED <<gp, wake, sharing, registered, loaded, inside, scan,
                 promise>>

(* No barrier where a thread goes online: a section may begin while the     *)
(* store is still on its way, and others take the thread to be offline.     *)
EnterMeanwhile(r) == pc[r] \in {"Idle", "GoOnline"}
                     /\ (Online(r) \/ At(r, "GoOnline"))

(* The leader takes its followers when its grace period has ended. Those    *)
(* that have published since the scan are not covered by it.                *)
PopNothing(u) ==
  /\ At(u, "PopAll")
  /\ Goto(u, "Begin")
  /\ UNCHANGED <<gp, wake, sharing, registered, copy, loaded, inside, scan,
                 promise>>
PopAndUnlock(u) ==
  /\ At(u, "UnlockGp")
  /\ lock' = Nobody
  /\ batch' = [batch EXCEPT ![u] = stack]
  /\ stack' = {}
  /\ Goto(u, "WakeFollowers")
  /\ UNCHANGED <<gp, wake, registered, copy, loaded, inside, scan, promise>>

(* An updater that finds a grace period in progress joins it.               *)
PushOrJoin(u) ==
  /\ At(u, "Push")
  /\ IF lock = Nobody
       THEN /\ stack' = stack \cup {u}
            /\ Goto(u, IF stack = {} THEN "LockGp" ELSE "Follow")
            /\ UNCHANGED batch
       ELSE /\ batch' = [batch EXCEPT ![lock] = @ \cup {u}]
            /\ Goto(u, "Follow")
            /\ UNCHANGED stack
  /\ UNCHANGED <<gp, wake, lock, registered, copy, loaded, inside, scan,
                 promise>>

(*----------------------------- with a phase bit ---------------------------*)
(* One scan, after the flip. A copy of two flips ago passes for a new one.  *)
FlippedAtOnce == Other
LastPass == "UnlockGp"

(* One scan, before the flip. Nobody waits for threads that are online with *)
(* the current phase.                                                       *)
FlipAndEnd(u) ==
  /\ At(u, "Flip")
  /\ gp' = Other
  /\ pass' = 0 /\ snapshot' = {}
  /\ Goto(u, "UnlockGp")
  /\ UNCHANGED <<wake, sharing, registered, copy, loaded, inside, visit,
                 round, promise>>

(* Two scans and no flip between them: the second sees what the first saw.  *)
SamePhase == gp

(* The second scan leaves out those that were found online.                 *)
WaitsForNobody(r) == FALSE

(* As it was in 2009: flip, wait for all, flip back, wait for all. One of   *)
(* the two flips makes any copy from before the call look old.              *)
FlipAgain(u) ==
  /\ At(u, "Flip")
  /\ gp' = Other
  /\ pass' = 2 /\ visit' = registered /\ round' = registered
  /\ snapshot' = {}
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<wake, sharing, registered, copy, loaded, inside, promise>>

(*----------------------------- it does happen -----------------------------*)
(* Followers do occur, and one of them was online before it called: the     *)
(* claim that this never happens is violated.                               *)
NobodyFollows == \A u \in Writer : ~(At(u, "Follow") /\ waiting # {})
(* The second scan does have somebody to wait for.                          *)
SecondScanIsEmpty == pass = 2 => visit = {}

(* The leader takes itself alone from the stack, and empties it.            *)
PopItself(u) ==
  /\ At(u, "PopAll")
  /\ batch' = [batch EXCEPT ![u] = {u}]
  /\ stack' = {}
  /\ Goto(u, "Begin")
  /\ UNCHANGED <<gp, wake, lock, registered, copy, loaded, inside, scan,
                 promise>>

(* A snapshot survives the grace period that it was taken in.               *)
FlipKeepsSnapshot(u) ==
  /\ At(u, "Flip")
  /\ gp' = Other
  /\ pass' = 2 /\ visit' = snapshot /\ round' = snapshot
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<wake, sharing, registered, copy, loaded, inside, snapshot,
                 promise>>

(*------------------------ threads leave in the middle ---------------------*)
(* A thread that unregisters stays in the snapshot: the second scan looks   *)
(* into its memory.                                                         *)
UnregisterStays(r) ==
  /\ At(r, "Idle") /\ r \in registered /\ ~Online(r) /\ LockIsFree
  /\ registered' = registered \ {r}
  /\ visit' = visit \ {r}
  /\ UNCHANGED <<gp, wake, sharing, copy, loaded, inside, pass, round,
                 snapshot, promise, pc>>

(* It takes the others with it: the second scan waits for none of them.     *)
UnregisterDropsAll(r) ==
  /\ At(r, "Idle") /\ r \in registered /\ ~Online(r) /\ LockIsFree
  /\ registered' = registered \ {r}
  /\ visit' = visit \ {r}
  /\ snapshot' = {}
  /\ UNCHANGED <<gp, wake, sharing, copy, loaded, inside, pass, round,
                 promise, pc>>

(* Where that matters: thread 1 leads, and is about to sleep in its first   *)
(* scan. It waits for thread 4. Threads 2 and 3 are in the snapshot.        *)
InFirstScan ==
  /\ Readers = 4 /\ Writers = 1 /\ Passes = 2
  /\ gp = 1 /\ futex = -1 /\ waiting = {4}
  /\ stack = {} /\ lock = 1 /\ batch = [u \in Writer |-> {1}]
  /\ registered = {2, 3, 4}
  /\ copy = <<0, 1, 1, 2>> /\ loaded = [r \in Reader |-> 0]
  /\ inside = {2, 3, 4}
  /\ pass = 1 /\ visit = {4} /\ round = {} /\ snapshot = {2, 3}
  /\ before = {2, 3, 4} /\ calls = {1}
  /\ pc = [r \in Reader |-> IF r = 1 THEN "Sleep" ELSE "Idle"]
InFirstScanSpec == InFirstScan /\ [][Next]_vars
============================================================================
