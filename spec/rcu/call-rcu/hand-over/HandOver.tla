------------------------------ MODULE HandOver -------------------------------
(* Who defers and who waits for the grace period are two threads. The       *)
(* caller unpublishes an object and pushes it; another thread takes it,     *)
(* waits for a grace period, and frees it.                                  *)
(*                                                                          *)
(*     caller:  pointer = 1;  U;  pushed = 1                                *)
(*     worker:  await pushed;  J;  await announced = 0;  cell 0 = freed     *)
(*     reader:  announced = 1;  A;  p = pointer;  use p;  B;                *)
(*              announced = 0                                               *)
(*                                                                          *)
(* The unpublishing is the caller's, and it has to be before the worker's   *)
(* fence (J), not only before the caller's. U orders it before the push, J  *)
(* is after the take. Both are needed; that the worker's fence comes first  *)
(* is not enough.                                                           *)
(*                                                                          *)
(* The grace period is the simplest one, with full fences: what it looks    *)
(* like otherwise is the business of ReadSide.                              *)
EXTENDS Machine

CONSTANTS
  U,             \* caller: unpublish, then push
  J              \* worker: take, then see who reads
ASSUME StrengthsAreKnown == {U, J} \subseteq Fences \cup {"none"}

Freed   == 9
Threads == {"caller", "worker", "reader"}
Words   == [a \in {"pointer", "pushed", "announced", "cell0", "cell1"} |-> 0]

FenceU(store) == Before("U", U, store)
FenceJ        == Point("J", J)

Programs ==
  [t \in Threads |->
     CASE t = "caller" ->
            <<Store("pointer", 1)>> \o FenceU(Store("pushed", 1))
       [] t = "worker" ->
            <<Await("pushed", {1})>> \o FenceJ
            \o <<In("acquire", Await("announced", {0})),
                 Store("cell0", Freed)>>
       [] t = "reader" ->
            <<Store("announced", 1)>> \o Point("A", "mb")
            \o <<Load("p", "pointer"),
                 Deref("use", "p", <<"cell0", "cell1">>)>>
            \o Before("B", "release", Store("announced", 0))]

NoUseAfterFree == register["reader"]["use"] # Freed
==============================================================================
