----------------------------- MODULE SingleUser ------------------------------
(* The shortcut of a process of one thread, and the readers of RCU.         *)
(*                                                                          *)
(* PRIVATE_EXPEDITED returns at once, and is no barrier for anybody, when   *)
(* nobody else uses the address space (mm_users is 1): who could notice? A  *)
(* thread that has just ended could. It was a reader, and what it did has   *)
(* to be over for an updater that finds itself alone:                       *)
(*                                                                          *)
(*     reader:   announced = 1;  A;  use;  B;  announced = 0;               *)
(*               Exit;  mm_users = 1                                        *)
(*     updater:  publish;  mm_users == 1?  return from membarrier;          *)
(*               scan;  H;  free                                            *)
(*                                                                          *)
(* The end of a thread has a full barrier before the kernel counts it out   *)
(* (exit_mm, mmput). So whoever sees the count sees all that it did, if he  *)
(* acquires; and its last announcement is the end of one. A thread that is  *)
(* made later is made by the updater itself. So the updater needs neither A *)
(* of its own nor anybody else's barrier here.                              *)
(*                                                                          *)
(* Only the way is shown on which the shortcut is taken: the count is       *)
(* awaited.                                                                 *)
EXTENDS Machine

CONSTANTS
  B,             \* reader: use, then the end of the announcement
  Exit,          \* kernel: what the thread did, then it is counted out
  H              \* updater: what it has seen, then it frees and looks
ASSUME StrengthsAreKnown == {B, Exit, H} \subseteq Fences \cup {"none"}

Threads == {"updater", "reader"}
Old     == 3
Freed   == 2
Words   == [head |-> 0, cell0 |-> Old, cell1 |-> 1, announced |-> 0,
            users |-> 2, left |-> 0]

Section ==
  <<Store("announced", 1)>> \o Point("A", "barrier")
  \o <<Load("ptr", "head"), Deref("use", "ptr", <<"cell0", "cell1">>),
       Store("left", 1)>>
  \o Before("B", B, Store("announced", 0))
Ends == Before("Exit", Exit, Store("users", 1))

Update ==
  <<In("release", Store("head", 1)), Await("users", {1}),
    Await("announced", {0})>>
  \o Point("H", H) \o <<Store("cell0", Freed), Load("left", "left")>>

Programs ==
  [t \in Threads |-> IF t = "reader" THEN Section \o Ends ELSE Update]

NoUseAfterFree == register["reader"]["use"] # Freed
SectionsBeforeAreSeen ==
  ~ /\ register["reader"]["use"] = Old
    /\ register["updater"]["left"] = 0
    /\ performed["updater"] = Positions("updater")

(* The shortcut is taken, and the old cell is freed after it was used.      *)
NothingIsFreed == memory["cell0"] # Freed
==============================================================================
