---------------------------- MODULE NecessityUse -----------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own with a counterexample of its own: a letter or a step is left  *)
(* out of a flavour, and a reader may use what is freed, or not yet filled. *)
EXTENDS ReadSide, Dropping
==============================================================================
