--------------------------- MODULE StoreBuffering ----------------------------
(* The litmus test at the heart of asymmetric barriers, SB in the           *)
(* literature. Each thread stores to its own word and then loads the        *)
(* other's:                                                                 *)
(*                                                                          *)
(*     fast:  x = 1; Fast; r = y          slow:  y = 1; Slow; r = x         *)
(*                                                                          *)
(* May both loads miss both stores? On every multiprocessor in use they     *)
(* may, unless both threads have a full barrier, or one has a compiler      *)
(* barrier and the other makes it pass a full barrier at a point of its own *)
(* choosing: membarrier(). An RCU reader is the fast thread (it announces   *)
(* itself, then loads the pointer), an updater the slow one.                *)
EXTENDS Machine

CONSTANTS
  Fast,          \* what stands between the store and the load of one thread
  Slow           \* and of the other
ASSUME {Fast, Slow} \subseteq Fences \cup {"none", "membarrier"}

Threads  == {"fast", "slow"}
Words    == [a \in {"x", "y"} |-> 0]
Programs ==
  [t \in Threads |->
     IF t = "fast"
     THEN <<Store("x", 1)>> \o Point("", Fast) \o <<Load("r", "y")>>
     ELSE <<Store("y", 1)>> \o Point("", Slow) \o <<Load("r", "x")>>]

OneSeesTheOther ==
  Finished => register["fast"]["r"] = 1 \/ register["slow"]["r"] = 1

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* An instruction counts as performed before it is, and before those that   *)
(* must precede it.                                                         *)
Skip(t, k) ==
  /\ performed' = [performed EXCEPT ![t] = @ \cup {k}]
  /\ UNCHANGED <<memory, register, taken, pending, code>>
SomeSkip == \E t \in Running : \E k \in Left(t) : Perform(t, k) \/ Skip(t, k)
==============================================================================
