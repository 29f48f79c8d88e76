---------------------------- MODULE NextSection ------------------------------
(* An updater may see a reader's next announcement instead of the end of    *)
(* the last one. Does it then see what the last section did?                *)
(*                                                                          *)
(*     reader:   mark = 1;  B;  announced = 0;  (Next) announced = 2;  A    *)
(*     updater:  while announced is 1;  H;  look at mark                    *)
(*                                                                          *)
(* The end of the announcement is a release store (B). The next one is a    *)
(* relaxed store to the same word, by the same thread. In C11 it belongs to *)
(* the release sequence of the store before; C++20 has taken that away. On  *)
(* this machine it makes no difference: stores to one word stay in order,   *)
(* so who sees the second comes after the first, and what is before it. A   *)
(* release store in its place changes nothing; nor is it a substitute for   *)
(* B, since the updater may also see the end itself.                        *)
EXTENDS Machine

CONSTANTS
  A, B, H,       \* what stands at the letters of ReadSideProtocol
  NextMode       \* the mode of the store that announces the next section
ASSUME StrengthsAreKnown ==
  {A, B, H} \subseteq Fences \cup {"none"} /\ NextMode \in Modes

Threads == {"reader", "updater"}
Words   == [announced |-> 1, mark |-> 0, x |-> 0]

Programs ==
  [t \in Threads |->
     IF t = "reader"
     THEN <<Store("mark", 1)>> \o Before("B", B, Store("announced", 0))
          \o <<In(NextMode, Store("announced", 2))>> \o Point("A", A)
          \o <<Load("x", "x")>>
     ELSE <<AwaitInto("seen", "announced", {0, 2})>> \o Point("H", H)
          \o <<Load("mark", "mark")>>]

(* What the section did that is over is seen, whatever told the updater.    *)
SectionsBeforeAreSeen == register["updater"]["mark"] # 0

(* The updater does see the next announcement, so this is violated.         *)
NextIsNeverSeen == register["updater"]["seen"] # 2
==============================================================================
