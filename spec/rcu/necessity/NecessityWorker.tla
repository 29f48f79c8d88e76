--------------------------- MODULE NecessityWorker ---------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own with a counterexample of its own: a letter is left out, and   *)
(* the worker of call_rcu may sleep for ever.                               *)
EXTENDS WorkerSleep, DroppingAround
==============================================================================
