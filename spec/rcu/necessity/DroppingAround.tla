--------------------------- MODULE DroppingAround ----------------------------
(* A flavour from which one letter is left out, for the letters that stand  *)
(* around the read side's protocol. The cells of the barrier necessity      *)
(* matrix are models of their own in NecessitySharing, -Registry, -Lead,    *)
(* -Bell, -Worker and -HandOver; what they share is here: what then stands  *)
(* at each letter, as in module Necessity. Their .cfg says J <- StrengthJ   *)
(* and so on.                                                               *)
EXTENDS Flavour, Halving, Loosening, NecessitySizes

CONSTANTS
  Algorithm,     \* "number": liburcu's has no such letters
  Kind,          \* the flavour
  Dropped,       \* the letter that is left out, or "nothing"
  Face           \* "whole", or "compiler": a letter still holds that
Letters ==
  {"A", "B", "C", "D", "E", "H"}
  \cup {"J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U"}
ASSUME AlgorithmIsNumber == Algorithm = "number"
ASSUME KindIsKnown       == Kind \in Flavours
ASSUME DroppedIsKnown    == Dropped \in Letters \cup {"nothing"}
ASSUME FaceIsKnown       == Face \in {"whole", "compiler"}

Of(letter) ==
  IF Face = "whole" THEN Without(Dropped, letter, Algorithm, Kind)
                    ELSE Halved(Dropped, letter, Algorithm, Kind)
StrengthA == Of("A")
StrengthB == Of("B")
StrengthC == Of("C")
StrengthD == Of("D")
StrengthE == Of("E")
StrengthH == Of("H")
StrengthJ == Of("J")
StrengthK == Of("K")
StrengthL == Of("L")
StrengthM == Of("M")
StrengthN == Of("N")
StrengthO == Of("O")
StrengthP == Of("P")
StrengthQ == Of("Q")
StrengthR == Of("R")
StrengthS == Of("S")
StrengthT == Of("T")
StrengthU == Of("U")
ModeM    == HalfModeOf(Of("M"))
LeadersE == AmongLeaders(Of("E"))

WithLoosened(programs) ==
  IF Face = "whole" THEN Loosened(Dropped, programs) ELSE programs
==============================================================================
