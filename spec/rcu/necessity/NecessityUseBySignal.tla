------------------------ MODULE NecessityUseBySignal -------------------------
(* NecessityUse for the signal flavour. The compiler may set the flag that  *)
(* goes with a signal early, before plain accesses that stand above it.     *)
(* With letter D dropped, too, it has some hundred orders to choose from.   *)
(* It does not matter where the flag is set, as nobody looks at it before   *)
(* the signal comes (module Necessity says more); so here it is set last,   *)
(* by a release store.                                                      *)
EXTENDS NecessityUse

Flags == {Need(r) : r \in 1..Readers}
FlagLast(i) ==
  IF i.op = "store" /\ i.addr \in Flags THEN In("release", i) ELSE i
ProgramsBySignal ==
  [t \in Threads |->
     [n \in DOMAIN Programs[t] |-> FlagLast(Programs[t][n])]]
==============================================================================
