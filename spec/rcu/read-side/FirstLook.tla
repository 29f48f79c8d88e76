------------------------------ MODULE FirstLook ------------------------------
(* ReadSide, where a reader looks at its own announcement before it makes   *)
(* one. In the code, this look tells an outermost section from a nested     *)
(* one, which announces nothing:                                            *)
(*                                                                          *)
(*     if (announced == 0) { announced = gp;  A }                           *)
(*                                                                          *)
(* Between two sections the look must see the end of the first: else the    *)
(* second one takes itself for nested, and nobody waits for it. No letter   *)
(* is needed for that. It is the reader's own word, and a processor that    *)
(* has not yet performed its store reads from the store; the compiler keeps *)
(* accesses of one word in order, as long as they are accesses. It may not  *)
(* keep the word in a register from section to section, so the word is      *)
(* atomic, or volatile. (That another has written it is a matter of slots   *)
(* that change hands: SlotReuse.)                                           *)
EXTENDS ReadSide

Begins(r, n) ==
  <<Own(Load(Reg("gp", n), "gp")),
    If(Reg("look", n), {0}, Own(StoreReg(Announced(r), Reg("gp", n), 0)))>>
  \o FenceA
Look(r, n) == <<Own(Load(Reg("look", n), Announced(r)))>>
LockLooking(r, n) == Look(r, n) \o Begins(r, n)

(*-------------------------------- mutants ---------------------------------*)
(* The second section uses what the first one knew of the word.             *)
LockRemembering(r, n) ==
  IF n = 1 THEN Look(r, 1) \o Begins(r, 1) \o Look(r, 2)
           ELSE Begins(r, n)
==============================================================================
