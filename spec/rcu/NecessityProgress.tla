-------------------------- MODULE NecessityProgress --------------------------
(* One cell of the barrier necessity matrix (module Necessity), as a model  *)
(* of its own: a letter or a step is left out of a flavour, and an updater  *)
(* may wait for a section that begins after its grace period has begun.     *)
EXTENDS ReadSideProgress, Flavour

CONSTANTS
  Kind,          \* the flavour
  Dropped        \* the letter or step that is left out, or "nothing"
Letters == {"A", "B", "C", "D", "E", "F", "G", "H"}
ASSUME KindIsKnown    == Kind \in Flavours
ASSUME DroppedIsKnown == Dropped \in Letters \cup Steps \cup {"nothing"}

Of(letter) == Without(Dropped, letter, Algorithm, Kind)
StrengthA == Of("A")
StrengthB == Of("B")
StrengthC == Of("C")
StrengthD == Of("D")
StrengthE == Of("E")
StrengthF == Of("F")
StrengthG == Of("G")
StrengthH == Of("H")
IsVolatile    == Algorithm = "phase"
WhatIsAnnounced == IF Kind = "qsbr" THEN "quiescent states" ELSE "sections"
MissingStep == IF Dropped \in Letters THEN "nothing" ELSE Dropped
==============================================================================
