----------------------------- MODULE DeferredCall ----------------------------
(* What a thread has put into a callback, and another thread runs.          *)
(*                                                                          *)
(*     caller:  head->reclaim = f;  Push;  pushed = head      qs_defer()    *)
(*     runner:  take pushed;  Take;  head->reclaim()          qs_reclaim()  *)
(*                                                                          *)
(* The push publishes the callback as an updater publishes a cell: so it is *)
(* a release. (It is one already, for letter U: see HandOver.) The runner   *)
(* gets the callback's address from the word that it takes, and what it     *)
(* loads through an address comes after it, on every processor that we      *)
(* know. Other things that the caller did before it called do not hang on   *)
(* the address: for them the take has to acquire. The library does, so that *)
(* a callback may look at all that its caller has done.                     *)
EXTENDS Machine

CONSTANTS
  Push,          \* caller: fill the callback, then push
  Take           \* runner: take, then look at what the caller did
ASSUME StrengthsAreKnown == {Push, Take} \subseteq Fences \cup {"none"}

Empty   == 0
Filled  == 1
None    == 2              \* what is found where nothing was pushed
Threads == {"caller", "runner"}
Words   == [pushed |-> 0, nothing |-> None, callback |-> Empty, done |-> 0]

Programs ==
  [t \in Threads |->
     IF t = "caller"
     THEN <<Store("callback", Filled), Store("done", 1)>>
          \o Before("Push", Push, Store("pushed", 1))
     ELSE <<Load("head", "pushed")>>
          \o Point("Take", Take)
          \o <<Deref("reclaim", "head", <<"nothing", "callback">>),
               Load("done", "done")>>]

(* The runner calls what the caller has filled in...                        *)
NoEmptyCallback == register["runner"]["reclaim"] # Empty

(* ... and sees what it did before, if it has taken the callback.           *)
CallerIsSeen ==
  Finished => ~ /\ register["runner"]["reclaim"] = Filled
                /\ register["runner"]["done"] = 0

(* A callback is run in this model.                                         *)
NothingIsTaken == register["runner"]["reclaim"] # Filled
==============================================================================
