---------------------------- MODULE NecessityWait ----------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own: a letter or a step is left out of the wait of a flavour, and *)
(* an updater may sleep for ever.                                           *)
EXTENDS WaitWake, Flavour, Halving, NecessitySizes

CONSTANTS
  Algorithm,     \* "number" or "phase": they differ in letter B
  Kind,          \* the flavour
  Dropped,       \* the letter or step that is left out, or "nothing"
  Face           \* "whole", or "compiler": a letter still holds that
Letters == {"B", "C", "I"}
ASSUME AlgorithmIsKnown == Algorithm \in {"number", "phase"}
ASSUME KindIsKnown      == Kind \in Flavours
ASSUME DroppedIsKnown   == Dropped \in Letters \cup Steps \cup {"nothing"}
ASSUME FaceIsKnown      == Face \in {"whole", "compiler"}

Of(letter) ==
  IF Face = "whole" THEN Without(Dropped, letter, Algorithm, Kind)
                    ELSE Halved(Dropped, letter, Algorithm, Kind)
StrengthB == Of("B")
StrengthC == Of("C")
StrengthI == Of("I")
MissingStep == IF Dropped \in Letters THEN "nothing" ELSE Dropped
==============================================================================
