----------------------------- MODULE RingPieces ------------------------------
(* Ring whose recorder writes what it has seen piece by piece. It gives     *)
(* back each one's room before it goes on to the next: so a thread that     *)
(* fills its ring waits for a piece to be written, and not for all. A piece *)
(* ends at a record's end, which need not be a place that was ever          *)
(* committed.                                                               *)
EXTENDS Ring

(* It sees all that is committed, and takes less. In overwrite mode nothing *)
(* is given back, and there are no pieces.                                  *)
LookPiece ==
  /\ Stands("LookCommitted") /\ ~Overwrite
  /\ upto' \in (from + 1)..committed
  /\ step' = "LookUse"
  /\ UNCHANGED <<consumed, from, seen, copied, file, journal, crashes>>
  /\ Watched

(* A mutant: the room of all that was seen is given back with the first     *)
(* piece, and the recorder goes on behind it.                               *)
ConsumeAll ==
  /\ Stands("Consume") /\ ~Overwrite
  /\ consumed' = committed
  /\ from' = committed
  /\ copied' = <<>> /\ seen' = 0
  /\ step' = "LookCommitted"
  /\ UNCHANGED <<upto, file, journal, crashes>> /\ Watched
==============================================================================
