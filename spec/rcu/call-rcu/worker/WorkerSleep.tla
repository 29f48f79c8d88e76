----------------------------- MODULE WorkerSleep -----------------------------
(* Worker on a machine that reorders: how the worker sleeps until something *)
(* is pushed, and why it always wakes up.                                   *)
(*                                                                          *)
(*     caller:  pushed = 1;  S;  if asleep { asleep = 0; wake }             *)
(*     worker:  asleep = 1;  T;  if ! pushed { sleep while asleep }         *)
(*                                                                          *)
(* This is the store buffering of WaitWake, without readers: no thread has  *)
(* to be spared a fence that is free on the most common processors, where   *)
(* the push is a locked instruction. So both sides have a full fence. A     *)
(* sleeping worker is an `await asleep = 0`, as in WaitWake, and a hang is  *)
(* a deadlock.                                                              *)
EXTENDS Machine

CONSTANTS
  S,             \* caller: push, then look whether the worker sleeps
  T              \* worker: say that it sleeps, then look at what is pushed
ASSUME StrengthsAreKnown == {S, T} \subseteq Fences \cup {"none"}

Threads == {"caller", "worker"}
Words   == [a \in {"pushed", "asleep"} |-> 0]

FenceS == Point("S", S)
FenceT == Point("T", T)

Programs ==
  [t \in Threads |->
     IF t = "caller"
     THEN <<Store("pushed", 1)>> \o FenceS
          \o <<Load("sleeps", "asleep"),
               If("sleeps", {1}, Store("asleep", 0))>>
     ELSE <<Store("asleep", 1)>> \o FenceT
          \o <<Load("seen", "pushed"),
               If("seen", {0}, Await("asleep", {0}))>>]

(* The caller does find the worker asleep, so this is violated.             *)
NobodyWakes == register["caller"]["sleeps"] # 1
==============================================================================
