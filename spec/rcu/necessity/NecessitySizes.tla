--------------------------- MODULE NecessitySizes ----------------------------
(* How large the models are that decide a cell of the barrier necessity     *)
(* matrix, and what else is the same in all of them. Module Necessity asks  *)
(* all cells in one run; NecessityUse, -Guarantee, -Wait and -Progress are  *)
(* one cell each, for its counterexample. Both take their sizes from here,  *)
(* so a counterexample is one of the model that has decided the cell.       *)

(* In all of them: one reader, and the protocol itself without mutants.     *)
CellReaders == 1
CellRaise   == "after"
CellScans   == 2

(* A use after free takes two updates: a reader that holds the old number,  *)
(* or the old phase, may be missed by the second grace period alone.        *)
UseUpdates  == 2
UseSections == 2
UseNesting  == 1

(* The other questions are about one grace period.                          *)
OtherUpdates == 1

(* What a section has done is looked for after a shared grace period, too.  *)
(* It multiplies the states, and J is about what is used.                   *)
SharingMarks(missing) == missing # "J"

(* Whoever leads leads for others, and updates nothing itself.              *)
LeaderUpdates == FALSE

(* liburcu's accesses are volatile, ours are relaxed.                       *)
IsVolatileIn(algorithm) == algorithm = "phase"
AnnouncedIn(flavour) ==
  IF flavour = "qsbr" THEN "quiescent states" ELSE "sections"
==============================================================================
