------------------------- MODULE SignalReadsMutants --------------------------
(* SignalReads with one step changed. Here is why one word has to say both  *)
(* whether a thread is inside and since when: with two words there is no    *)
(* order of the two stores that a handler may interrupt.                    *)
EXTENDS SignalReads

(* The count first: a handler in between takes itself for an inner section, *)
(* and nobody has announced anything.                                       *)
LoadOwnAndCount(l) ==
  /\ At(l, "Idle")
  /\ seen' = [seen EXCEPT ![l] = count]
  /\ count' = 1
  /\ Goto(l, IF count = 0 THEN "LoadGp" ELSE "Inside")
  /\ UNCHANGED <<gp, waiting, number, top, loaded, before, updater>>

(* The announcement first: a handler in between takes itself for the        *)
(* outermost, and clears what has been announced when it leaves.            *)
AnnounceOnly(l) ==
  /\ At(l, "Announce")
  /\ number' = loaded[l]
  /\ loaded' = [loaded EXCEPT ![l] = 0]
  /\ Goto(l, "StoreMore")
  /\ UNCHANGED <<gp, waiting, count, top, seen, before, updater>>

(* The announcement is ended before the count: a handler in between takes   *)
(* itself for an inner section.                                             *)
ClearNumber(l) ==
  /\ At(l, "Inside")
  /\ IF seen[l] = 0 THEN number' = 0 /\ Goto(l, "StoreLess")
                    ELSE UNCHANGED number /\ Goto(l, "Done")
  /\ before' = before \ {l}
  /\ UNCHANGED <<gp, waiting, count, top, seen, loaded, updater>>
ClearCount(l) ==
  /\ At(l, "StoreLess")
  /\ count' = 0
  /\ seen' = [seen EXCEPT ![l] = 0]
  /\ Goto(l, "LoadWaiting")
  /\ UNCHANGED <<gp, waiting, number, top, loaded, before, updater>>
InsideOnly == {l \in Level : pc[l] = "Inside"}

(* The token is kept in a variable of the thread, where the handler's       *)
(* overwrites it.                                                           *)
TokenOfThread(l) == 1

(* An inner lock announces afresh: the outer section looks younger.         *)
StoreMoreAndAnnounce(l) ==
  /\ At(l, "StoreMore")
  /\ number' = gp
  /\ count' = seen[l] + 1
  /\ Goto(l, "Inside")
  /\ UNCHANGED <<gp, waiting, top, seen, loaded, before, updater>>

(* The updater says that it waits, and does not look again.                 *)
SetThenSleep ==
  /\ updater = "SetWaiting"
  /\ waiting' = 1
  /\ updater' = "Sleep"
  /\ UNCHANGED <<gp, word, top, seen, loaded, before, pc>>

(* The updater need not wait any more, and does not say so.                 *)
StopWaitingSilently ==
  /\ updater = "StopWaiting"
  /\ updater' = "Return"
  /\ UNCHANGED <<gp, waiting, word, top, seen, loaded, before, pc>>
============================================================================
