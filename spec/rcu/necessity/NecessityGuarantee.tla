------------------------- MODULE NecessityGuarantee --------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own: a letter or a step is left out of a flavour, and a section   *)
(* may overlap a grace period in part.                                      *)
EXTENDS ReadSideGuarantee, Dropping
==============================================================================
