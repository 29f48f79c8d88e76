--------------------------- MODULE UpdatersAsleep ----------------------------
(* Several updaters that wait at the same time, and one word to wake them.  *)
(*                                                                          *)
(* TwoUpdaters shows that updaters of the number algorithm need no lock:    *)
(* raising the number in one step is enough. That says nothing about        *)
(* sleeping. The word `waiting` says that somebody waits, and an updater    *)
(* that need not wait any longer clears it. If another still sleeps, no     *)
(* reader will wake it. So either one updater waits at a time (with a lock; *)
(* or, as in Urcu, one leads, and the others sleep at a doorbell until it   *)
(* rings), or whoever clears the word wakes the others, as a reader does    *)
(* (Way = "wake"). Three ways that do not work:                             *)
(*                                                                          *)
(*   clear   clear the word and wake nobody                                 *)
(*   count   the word is the number of those that wait; a reader that sees  *)
(*           that it is not 0 wakes all, and leaves it as it is. One that   *)
(*           has looked at the reader, but is not asleep yet, misses this,  *)
(*           and the word does not tell it.                                 *)
(*   keep    leave the word set, for the next reader to clear. One that has *)
(*           looked, but is not asleep yet, would see the word cleared; but *)
(*           another updater sets it again before.                          *)
(*                                                                          *)
(* In qsbr (Asked) a reader looks at a flag of its own, which an updater    *)
(* sets when it has set the word, and at the word only if the flag is set.  *)
(* It may still owe the look for an earlier announcement (Late). The flags  *)
(* are for all updaters: one may clear the word for which another has set   *)
(* them. So an updater that is woken sets the word and the flags again (Way *)
(* = "once" does not).                                                      *)
(*                                                                          *)
(* Here accesses happen in order; WaitWakeTwo asks what letters C and I are *)
(* for where two updaters wait, in each flavour.                            *)
(*                                                                          *)
(* futex_wait() compares the word and queues the caller in one step. A      *)
(* reader leaves once, so an updater that is never woken is a deadlock.     *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Readers,                 \* how many, all inside a section at first
  Updaters,                \* how many wait for them
  Way,                     \* "lock", "clear", "wake", "count" or "keep"; or
                           \*   "once": as wake, with flags set once
  WakeAll,                 \* does a wake-up wake all sleepers, or one?
  Asked,                   \* do readers look at flags of their own? (qsbr)
  Late                     \* does each still owe a look from before?
ASSUME CountsAreSome == Readers \in Nat \ {0} /\ Updaters \in Nat \ {0}
ASSUME WayIsKnown ==
  Way \in {"lock", "clear", "wake", "count", "keep", "once"}
ASSUME AreBoolean == {WakeAll, Asked, Late} \subseteq BOOLEAN

Reader  == 1..Readers
Updater == (Readers + 1)..(Readers + Updaters)
Nobody  == 0

VARIABLES
  inside,                  \* the readers inside a section
  waiting,                 \* the futex word
  queue,                   \* the updaters asleep in the kernel
  lock,                    \* who holds the lock of the updaters, or Nobody
  left,                    \* [Updater -> the readers that it has to wait for]
  slow,                    \* [Updater -> does the word say that it waits?]
  flag,                    \* the readers whose flag is set
  ask,                     \* [Updater -> the readers whose flag it will set]
  pc                       \* [thread -> the step that comes next]
vars == <<inside, waiting, queue, lock, left, slow, flag, ask, pc>>
\* Lanes: r <= Readers = reader r, u > Readers = updater u

At(t, step) == pc[t] = step
Goto(t, step) == [pc EXCEPT ![t] = step]

(* A look begins at the flag or at the word. After it the reader leaves, or *)
(* it has done so.                                                          *)
Look == IF Asked THEN "LoadFlag" ELSE "LoadWaiting"
After(r) == IF r \in inside THEN "Unlock" ELSE "Done"

Init == /\ inside = Reader
        /\ waiting = 0
        /\ queue = {} /\ lock = Nobody
        /\ left = [u \in Updater |-> Reader]
        /\ slow = [u \in Updater |-> FALSE]
        /\ flag = {}
        /\ ask = [u \in Updater |-> {}]
        /\ pc = [t \in Reader \cup Updater |->
                   IF t \in Updater THEN "Begin"
                   ELSE IF Late THEN Look ELSE "Unlock"]

(* The threads that a wake-up wakes, and where they go on.                  *)
Woken(chosen) == /\ queue' = queue \ chosen
                 /\ chosen \subseteq queue
                 /\ IF WakeAll THEN chosen = queue
                    ELSE Cardinality(chosen) = IF queue = {} THEN 0 ELSE 1

(*-------------------------------- the reader ------------------------------*)
Unlock(r) ==
  /\ At(r, "Unlock")
  /\ inside' = inside \ {r}
  /\ pc' = Goto(r, Look)
  /\ UNCHANGED <<waiting, queue, lock, left, slow, flag, ask>>

LoadFlag(r) ==
  /\ At(r, "LoadFlag")
  /\ pc' = Goto(r, IF r \in flag THEN "ClearFlag" ELSE After(r))
  /\ UNCHANGED <<inside, waiting, queue, lock, left, slow, flag, ask>>

ClearFlag(r) ==
  /\ At(r, "ClearFlag")
  /\ flag' = flag \ {r}
  /\ pc' = Goto(r, "LoadWaiting")
  /\ UNCHANGED <<inside, waiting, queue, lock, left, slow, ask>>

LoadWaiting(r) ==
  /\ At(r, "LoadWaiting")
  /\ pc' = Goto(r, IF waiting = 0 THEN After(r) ELSE "ClearWaiting")
  /\ UNCHANGED <<inside, waiting, queue, lock, left, slow, flag, ask>>

ClearWaiting(r) ==
  /\ At(r, "ClearWaiting")
  /\ waiting' = IF Way = "count" THEN waiting ELSE 0
  /\ pc' = Goto(r, "Wake")
  /\ UNCHANGED <<inside, queue, lock, left, slow, flag, ask>>

Wake(r) ==
  /\ At(r, "Wake")
  /\ \E chosen \in SUBSET queue :
       /\ Woken(chosen)
       /\ pc' = [t \in DOMAIN pc |-> IF t = r THEN After(r)
                                     ELSE IF t \in chosen THEN "SetWaiting"
                                     ELSE pc[t]]
  /\ UNCHANGED <<inside, waiting, lock, left, slow, flag, ask>>

(*-------------------------------- the updater -----------------------------*)
Begin(u) ==
  /\ At(u, "Begin")
  /\ Way = "lock" => lock = Nobody
  /\ lock' = IF Way = "lock" THEN u ELSE lock
  /\ pc' = Goto(u, "SetWaiting")
  /\ UNCHANGED <<inside, waiting, queue, left, slow, flag, ask>>

SetWaiting(u) ==
  /\ At(u, "SetWaiting")
  /\ waiting' = IF Way # "count" THEN 1
                ELSE IF slow[u] THEN waiting ELSE waiting + 1
  /\ slow' = [slow EXCEPT ![u] = TRUE]
  /\ ask' = IF Asked /\ ~(Way = "once" /\ slow[u])
            THEN [ask EXCEPT ![u] = left[u]] ELSE ask
  /\ pc' = Goto(u, IF ask'[u] = {} THEN "Rescan" ELSE "SetFlag")
  /\ UNCHANGED <<inside, queue, lock, left, flag>>

SetFlag(u) ==
  /\ At(u, "SetFlag")
  /\ \E r \in ask[u] :
       /\ flag' = flag \cup {r}
       /\ ask' = [ask EXCEPT ![u] = @ \ {r}]
       /\ pc' = Goto(u, IF ask[u] = {r} THEN "Rescan" ELSE "SetFlag")
  /\ UNCHANGED <<inside, waiting, queue, lock, left, slow>>

Rescan(u) ==
  /\ At(u, "Rescan")
  /\ left' = [left EXCEPT ![u] = @ \cap inside]
  /\ pc' = Goto(u, IF left[u] \cap inside = {} THEN "StopWaiting"
                                               ELSE "Sleep")
  /\ UNCHANGED <<inside, waiting, queue, lock, slow, flag, ask>>

Sleep(u) ==
  /\ At(u, "Sleep")
  /\ IF waiting # 0 THEN /\ queue' = queue \cup {u}
                         /\ pc' = Goto(u, "Asleep")
                    ELSE /\ pc' = Goto(u, "SetWaiting")
                         /\ UNCHANGED queue
  /\ UNCHANGED <<inside, waiting, lock, left, slow, flag, ask>>

StopWaiting(u) ==
  /\ At(u, "StopWaiting")
  /\ waiting' = CASE Way = "count" -> waiting - 1
                  [] Way = "keep"  -> waiting
                  [] OTHER         -> 0
  /\ slow' = [slow EXCEPT ![u] = FALSE]
  /\ pc' = Goto(u, IF Way \in {"wake", "once"} THEN "WakeOthers"
                                                  ELSE "Finish")
  /\ UNCHANGED <<inside, queue, lock, left, flag, ask>>

WakeOthers(u) ==
  /\ At(u, "WakeOthers")
  /\ \E chosen \in SUBSET queue :
       /\ Woken(chosen)
       /\ pc' = [t \in DOMAIN pc |-> IF t = u THEN "Finish"
                                     ELSE IF t \in chosen THEN "SetWaiting"
                                     ELSE pc[t]]
  /\ UNCHANGED <<inside, waiting, lock, left, slow, flag, ask>>

Finish(u) ==
  /\ At(u, "Finish")
  /\ lock' = Nobody
  /\ pc' = Goto(u, "Done")
  /\ UNCHANGED <<inside, waiting, queue, left, slow, flag, ask>>

(*------------------------------- the whole --------------------------------*)
Finished == /\ \A t \in DOMAIN pc : pc[t] = "Done"
            /\ UNCHANGED vars
ReaderStep == \E r \in Reader :
                \/ Unlock(r) \/ LoadFlag(r) \/ ClearFlag(r)
                \/ LoadWaiting(r) \/ ClearWaiting(r) \/ Wake(r)
UpdaterStep == \E u \in Updater :
                 \/ Begin(u) \/ SetWaiting(u) \/ SetFlag(u) \/ Rescan(u)
                 \/ Sleep(u) \/ StopWaiting(u) \/ WakeOthers(u)
                 \/ Finish(u)
Next == ReaderStep \/ UpdaterStep \/ Finished
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK == /\ inside \subseteq Reader /\ waiting \in Nat
          /\ queue \subseteq Updater /\ lock \in Updater \cup {Nobody}
          /\ \A u \in Updater : left[u] \subseteq Reader
          /\ flag \subseteq Reader /\ ask \in [Updater -> SUBSET Reader]
(* A hang is a deadlock here: an updater asleep, and no reader left to wake *)
(* it. Two do sleep at the same time.                                       *)
NeverTwoAsleep == Cardinality(queue) < 2
==============================================================================
