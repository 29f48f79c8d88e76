------------------------------ MODULE UrcuQsbr ------------------------------
(* The number algorithm in the flavour qsbr, step by step: the updaters are *)
(* Urcu's, and the readers say when they are in no section, instead of when *)
(* they are in one.                                                         *)
(*                                                                          *)
(* The idea. A reader that is online counts as inside a section all the     *)
(* time, so entering and leaving one costs nothing. Now and then it passes  *)
(* a quiescent state: it holds nothing, so it looks whether the number has  *)
(* been raised, and if so announces the new one. Before it waits for        *)
(* anything it goes offline, which is the unlock of the other flavours; and *)
(* it comes back as their lock does. So depth is 1 here while a reader is   *)
(* online, and held is what it has found since its last quiescent state.    *)
(*                                                                          *)
(* Between the load of the number and the announcement grace periods may    *)
(* pass, as in Urcu. An announcement that was old news when it was made     *)
(* ends no wait; but the notice has been taken for it (so LateHaveNotice    *)
(* does not hold here), and the leader gives it again: the next quiescent   *)
(* state wakes it.                                                          *)
(*                                                                          *)
(* Qsbr and QsbrShared are about liburcu's algorithm; number-qsbr, among    *)
(* the claims of ReadSide, about the fences: there is no membarrier, so     *)
(* FenceA and FenceC are full fences here, and FenceE is one of the         *)
(* updater's own.                                                           *)
EXTENDS Urcu

(* Registering ends online. This stands for AddReader in the claims.        *)
AddReaderAndGoOn(r) ==
  /\ At(r, "AddReader")
  /\ registered' = registered + 1
  /\ FenceK
  /\ Goto(r, "LoadGp")
  /\ UNCHANGED <<numbers, used, owner, slot, memory, slots, reading,
                 updaters>>

(* It goes online: this stands for LoadGp. Announce is Urcu's.              *)
LoadGpToGoOnline(r) ==
  /\ pc[r] \in {"Idle", "LoadGp"} /\ slot[r] # 0 /\ announced[slot[r]] = 0
  /\ number' = [number EXCEPT ![r] = gp]
  /\ Goto(r, "Announce")
  /\ UNCHANGED <<numbers, memory, registry, slots, depth, held, updaters>>

(* The common answer costs one load of a word that hardly ever changes.     *)
LoadGpAgain(r) ==
  /\ At(r, "Idle") /\ depth[r] = 1
  /\ held' = [held EXCEPT ![r] = None]
  /\ IF announced[slot[r]] = gp
       THEN UNCHANGED <<number, pc>>
       ELSE /\ number' = [number EXCEPT ![r] = gp]
            /\ Goto(r, "AnnounceAgain")
  /\ UNCHANGED <<numbers, memory, registry, slots, depth, updaters>>

AnnounceAgain(r) ==
  /\ At(r, "AnnounceAgain")
  /\ FenceB
  /\ announced' = [announced EXCEPT ![slot[r]] = number[r]]
  /\ number' = [number EXCEPT ![r] = 0]
  /\ Goto(r, "LoadNotice")
  /\ UNCHANGED <<numbers, memory, registry, notice, depth, held, updaters>>

GoOffline(r) ==
  /\ At(r, "Idle") /\ depth[r] = 1
  /\ FenceB
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ depth' = [depth EXCEPT ![r] = 0]
  /\ held' = [held EXCEPT ![r] = None]
  /\ Goto(r, "LoadNotice")
  /\ UNCHANGED <<numbers, memory, registry, notice, number, updaters>>

QsbrReaderStep(r) ==
  \/ Register(r)
  \/ RaiseUsed(r)
  \/ AddReader(r)
  \/ Unregister(r)
  \/ RemoveReader(r)
  \/ LoadGp(r)
  \/ Announce(r)
  \/ LoadGpAgain(r)
  \/ AnnounceAgain(r)
  \/ GoOffline(r)
  \/ LoadNotice(r)
  \/ TakeNotice(r)
  \/ Wake(r)
  \/ Dereference(r)
  \/ Use(r)

QsbrNext == \/ \E u \in Updater : UpdaterStep(u)
            \/ \E r \in Reader : QsbrReaderStep(r)
QsbrSpec == Init /\ [][QsbrNext]_vars

(* A reader that is online has to pass quiescent states for ever. It may    *)
(* stay offline, and nobody waits for it.                                   *)
KeepsQuiet(r) ==
  WF_vars(Announce(r)) /\ SF_vars(LoadGpAgain(r)) /\ WF_vars(AnnounceAgain(r))
QsbrFairness ==
  /\ \A u \in Updater : WF_vars(UpdaterStep(u))
  /\ \A r \in Reader : KeepsQuiet(r) /\ LooksAtItsNotice(r)
FairQsbr == QsbrSpec /\ QsbrFairness

(*------------------------------- refinement -------------------------------*)
(* A quiescent state ends one section and begins another: the first ends    *)
(* with the load of the number, the second begins with the announcement.    *)
Online == {r \in Inside : ~At(r, "AnnounceAgain")}
QsbrAbstract == INSTANCE GracePeriod
                  WITH inside <- Online, waits <- Waits \cap Online,
                       running <- \E u \in Updater : pc[u] \in Running
QsbrRefinesGracePeriod == QsbrAbstract!Spec

(*-------------------------------- mutants ---------------------------------*)
(* A quiescent state looks at no notice.                                    *)
AnnounceSilently(r) ==
  /\ At(r, "AnnounceAgain")
  /\ announced' = [announced EXCEPT ![slot[r]] = number[r]]
  /\ number' = [number EXCEPT ![r] = 0]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, memory, registry, notice, depth, held, updaters>>

(* It is passed while the reader holds what it has found, in the middle of  *)
(* a section say.                                                           *)
LoadGpAndHold(r) ==
  /\ At(r, "Idle") /\ depth[r] = 1
  /\ announced[slot[r]] # gp
  /\ number' = [number EXCEPT ![r] = gp]
  /\ Goto(r, "AnnounceAgain")
  /\ UNCHANGED <<numbers, memory, registry, slots, depth, held, updaters>>

(* The reader goes offline and holds on to it.                              *)
GoOfflineAndHold(r) ==
  /\ At(r, "Idle") /\ depth[r] = 1
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ depth' = [depth EXCEPT ![r] = 0]
  /\ Goto(r, "LoadNotice")
  /\ UNCHANGED <<numbers, memory, registry, notice, number, held, updaters>>

(* Going online is not announced: the reader is inside, and nobody knows.   *)
AnnounceNothing(r) ==
  /\ At(r, "Announce")
  /\ number' = [number EXCEPT ![r] = 0]
  /\ depth' = [depth EXCEPT ![r] = @ + 1]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, memory, registry, slots, held, updaters>>

(* The leader waits for nobody.                                             *)
NeverLate(u) ==
  /\ At(u, "Scan")
  /\ late' = late
  /\ Advance(u)
  /\ UNCHANGED <<numbers, memory, readers, leading, asking, updating>>
============================================================================
