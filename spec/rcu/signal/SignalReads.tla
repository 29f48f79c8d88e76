----------------------------- MODULE SignalReads -----------------------------
(* A reader that is interrupted by signal handlers which read, too.         *)
(*                                                                          *)
(* The idea. A handler runs on the thread that it interrupts, so the two    *)
(* share the thread's announcement, and the handler may come between any    *)
(* two steps of lock and unlock. It does a complete section and returns.    *)
(* That is safe as long as one word says both whether the thread is inside  *)
(* and since when: one store enters, one store leaves, so that whatever the *)
(* handler finds is true, and it leaves the word as it has found it.        *)
(*                                                                          *)
(* Two ways are checked. "token": lock looks at the word and says in a      *)
(* token whether it was the outermost; inner ones store nothing (Urcu).     *)
(* "count": the word counts the sections, and is loaded and stored by each  *)
(* lock and unlock (liburcu). In the second a handler may come between the  *)
(* load and the store, which would lose its changes, had it left any.       *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Levels,                  \* the thread is level 1, a handler that
                           \* interrupts it level 2, one that interrupts
                           \* this level 3, and so on
  Style,                   \* "token" or "count"
  Updates                  \* how many grace periods there are
ASSUME Levels \in Nat \ {0} /\ Style \in {"token", "count"}
ASSUME Updates \in Nat

Level == 1..Levels

VARIABLES
  gp,                      \* the number of the current grace period
  waiting,                 \* the futex word: 1 while the updater waits
  number,                  \* the thread's word: the number announced
  count,                   \* the same word: how many sections ("token": 1)
  top,                     \* the level that runs; those below wait
  seen,                    \* [Level -> the count that it has loaded]
  loaded,                  \* [Level -> the number that it has loaded]
  before,                  \* levels inside since before the updater's call
                           \* (nobody computes this)
  pc,                      \* [Level -> the step that comes next]
  updater                  \* the updater's next step
\* Lanes: l = level l, updater = updater, not = before
vars == <<gp, waiting, number, count, top, seen, loaded, before, pc, updater>>

word == <<number, count>>
At(l, step) == top = l /\ pc[l] = step
Goto(l, step) == pc' = [pc EXCEPT ![l] = step]
Inside == {l \in Level : pc[l] \in {"Inside", "StoreLess"}}

(*---------------------------------- lock ----------------------------------*)
Token(l) == l              \* where lock keeps what it has seen: on its
                           \* level's own stack
LoadOwn(l) ==
  /\ At(l, "Idle")
  /\ seen' = [seen EXCEPT ![Token(l)] = count]
  /\ Goto(l, IF count = 0 THEN "LoadGp"
             ELSE IF Style = "token" THEN "Inside" ELSE "StoreMore")
  /\ UNCHANGED <<gp, waiting, word, top, loaded, before, updater>>

LoadGp(l) ==
  /\ At(l, "LoadGp")
  /\ loaded' = [loaded EXCEPT ![l] = gp]
  /\ Goto(l, "Announce")
  /\ UNCHANGED <<gp, waiting, word, top, seen, before, updater>>

Announce(l) ==
  /\ At(l, "Announce")
  /\ number' = loaded[l]
  /\ count' = 1
  /\ loaded' = [loaded EXCEPT ![l] = 0]
  /\ Goto(l, "Inside")
  /\ UNCHANGED <<gp, waiting, top, seen, before, updater>>

(* "count" only: one more section, with the number that stands there.       *)
StoreMore(l) ==
  /\ At(l, "StoreMore")
  /\ count' = seen[l] + 1
  /\ Goto(l, "Inside")
  /\ UNCHANGED <<gp, waiting, number, top, seen, loaded, before, updater>>

(*--------------------------------- unlock ---------------------------------*)
Leaves(l) == before' = before \ {l}

(* "token": the outermost clears the word, an inner one has nothing to do.  *)
Clear(l) ==
  /\ At(l, "Inside") /\ Style = "token"
  /\ IF seen[Token(l)] = 0
       THEN number' = 0 /\ count' = 0 /\ Goto(l, "LoadWaiting")
       ELSE UNCHANGED word /\ Goto(l, "Done")
  /\ Leaves(l)
  /\ UNCHANGED <<gp, waiting, top, seen, loaded, updater>>

(* "count": load, then store one less. The number of the last section stays *)
(* in the word and means nothing.                                           *)
LoadCount(l) ==
  /\ At(l, "Inside") /\ Style = "count"
  /\ seen' = [seen EXCEPT ![l] = count]
  /\ Goto(l, "StoreLess")
  /\ UNCHANGED <<gp, waiting, word, top, loaded, before, updater>>

StoreLess(l) ==
  /\ At(l, "StoreLess")
  /\ count' = seen[l] - 1
  /\ seen' = [seen EXCEPT ![l] = 0]
  /\ Goto(l, IF seen[l] = 1 THEN "LoadWaiting" ELSE "Done")
  /\ Leaves(l)
  /\ UNCHANGED <<gp, waiting, number, top, loaded, updater>>

LoadWaiting(l) ==
  /\ At(l, "LoadWaiting")
  /\ Goto(l, IF waiting = 0 THEN "Done" ELSE "ClearWaiting")
  /\ UNCHANGED <<gp, waiting, word, top, seen, loaded, before, updater>>

ClearWaiting(l) ==
  /\ At(l, "ClearWaiting")
  /\ waiting' = 0
  /\ Goto(l, "Wake")
  /\ UNCHANGED <<gp, word, top, seen, loaded, before, updater>>

Wake(l) ==
  /\ At(l, "Wake")
  /\ updater' = IF updater = "Asleep" THEN "SetWaiting" ELSE updater
  /\ Goto(l, "Done")
  /\ UNCHANGED <<gp, waiting, word, top, seen, loaded, before>>

(* The section is over. A handler returns to what it has interrupted.       *)
Done(l) ==
  /\ At(l, "Done")
  /\ top' = IF l > 1 THEN l - 1 ELSE l
  /\ Goto(l, "Idle")
  /\ UNCHANGED <<gp, waiting, word, seen, loaded, before, updater>>

(* A signal comes between any two steps.                                    *)
Signal ==
  /\ top < Levels
  /\ top' = top + 1
  /\ UNCHANGED <<gp, waiting, word, seen, loaded, before, pc, updater>>

(*-------------------------------- the updater -----------------------------*)
(* As in Urcu, with one slot.                                               *)
Quiescent == count = 0 \/ number = 0 \/ number >= gp

Publish ==
  /\ updater = "Publish"
  /\ before' = Inside
  /\ updater' = "Raise"
  /\ UNCHANGED <<gp, waiting, word, top, seen, loaded, pc>>

Raise ==
  /\ updater = "Raise"
  /\ gp' = gp + 1
  /\ updater' = "Scan"
  /\ UNCHANGED <<waiting, word, top, seen, loaded, before, pc>>

Scan ==
  /\ updater = "Scan"
  /\ updater' = IF Quiescent THEN "Return" ELSE "SetWaiting"
  /\ UNCHANGED <<gp, waiting, word, top, seen, loaded, before, pc>>

SetWaiting ==
  /\ updater = "SetWaiting"
  /\ waiting' = 1
  /\ updater' = "Rescan"
  /\ UNCHANGED <<gp, word, top, seen, loaded, before, pc>>

Rescan ==
  /\ updater = "Rescan"
  /\ updater' = IF Quiescent THEN "StopWaiting" ELSE "Sleep"
  /\ UNCHANGED <<gp, waiting, word, top, seen, loaded, before, pc>>

StopWaiting ==
  /\ updater = "StopWaiting"
  /\ waiting' = 0
  /\ updater' = "Return"
  /\ UNCHANGED <<gp, word, top, seen, loaded, before, pc>>

Sleep ==
  /\ updater = "Sleep"
  /\ updater' = IF waiting = 1 THEN "Asleep" ELSE "SetWaiting"
  /\ UNCHANGED <<gp, waiting, word, top, seen, loaded, before, pc>>

Return ==
  /\ updater = "Return"
  /\ updater' = IF gp <= Updates THEN "Publish" ELSE "Finished"
  /\ before' = {}
  /\ UNCHANGED <<gp, waiting, word, top, seen, loaded, pc>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ gp = 1 /\ waiting = 0
  /\ number = 0 /\ count = 0
  /\ top = 1
  /\ seen = [l \in Level |-> 0] /\ loaded = [l \in Level |-> 0]
  /\ before = {}
  /\ pc = [l \in Level |-> "Idle"]
  /\ updater = IF Updates > 0 THEN "Publish" ELSE "Finished"

Finish(l) == \/ LoadGp(l) \/ Announce(l) \/ StoreMore(l) \/ Clear(l)
             \/ LoadCount(l) \/ StoreLess(l) \/ LoadWaiting(l)
             \/ ClearWaiting(l) \/ Wake(l) \/ Done(l)
ReaderStep == Signal \/ \E l \in Level : LoadOwn(l) \/ Finish(l)
UpdaterStep == \/ Publish \/ Raise \/ Scan \/ SetWaiting \/ Rescan
               \/ StopWaiting \/ Sleep \/ Return
Next == ReaderStep \/ UpdaterStep
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ gp \in Nat \ {0} /\ waiting \in {0, 1}
  /\ number \in Nat /\ count \in 0..Levels /\ top \in Level
  /\ seen \in [Level -> 0..Levels] /\ loaded \in [Level -> Nat]
  /\ before \subseteq Level

(* The word tells the truth: when a level is inside, the thread announces,  *)
(* and when no level has begun a lock, it does not.                         *)
AnnouncedInside ==
  /\ Inside # {} => count # 0 /\ number # 0
  /\ (\A l \in Level : pc[l] \in {"Idle", "LoadGp", "Done"}) => count = 0

(* Between calls nobody waits, so no level makes a system call.             *)
NothingIsLeft == updater \in {"Publish", "Finished"} => waiting = 0

NoLostWakeUp ==
  updater = "Asleep" =>
    \/ \E l \in Level : pc[l] = "Wake"
    \/ /\ waiting = 1
       /\ \/ ~Quiescent
          \/ \E l \in Level : pc[l] \in {"LoadWaiting", "ClearWaiting"}

(* No call returns while a section goes on that was open at its start.      *)
Waiting == updater \notin {"Publish", "Finished"}
Returns == Waiting /\ ~Waiting'
NoEarlyEnd == [][Returns => before = {}]_vars

(* Each level is a reader of the abstract grace period.                     *)
Abstract == INSTANCE GracePeriod
              WITH Reader <- Level, inside <- Inside, running <- Waiting,
                   waits <- before
RefinesGracePeriod == Abstract!Spec

(*----------------------------- it comes to an end -------------------------*)
(* Handlers return, and signals do not come one after the other for ever    *)
(* without the thread taking a step: each level gets on.                    *)
FairSpec == /\ Spec
            /\ WF_vars(UpdaterStep)
            /\ \A l \in Level : SF_vars(Finish(l))
            /\ \A l \in 2..Levels : WF_vars(LoadOwn(l))
GracePeriodEnds == updater = "Raise" ~> updater = "Return"

(* A handler does come in the middle of a lock, and finds the word 0: the   *)
(* claim that it never reads there is violated.                             *)
NeverInsideALock == \A l \in Level : pc[l] = "Announce" => Inside = {}
============================================================================
