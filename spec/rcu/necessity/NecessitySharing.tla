-------------------------- MODULE NecessitySharing ---------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own with a counterexample of its own: a letter is left out, and   *)
(* an updater that relies on another's grace period may free what is in     *)
(* use.                                                                     *)
EXTENDS TwoUpdaters, DroppingAround

MarksHere == SharingMarks(Dropped)
==============================================================================
