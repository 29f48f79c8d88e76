-------------------------- MODULE NecessityHandOver --------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own with a counterexample of its own: a letter is left out, and   *)
(* what one thread unpublishes and another frees may be in use.             *)
EXTENDS HandOver, DroppingAround
==============================================================================
