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
(* What is left out: here all threads see a step immediately. ReadSide and  *)
(* WaitWake show why that is right on processors that reorder: they check   *)
(* each ordering point of this module on such a machine, under the letter   *)
(* that stands here beside it.                                              *)
EXTENDS Naturals, Integers, FiniteSets

CONSTANTS
  Readers,                 \* how many threads read; they are 1..Readers
  Nesting,                 \* how deep their sections may nest
  Updates                  \* how many times the updater, thread 0, updates
                           \* (see Any, at the end, for any number)
ASSUME Readers \in Nat \ {0} /\ Nesting \in Nat \ {0} /\ Updates \in Nat

Reader == 1..Readers
Slot   == 1..Readers
Cell   == {0, 1}
Other(c) == 1 - c
None   == -1

VARIABLES
  gp,                      \* the number of the current grace period
  waiting,                 \* the futex word: 1 while the updater waits
  head,                    \* the published pointer: which cell it points to
  cell,                    \* [Cell -> "empty" | "live" | "freed"]
  announced,               \* [Slot -> 0 or the number announced there]
  owner,                   \* [Slot -> 0 or the reader that has claimed it]
  slot,                    \* [Reader -> its slot, 0 if not registered]
  number,                  \* [Reader -> number loaded, not yet announced]
  depth,                   \* [Reader -> how many sections it is inside]
  held,                    \* [Reader -> cell it holds a pointer to, or None]
  scanned,                 \* the slot that the scan has come to
  pc                       \* [0..Readers -> the step that comes next; "Idle"
                           \* between operations, "Asleep" in the futex]
\* Lanes: 0 = updater, n = reader n, not = cell
vars == <<gp, waiting, head, cell, announced, owner, slot, number, depth,
          held, scanned, pc>>

registry == <<owner, slot>>
memory   == <<head, cell>>

(* The ordering points, by letter (see letters.json). They are not actions: *)
(* they stand here to say where, in each room, an order has to be kept.     *)
FenceA == TRUE             \* announce -> use; with E
FenceB == TRUE             \* use -> unlock; with H
FenceC == TRUE             \* unlock -> look at waiting; with I
FenceD == TRUE             \* initialise -> publish; with the dereference
FenceE == TRUE             \* publish -> raise and scan; with A
FenceH == TRUE             \* scan -> reclaim; with B
FenceI == TRUE             \* set waiting -> look again; with C

At(t, step) == pc[t] = step
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]

(*------------------------------- registration -----------------------------*)
(* A slot is claimed by one compare-and-swap, and the scan visits all slots *)
(* whether claimed or not. So neither side needs a lock, and registering    *)
(* never waits for a grace period.                                          *)
Unclaimed(s) == owner[s] = 0
Lowest == CHOOSE s \in Slot : /\ Unclaimed(s)
                              /\ \A q \in 1..(s - 1) : ~Unclaimed(q)

Register(r) ==
  /\ At(r, "Idle") /\ slot[r] = 0
  /\ slot' = [slot EXCEPT ![r] = Lowest]
  /\ owner' = [owner EXCEPT ![Lowest] = r]
  /\ UNCHANGED <<gp, waiting, memory, announced, number, depth, held,
                 scanned, pc>>

Unregister(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ depth[r] = 0
  /\ slot' = [slot EXCEPT ![r] = 0]
  /\ owner' = [owner EXCEPT ![slot[r]] = 0]
  /\ UNCHANGED <<gp, waiting, memory, announced, number, depth, held,
                 scanned, pc>>

(*-------------------------------- the reader ------------------------------*)
(* The outermost lock loads the number and announces it. Between these two  *)
(* steps any number of grace periods may pass, and the announcement is then *)
(* old news. That is harmless: an old number only makes an updater wait     *)
(* when it need not have.                                                   *)
LoadGp(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ announced[slot[r]] = 0
  /\ depth[r] < Nesting
  /\ number' = [number EXCEPT ![r] = gp]
  /\ Goto(r, "Announce")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, depth, held,
                 scanned>>

Announce(r) ==
  /\ At(r, "Announce")
  /\ announced' = [announced EXCEPT ![slot[r]] = number[r]]
  /\ number' = [number EXCEPT ![r] = 0]
  /\ depth' = [depth EXCEPT ![r] = @ + 1]
  /\ FenceA
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<gp, waiting, memory, registry, held, scanned>>

(* An inner lock finds its own announcement standing and leaves it alone.   *)
(* The token that lock returns remembers that it is an inner one.           *)
LockNested(r) ==
  /\ At(r, "Idle") /\ slot[r] # 0 /\ announced[slot[r]] # 0
  /\ depth[r] < Nesting
  /\ depth' = [depth EXCEPT ![r] = @ + 1]
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, held,
                 scanned, pc>>

UnlockNested(r) ==
  /\ At(r, "Idle") /\ depth[r] > 1
  /\ depth' = [depth EXCEPT ![r] = @ - 1]
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, held,
                 scanned, pc>>

(* Once a section, to keep the graph small: the reader takes the pointer,   *)
(* and may use it until it leaves the outermost section.                    *)
Dereference(r) ==
  /\ At(r, "Idle") /\ depth[r] > 0 /\ held[r] = None
  /\ held' = [held EXCEPT ![r] = head]
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 scanned, pc>>

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
  /\ Goto(r, "LoadWaiting")
  /\ UNCHANGED <<gp, waiting, memory, registry, number, scanned>>

(* Is someone waiting? The common answer costs one load of a word that      *)
(* hardly ever changes.                                                     *)
LoadWaiting(r) ==
  /\ At(r, "LoadWaiting")
  /\ FenceC
  /\ Goto(r, IF waiting = 0 THEN "Idle" ELSE "ClearWaiting")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>

ClearWaiting(r) ==
  /\ At(r, "ClearWaiting")
  /\ waiting' = 0
  /\ Goto(r, "Wake")
  /\ UNCHANGED <<gp, memory, announced, registry, number, depth, held,
                 scanned>>

Wake(r) ==
  /\ At(r, "Wake")
  /\ pc' = [pc EXCEPT ![r] = "Idle",
                      ![0] = IF @ = "Asleep" THEN "Awake" ELSE @]
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>

(*-------------------------------- the updater -----------------------------*)
(* It fills the other cell, publishes it, waits for a grace period, and     *)
(* frees the cell that it has replaced, which is then filled again.         *)
Initialise ==
  /\ At(0, "Initialise")
  /\ cell' = [cell EXCEPT ![Other(head)] = "live"]
  /\ Goto(0, "Publish")
  /\ UNCHANGED <<gp, waiting, head, announced, registry, number, depth,
                 held, scanned>>

Publish ==
  /\ At(0, "Publish")
  /\ FenceD
  /\ head' = Other(head)
  /\ Goto(0, "Membarrier")
  /\ UNCHANGED <<gp, waiting, cell, announced, registry, number, depth,
                 held, scanned>>

(* Here the grace period starts: of the readers, those that are inside now  *)
(* are the ones that must be waited for.                                    *)
Membarrier ==
  /\ At(0, "Membarrier")
  /\ FenceE
  /\ Goto(0, "Raise")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>

Raise ==
  /\ At(0, "Raise")
  /\ gp' = gp + 1
  /\ scanned' = 1
  /\ Goto(0, "Scan")
  /\ UNCHANGED <<waiting, memory, announced, registry, number, depth, held>>

Quiescent(s) == announced[s] = 0 \/ announced[s] >= gp

(* On to the next slot; after the last one synchronize returns, and what    *)
(* has been replaced may be freed.                                          *)
Advance ==
  IF scanned < Readers
    THEN scanned' = scanned + 1 /\ Goto(0, "Scan")
    ELSE FenceH /\ scanned' = 0 /\ Goto(0, "Free")

Scan ==
  /\ At(0, "Scan")
  /\ IF Quiescent(scanned)
       THEN Advance
       ELSE Goto(0, "SetWaiting") /\ UNCHANGED scanned
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held>>

(* The slow path. The updater says that it waits, looks again, and sleeps   *)
(* unless the word has changed meanwhile. Saying so and looking again are   *)
(* the mirror image of the reader's unlock: each stores its own word and    *)
(* then loads the other's, so a full barrier is needed on both sides. The   *)
(* reader's is paid for here, by a second membarrier.                       *)
SetWaiting ==
  /\ At(0, "SetWaiting")
  /\ waiting' = 1
  /\ Goto(0, "MembarrierWaiting")
  /\ UNCHANGED <<gp, memory, announced, registry, number, depth, held,
                 scanned>>

MembarrierWaiting ==
  /\ At(0, "MembarrierWaiting")
  /\ FenceI
  /\ Goto(0, "Rescan")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>

Rescan ==
  /\ At(0, "Rescan")
  /\ Goto(0, IF Quiescent(scanned) THEN "StopWaiting" ELSE "Sleep")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>

StopWaiting ==
  /\ At(0, "StopWaiting")
  /\ waiting' = 0
  /\ Advance
  /\ UNCHANGED <<gp, memory, announced, registry, number, depth, held>>

(* The futex compares and falls asleep in one step.                         *)
Sleep ==
  /\ At(0, "Sleep")
  /\ Goto(0, IF waiting = 1 THEN "Asleep" ELSE "SetWaiting")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>

(* Woken, it does not believe that the reader it waits for has left: a late *)
(* wake-up may be meant for an earlier wait. It starts the slow path again. *)
Awake ==
  /\ At(0, "Awake")
  /\ Goto(0, "SetWaiting")
  /\ UNCHANGED <<gp, waiting, memory, announced, registry, number, depth,
                 held, scanned>>

Free ==
  /\ At(0, "Free")
  /\ cell' = [cell EXCEPT ![Other(head)] = "freed"]
  /\ Goto(0, IF gp <= Updates THEN "Initialise" ELSE "Done")
  /\ UNCHANGED <<gp, waiting, head, announced, registry, number, depth,
                 held, scanned>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ gp = 1
  /\ waiting = 0
  /\ head = 0
  /\ cell = [c \in Cell |-> IF c = 0 THEN "live" ELSE "empty"]
  /\ announced = [s \in Slot |-> 0]
  /\ owner = [s \in Slot |-> 0]
  /\ slot = [r \in Reader |-> 0]
  /\ number = [r \in Reader |-> 0]
  /\ depth = [r \in Reader |-> 0]
  /\ held = [r \in Reader |-> None]
  /\ scanned = 0
  /\ pc = [t \in 0..Readers |->
             IF t = 0 /\ Updates > 0 THEN "Initialise"
             ELSE IF t = 0 THEN "Done" ELSE "Idle"]

(* The names below are the steps of all rooms: `npm run generate` reads     *)
(* them from here, in these two lists.                                      *)
ReaderStep(r) ==
  \/ Register(r)
  \/ Unregister(r)
  \/ LoadGp(r)
  \/ Announce(r)
  \/ LockNested(r)
  \/ UnlockNested(r)
  \/ Dereference(r)
  \/ Use(r)
  \/ Unlock(r)
  \/ LoadWaiting(r)
  \/ ClearWaiting(r)
  \/ Wake(r)

UpdaterStep ==
  \/ Initialise
  \/ Publish
  \/ Membarrier
  \/ Raise
  \/ Scan
  \/ SetWaiting
  \/ MembarrierWaiting
  \/ Rescan
  \/ StopWaiting
  \/ Sleep
  \/ Awake
  \/ Free

Next == UpdaterStep \/ \E r \in Reader : ReaderStep(r)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ gp \in Nat \ {0}
  /\ waiting \in {0, 1}
  /\ head \in Cell
  /\ cell \in [Cell -> {"empty", "live", "freed"}]
  /\ announced \in [Slot -> Nat]
  /\ owner \in [Slot -> 0..Readers]
  /\ slot \in [Reader -> 0..Readers]
  /\ number \in [Reader -> Nat]
  /\ depth \in [Reader -> 0..Nesting]
  /\ held \in [Reader -> Cell \cup {None}]
  /\ scanned \in 0..Readers
  /\ DOMAIN pc = 0..Readers

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
  /\ \A s \in Slot : Unclaimed(s) => announced[s] = 0
  /\ \A r \in Reader : slot[r] # 0 => (depth[r] > 0 <=>
                                       announced[slot[r]] # 0)

(* A sleeping updater waits for a reader that will look at the futex word,  *)
(* or a reader is on its way to wake it.                                    *)
NoLostWakeUp ==
  At(0, "Asleep") =>
    \/ \E r \in Reader : At(r, "Wake")
    \/ /\ waiting = 1
       /\ \/ ~Quiescent(scanned)
          \/ \E r \in Reader : pc[r] \in {"LoadWaiting", "ClearWaiting"}

(*------------------------------ it comes to an end ------------------------*)
(* Threads that have begun an operation finish it; a reader does not stay   *)
(* in its sections for ever. It may stop entering new ones at any time, and *)
(* it may enter new ones for ever.                                          *)
Fairness ==
  /\ WF_vars(UpdaterStep)
  /\ \A r \in Reader :
       /\ WF_vars(Announce(r))
       /\ WF_vars(LoadWaiting(r))
       /\ WF_vars(ClearWaiting(r))
       /\ WF_vars(Wake(r))
       /\ WF_vars(UnlockNested(r))
       /\ SF_vars(Unlock(r))
FairSpec == Spec /\ Fairness

(* What RCU does not promise: an end to waiting for a reader that stays.    *)
FairUpdater == Spec /\ WF_vars(UpdaterStep)

GracePeriodEnds == At(0, "Membarrier") ~> At(0, "Free")
UpdatesEnd == <>[]At(0, "Done")

(*-------------------------------- refinement ------------------------------*)
(* The abstract grace period starts with the membarrier and ends when the   *)
(* scan has passed the last slot. In between it waits for the readers that  *)
(* the scan has yet to pass and will not pass as they are.                  *)
Inside  == {r \in Reader : slot[r] # 0 /\ announced[slot[r]] # 0}
Running == pc[0] \in {"Raise", "Scan", "SetWaiting", "MembarrierWaiting",
                      "Rescan", "StopWaiting", "Sleep", "Asleep", "Awake"}
Ahead(s) == IF At(0, "StopWaiting") THEN s > scanned ELSE s >= scanned
Waits == CASE At(0, "Raise") -> Inside
           [] Running /\ ~At(0, "Raise") ->
                {r \in Inside : Ahead(slot[r]) /\ ~Quiescent(slot[r])}
           [] OTHER -> {}

Abstract == INSTANCE GracePeriod
              WITH inside <- Inside, running <- Running, waits <- Waits
RefinesGracePeriod == Abstract!Spec

(*--------------------------- any number of updates ------------------------*)
(* Numbers grow without bound, but a step never does more with one than     *)
(* compare it with gp. So of a number it matters only whether it is as      *)
(* young as gp or older, and states that agree in this are one: with this   *)
(* view TLC's search ends for any number of updates, and the state graph    *)
(* comes back to where it was after each.                                   *)
Age(n) == IF n = 0 THEN "none" ELSE IF n >= gp THEN "current" ELSE "old"
Any == <<waiting, head, cell, [s \in Slot |-> Age(announced[s])], owner,
         slot, [r \in Reader |-> Age(number[r])], depth, held, scanned, pc>>
============================================================================
