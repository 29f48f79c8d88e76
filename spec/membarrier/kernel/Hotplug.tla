------------------------------- MODULE Hotplug -------------------------------
(* With one CPU online there is nobody to order, so membarrier() returns    *)
(* immediately, without a barrier of its own (SYNC_CORE does not: its own   *)
(* core counts). It looks at the number of CPUs before it takes the lock    *)
(* that keeps CPUs from coming and going. May a CPU come, or go, between    *)
(* that look and the return, or around them, so that an outcome appears     *)
(* that the call forbids?                                                   *)
(*                                                                          *)
(*     CPU 0, the one that stays:                                           *)
(*       before; seen = CPUs online (1: return); after                      *)
(*                                                                          *)
(*   Comes:  x = 1; seen; r = y              may both loads miss?           *)
(*           online = 2; started; y = 1; s = x                              *)
(*   Goes:   r = y; seen; s = x              may r = 1 and s = 0?           *)
(*           x = 1; y = 1; mb; stopped; online = 1                          *)
(*                                                                          *)
(* It can't, but not because of anything in membarrier(). A CPU that comes  *)
(* runs no user thread before the thread that started it, on CPU 0, has     *)
(* seen it online and told it to go on (cpu_up). A CPU that goes is taken   *)
(* down while all others stand still in a thread of their own               *)
(* (stop_machine). Either way CPU 0 has switched away from the caller and   *)
(* back, and a switch is a barrier. In the caller's program this is `Turn`, *)
(* and `At` says where it stands among its accesses: after the look where a *)
(* CPU comes, before it where one goes, or the caller would see two online  *)
(* and have no shortcut. Where it stands "nowhere", the other CPU does not  *)
(* wait for it: that is hotplug as it might be.                             *)
(*                                                                          *)
(* What is left out: the look at CPUs that are online, and the interrupts   *)
(* to them, under the lock. They need it only to find the CPUs that they    *)
(* interrupt: a CPU that has come or gone meanwhile has switched to what it *)
(* runs, or away from it (module Kernel). And one outcome is asked about    *)
(* for each way, that of scenario A or B of membarrier.c.                   *)
EXTENDS Machine

CONSTANTS
  Scenario,      \* "Comes" or "Goes"
  At,            \* where the caller's CPU takes its turn: "first", before
                 \*   the "look", before the "return", or "last"; or
                 \*   "nowhere"
  First, Last    \* barriers of the caller before and after the look at the
                 \*   number of CPUs: "none" today
ASSUME ScenarioIsKnown == Scenario \in {"Comes", "Goes"}
ASSUME PlaceIsKnown ==
  At \in {"nowhere"} \cup (IF Scenario = "Comes" THEN {"return", "last"}
                          ELSE {"first", "look"})
ASSUME StrengthsAreKnown == {First, Last} \subseteq {"mb", "none"}

Threads == {"cpu0", "cpu1"}
Words   == [a \in {"x", "y", "online", "turn", "stopped"} |->
              IF a = "online" /\ Scenario = "Goes" THEN 2
              ELSE IF a = "online" THEN 1 ELSE 0]

(* CPU 0 switches to another thread, which lets the other CPU go on, or     *)
(* stands still until that one is off; and back to the caller.              *)
Work == CASE Scenario = "Comes" -> <<In("once", Await("online", {2})),
                                     In("once", Store("turn", 1))>>
          [] Scenario = "Goes"  -> <<In("once", Store("turn", 1)),
                                     In("once", Await("online", {1}))>>
Turn(place) ==
  IF At # place THEN <<>>
  ELSE Point("", "mb") \o Work \o Point("", "mb")
AwaitTurn ==
  IF At = "nowhere" THEN <<>>
  ELSE <<In("once", Await("turn", {1}))>> \o Point("", "mb")

(* The compiler moves nothing into a system call, whatever is dropped.      *)
Caller(before, after) ==
  Turn("first") \o <<before>> \o Turn("look")
  \o Point("", "barrier") \o Point("mb_a", First)
  \o <<In("once", Load("seen", "online"))>>
  \o Point("mb_c", Last) \o Point("", "barrier")
  \o Turn("return") \o <<after>> \o Turn("last")

Programs ==
  [t \in Threads |->
     CASE Scenario = "Comes" /\ t = "cpu0" ->
            Caller(Store("x", 1), Load("r", "y"))
       [] Scenario = "Comes" /\ t = "cpu1" ->
            <<Store("online", 2)>> \o Point("", "mb") \o AwaitTurn
            \o <<Store("y", 1)>> \o Point("", "barrier") \o <<Load("s", "x")>>
       [] Scenario = "Goes" /\ t = "cpu0" ->
            Caller(Load("r", "y"), Load("s", "x"))
       [] Scenario = "Goes" /\ t = "cpu1" ->
            <<Store("x", 1)>> \o Point("", "barrier") \o <<Store("y", 1)>>
            \o Point("", "mb") \o AwaitTurn \o <<Store("online", 1)>>]

Outcome ==
  LET caller == register["cpu0"] IN
  /\ caller["seen"] = 1
  /\ CASE Scenario = "Comes" -> caller["r"] = 0 /\ register["cpu1"]["s"] = 0
       [] Scenario = "Goes"  -> caller["r"] = 1 /\ caller["s"] = 0

OutcomeDoesNotOccur == ~(Finished /\ Outcome)

(* The opposite, to see that runs count at all.                             *)
ShortcutIsNotTaken == ~(Finished /\ register["cpu0"]["seen"] = 1)
==============================================================================
