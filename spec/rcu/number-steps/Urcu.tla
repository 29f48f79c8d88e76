-------------------------------- MODULE Urcu --------------------------------
(* User-space RCU as this project implements it, step by step: the *number* *)
(* algorithm in the membarrier flavour. An action of this module is one     *)
(* step point of the C and of the TypeScript code and has the same name     *)
(* there; conformance tests walk this module's state graph and drive both   *)
(* implementations along it.                                                *)
(*                                                                          *)
(* The idea. Grace periods are numbered, and the numbers never wrap around. *)
(* A reader announces the number that it sees when it enters a section, and *)
(* announces 0 when it leaves. An updater that has replaced a pointer makes *)
(* every running reader pass a full barrier (membarrier), raises the number *)
(* to n, and looks at each announcement once: it waits while one is neither *)
(* 0 nor at least n. A reader that announces n has seen the raise, so it    *)
(* comes after the barrier, so it sees the new pointer. One membarrier and  *)
(* one scan are enough; liburcu's *phase* algorithm needs two of each.      *)
(*                                                                          *)
(* Updaters share grace periods. Each asks for the first one that begins    *)
(* after it has published, and returns when that one has ended, whoever has *)
(* run it. No lock stands in front: who finds nobody leading leads, and the *)
(* others sleep at a doorbell. So no call waits for more than two.          *)
(*                                                                          *)
(* A reader that is late finds a notice in its own slot, and it alone has   *)
(* to wake the leader. One more membarrier serves for all that are late.    *)
(* Where no reader is registered there is nothing to wait for, and no       *)
(* interrupt is sent; else the scan ends at the highest slot ever used.     *)
(*                                                                          *)
(* What is left out: here all threads see a step immediately. ReadSide,     *)
(* WaitWake and their neighbours show why that is right on processors that  *)
(* reorder: they check each ordering point of this module on such a         *)
(* machine, under the letter that stands here beside it.                    *)
EXTENDS Naturals, Integers, FiniteSets

CONSTANTS
  Readers,                 \* how many threads read
  Updaters,                \* how many threads update
  Nesting,                 \* how deep sections nest
  Updates                  \* how many times each updater replaces the pointer
ASSUME Readers \in Nat \ {0} /\ Updaters \in Nat \ {0}
ASSUME Nesting \in Nat \ {0} /\ Updates \in Nat

Updater == 0..(Updaters - 1)
Reader  == Updaters..(Updaters + Readers - 1)
Thread  == Updater \cup Reader
Slot    == 1..Readers
Cell    == 0..Updaters     \* the one that is published, and one an updater
Nobody  == 0               \* no reader's number
None    == -1

VARIABLES
  gp,                      \* the number of the current grace period
  begun,                   \* that of the last one that has begun
  ended,                   \* that of the last one that has ended
  leader,                  \* 1 while an updater runs grace periods
  doorbell,                \* the followers' futex word: how often it rang
  sleepers,                \* how many followers sleep, or are about to
  registered,              \* how many readers are registered
  used,                    \* the highest slot that was ever claimed
  head,                    \* the published pointer: which cell it points to
  cell,                    \* [Cell -> "empty" | "live" | "freed"]
  announced,               \* [Slot -> 0 or the number announced there]
  notice,                  \* [Slot -> the leader's futex word there: 1 when
                           \* its reader has to wake the leader]
  owner,                   \* [Slot -> Nobody or the reader that claimed it]
  slot,                    \* [Reader -> its slot, 0 if it has none]
  number,                  \* [Reader -> number loaded, not yet announced]
  depth,                   \* [Reader -> how many sections it is inside]
  held,                    \* [Reader -> cell it holds a pointer to, or None]
  mine,                    \* [Updater -> the cell that it has filled, or
                           \* replaced and not yet freed, or None]
  want,                    \* [Updater -> the grace period it asks for, or 0]
  bell,                    \* [Updater -> the ring it has heard, or None]
  left,                    \* [Updater -> how many updates it has yet to do]
  scanned,                 \* the slot that the leader has come to
  mark,                    \* the slot that the leader's scan ends at
  late,                    \* the slots that the leader waits for
  pc                       \* [Thread -> the step that comes next; "Idle"
                           \* between operations, "Asleep" in a futex]
\* Lanes: u < Updaters = updater u, r >= Updaters = reader r, not = cell
vars == <<gp, begun, ended, leader, doorbell, sleepers, registered, used,
          head, cell, announced, notice, owner, slot, number, depth, held,
          mine, want, bell, left, scanned, mark, late, pc>>

numbers  == <<gp, begun, ended>>
leading  == <<leader, doorbell, sleepers>>
registry == <<registered, used, owner, slot>>
memory   == <<head, cell>>
slots    == <<announced, notice>>
reading  == <<number, depth, held>>
asking   == <<want, bell>>
updating == <<mine, left>>
passing  == <<scanned, mark, late>>
readers  == <<registry, slots, reading>>
updaters == <<leading, asking, updating, passing>>

(* The ordering points, by letter (see letters.json). They are not actions: *)
(* they stand here to say where, in each room, an order has to be kept.     *)
FenceA == TRUE             \* announce -> use; with E
FenceB == TRUE             \* use -> unlock; with H
FenceC == TRUE             \* unlock -> look at the notice; with I
FenceD == TRUE             \* initialise -> publish; with the dereference
FenceE == TRUE             \* publish, begin -> raise and scan; with A
FenceH == TRUE             \* scan -> reclaim; with B, L, M
FenceI == TRUE             \* give notice -> look again; with C
FenceJ == TRUE             \* publish -> who is registered, what has begun;
                           \* with K and E
FenceK == TRUE             \* registered -> announce; with J and E
FenceL == TRUE             \* use -> no longer registered; with H
FenceM == TRUE             \* grace period -> it has ended; with H
FenceN == TRUE             \* count as a sleeper -> the doorbell; with O
FenceO == TRUE             \* ring -> look for sleepers; with N
FenceP == TRUE             \* grace period -> step down; with Q
FenceQ == TRUE             \* lead -> look again, begin; with P
FenceR == TRUE             \* the doorbell -> ended and leader; with O

At(t, step) == pc[t] = step
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]
Lowest(set) == CHOOSE n \in set : \A m \in set : n <= m

(*------------------------------ registration ------------------------------*)
(* A slot is claimed by one compare-and-swap. Before it announces anything, *)
(* a reader is below the mark at which scans end, and counted. Neither side *)
(* needs a lock, and registering never waits for a grace period.            *)
Register(r) ==
  /\ At(r, "Idle") /\ slot[r] = 0
  /\ LET s == Lowest({q \in Slot : owner[q] = Nobody})
     IN  /\ slot' = [slot EXCEPT ![r] = s]
         /\ owner' = [owner EXCEPT ![s] = r]
  /\ Goto(r, "RaiseUsed")
  /\ UNCHANGED <<numbers, registered, used, memory, slots, reading,
                 updaters>>

RaiseUsed(r) ==
  /\ At(r, "RaiseUsed")
  /\ used' = IF used < slot[r] THEN slot[r] ELSE used
  /\ Goto(r, "AddReader")
  /\ UNCHANGED <<numbers, registered, owner, slot, memory, slots, reading,
                 updaters>>

AddReader(r) ==
  /\ At(r, "AddReader")
  /\ registered' = registered + 1
  /\ FenceK
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, used, owner, slot, memory, slots, reading,
                 updaters>>

Unregister(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ depth[r] = 0
  /\ slot' = [slot EXCEPT ![r] = 0]
  /\ owner' = [owner EXCEPT ![slot[r]] = Nobody]
  /\ Goto(r, "RemoveReader")
  /\ UNCHANGED <<numbers, registered, used, memory, slots, reading,
                 updaters>>

RemoveReader(r) ==
  /\ At(r, "RemoveReader")
  /\ FenceL
  /\ registered' = registered - 1
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, used, owner, slot, memory, slots, reading,
                 updaters>>

(*------------------------------- the reader -------------------------------*)
(* The outermost lock loads the number and announces it. Between these two  *)
(* steps any number of grace periods may pass, and the announcement is then *)
(* old news. That is harmless: an old number only makes an updater wait     *)
(* when it need not have.                                                   *)
LoadGp(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ announced[slot[r]] = 0
  /\ depth[r] < Nesting
  /\ number' = [number EXCEPT ![r] = gp]
  /\ Goto(r, "Announce")
  /\ UNCHANGED <<numbers, memory, registry, slots, depth, held, updaters>>

Announce(r) ==
  /\ At(r, "Announce")
  /\ announced' = [announced EXCEPT ![slot[r]] = number[r]]
  /\ number' = [number EXCEPT ![r] = 0]
  /\ depth' = [depth EXCEPT ![r] = @ + 1]
  /\ FenceA
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<numbers, memory, registry, notice, held, updaters>>

(* An inner lock finds its own announcement standing and leaves it alone.   *)
(* The token that lock returns remembers that it is an inner one.           *)
LockNested(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ announced[slot[r]] # 0
  /\ depth[r] < Nesting
  /\ depth' = [depth EXCEPT ![r] = @ + 1]
  /\ UNCHANGED <<numbers, memory, registry, slots, number, held, updaters,
                 pc>>

UnlockNested(r) ==
  /\ At(r, "Idle") /\ depth[r] > 1
  /\ depth' = [depth EXCEPT ![r] = @ - 1]
  /\ UNCHANGED <<numbers, memory, registry, slots, number, held, updaters,
                 pc>>

(* Once a section, to keep the graph small: the reader takes the pointer,   *)
(* and may use it until it leaves the outermost section.                    *)
Dereference(r) ==
  /\ At(r, "Idle") /\ depth[r] > 0 /\ held[r] = None
  /\ held' = [held EXCEPT ![r] = head]
  /\ UNCHANGED <<numbers, memory, registry, slots, number, depth, updaters,
                 pc>>

(* A use changes nothing. The implementation must find a live cell in it.   *)
Use(r) ==
  /\ At(r, "Idle") /\ held[r] # None
  /\ UNCHANGED vars

Unlock(r) ==
  /\ At(r, "Idle") /\ depth[r] = 1
  /\ FenceB
  /\ announced' = [announced EXCEPT ![slot[r]] = 0]
  /\ depth' = [depth EXCEPT ![r] = 0]
  /\ held' = [held EXCEPT ![r] = None]
  /\ Goto(r, "LoadNotice")
  /\ UNCHANGED <<numbers, memory, registry, notice, number, updaters>>

(* Does somebody wait for this reader? The common answer costs one load of  *)
(* a word beside its announcement, which hardly ever changes.               *)
LoadNotice(r) ==
  /\ At(r, "LoadNotice")
  /\ FenceC
  /\ Goto(r, IF notice[slot[r]] = 0 THEN "Idle" ELSE "TakeNotice")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

TakeNotice(r) ==
  /\ At(r, "TakeNotice")
  /\ notice' = [notice EXCEPT ![slot[r]] = 0]
  /\ Goto(r, "Wake")
  /\ UNCHANGED <<numbers, memory, registry, announced, reading, updaters>>

(* The leader, if it sleeps at this slot, looks again.                      *)
SleepsAt(u, s) == At(u, "Asleep") /\ scanned = s
Wake(r) ==
  /\ At(r, "Wake")
  /\ pc' = [t \in Thread |-> IF t = r THEN "Idle"
                             ELSE IF t \in Updater /\ SleepsAt(t, slot[r])
                               THEN "Rescan"
                             ELSE pc[t]]
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(*------------------------------ the updater -------------------------------*)
(* It fills a cell that nobody uses, publishes it, waits for a grace        *)
(* period, and frees the cell that it has replaced.                         *)
Initialise(u) ==
  /\ At(u, "Initialise")
  /\ LET c == Lowest({d \in Cell : cell[d] # "live"})
     IN  /\ cell' = [cell EXCEPT ![c] = "live"]
         /\ mine' = [mine EXCEPT ![u] = c]
  /\ Goto(u, "Publish")
  /\ UNCHANGED <<numbers, head, readers, leading, asking, left, passing>>

Publish(u) ==
  /\ At(u, "Publish")
  /\ FenceD
  /\ head' = mine[u]
  /\ mine' = [mine EXCEPT ![u] = head]
  /\ Goto(u, "LoadRegistered")
  /\ UNCHANGED <<numbers, cell, readers, leading, asking, left, passing>>

(* Here synchronize begins: of the readers, those that are inside now must  *)
(* be waited for. If nobody is registered, none is inside, and whoever      *)
(* registers later sees what has been published.                            *)
LoadRegistered(u) ==
  /\ At(u, "LoadRegistered")
  /\ FenceJ
  /\ IF registered = 0
       THEN FenceH /\ Goto(u, "Free")
       ELSE Goto(u, "LoadBegun")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* One in progress is of no use: it may have begun before the update.       *)
LoadBegun(u) ==
  /\ At(u, "LoadBegun")
  /\ want' = [want EXCEPT ![u] = begun + 1]
  /\ Goto(u, "LoadDoorbell")
  /\ UNCHANGED <<numbers, memory, readers, leading, bell, updating, passing>>

(* It listens before it looks: who ends a grace period or steps down after  *)
(* that has yet to ring.                                                    *)
LoadDoorbell(u) ==
  /\ At(u, "LoadDoorbell")
  /\ bell' = [bell EXCEPT ![u] = doorbell]
  /\ FenceR
  /\ Goto(u, "LoadEnded")
  /\ UNCHANGED <<numbers, memory, readers, leading, want, updating, passing>>

(* synchronize returns, and what has been replaced may be freed.            *)
Return(u) ==
  /\ FenceH
  /\ want' = [want EXCEPT ![u] = 0]
  /\ bell' = [bell EXCEPT ![u] = None]
  /\ Goto(u, "Free")

LoadEnded(u) ==
  /\ At(u, "LoadEnded")
  /\ IF ended >= want[u]
       THEN Return(u)
       ELSE Goto(u, "Lead") /\ UNCHANGED asking
  /\ UNCHANGED <<numbers, memory, readers, leading, updating, passing>>

Lead(u) ==
  /\ At(u, "Lead")
  /\ IF leader = 0
       THEN /\ FenceQ
            /\ leader' = 1
            /\ bell' = [bell EXCEPT ![u] = None]
            /\ Goto(u, "LoadEndedAgain")
       ELSE Goto(u, "AddSleeper") /\ UNCHANGED <<leader, bell>>
  /\ UNCHANGED <<numbers, memory, readers, doorbell, sleepers, want,
                 updating, passing>>

(* The follower. It counts itself before it sleeps, and whoever steps down  *)
(* rings before it looks for sleepers; the futex compares and falls asleep  *)
(* in one step.                                                             *)
AddSleeper(u) ==
  /\ At(u, "AddSleeper")
  /\ sleepers' = sleepers + 1
  /\ FenceN
  /\ Goto(u, "SleepAtDoorbell")
  /\ UNCHANGED <<numbers, memory, readers, leader, doorbell, asking,
                 updating, passing>>

SleepAtDoorbell(u) ==
  /\ At(u, "SleepAtDoorbell")
  /\ Goto(u, IF doorbell = bell[u] THEN "AsleepAtDoorbell"
                                   ELSE "RemoveSleeper")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

RemoveSleeper(u) ==
  /\ At(u, "RemoveSleeper")
  /\ sleepers' = sleepers - 1
  /\ Goto(u, "LoadDoorbell")
  /\ UNCHANGED <<numbers, memory, readers, leader, doorbell, asking,
                 updating, passing>>

(* The leader. Meanwhile another may have led what it asks for.             *)
LoadEndedAgain(u) ==
  /\ At(u, "LoadEndedAgain")
  /\ Goto(u, IF ended >= want[u] THEN "StepDown" ELSE "Begin")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

(* It has begun before its barrier: who asks for a later one came too late  *)
(* for the barrier.                                                         *)
Begin(u) ==
  /\ At(u, "Begin")
  /\ begun' = begun + 1
  /\ Goto(u, "Membarrier")
  /\ UNCHANGED <<gp, ended, memory, readers, updaters>>

(* Here the grace period starts: of the readers, those that are inside now  *)
(* are the ones that must be waited for.                                    *)
Membarrier(u) ==
  /\ At(u, "Membarrier")
  /\ FenceE
  /\ Goto(u, "Raise")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

Raise(u) ==
  /\ At(u, "Raise")
  /\ gp' = begun
  /\ Goto(u, "LoadUsed")
  /\ UNCHANGED <<begun, ended, memory, readers, updaters>>

(* After the barrier: a reader in a slot above the mark has announced       *)
(* nothing before it.                                                       *)
LoadUsed(u) ==
  /\ At(u, "LoadUsed")
  /\ mark' = used
  /\ scanned' = 1
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<numbers, memory, readers, leading, asking, updating, late>>

Quiescent(s) == announced[s] = 0 \/ announced[s] >= gp

(* On to the next slot; after the last one those that are late get notice.  *)
Advance(u) ==
  IF scanned < mark
    THEN /\ scanned' = scanned + 1
         /\ Goto(u, "Scan")
         /\ UNCHANGED mark
    ELSE /\ mark' = 0
         /\ IF late' = {}
              THEN scanned' = 0 /\ Goto(u, "End")
              ELSE scanned' = Lowest(late') /\ Goto(u, "SetNotice")

Scan(u) ==
  /\ At(u, "Scan")
  /\ late' = IF Quiescent(scanned) THEN late ELSE late \cup {scanned}
  /\ Advance(u)
  /\ UNCHANGED <<numbers, memory, readers, leading, asking, updating>>

(* The slow path. The leader gives notice to all that are late, looks at    *)
(* each again, and sleeps unless the notice has been taken meanwhile.       *)
(* Giving notice and looking again are the mirror image of the reader's     *)
(* unlock: each stores its own word and then loads the other's, so a full   *)
(* barrier is needed on both sides. The readers' are paid for here, by a    *)
(* second membarrier for all of them.                                       *)
SetNotice(u) ==
  /\ At(u, "SetNotice")
  /\ notice' = [notice EXCEPT ![scanned] = 1]
  /\ LET more == {s \in late : s > scanned}
     IN  IF more # {}
           THEN scanned' = Lowest(more) /\ Goto(u, "SetNotice")
           ELSE scanned' = Lowest(late) /\ Goto(u, "MembarrierNotice")
  /\ UNCHANGED <<numbers, memory, registry, announced, reading, leading,
                 asking, updating, mark, late>>

MembarrierNotice(u) ==
  /\ At(u, "MembarrierNotice")
  /\ FenceI
  /\ Goto(u, "Rescan")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

Rescan(u) ==
  /\ At(u, "Rescan")
  /\ Goto(u, IF Quiescent(scanned) THEN "ClearNotice" ELSE "Sleep")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

ClearNotice(u) ==
  /\ At(u, "ClearNotice")
  /\ notice' = [notice EXCEPT ![scanned] = 0]
  /\ late' = late \ {scanned}
  /\ IF late' = {}
       THEN scanned' = 0 /\ Goto(u, "End")
       ELSE scanned' = Lowest(late') /\ Goto(u, "Rescan")
  /\ UNCHANGED <<numbers, memory, registry, announced, reading, leading,
                 asking, updating, mark>>

(* A notice that is gone was taken when the section waited for had ended.   *)
(* The reader may be in another since, with an old number that it had       *)
(* loaded before: then notice is given again, and needs its barrier again.  *)
Sleep(u) ==
  /\ At(u, "Sleep")
  /\ Goto(u, IF notice[scanned] = 1 THEN "Asleep" ELSE "SetNotice")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>

End(u) ==
  /\ At(u, "End")
  /\ FenceH /\ FenceM
  /\ ended' = begun
  /\ Goto(u, "StepDown")
  /\ UNCHANGED <<gp, begun, memory, readers, updaters>>

StepDown(u) ==
  /\ At(u, "StepDown")
  /\ FenceP
  /\ leader' = 0
  /\ Goto(u, "Ring")
  /\ UNCHANGED <<numbers, memory, readers, doorbell, sleepers, asking,
                 updating, passing>>

Ring(u) ==
  /\ At(u, "Ring")
  /\ doorbell' = doorbell + 1
  /\ FenceO
  /\ Goto(u, "LoadSleepers")
  /\ UNCHANGED <<numbers, memory, readers, leader, sleepers, asking,
                 updating, passing>>

LoadSleepers(u) ==
  /\ At(u, "LoadSleepers")
  /\ IF sleepers = 0
       THEN Return(u)
       ELSE Goto(u, "WakeAll") /\ UNCHANGED asking
  /\ UNCHANGED <<numbers, memory, readers, leading, updating, passing>>

WakeAll(u) ==
  /\ At(u, "WakeAll")
  /\ want' = [want EXCEPT ![u] = 0]
  /\ pc' = [t \in Thread |-> IF t = u THEN "Free"
                             ELSE IF At(t, "AsleepAtDoorbell")
                               THEN "RemoveSleeper"
                             ELSE pc[t]]
  /\ UNCHANGED <<numbers, memory, readers, leading, bell, updating, passing>>

Free(u) ==
  /\ At(u, "Free")
  /\ cell' = [cell EXCEPT ![mine[u]] = "freed"]
  /\ mine' = [mine EXCEPT ![u] = None]
  /\ left' = [left EXCEPT ![u] = @ - 1]
  /\ Goto(u, IF left[u] > 1 THEN "Initialise" ELSE "Done")
  /\ UNCHANGED <<numbers, head, readers, leading, asking, passing>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ gp = 1 /\ begun = 1 /\ ended = 1
  /\ leader = 0 /\ doorbell = 0 /\ sleepers = 0
  /\ registered = 0 /\ used = 0
  /\ head = 0
  /\ cell = [c \in Cell |-> IF c = 0 THEN "live" ELSE "empty"]
  /\ announced = [s \in Slot |-> 0]
  /\ notice = [s \in Slot |-> 0]
  /\ owner = [s \in Slot |-> Nobody]
  /\ slot = [r \in Reader |-> 0]
  /\ number = [r \in Reader |-> 0]
  /\ depth = [r \in Reader |-> 0]
  /\ held = [r \in Reader |-> None]
  /\ mine = [u \in Updater |-> None]
  /\ want = [u \in Updater |-> 0]
  /\ bell = [u \in Updater |-> None]
  /\ left = [u \in Updater |-> Updates]
  /\ scanned = 0 /\ mark = 0 /\ late = {}
  /\ pc = [t \in Thread |-> IF t \in Reader THEN "Idle"
                            ELSE IF Updates > 0 THEN "Initialise"
                            ELSE "Done"]

(* The names below are the steps of all rooms: `npm run generate` reads     *)
(* them from here, in these two lists.                                      *)
ReaderStep(r) ==
  \/ Register(r)
  \/ RaiseUsed(r)
  \/ AddReader(r)
  \/ Unregister(r)
  \/ RemoveReader(r)
  \/ LoadGp(r)
  \/ Announce(r)
  \/ LockNested(r)
  \/ UnlockNested(r)
  \/ Dereference(r)
  \/ Use(r)
  \/ Unlock(r)
  \/ LoadNotice(r)
  \/ TakeNotice(r)
  \/ Wake(r)

UpdaterStep(u) ==
  \/ Initialise(u)
  \/ Publish(u)
  \/ LoadRegistered(u)
  \/ LoadBegun(u)
  \/ LoadDoorbell(u)
  \/ LoadEnded(u)
  \/ Lead(u)
  \/ AddSleeper(u)
  \/ SleepAtDoorbell(u)
  \/ RemoveSleeper(u)
  \/ LoadEndedAgain(u)
  \/ Begin(u)
  \/ Membarrier(u)
  \/ Raise(u)
  \/ LoadUsed(u)
  \/ Scan(u)
  \/ SetNotice(u)
  \/ MembarrierNotice(u)
  \/ Rescan(u)
  \/ ClearNotice(u)
  \/ Sleep(u)
  \/ End(u)
  \/ StepDown(u)
  \/ Ring(u)
  \/ LoadSleepers(u)
  \/ WakeAll(u)
  \/ Free(u)

Next == \/ \E u \in Updater : UpdaterStep(u)
        \/ \E r \in Reader : ReaderStep(r)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ gp \in Nat \ {0} /\ begun \in Nat \ {0} /\ ended \in Nat \ {0}
  /\ leader \in {0, 1} /\ doorbell \in Nat /\ sleepers \in 0..Updaters
  /\ registered \in 0..Readers /\ used \in 0..Readers
  /\ head \in Cell
  /\ cell \in [Cell -> {"empty", "live", "freed"}]
  /\ announced \in [Slot -> Nat]
  /\ notice \in [Slot -> {0, 1}]
  /\ owner \in [Slot -> Reader \cup {Nobody}]
  /\ slot \in [Reader -> 0..Readers]
  /\ number \in [Reader -> Nat]
  /\ depth \in [Reader -> 0..Nesting]
  /\ held \in [Reader -> Cell \cup {None}]
  /\ mine \in [Updater -> Cell \cup {None}]
  /\ want \in [Updater -> Nat]
  /\ bell \in [Updater -> Nat \cup {None}]
  /\ left \in [Updater -> 0..Updates]
  /\ scanned \in 0..Readers /\ mark \in 0..Readers /\ late \subseteq Slot
  /\ DOMAIN pc = Thread

(* No reader ever holds a pointer to a cell that has been freed.            *)
NoUseAfterFree ==
  \A r \in Reader : held[r] # None => cell[held[r]] # "freed"

(* Nor to one that has not been filled.                                     *)
NoUseBeforeInit ==
  \A r \in Reader : held[r] # None => cell[held[r]] # "empty"

(* Each registered reader has a slot of its own.                            *)
SlotsAreOwned ==
  \A r \in Reader : slot[r] # 0 => owner[slot[r]] = r

(* A slot announces something exactly while its reader is inside a section. *)
AnnouncedInside ==
  /\ \A s \in Slot : owner[s] = Nobody => announced[s] = 0
  /\ \A r \in Reader : slot[r] # 0 => (depth[r] > 0 <=>
                                       announced[slot[r]] # 0)

(* Who is inside a section is counted, and below the mark.                  *)
CountedInside ==
  LET inside == {s \in Slot : announced[s] # 0}
  IN  /\ registered >= Cardinality(inside)
      /\ \A s \in inside : s <= used

(* The counts are exact, but for those who are about to count themselves.   *)
Counted ==
  /\ registered = Cardinality({r \in Reader :
       \/ slot[r] # 0 /\ pc[r] \notin {"RaiseUsed", "AddReader"}
       \/ At(r, "RemoveReader")})
  /\ sleepers = Cardinality({u \in Updater :
       pc[u] \in {"SleepAtDoorbell", "AsleepAtDoorbell", "RemoveSleeper"}})

(* A sleeping leader waits for a reader that will look at its notice, or    *)
(* that reader is on its way to wake it.                                    *)
NoLostWakeUp ==
  \A u \in Updater : At(u, "Asleep") =>
    \/ \E r \in Reader : At(r, "Wake") /\ slot[r] = scanned
    \/ /\ notice[scanned] = 1
       /\ \/ ~Quiescent(scanned)
          \/ \E r \in Reader : /\ slot[r] = scanned
                               /\ pc[r] \in {"LoadNotice", "TakeNotice"}

(* A sleeping follower has heard the last ring, and somebody leads who will *)
(* ring again; or somebody has rung and is on its way to wake it.           *)
BeforeTheRing ==
  {"LoadEndedAgain", "Begin", "Membarrier", "Raise", "LoadUsed", "Scan",
   "SetNotice", "MembarrierNotice", "Rescan", "ClearNotice", "Sleep",
   "Asleep", "End", "StepDown", "Ring"}
NoLostBell ==
  \A u \in Updater : At(u, "AsleepAtDoorbell") =>
    IF bell[u] = doorbell
      THEN \E v \in Updater : pc[v] \in BeforeTheRing
      ELSE \E v \in Updater : pc[v] \in {"LoadSleepers", "WakeAll"}

(* Grace periods are run one at a time, by one leader.                      *)
OneLeader ==
  LET leads == {u \in Updater : pc[u] \in BeforeTheRing \ {"Ring"}}
  IN  Cardinality(leads) = leader

(* Their numbers agree: gp follows begun after the barrier, ended at the    *)
(* end.                                                                     *)
Numbered == /\ gp \in {ended, begun} /\ begun - ended \in {0, 1}
            /\ leader = 0 => begun = ended

(* No grace period is run that the leader need not have.                    *)
NoneInVain == \A u \in Updater : At(u, "Begin") => ended < want[u]

(* A call waits for the one in progress and for one more, never longer:     *)
(* when that has ended, who sleeps is about to be woken.                    *)
AtMostTwo ==
  \A u \in Updater :
    /\ want[u] <= ended + 2
    /\ At(u, "AsleepAtDoorbell") /\ want[u] <= ended =>
         \E v \in Updater :
           pc[v] \in {"StepDown", "Ring", "LoadSleepers", "WakeAll"}

(* One barrier serves for all that are late: when it comes, each of them    *)
(* has notice, or has left.                                                 *)
LateHaveNotice ==
  \A u \in Updater :
    pc[u] \in {"MembarrierNotice", "Rescan", "ClearNotice", "Sleep",
              "Asleep"} =>
      \A s \in late : notice[s] = 1 \/ Quiescent(s)

(* A reader wakes a leader only when that leader waits for it: nobody's     *)
(* notice outlives the grace period that it was given in.                   *)
NoStaleNotice ==
  \A s \in Slot : notice[s] = 1 =>
    \E u \in Updater : pc[u] \in BeforeTheRing /\ s \in late

(*--------------------------- it comes to an end ---------------------------*)
(* Threads that have begun an operation finish it; a reader does not stay   *)
(* in its sections for ever. It may stop entering new ones at any time, and *)
(* it may enter new ones for ever.                                          *)
LeavesSections(r) ==
  WF_vars(Announce(r)) /\ WF_vars(UnlockNested(r)) /\ SF_vars(Unlock(r))
LooksAtItsNotice(r) ==
  WF_vars(LoadNotice(r)) /\ WF_vars(TakeNotice(r)) /\ WF_vars(Wake(r))
Fairness ==
  /\ \A u \in Updater : WF_vars(UpdaterStep(u))
  /\ \A r \in Reader : LeavesSections(r) /\ LooksAtItsNotice(r)
FairSpec == Spec /\ Fairness

(* What RCU does not promise: an end to waiting for a reader that stays.    *)
FairUpdater == Spec /\ \A u \in Updater : WF_vars(UpdaterStep(u))

(* With a time limit to its sleep a leader looks again by itself. Then a    *)
(* reader that has left holds nobody up, even if it never comes to look at  *)
(* its notice or to wake.                                                   *)
TimeOut(u) ==
  /\ At(u, "Asleep")
  /\ Goto(u, "Rescan")
  /\ UNCHANGED <<numbers, memory, readers, updaters>>
TimedSpec ==
  /\ Init /\ [][Next \/ \E u \in Updater : TimeOut(u)]_vars
  /\ \A u \in Updater : WF_vars(UpdaterStep(u) \/ TimeOut(u))
  /\ \A r \in Reader : LeavesSections(r)

GracePeriodEnds == \A u \in Updater : At(u, "LoadRegistered") ~> At(u, "Free")
UpdatesEnd == <>[](\A u \in Updater : At(u, "Done"))

(*------------------------------- refinement -------------------------------*)
(* The abstract grace period starts with the membarrier and ends when the   *)
(* last reader that was late has left. In between it waits for the readers  *)
(* that the leader has yet to pass and will not pass as they are.           *)
Inside  == {r \in Reader : slot[r] # 0 /\ announced[slot[r]] # 0}
Running ==
  BeforeTheRing \ {"LoadEndedAgain", "Begin", "Membarrier", "StepDown",
                   "Ring"}
Ahead(u) ==
  CASE pc[u] \in {"Raise", "LoadUsed"} -> Slot
    [] At(u, "Scan") -> late \cup {s \in Slot : s >= scanned}
    [] At(u, "ClearNotice") -> late \ {scanned}
    [] OTHER -> late
Waits ==
  {r \in Inside : \E u \in Updater :
     /\ pc[u] \in Running /\ slot[r] \in Ahead(u)
     /\ At(u, "Raise") \/ ~Quiescent(slot[r])}

Abstract == INSTANCE GracePeriod
              WITH inside <- Inside, waits <- Waits,
                   running <- \E u \in Updater : pc[u] \in Running
RefinesGracePeriod == Abstract!Spec

(*------------------------- any number of updates --------------------------*)
(* Numbers grow without bound, but a step never does more with one than     *)
(* compare it with gp, begun or ended; and of a ring it matters only        *)
(* whether it was the last. States that agree in this are one: with this    *)
(* view TLC's search ends for any number of updates, and the state graph    *)
(* comes back to where it was after each.                                   *)
Age(n) == IF n = 0 THEN "none" ELSE IF n >= gp THEN "current" ELSE "old"
Asks(u) == IF want[u] = 0 THEN None
           ELSE IF want[u] <= ended THEN 0 ELSE want[u] - ended
Heard(u) == IF bell[u] = None THEN "none"
            ELSE IF bell[u] = doorbell THEN "last" ELSE "old"
Any == <<begun - ended, gp - ended, leader, sleepers, registered, used, head,
         cell, [s \in Slot |-> Age(announced[s])], notice, owner, slot,
         [r \in Reader |-> Age(number[r])], depth, held, mine,
         [u \in Updater |-> Asks(u)], [u \in Updater |-> Heard(u)], scanned,
         mark, late, pc>>
============================================================================
