---------------------------- MODULE NecessityBell ----------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own with a counterexample of its own: a letter is left out, and a *)
(* follower may sleep for ever.                                             *)
EXTENDS Doorbell, DroppingAround

LoosePrograms == WithLoosened(Programs)
==============================================================================
