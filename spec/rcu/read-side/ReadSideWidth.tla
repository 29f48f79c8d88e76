---------------------------- MODULE ReadSideWidth ----------------------------
(* The bound of module NumberWidth, for processors and compilers that       *)
(* reorder: grace periods have M numbers, 1..M, and 1 comes again after M.  *)
(* A scan waits for all that announce another number than its own.          *)
(*                                                                          *)
(* A reader that loads the number before the first of n updates, and        *)
(* announces it after any of them, is safe with M = n + 1, and not with n.  *)
(* A processor that holds the announcement back makes it no worse: each     *)
(* grace period's letter E makes the reader perform what it has announced.  *)
EXTENDS ReadSide

CONSTANT M       \* how many numbers there are
ASSUME NumbersAreSome == M \in 1..8 /\ Algorithm = "number"

(* The n-th grace period, counted from 1, follows n numbers.                *)
Number(n) == 1 + (n % M)

(* These take the place of NumberBegin and NumberScan.                      *)
WrappedBegin(n) ==
  LET raise == <<Own(Store("gp", Number(n)))>>
  IN  IF Raise = "after" THEN FenceE \o raise ELSE raise \o FenceE
WrappedScan(n) ==
  LET Wait(r) == <<Own(Await(Announced(r), {0, Number(n)}))>>
  IN  Each(Wait)
==============================================================================
