---------------------------- MODULE NumberChecked ----------------------------
(* Numbers that wrap, and a reader that may be held up for as long as you   *)
(* like.                                                                    *)
(*                                                                          *)
(* NumberWidth says how far behind a reader may be when it announces a      *)
(* number. Here it looks again: once its announcement stands, it compares   *)
(* it with the current number, and if that is more than Accept ahead (an    *)
(* announcement that looks newer is nearly M behind), it announces Old      *)
(* instead, which every grace period waits for. It is inside only when it   *)
(* has found its announcement near enough, or has announced Old; until then *)
(* it uses nothing, so it does no harm if a grace period passes it by. From *)
(* then on the first grace period that begins is at most Accept + 1 ahead   *)
(* of it and waits, and so no other one begins.                             *)
(*                                                                          *)
(* So M numbers are enough for a reader however far behind, if Accept + 1   *)
(* is less than half of them; numbers are compared by the sign of their     *)
(* difference. This is what impl/ does, with numbers of 31 bits and Accept  *)
(* a quarter of them. What it costs is one load of the current number. (To  *)
(* announce the current number instead, and to look again, is as safe, but  *)
(* may go on for ever if half of the numbers go by each time.)              *)
EXTENDS NumberWidth

CONSTANT
  Accept         \* so far behind an announcement may be when it is looked at
ASSUME AcceptIsSome == Accept \in Nat

VARIABLE
  inside         \* has the reader found its announcement near enough?
\* Lanes: inside = reader
checkedVars == <<gp, scanning, loaded, behind, announced, before, inside>>

CheckedInit == Init /\ inside = FALSE

Load == LoadGp /\ UNCHANGED inside

Old == M + 1
Distance(a) == (gp - a + M) % M

AnnounceIt == /\ loaded # 0
              /\ announced' = loaded
              /\ loaded' = 0
              /\ inside' = (loaded = Old)
              /\ UNCHANGED <<gp, scanning, behind, before>>

Check == /\ announced # 0 /\ loaded = 0 /\ ~inside
         /\ IF Distance(announced) <= Accept
              THEN inside' = TRUE /\ UNCHANGED loaded
              ELSE loaded' = Old /\ UNCHANGED inside
         /\ UNCHANGED <<gp, scanning, behind, announced, before>>

Leave == /\ inside
         /\ announced' = 0
         /\ inside' = FALSE /\ before' = FALSE
         /\ UNCHANGED <<gp, scanning, loaded, behind>>

(* No assumption about the reader: it may be anywhere.                      *)
BeginAnyhow == /\ ~scanning
               /\ gp' = Next1(gp)
               /\ before' = inside
               /\ scanning' = TRUE
               /\ UNCHANGED <<loaded, behind, announced, inside>>

Late(a) == a = Old \/ (Distance(a) > 0 /\ 2 * Distance(a) < M)

EndIt == /\ scanning
         /\ announced = 0 \/ ~Late(announced)
         /\ scanning' = FALSE
         /\ before' = FALSE
         /\ UNCHANGED <<gp, loaded, behind, announced, inside>>

CheckedNext == Load \/ AnnounceIt \/ Check \/ Leave \/ BeginAnyhow \/ EndIt
CheckedSpec == CheckedInit /\ [][CheckedNext]_checkedVars
                           /\ WF_checkedVars(AnnounceIt \/ Check)

CheckedNoEarlyEnd == [][scanning /\ ~scanning' => ~before]_checkedVars

CheckedTypeOK ==
  /\ gp \in 1..M /\ loaded \in 0..Old /\ announced \in 0..Old
  /\ scanning \in BOOLEAN /\ before \in BOOLEAN /\ inside \in BOOLEAN

(* Whatever the others do, it gets inside.                                  *)
GetsInside == announced # 0 ~> (inside \/ announced = 0)

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* A reader that is too far behind announces the current number instead,    *)
(* and looks again.                                                         *)
CheckAgain == /\ announced # 0 /\ loaded = 0 /\ ~inside
              /\ IF Distance(announced) <= Accept
                   THEN inside' = TRUE /\ UNCHANGED loaded
                   ELSE loaded' = gp /\ UNCHANGED inside
              /\ UNCHANGED <<gp, scanning, behind, announced, before>>
==============================================================================
