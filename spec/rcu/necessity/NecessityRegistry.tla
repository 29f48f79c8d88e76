-------------------------- MODULE NecessityRegistry --------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own with a counterexample of its own: a letter is left out, and   *)
(* an updater may miss a thread that has just come, or what one did that    *)
(* has gone.                                                                *)
EXTENDS SkipAndMark, DroppingAround
==============================================================================
