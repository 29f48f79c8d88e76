-------------------------------- MODULE Epochs -------------------------------
(* Epochs: RCU with grace periods that nobody waits for, as in libraries of *)
(* lock-free data structures (Fraser 2004; crossbeam).                      *)
(*                                                                          *)
(* The idea. There is an epoch, a number. A thread that enters a section    *)
(* pins itself: it announces the epoch that it has loaded. What has been    *)
(* unlinked is put aside, marked with an epoch. The epoch advances when all *)
(* who are pinned have announced it, and what is marked is freed after two  *)
(* advances:                                                                *)
(*                                                                          *)
(*     mark  e                  somebody may be pinned at e + 1 and hold it *)
(*     advance to e + 1         all are pinned at e; they may hold it       *)
(*     advance to e + 2         all are pinned at e + 1; who was at e left  *)
(*                                                                          *)
(* Why two? The thread that marks is itself pinned, at e or at e - 1, and   *)
(* at e - 1 others may be one ahead of it. This is also why the mark has to *)
(* be the common epoch, loaded after the unlinking, and not the thread's    *)
(* own.                                                                     *)
(*                                                                          *)
(* In place of a mark there may be three bags, one for each epoch modulo 3. *)
(* A helper that has advanced the epoch empties the bag of two epochs ago,  *)
(* which is that of the next epoch, too. So this must be done before the    *)
(* next epoch comes, and it does not come while the helper announces the    *)
(* last one.                                                                *)
(*                                                                          *)
(* One thing is unlinked and freed. Everything happens in order, and to     *)
(* look at all announcements is one step; Urcu is about how readers         *)
(* announce themselves to an updater that looks at one after the other, and *)
(* ReadSide about the order in which it is done.                            *)
EXTENDS Integers

CONSTANTS
  Readers,       \* how many threads read
  Last,          \* the epoch does not go further than this
  Mark,          \* with what is marked: "now" (the epoch, loaded after the
                 \*   unlinking), "before" (loaded before it), or "own" (the
                 \*   one that the unlinking thread announces)
  Advances,      \* how many times the epoch advances before one frees: 2
  Nested,        \* does pinning a pinned thread do "nothing", or
                 \*   announce "anew"?
  Bags           \* "none", or when a bag is emptied: "before" the helper
                 \*   announces the epoch that it has advanced to, or "after"
ASSUME Readers \in Nat \ {0} /\ Last \in Nat /\ Advances \in {1, 2}
ASSUME Mark \in {"now", "before", "own"} /\ Nested \in {"nothing", "anew"}
ASSUME Bags \in {"none", "before", "after"}

Reader    == 1..Readers
Updater   == 0
Helper    == -1
Thread    == {Helper, Updater} \cup Reader

VARIABLES
  epoch,         \* the epoch
  announced,     \* [Thread -> the epoch that it announces; 0: not pinned]
  loaded,        \* [Reader -> the epoch as loaded, not yet announced; or 0]
  holds,         \* [Reader -> does it hold the thing?]
  thing,         \* "linked", "unlinked", "put aside", "freed"
  mark,          \* the epoch that it is marked with; 0 if there is none yet
  pc,            \* [Thread -> its next step; only the updater's is shown]
  fresh,         \* bags: the epoch that the helper has advanced to, or 0
  left           \* bags: the steps that it has left to do
\* Lanes: 0 = updater, -1 = helper, r = reader r, else = helper
vars == <<epoch, announced, loaded, holds, thing, mark, pc, fresh, left>>

Init ==
  /\ epoch = 1
  /\ announced = [t \in Thread |-> 0]
  /\ loaded = [r \in Reader |-> 0]
  /\ holds = [r \in Reader |-> FALSE]
  /\ thing = "linked" /\ mark = 0
  /\ pc = [t \in Thread |-> IF t = Updater THEN "pin" ELSE "any"]
  /\ fresh = 0 /\ left = {}

Announce(t, e) == announced' = [announced EXCEPT ![t] = e]

(*------------------------------- the readers ------------------------------*)
Load(r) ==
  /\ announced[r] = 0 /\ loaded[r] = 0
  /\ loaded' = [loaded EXCEPT ![r] = epoch]
  /\ UNCHANGED <<epoch, announced, holds, thing, mark, pc, fresh, left>>
Pin(r) ==
  /\ loaded[r] # 0
  /\ Announce(r, loaded[r])
  /\ loaded' = [loaded EXCEPT ![r] = 0]
  /\ UNCHANGED <<epoch, holds, thing, mark, pc, fresh, left>>
PinAgain(r) ==
  /\ Nested = "anew" /\ announced[r] # 0
  /\ Announce(r, epoch)
  /\ UNCHANGED <<epoch, loaded, holds, thing, mark, pc, fresh, left>>
Take(r) ==
  /\ announced[r] # 0 /\ thing = "linked"
  /\ holds' = [holds EXCEPT ![r] = TRUE]
  /\ UNCHANGED <<epoch, announced, loaded, thing, mark, pc, fresh, left>>
Unpin(r) ==
  /\ announced[r] # 0
  /\ Announce(r, 0)
  /\ holds' = [holds EXCEPT ![r] = FALSE]
  /\ UNCHANGED <<epoch, loaded, thing, mark, pc, fresh, left>>

(*------------------------------- the updater ------------------------------*)
At(step) == pc[Updater] = step
Goto(step) == pc' = [pc EXCEPT ![Updater] = step]

PinUpdater ==
  /\ At("pin") /\ Goto(IF Mark = "before" THEN "look" ELSE "unlink")
  /\ Announce(Updater, epoch)
  /\ UNCHANGED <<epoch, loaded, holds, thing, mark, fresh, left>>
Unlink ==
  /\ At("unlink") /\ Goto(IF Mark = "before" THEN "put aside" ELSE "look")
  /\ thing' = "unlinked"
  /\ UNCHANGED <<epoch, announced, loaded, holds, mark, fresh, left>>
Look ==
  /\ At("look") /\ Goto(IF Mark = "before" THEN "unlink" ELSE "put aside")
  /\ mark' = IF Mark = "own" THEN announced[Updater] ELSE epoch
  /\ UNCHANGED <<epoch, announced, loaded, holds, thing, fresh, left>>
PutAside ==
  /\ At("put aside") /\ Goto("unpin")
  /\ thing' = "put aside"
  /\ UNCHANGED <<epoch, announced, loaded, holds, mark, fresh, left>>
UnpinUpdater ==
  /\ At("unpin") /\ Goto("done")
  /\ Announce(Updater, 0)
  /\ UNCHANGED <<epoch, loaded, holds, thing, mark, fresh, left>>

(*-------------------------------- the helper ------------------------------*)
MayAdvance ==
  epoch < Last /\ \A t \in Thread : announced[t] \in {0, epoch}

(* Without bags anybody advances, and anybody frees.                        *)
Advance ==
  /\ MayAdvance
  /\ epoch' = epoch + 1
  /\ UNCHANGED <<announced, loaded, holds, thing, mark, pc, fresh, left>>
Free ==
  /\ Bags = "none"
  /\ thing = "put aside" /\ epoch >= mark + Advances
  /\ thing' = "freed"
  /\ UNCHANGED <<epoch, announced, loaded, holds, mark, pc, fresh, left>>

(* With bags others advance, too, and empty theirs; one is shown here.      *)
PinHelper ==
  /\ Bags # "none" /\ announced[Helper] = 0
  /\ Announce(Helper, epoch)
  /\ UNCHANGED <<epoch, loaded, holds, thing, mark, pc, fresh, left>>
AdvanceToCollect ==
  /\ MayAdvance /\ announced[Helper] # 0 /\ left = {}
  /\ epoch' = epoch + 1 /\ fresh' = epoch + 1
  /\ left' = {"empty", "announce"}
  /\ UNCHANGED <<announced, loaded, holds, thing, mark, pc>>
Empty ==
  /\ "empty" \in left
  /\ Bags = "after" => "announce" \notin left
  /\ left' = left \ {"empty"}
  /\ thing' = IF thing = "put aside" /\ mark % 3 = (fresh + 1) % 3
              THEN "freed" ELSE thing
  /\ UNCHANGED <<epoch, announced, loaded, holds, mark, pc, fresh>>
AnnounceFresh ==
  /\ "announce" \in left
  /\ Bags = "before" => "empty" \notin left
  /\ left' = left \ {"announce"}
  /\ Announce(Helper, fresh)
  /\ UNCHANGED <<epoch, loaded, holds, thing, mark, pc, fresh>>

(*------------------------------- the whole --------------------------------*)
Next ==
  \/ \E r \in Reader : Load(r) \/ Pin(r) \/ PinAgain(r) \/ Take(r) \/ Unpin(r)
  \/ PinUpdater \/ Unlink \/ Look \/ PutAside \/ UnpinUpdater
  \/ Advance \/ Free
  \/ PinHelper \/ AdvanceToCollect \/ Empty \/ AnnounceFresh
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ epoch \in 1..Last
  /\ announced \in [Thread -> 0..Last] /\ loaded \in [Reader -> 0..Last]
  /\ holds \in [Reader -> BOOLEAN]
  /\ thing \in {"linked", "unlinked", "put aside", "freed"}
  /\ mark \in 0..Last /\ fresh \in 0..Last
  /\ pc \in [Thread -> {"any", "pin", "look", "unlink", "put aside", "unpin",
                        "done"}]
  /\ left \subseteq {"empty", "announce"}

NoUseAfterFree == thing = "freed" => \A r \in Reader : ~holds[r]

(* The opposite, to see that the thing is freed at all.                     *)
NothingIsFreed == thing # "freed"
==============================================================================
