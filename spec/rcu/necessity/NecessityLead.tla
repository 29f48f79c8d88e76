---------------------------- MODULE NecessityLead ----------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own with a counterexample of its own: a letter is left out, and a *)
(* number may be taken back when the lead changes hands.                    *)
EXTENDS Handover, DroppingAround

LoosePrograms == WithLoosened(Programs)

NumbersGrow ==
  [][\A word \in {"begun", "gp", "ended"} :
       memory'[word] >= memory[word]]_memory
==============================================================================
