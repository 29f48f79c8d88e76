-------------------------- MODULE NecessityProgress --------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own: a letter or a step is left out of a flavour, and an updater  *)
(* may wait for a section that begins after its grace period has begun.     *)
EXTENDS ReadSideProgress, Dropping
==============================================================================
