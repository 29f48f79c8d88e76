------------------------ MODULE NecessityInterleaved -------------------------
(* The matrix of the signal flavour on weak, with its signals interleaved   *)
(* (Reduced = FALSE). One algorithm has more than a million states there,   *)
(* so a claim is about a part of its rows. Rows share nothing: what is true *)
(* of all parts is true of the whole. (On the other orders, module          *)
(* NecessityMutants has all rows in one.)                                   *)
EXTENDS NecessityMutants

UnbrokenRow(algorithm) == <<"nothing">>
ReaderRows(algorithm)  == <<"A", "B", "C">>
UpdaterRows(algorithm) == <<"D", "E", "H", "I">>
FlipRows(algorithm)    == <<"F", "G">>
OuterRows(algorithm)   ==
  <<"J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U">>
StepRows(algorithm)    == StepsOf(algorithm)

ExpectedOfPart ==
  LET Here(row) == InSeq(row[2], Rows(row[1]))
  IN  [f \in {Examined} |-> SelectSeq(ExpectedInColumns[f], Here)]
==============================================================================
