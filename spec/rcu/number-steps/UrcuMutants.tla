----------------------------- MODULE UrcuMutants -----------------------------
(* Urcu with one step changed. Each operator here takes the place of one of *)
(* Urcu's in a claim's configuration (`Raise <- RaiseNothing`), and the     *)
(* claim says which promise breaks. So each step of Urcu is known to matter,*)
(* and each promise is known to be able to fail. A few claims hold: there   *)
(* the step is not needed as long as all threads see it immediately, and    *)
(* the claim says what it is for.                                           *)
EXTENDS Urcu

(*------------------------------ registration ------------------------------*)
(* A reader claims the first slot, free or not.                             *)
RegisterTakesAny(r) ==
  /\ At(r, "Idle") /\ slot[r] = 0
  /\ slot' = [slot EXCEPT ![r] = 1]
  /\ owner' = [owner EXCEPT ![1] = r]
  /\ Goto(r, "RaiseUsed")
  /\ UNCHANGED <<numbers, registered, used, memory, slots, reading,
                 updaters>>

(* A reader gives back the slot of another.                                 *)
UnregisterAnother(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ depth[r] = 0
  /\ slot' = [slot EXCEPT ![r] = 0]
  /\ owner' = [owner EXCEPT ![1] = Nobody]
  /\ Goto(r, "RemoveReader")
  /\ UNCHANGED <<numbers, registered, used, memory, slots, reading,
                 updaters>>

(* The reader is counted some time after it has registered, maybe only when *)
(* it is inside its first section (for one reader).                         *)
RaiseUsedAndGo(r) ==
  /\ At(r, "RaiseUsed")
  /\ used' = IF used < slot[r] THEN slot[r] ELSE used
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, registered, owner, slot, memory, slots, reading,
                 updaters>>
AddReaderLater(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ registered = 0
  /\ registered' = 1
  /\ UNCHANGED <<numbers, used, owner, slot, memory, slots, reading,
                 updaters, pc>>

(* The reader is no longer counted while it is still inside its last        *)
(* section.                                                                 *)
RemoveReaderFirst(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ depth[r] = 1
  /\ registered' = registered - 1
  /\ Goto(r, "UnlockAndUnregister")
  /\ UNCHANGED <<numbers, used, owner, slot, memory, slots, reading,
                 updaters>>
UnlockAndUnregister(r) ==
  /\ At(r, "UnlockAndUnregister")
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ depth' = [depth EXCEPT ![r] = 0]
  /\ held' = [held EXCEPT ![r] = None]
  /\ slot' = [slot EXCEPT ![r] = 0]
  /\ owner' = [owner EXCEPT ![slot[r]] = Nobody]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, registered, used, memory, notice, number,
                 updaters>>

(* The reader leaves, and goes on being counted.                            *)
RemoveNobody(r) ==
  /\ At(r, "RemoveReader")
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* The reader is counted, and then it raises the mark.                      *)
CountThenRaise(r) ==
  /\ At(r, "RaiseUsed")
  /\ registered' = registered + 1
  /\ Goto(r, "AddReader")
  /\ UNCHANGED <<numbers, used, owner, slot, memory, slots, reading,
                 updaters>>
RaiseUsedLast(r) ==
  /\ At(r, "AddReader")
  /\ used' = IF used < slot[r] THEN slot[r] ELSE used
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, registered, owner, slot, memory, slots, reading,
                 updaters>>

(* The mark is raised some time after that, maybe only when the reader is   *)
(* inside its first section.                                                *)
CountAndGo(r) ==
  /\ At(r, "AddReader")
  /\ registered' = registered + 1
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, used, owner, slot, memory, slots, reading,
                 updaters>>
RaiseUsedLater(r) ==
  \/ /\ At(r, "RaiseUsed")
     /\ Goto(r, "AddReader")
     /\ UNCHANGED <<numbers, memory, readers, updaters>>
  \/ /\ At(r, "Idle") /\ used < slot[r]
     /\ used' = slot[r]
     /\ UNCHANGED <<numbers, registered, owner, slot, memory, slots, reading,
                    updaters, pc>>

(*------------------------------- the reader -------------------------------*)
(* The reader announces nothing.                                            *)
AnnounceZero(r) ==
  /\ At(r, "Announce")
  /\ number' = [number EXCEPT ![r] = 0]
  /\ depth' = [depth EXCEPT ![r] = @ + 1]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, memory, registry, slots, held, updaters>>

(* An inner lock announces afresh, and the outer section looks younger than *)
(* it is.                                                                   *)
LockNestedOverwrites(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ announced[slot[r]] # 0
  /\ depth[r] < Nesting
  /\ announced' = [announced EXCEPT ![slot[r]] = gp]
  /\ depth' = [depth EXCEPT ![r] = @ + 1]
  /\ UNCHANGED <<numbers, memory, registry, notice, number, held, updaters,
                 pc>>

(* An inner unlock ends the outer section's announcement.                   *)
UnlockNestedClears(r) ==
  /\ At(r, "Idle") /\ depth[r] > 1
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ depth' = [depth EXCEPT ![r] = @ - 1]
  /\ UNCHANGED <<numbers, memory, registry, notice, number, held, updaters,
                 pc>>

(* A reader leaves, and its announcement stands.                            *)
UnlockKeepsAnnouncing(r) ==
  /\ At(r, "Idle") /\ depth[r] = 1
  /\ depth' = [depth EXCEPT ![r] = 0]
  /\ held' = [held EXCEPT ![r] = None]
  /\ Goto(r, "LoadNotice")
  /\ UNCHANGED <<numbers, memory, registry, slots, number, updaters>>

(* The reader leaves without looking at its notice.                         *)
UnlockAndForget(r) ==
  /\ At(r, "Idle") /\ depth[r] = 1
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ depth' = [depth EXCEPT ![r] = 0]
  /\ held' = [held EXCEPT ![r] = None]
  /\ UNCHANGED <<numbers, memory, registry, notice, number, updaters, pc>>

(* The reader looks at its notice before it ends its announcement           *)
(* (UnlockKeepsAnnouncing, and then this).                                  *)
LoadNoticeFirst(r) ==
  /\ At(r, "LoadNotice")
  /\ Goto(r, IF notice[slot[r]] = 0 THEN "Leave" ELSE "LeaveAndWake")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>
LeaveLast(r) ==
  /\ pc[r] \in {"Leave", "LeaveAndWake"}
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ notice' = IF At(r, "Leave") THEN notice
                                 ELSE [notice EXCEPT ![slot[r]] = 0]
  /\ Goto(r, IF At(r, "Leave") THEN "Idle" ELSE "Wake")
  /\ UNCHANGED <<numbers, memory, registry, reading, updaters>>

(* The reader wakes the leader, but its notice stands.                      *)
TakeNothing(r) ==
  /\ At(r, "TakeNotice")
  /\ Goto(r, "Wake")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* The reader takes its notice but wakes nobody.                            *)
WakeNobody(r) ==
  /\ At(r, "Wake")
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* The leader, once woken, does not look again.                             *)
WakeIsEnough(r) ==
  /\ At(r, "Wake")
  /\ pc' = [t \in Thread |-> IF t = r THEN "Idle"
                             ELSE IF t \in Updater /\ SleepsAt(t, slot[r])
                               THEN "ClearNotice"
                             ELSE pc[t]]
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* Nor does it when its sleep has ended for another reason.                 *)
TimeOutIsEnough(u) ==
  /\ At(u, "Asleep")
  /\ Goto(u, "ClearNotice")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* Its sleep has no time limit.                                             *)
NoTimeOut(u) == FALSE

(* The two that follow free nothing early. They also wait for readers that  *)
(* came later, and such readers may come for ever.                          *)
QuiescentOutside(s) == announced[s] = 0
AnnounceStale(r) ==
  /\ At(r, "Announce")
  /\ announced' = [announced EXCEPT ![slot[r]] =
                     IF number[r] > 1 THEN number[r] - 1 ELSE number[r]]
  /\ number' = [number EXCEPT ![r] = 0]
  /\ depth' = [depth EXCEPT ![r] = @ + 1]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, memory, registry, notice, held, updaters>>

(*----------------- before the grace period, and after it ------------------*)
(* The new pointer is published before its cell is filled.                  *)
InitialiseNothing(u) ==
  /\ At(u, "Initialise")
  /\ mine' = [mine EXCEPT ![u] = Lowest({d \in Cell : cell[d] # "live"})]
  /\ Goto(u, "Publish")
  /\ UNCHANGED <<numbers, memory, readers, leading, asking, left, passing>>
FillNow(u) ==
  /\ At(u, "LoadRegistered")
  /\ cell' = [cell EXCEPT ![head] = "live"]
  /\ Goto(u, "LoadBegun")
  /\ UNCHANGED <<numbers, head, readers, updaters>>

(* The new pointer is published after the grace period, not before it.      *)
PublishNothing(u) ==
  /\ At(u, "Publish")
  /\ Goto(u, "LoadRegistered")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>
PublishThenFree(u) ==
  \/ /\ At(u, "Free")
     /\ head' = mine[u]
     /\ mine' = [mine EXCEPT ![u] = head]
     /\ Goto(u, "FreeAfterAll")
     /\ UNCHANGED <<numbers, cell, readers, leading, asking, left, passing>>
  \/ /\ At(u, "FreeAfterAll")
     /\ cell' = [cell EXCEPT ![mine[u]] = "freed"]
     /\ mine' = [mine EXCEPT ![u] = None]
     /\ left' = [left EXCEPT ![u] = @ - 1]
     /\ Goto(u, IF left[u] > 1 THEN "Initialise" ELSE "Done")
     /\ UNCHANGED <<numbers, head, readers, leading, asking, passing>>

(* What has been replaced is freed before the grace period.                 *)
PublishAndFree(u) ==
  \/ /\ At(u, "Publish")
     /\ head' = mine[u]
     /\ mine' = [mine EXCEPT ![u] = head]
     /\ Goto(u, "FreeAtOnce")
     /\ UNCHANGED <<numbers, cell, readers, leading, asking, left, passing>>
  \/ /\ At(u, "FreeAtOnce")
     /\ cell' = [cell EXCEPT ![mine[u]] = "freed"]
     /\ mine' = [mine EXCEPT ![u] = None]
     /\ Goto(u, "LoadRegistered")
     /\ UNCHANGED <<numbers, head, readers, leading, asking, left, passing>>
FreeNothing(u) ==
  /\ At(u, "Free")
  /\ left' = [left EXCEPT ![u] = @ - 1]
  /\ Goto(u, IF left[u] > 1 THEN "Initialise" ELSE "Done")
  /\ UNCHANGED <<numbers, memory, readers, leading, asking, mine, passing>>

(* The updater looks whether anybody is registered, and then publishes.     *)
LookThenPublish(u) ==
  \/ /\ At(u, "Publish")
     /\ Goto(u, IF registered = 0 THEN "PublishAndSkip" ELSE "PublishAndAsk")
     /\ UNCHANGED <<numbers, memory, readers, updaters>>
  \/ /\ pc[u] \in {"PublishAndSkip", "PublishAndAsk"}
     /\ head' = mine[u]
     /\ mine' = [mine EXCEPT ![u] = head]
     /\ Goto(u, IF At(u, "PublishAndSkip") THEN "Free" ELSE "LoadBegun")
     /\ UNCHANGED <<numbers, cell, readers, leading, asking, left, passing>>

(* The updater asks, and then publishes.                                    *)
AskThenPublish(u) ==
  \/ /\ At(u, "Publish")
     /\ want' = [want EXCEPT ![u] = begun + 1]
     /\ Goto(u, "PublishLast")
     /\ UNCHANGED <<numbers, memory, readers, leading, bell, updating,
                    passing>>
  \/ /\ At(u, "PublishLast")
     /\ head' = mine[u]
     /\ mine' = [mine EXCEPT ![u] = head]
     /\ Goto(u, "LoadRegistered")
     /\ UNCHANGED <<numbers, cell, readers, leading, asking, left, passing>>
AskedBefore(u) ==
  /\ At(u, "LoadBegun")
  /\ Goto(u, "LoadDoorbell")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(*------------------------- sharing a grace period -------------------------*)
(* The updater asks for the next grace period to end. It may be in progress.*)
AskForNextToEnd(u) ==
  /\ At(u, "LoadBegun")
  /\ want' = [want EXCEPT ![u] = ended + 1]
  /\ Goto(u, "LoadDoorbell")
  /\ UNCHANGED <<numbers, memory, readers, leading, bell, updating, passing>>

(* It asks for one that begins after the next.                              *)
AskForTheOneAfter(u) ==
  /\ At(u, "LoadBegun")
  /\ want' = [want EXCEPT ![u] = begun + 2]
  /\ Goto(u, "LoadDoorbell")
  /\ UNCHANGED <<numbers, memory, readers, leading, bell, updating, passing>>

(* It looks, and then it listens.                                           *)
ListenLater(u) ==
  \/ /\ At(u, "LoadDoorbell")
     /\ Goto(u, "LoadEnded")
     /\ UNCHANGED <<numbers, memory, readers, updaters>>
  \/ /\ At(u, "LoadDoorbellAtLast")
     /\ bell' = [bell EXCEPT ![u] = doorbell]
     /\ Goto(u, "AddSleeper")
     /\ UNCHANGED <<numbers, memory, readers, leading, want, updating,
                    passing>>
LeadOrListen(u) ==
  /\ At(u, "Lead")
  /\ IF leader = 0
       THEN leader' = 1 /\ Goto(u, "LoadEndedAgain")
       ELSE Goto(u, "LoadDoorbellAtLast") /\ UNCHANGED leader
  /\ UNCHANGED <<numbers, memory, readers, doorbell, sleepers, asking,
                 updating, passing>>

(* It listens and does not look.                                            *)
NeverLook(u) ==
  /\ At(u, "LoadEnded")
  /\ Goto(u, "Lead")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* It leads, whether somebody else does or not.                             *)
LeadAnyway(u) ==
  /\ At(u, "Lead")
  /\ leader' = 1
  /\ bell' = [bell EXCEPT ![u] = None]
  /\ Goto(u, "LoadEndedAgain")
  /\ UNCHANGED <<numbers, memory, readers, doorbell, sleepers, want,
                 updating, passing>>

(* The follower does not count itself.                                      *)
AddNobody(u) ==
  /\ At(u, "AddSleeper")
  /\ Goto(u, "SleepAtDoorbell")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>
RemoveNoSleeper(u) ==
  /\ At(u, "RemoveSleeper")
  /\ Goto(u, "LoadDoorbell")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* It compares the doorbell, counts itself, and then sleeps.                *)
CompareThenCount(u) ==
  /\ At(u, "AddSleeper")
  /\ IF doorbell = bell[u]
       THEN Goto(u, "AddSleeperAndSleep") /\ UNCHANGED sleepers
       ELSE Goto(u, "RemoveSleeper") /\ sleepers' = sleepers + 1
  /\ UNCHANGED <<numbers, memory, readers, leader, doorbell, asking,
                 updating, passing>>
CountAndSleep(u) ==
  /\ At(u, "AddSleeperAndSleep")
  /\ sleepers' = sleepers + 1
  /\ Goto(u, "AsleepAtDoorbell")
  /\ UNCHANGED <<numbers, memory, readers, leader, doorbell, asking,
                 updating, passing>>

(* It sleeps without comparing the doorbell.                                *)
SleepAnyway(u) ==
  /\ At(u, "SleepAtDoorbell")
  /\ Goto(u, "AsleepAtDoorbell")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* It returns as soon as it has been woken.                                 *)
RingIsEnough(u) ==
  /\ At(u, "RemoveSleeper")
  /\ sleepers' = sleepers - 1
  /\ Return(u)
  /\ UNCHANGED <<numbers, memory, readers, leader, doorbell, updating,
                 passing>>

(* The new leader does not look whether another has led meanwhile.          *)
LookNoMore(u) ==
  /\ At(u, "LoadEndedAgain")
  /\ Goto(u, "Begin")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* It looks, and steps down without ringing if there is nothing to do.      *)
LookAndLeave(u) ==
  /\ At(u, "LoadEndedAgain")
  /\ IF ended >= want[u]
       THEN leader' = 0 /\ Return(u)
       ELSE Goto(u, "Begin") /\ UNCHANGED <<leader, asking>>
  /\ UNCHANGED <<numbers, memory, readers, doorbell, sleepers, updating,
                 passing>>

(* The leader does not step down.                                           *)
StepDownNever(u) ==
  /\ At(u, "StepDown")
  /\ Goto(u, "Ring")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* It rings, and then steps down.                                           *)
RingFirst(u) ==
  /\ At(u, "StepDown")
  /\ doorbell' = doorbell + 1
  /\ Goto(u, "Ring")
  /\ UNCHANGED <<numbers, memory, readers, leader, sleepers, asking,
                 updating, passing>>
StepDownLast(u) ==
  /\ At(u, "Ring")
  /\ leader' = 0
  /\ Goto(u, "LoadSleepers")
  /\ UNCHANGED <<numbers, memory, readers, doorbell, sleepers, asking,
                 updating, passing>>

(* It looks for sleepers, and then rings.                                   *)
LookThenRing(u) ==
  \/ /\ At(u, "Ring")
     /\ Goto(u, IF sleepers = 0 THEN "RingAndReturn" ELSE "RingAndWake")
     /\ UNCHANGED <<numbers, memory, readers, updaters>>
  \/ /\ pc[u] \in {"RingAndReturn", "RingAndWake"}
     /\ doorbell' = doorbell + 1
     /\ IF At(u, "RingAndReturn")
          THEN Return(u)
          ELSE Goto(u, "WakeAll") /\ UNCHANGED asking
     /\ UNCHANGED <<numbers, memory, readers, leader, sleepers, updating,
                    passing>>

(* It rings, and wakes nobody.                                              *)
RingAndReturn(u) ==
  /\ At(u, "LoadSleepers")
  /\ Return(u)
  /\ UNCHANGED <<numbers, memory, readers, leading, updating, passing>>

(* It wakes one of those that sleep. (To find that, it is enough if the     *)
(* reader is registered and never reads.)                                   *)
WakeOne(u) ==
  /\ At(u, "WakeAll")
  /\ want' = [want EXCEPT ![u] = 0]
  /\ LET asleep == {t \in Updater : At(t, "AsleepAtDoorbell")}
     IN  pc' = [t \in Thread |-> IF t = u THEN "Free"
                                 ELSE IF t \in asleep /\ t = Lowest(asleep)
                                   THEN "RemoveSleeper"
                                 ELSE pc[t]]
  /\ UNCHANGED <<numbers, memory, readers, leading, bell, updating, passing>>

NeverByReader(r) == FALSE

(*---------------------------- the grace period ----------------------------*)
(* It says that it has begun after its barrier.                             *)
MembarrierFirst(u) ==
  /\ At(u, "Begin")
  /\ Goto(u, "Membarrier")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>
ThenBegin(u) ==
  /\ At(u, "Membarrier")
  /\ begun' = begun + 1
  /\ Goto(u, "Raise")
  /\ UNCHANGED <<gp, ended, memory, readers, updaters>>

(* It says so only after it has raised the number (MembarrierFirst, too).   *)
RaiseThenBegin(u) ==
  \/ /\ At(u, "Raise")
     /\ gp' = begun + 1
     /\ Goto(u, "BeginAtLast")
     /\ UNCHANGED <<begun, ended, memory, readers, updaters>>
  \/ /\ At(u, "BeginAtLast")
     /\ begun' = begun + 1
     /\ Goto(u, "LoadUsed")
     /\ UNCHANGED <<gp, ended, memory, readers, updaters>>

(* No scan after the barrier.                                               *)
MembarrierOnly(u) ==
  /\ At(u, "Membarrier")
  /\ Goto(u, "End")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* A grace period without a number of its own. Readers that came before it  *)
(* have announced as high a number as it looks for.                         *)
RaiseNothing(u) ==
  /\ At(u, "Raise")
  /\ Goto(u, "LoadUsed")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* It says that it has ended when its scan begins.                          *)
RaiseAndEnd(u) ==
  /\ At(u, "Raise")
  /\ gp' = begun
  /\ ended' = begun
  /\ Goto(u, "LoadUsed")
  /\ UNCHANGED <<begun, memory, readers, updaters>>

(* It never says so.                                                        *)
EndUntold(u) ==
  /\ At(u, "End")
  /\ Goto(u, "StepDown")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* The mark is loaded before the barrier.                                   *)
LoadUsedAtBegin(u) ==
  /\ At(u, "Begin")
  /\ begun' = begun + 1
  /\ mark' = used
  /\ Goto(u, "Membarrier")
  /\ UNCHANGED <<gp, ended, memory, readers, leading, asking, updating,
                 scanned, late>>
(* Or even before the grace period begins.                                  *)
LoadUsedBeforeBegin(u) ==
  /\ At(u, "LoadEndedAgain")
  /\ IF ended >= want[u]
       THEN Goto(u, "StepDown") /\ UNCHANGED mark
       ELSE Goto(u, "Begin") /\ mark' = used
  /\ UNCHANGED <<numbers, memory, readers, leading, asking, updating,
                 scanned, late>>
ScanFromOne(u) ==
  /\ At(u, "LoadUsed")
  /\ scanned' = 1
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<numbers, memory, readers, leading, asking, updating, mark,
                 late>>

(* The scan ends one slot too early.                                        *)
LoadUsedLessOne(u) ==
  /\ At(u, "LoadUsed")
  /\ mark' = used - 1
  /\ scanned' = 1
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<numbers, memory, readers, leading, asking, updating, late>>

(* The scan begins at the second slot.                                      *)
ScanFromTwo(u) ==
  /\ At(u, "LoadUsed")
  /\ mark' = used
  /\ scanned' = 2
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<numbers, memory, readers, leading, asking, updating, late>>

(* The scan takes the number before this one for good enough.               *)
QuiescentOneOff(s) == announced[s] = 0 \/ announced[s] + 1 >= gp

(*-------------------------- those that are late ---------------------------*)
(* Nobody waits for them.                                                   *)
EndInstead(u) ==
  /\ At(u, "SetNotice")
  /\ scanned' = 0
  /\ late' = {}
  /\ Goto(u, "End")
  /\ UNCHANGED <<numbers, memory, readers, leading, asking, updating, mark>>

(* Only the first of them is waited for.                                    *)
ClearAndEnd(u) ==
  /\ At(u, "ClearNotice")
  /\ notice' = [s \in Slot |-> 0]
  /\ scanned' = 0
  /\ late' = {}
  /\ Goto(u, "End")
  /\ UNCHANGED <<numbers, memory, registry, announced, reading, leading,
                 asking, updating, mark>>

(* Only one of them gets notice before the barrier.                         *)
SetOneNotice(u) ==
  /\ At(u, "SetNotice")
  /\ notice' = [notice EXCEPT ![scanned] = 1]
  /\ Goto(u, "MembarrierNotice")
  /\ UNCHANGED <<numbers, memory, registry, announced, reading, updaters>>

(* The leader sleeps without looking at the reader again.                   *)
MembarrierThenSleep(u) ==
  /\ At(u, "MembarrierNotice")
  /\ Goto(u, "Sleep")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* It sleeps on when the notice has been taken.                             *)
SleepOn(u) ==
  /\ At(u, "Sleep")
  /\ Goto(u, "Asleep")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* It looks again then, but gives no notice again.                          *)
SleepOrLook(u) ==
  /\ At(u, "Sleep")
  /\ Goto(u, IF notice[scanned] = 1 THEN "Asleep" ELSE "Rescan")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* The notice stands when the reader has left.                              *)
ClearNothing(u) ==
  /\ At(u, "ClearNotice")
  /\ late' = late \ {scanned}
  /\ IF late' = {}
       THEN scanned' = 0 /\ Goto(u, "End")
       ELSE scanned' = Lowest(late') /\ Goto(u, "Rescan")
  /\ UNCHANGED <<numbers, memory, readers, leading, asking, updating, mark>>

(*------ what a mutant breaks that no promise of Urcu says by itself -------*)
(* RefinesGracePeriod without its first state: a claim can name this part.  *)
StartsAtMembarrier == [][Abstract!Next]_(Abstract!vars)

(*---------------------------- what does happen ----------------------------*)
(* Claims that each of these holds are violated.                            *)
NobodyShares ==
  \A u \in Updater : At(u, "LoadEnded") => ended < want[u]
NobodySkips ==
  \A u \in Updater : At(u, "LoadRegistered") /\ used # 0 => registered # 0
NobodyTwice ==
  \A u \in Updater : At(u, "RemoveSleeper") => ended >= want[u]
NobodyLeadsInVain ==
  \A u \in Updater : At(u, "LoadEndedAgain") => ended < want[u]
NoticeFindsItsSection ==
  \A s \in Slot : notice[s] = 1 /\ announced[s] # 0 => ~Quiescent(s)
==============================================================================
