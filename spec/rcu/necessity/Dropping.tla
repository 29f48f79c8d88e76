------------------------------ MODULE Dropping -------------------------------
(* A flavour of the read side from which one letter, or one step, is left   *)
(* out. The cells of the barrier necessity matrix are models of their own   *)
(* in NecessityUse, -Guarantee and -Progress; what they share is here: what *)
(* then stands at each letter. Their .cfg says A <- StrengthA and so on,    *)
(* and takes the sizes of module NecessitySizes, as module Necessity does.  *)
EXTENDS ReadSideProtocol, Flavour, Halving, NecessitySizes

CONSTANTS
  Kind,          \* the flavour
  Dropped,       \* the letter or step that is left out, or "nothing"
  Face           \* "whole", or "compiler": a letter still holds that
Letters == {"A", "B", "C", "D", "E", "F", "G", "H"}
ASSUME KindIsKnown    == Kind \in Flavours
ASSUME DroppedIsKnown == Dropped \in Letters \cup Steps \cup {"nothing"}
ASSUME FaceIsKnown    == Face \in {"whole", "compiler"}

Of(letter) ==
  IF Face = "whole" THEN Without(Dropped, letter, Algorithm, Kind)
                    ELSE Halved(Dropped, letter, Algorithm, Kind)
StrengthA == Of("A")
StrengthB == Of("B")
StrengthC == Of("C")
StrengthD == Of("D")
StrengthE == Of("E")
StrengthF == Of("F")
StrengthG == Of("G")
StrengthH == Of("H")
IsVolatile      == IsVolatileIn(Algorithm)
WhatIsAnnounced == AnnouncedIn(Kind)
MissingStep     == IF Dropped \in Letters THEN "nothing" ELSE Dropped
==============================================================================
