------------------------------ MODULE Ordering -------------------------------
(* The ordering scenarios of kernel/sched/membarrier.c, each as two         *)
(* programs on the machine. The caller runs on CPU 0:                       *)
(*                                                                          *)
(*     before; mb_a; seen = rq->curr->mm of CPU 1; mb_c; after              *)
(*                                                                          *)
(* It sees that CPU 1 does not run its address space, and interrupts        *)
(* nobody. (With the interrupt, these are scenarios A and B: see module     *)
(* MembarrierCaller of the folder litmus.) CPU 1 runs a thread of that      *)
(* address space, before or after the change that the caller has seen.      *)
(*                                                                          *)
(*   Came:  x = 1; mb_a; seen; mb_c; r = y     may both loads miss?         *)
(*          mm = M; Enter; y = 1; s = x                                     *)
(*   Went:  r = y; mb_a; seen; mb_c; s = x     may r = 1 and s = 0?         *)
(*          x = 1; y = 1; Leave; mm = NULL                                  *)
(*                                                                          *)
(* What the change of mm is makes the scenario, and gives Enter and Leave   *)
(* their letters: rq->curr in a context switch (C: e and d), exit_mm (D: d),*)
(* kthread_use_mm and kthread_unuse_mm (E: g and d), exec_mmap (exec.d, a   *)
(* name of ours). To the machine they are the same store, so C, D, E and    *)
(* exec are one program with four names.                                    *)
(*                                                                          *)
(* "Alone" is today's shortcut: a caller that sees itself to be the last    *)
(* user of its address space returns immediately, with no barrier at all.   *)
(* The last user but one has left through exit_mm and mmput, which are      *)
(* ordered.                                                                 *)
(*                                                                          *)
(* One program stands for what CPU 1 does before and after the change, a    *)
(* switch included. What it does as another thread meanwhile is left out:   *)
(* it touches none of these words. The machine has no branches, so only     *)
(* runs in which the caller has seen NULL (or 1 user) count.                *)
EXTENDS Machine

CONSTANTS
  Scenario,      \* "Came", "Went" or "Alone"
  First,         \* mb_a
  Last,          \* mb_c
  Switch         \* letter e or g (Came), d (Went, Alone)
ASSUME ScenarioIsKnown == Scenario \in {"Came", "Went", "Alone"}
ASSUME StrengthsAreKnown == {First, Last, Switch} \subseteq {"mb", "none"}

Threads == {"cpu0", "cpu1"}
Null    == 0
M       == 1
Words   == [a \in {"x", "y", "mm", "users"} |->
              CASE a = "mm"    -> IF Scenario = "Came" THEN Null ELSE M
                [] a = "users" -> 2
                [] OTHER       -> 0]

(* The compiler moves nothing into a system call, whatever is dropped.      *)
Call(before, look, last) ==
  <<before>> \o Point("", "barrier") \o Point("mb_a", First)
  \o <<In("once", look)>>
  \o Point("mb_c", Last) \o Point("", "barrier") \o <<last>>
Guarded(one, two) == <<one>> \o Point("", "barrier") \o <<two>>

Programs ==
  [t \in Threads |->
     CASE Scenario = "Came" /\ t = "cpu0" ->
            Call(Store("x", 1), Load("seen", "mm"), Load("r", "y"))
       [] Scenario = "Came" /\ t = "cpu1" ->
            <<Store("mm", M)>> \o Point("", Switch) \o Point("", "barrier")
            \o Guarded(Store("y", 1), Load("s", "x"))
       [] Scenario = "Went" /\ t = "cpu0" ->
            Call(Load("r", "y"), Load("seen", "mm"), Load("s", "x"))
       [] Scenario = "Went" /\ t = "cpu1" ->
            Guarded(Store("x", 1), Store("y", 1))
            \o Point("", "barrier") \o Point("", Switch)
            \o <<Store("mm", Null)>>
       [] Scenario = "Alone" /\ t = "cpu0" ->
            Call(Load("r", "y"), Load("seen", "users"), Load("s", "x"))
       [] Scenario = "Alone" /\ t = "cpu1" ->
            Guarded(Store("x", 1), Store("y", 1))
            \o Point("", Switch) \o <<Store("mm", Null)>>
            \o Point("", "mb") \o <<Store("users", 1)>>]

Outcome ==
  LET caller == register["cpu0"] IN
  CASE Scenario = "Came"  -> /\ caller["seen"] = Null
                             /\ caller["r"] = 0 /\ register["cpu1"]["s"] = 0
    [] Scenario = "Went"  -> /\ caller["seen"] = Null
                             /\ caller["r"] = 1 /\ caller["s"] = 0
    [] Scenario = "Alone" -> /\ caller["seen"] = 1
                             /\ caller["r"] = 1 /\ caller["s"] = 0

OutcomeDoesNotOccur == ~(Finished /\ Outcome)
==============================================================================
