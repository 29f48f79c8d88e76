-------------------------- MODULE ReadSideGuarantee --------------------------
(* The promise of RCU in its general form, of which "no use after free" is  *)
(* one case. A section and a grace period never overlap in part: seen from  *)
(* any word, the section ends before the grace period does, or it begins    *)
(* after the grace period did.                                              *)
(*                                                                          *)
(*     updater:  x = 1;  synchronize_rcu();  r = mark;  y = 1               *)
(*     reader:   lock;  r1 = y;  r2 = x;  mark = 1;  unlock                 *)
(*                                                                          *)
(* Nothing orders the reader's loads: neither a fence nor a dependency.     *)
(* Still, a section that sees what comes after the grace period (y) sees    *)
(* what came before it (x). And one that misses what came before (x) is     *)
(* over: the updater sees what it did (mark). A destructor that reads what  *)
(* the readers have left behind needs the second half.                      *)
EXTENDS ReadSideProtocol
ASSUME OneOfEach == Readers = 1 /\ Updates = 1

Words == [a \in {"x", "y", "mark"} \cup ProtocolWords |-> Value0(a)]

Programs ==
  [t \in Threads |->
     IF t = "updater"
     THEN <<Store("x", 1)>> \o Synchronize(1)
          \o <<Load("mark", "mark"), Store("y", 1)>>
     ELSE Lock(1, 1)
          \o <<Load("y", "y"), Load("x", "x"), Store("mark", 1)>>
          \o Unlock(1)]

(* A section that sees what is done after the grace period sees what was    *)
(* done before it.                                                          *)
SectionsAfterSeeBefore ==
  ~(register["reader1"]["y"] = 1 /\ register["reader1"]["x"] = 0)

(* What a section that began before has done is seen after the grace        *)
(* period.                                                                  *)
SectionsBeforeAreSeen ==
  ~(register["reader1"]["x"] = 0 /\ register["updater"]["mark"] = 0)
==============================================================================
