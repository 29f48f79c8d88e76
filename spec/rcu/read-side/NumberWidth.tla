---------------------------- MODULE NumberWidth ------------------------------
(* How wide must the number of a grace period be?                           *)
(*                                                                          *)
(* In C it is a word, and a word wraps around: after M numbers, 1..M, comes *)
(* 1 again (0 announces that there is no section). A reader may be held up  *)
(* for as long as you like between loading the number and announcing it;    *)
(* nobody waits for it there, since it has announced nothing. What it then  *)
(* announces is an old number, and if it looks like a new one, the scan     *)
(* passes a reader that it ought to wait for.                               *)
(*                                                                          *)
(* So no number of bits is enough for a reader that is held up without      *)
(* bound. This module says how far behind it may be, Behind grace periods   *)
(* from the load to the announcement, for each way to compare an            *)
(* announcement with the number of the grace period:                        *)
(*                                                                          *)
(*   equal     wait unless it is the same. Enough where grace periods are   *)
(*             run one at a time: nobody can announce a later one. Right up *)
(*             to Behind = M - 2, wrong from M - 1 on (the grace period     *)
(*             that scans is one more).                                     *)
(*   modulo    wait if it precedes by less than half of the numbers (the    *)
(*             sign of a difference, as kernels compare times). Half as     *)
(*             far.                                                         *)
(*   unsigned  wait if it is less. Wrong for a reader that is not behind at *)
(*             all, once, when the number wraps. This is what native/ does, *)
(*             whose 64-bit number does not wrap.                           *)
(*                                                                          *)
(* 64 bits at a grace period each microsecond wrap after 584,000 years; 32  *)
(* bits after 72 minutes, for which a debugger can stop a reader. The phase *)
(* algorithm needs no bound: its second scan sees that the reader has been  *)
(* there (claims phase), nor does a reader that looks at its announcement   *)
(* again (NumberChecked). The bound is on the time between load and         *)
(* announcement; a section may last as long as it likes.                    *)
(*                                                                          *)
(* Numbers wrap, so the states are finitely many, and what is found here    *)
(* holds for any number of grace periods. Everything happens in order; what *)
(* order it needs is the question of ReadSide.                              *)
EXTENDS Integers

CONSTANTS
  M,             \* how many numbers there are
  Behind,        \* how many grace periods begin, at most, from a reader's
                 \*   load of the number to its announcement
  Compare        \* "equal", "modulo" or "unsigned"
ASSUME NumbersAreSome == M \in Nat \ {0} /\ Behind \in Nat
ASSUME CompareIsKnown == Compare \in {"equal", "modulo", "unsigned"}

VARIABLES
  gp,            \* the number of the current grace period
  scanning,      \* is a grace period under way?
  loaded,        \* what the reader has loaded and not announced, or 0
  behind,        \* how many grace periods have begun since it loaded that
  announced,     \* what it announces; 0 if nothing
  before         \* was it inside when the grace period began?
\* Lanes: loaded = reader, announced = reader, scanning = updater
vars == <<gp, scanning, loaded, behind, announced, before>>

Next1(n) == 1 + (n % M)

Init == /\ gp = 1
        /\ scanning = FALSE
        /\ loaded = 0 /\ behind = 0 /\ announced = 0
        /\ before = FALSE

(*-------------------------------- the reader ------------------------------*)
LoadGp == /\ loaded = 0 /\ announced = 0
          /\ loaded' = gp
          /\ UNCHANGED <<gp, scanning, behind, announced, before>>

(* Entering means announcing: what it finds in its section is what was      *)
(* published by then.                                                       *)
Announce == /\ loaded # 0
            /\ announced' = loaded
            /\ loaded' = 0 /\ behind' = 0
            /\ UNCHANGED <<gp, scanning, before>>

Unlock == /\ announced # 0
          /\ announced' = 0
          /\ before' = FALSE
          /\ UNCHANGED <<gp, scanning, loaded, behind>>

(*-------------------------------- the updater -----------------------------*)
(* It begins once a reader that is too far behind has announced itself:     *)
(* this is the assumption, not something that anybody does.                 *)
Begin == /\ ~scanning
         /\ loaded # 0 => behind < Behind
         /\ behind' = IF loaded # 0 THEN behind + 1 ELSE 0
         /\ gp' = Next1(gp)
         /\ before' = (announced # 0)
         /\ scanning' = TRUE
         /\ UNCHANGED <<loaded, announced>>

Older(a) ==
  CASE Compare = "equal"    -> a # gp
    [] Compare = "modulo"   -> LET d == (gp - a + M) % M
                               IN  d > 0 /\ 2 * d < M + 1
    [] Compare = "unsigned" -> a < gp

End == /\ scanning
       /\ announced = 0 \/ ~Older(announced)
       /\ scanning' = FALSE
       /\ before' = FALSE
       /\ UNCHANGED <<gp, loaded, behind, announced>>

Next == LoadGp \/ Announce \/ Unlock \/ Begin \/ End
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK == /\ gp \in 1..M /\ loaded \in 0..M /\ announced \in 0..M
          /\ behind \in 0..Behind
          /\ scanning \in BOOLEAN /\ before \in BOOLEAN

(* No grace period ends while a reader is inside that was inside at its     *)
(* start.                                                                   *)
NoEarlyEnd == [][scanning /\ ~scanning' => ~before]_vars

(* A reader does fall as far behind as it may, so this is violated.         *)
NeverThatFar == ~(loaded # 0 /\ behind = Behind)
==============================================================================
