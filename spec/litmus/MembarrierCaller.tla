-------------------------- MODULE MembarrierCaller ---------------------------
(* The interrupts are not all of membarrier(): the caller runs a full       *)
(* barrier before them and one after them. Scenarios A and B of the         *)
(* kernel's kernel/sched/membarrier.c say why:                              *)
(*                                                                          *)
(*   A   caller:  x = 1; First; interrupt; Last; r = y                      *)
(*       other:   y = 1; barrier; r = x             may both miss?          *)
(*   B   caller:  r = y; First; interrupt; Last; s = x                      *)
(*       other:   x = 1; barrier; y = 1             may r = 1 and s = 0?    *)
EXTENDS Machine

CONSTANTS
  Scenario,      \* "A" or "B"
  First,         \* the caller's barrier before the interrupt: "mb" or "none"
  Last           \* and the one after it
ASSUME ScenarioIsKnown   == Scenario \in {"A", "B"}
ASSUME StrengthsAreKnown == {First, Last} \subseteq {"mb", "none"}

Threads  == {"caller", "other"}
Words    == [a \in {"x", "y"} |-> 0]
Interrupted(before, after) ==
  <<before>> \o Point("", First) \o <<Ipi>> \o Point("", Last) \o <<after>>
Guarded(before, after) == <<before>> \o Point("", "barrier") \o <<after>>

Programs ==
  [t \in Threads |->
     CASE Scenario = "A" /\ t = "caller" ->
            Interrupted(Store("x", 1), Load("r", "y"))
       [] Scenario = "A" /\ t = "other" ->
            Guarded(Store("y", 1), Load("r", "x"))
       [] Scenario = "B" /\ t = "caller" ->
            Interrupted(Load("r", "y"), Load("s", "x"))
       [] Scenario = "B" /\ t = "other" ->
            Guarded(Store("x", 1), Store("y", 1))]

Outcome ==
  IF Scenario = "A"
  THEN register["caller"]["r"] = 0 /\ register["other"]["r"] = 0
  ELSE register["caller"]["r"] = 1 /\ register["caller"]["s"] = 0

OutcomeDoesNotOccur == ~(Finished /\ Outcome)
==============================================================================
