------------------------------- MODULE Halving -------------------------------
(* The other face of the barrier necessity matrix: a letter keeps one half. *)
(* It still holds the compiler, and no longer the processor. The cells of   *)
(* that face are decided by module NecessityCompiler, all at once, and by   *)
(* the modules of single cells, one at a time (Dropping, DroppingAround and *)
(* NecessityWait).                                                          *)
EXTENDS Flavour

(* What stands at a letter when one of them, `half`, is halved.             *)
Halved(half, letter, algorithm, flavour) ==
  LET whole == Strength(letter, algorithm, flavour)
  IN  IF half # letter \/ whole = "none" THEN whole ELSE "barrier"

(* M may be the mode of a store; all that the compiler has to see there is  *)
(* that it is volatile. (ModeOf of module Loosening, for a letter that is   *)
(* halved.)                                                                 *)
HalfModeOf(strength) ==
  CASE strength = "none"    -> "relaxed"
    [] strength = "barrier" -> "once"
    [] OTHER                -> strength
==============================================================================
