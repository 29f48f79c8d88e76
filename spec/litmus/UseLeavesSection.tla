-------------------------- MODULE UseLeavesSection ---------------------------
(* The compiler moves a use out of a section. A reader is inside its        *)
(* section; it uses a cell and ends the section; an updater waits for that  *)
(* and frees the cell:                                                      *)
(*                                                                          *)
(*     reader:   r = cell;  End;  announced = 0                             *)
(*     updater:  Wait;  while (announced) ;  cell = 2 (freed)               *)
(*                                                                          *)
(* The announcement is volatile, the cell is plain data: the compiler sees  *)
(* no reason to keep the two in order, and then no processor, and no        *)
(* interrupt of the updater, can put the use back. A membarrier makes the   *)
(* reader's code pass a full barrier, but in the code as compiled the use   *)
(* is already outside. So a read side without fences still needs compiler   *)
(* barriers.                                                                *)
EXTENDS Machine

CONSTANTS
  End,           \* reader: between the use and the end of its section
  Wait           \* updater: before it waits
ASSUME StrengthsAreKnown == /\ End \in Fences \cup {"none"}
                            /\ Wait \in Fences \cup {"none", "membarrier"}

Threads  == {"reader", "updater"}
Words    == [a \in {"announced", "cell"} |-> 1]
Freed    == 2
Programs ==
  [t \in Threads |->
     IF t = "reader"
     THEN <<Load("use", "cell")>>
          \o Before("", End, In("once", Store("announced", 0)))
     ELSE Point("", Wait)
          \o <<In("once", Await("announced", {0})), Store("cell", Freed)>>]

NoUseAfterFree == register["reader"]["use"] # Freed
==============================================================================
