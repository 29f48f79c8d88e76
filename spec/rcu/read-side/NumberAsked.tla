----------------------------- MODULE NumberAsked -----------------------------
(* How wide must the number be that an updater asks for?                    *)
(*                                                                          *)
(* In Urcu an updater asks for the grace period after the last one that has *)
(* begun, and returns once that one has ended; between these it may be held *)
(* up for as long as you like. Of M numbers that wrap around, the one it    *)
(* asks for is one or two ahead of the last that has ended; anything else   *)
(* means that it has ended. Compared by the sign of their difference, the   *)
(* answer is sometimes no for a yes (if half of the numbers have gone by:   *)
(* then it waits on, for one that it runs itself, or for the other half),   *)
(* and never yes for a no. Four numbers are enough.                         *)
(*                                                                          *)
(* This is what impl/ does, with numbers of 31 bits.                        *)
EXTENDS Integers

CONSTANTS
  M,             \* how many numbers there are
  Compare        \* "modulo" or "unsigned"
ASSUME NumbersAreSome == M \in Nat \ {0}
ASSUME CompareIsKnown == Compare \in {"modulo", "unsigned"}

VARIABLES
  begun,         \* the number of the last grace period that has begun
  ended,         \* and that of the last one that has ended
  want,          \* what the updater asks for; 0 if nothing
  since          \* of the grace periods that began since it asked: 0 none,
                 \* 1 one has begun, 2 it has ended
\* Lanes: begun = leader, ended = leader, want = updater, since = updater
vars == <<begun, ended, want, since>>

Next1(n) == 1 + (n % M)

Init == begun = 1 /\ ended = 1 /\ want = 0 /\ since = 0

Begin == /\ begun = ended
         /\ begun' = Next1(begun)
         /\ since' = IF want # 0 /\ since = 0 THEN 1 ELSE since
         /\ UNCHANGED <<ended, want>>

End == /\ begun # ended
       /\ ended' = begun
       /\ since' = IF since = 1 THEN 2 ELSE since
       /\ UNCHANGED <<begun, want>>

Ask == /\ want = 0
       /\ want' = Next1(begun)
       /\ UNCHANGED <<begun, ended, since>>

HasEnded == IF Compare = "unsigned"
              THEN ended >= want
              ELSE 2 * ((ended - want + M) % M) < M

Return == /\ want # 0 /\ HasEnded
          /\ want' = 0 /\ since' = 0
          /\ UNCHANGED <<begun, ended>>

Next == Begin \/ End \/ Ask \/ Return
Spec == Init /\ [][Next]_vars

TypeOK == /\ begun \in 1..M /\ ended \in 1..M /\ want \in 0..M
          /\ since \in 0..2

(* It returns when a grace period has ended that began after it asked.      *)
NoEarlyReturn == [][want # 0 /\ want' = 0 => since = 2]_vars

(* It may be told no although it has: so this is violated.                  *)
NeverTooLate == want # 0 /\ since = 2 => HasEnded
==============================================================================
