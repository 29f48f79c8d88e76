------------------------------ MODULE Necessity ------------------------------
(* What is each barrier, and each step, of the protocol for? Leave it out,  *)
(* under each memory order, and see what breaks first: these are cells of   *)
(* the barrier necessity matrix. A letter that is dropped is neither a      *)
(* fence nor anything to the compiler; a step that is dropped is not taken. *)
(* TLC looks at shorter behaviours first, so the promise that it finds      *)
(* broken is one that takes the fewest steps to break.                      *)
EXTENDS ReadSide, Flavour

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
MissingStep == IF Dropped \in Letters THEN "nothing" ELSE Dropped
==============================================================================
