--------------------------- MODULE GracePeriodKept ---------------------------
(* GracePeriod keeps a promise of its own, which is short: when a grace     *)
(* period has ended, nobody is left that it had to wait for. This page is   *)
(* what every algorithm refines, so a weaker one would let all of them      *)
(* through. Here it is shown to be as strong as it says.                    *)
EXTENDS GracePeriod

(* Whoever was inside at the start has left by the end, since only leaving  *)
(* takes a reader from waits.                                               *)
NobodyIsLeft == ~running => waits = {}

(* A mutant, which takes the place of End in a claim's configuration: the   *)
(* grace period ends at any time.                                           *)
EndAnyTime == /\ running
              /\ running' = FALSE
              /\ UNCHANGED <<inside, waits>>
==============================================================================
