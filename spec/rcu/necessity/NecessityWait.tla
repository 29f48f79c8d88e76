---------------------------- MODULE NecessityWait ----------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own: a letter or a step is left out of the wait of a flavour, and *)
(* an updater may sleep for ever.                                           *)
EXTENDS WaitWake, Flavour, NecessitySizes

CONSTANTS
  Algorithm,     \* "number" or "phase": they differ in letter B
  Kind,          \* the flavour
  Dropped        \* the letter or step that is left out, or "nothing"
Letters == {"B", "C", "I"}
ASSUME AlgorithmIsKnown == Algorithm \in {"number", "phase"}
ASSUME KindIsKnown      == Kind \in Flavours
ASSUME DroppedIsKnown   == Dropped \in Letters \cup Steps \cup {"nothing"}

Of(letter) == Without(Dropped, letter, Algorithm, Kind)
StrengthB == Of("B")
StrengthC == Of("C")
StrengthI == Of("I")
MissingStep == IF Dropped \in Letters THEN "nothing" ELSE Dropped
==============================================================================
