----------------------------- MODULE Peterson ------------------------------
(* Peterson's lock for two threads, one access of shared memory a step: who *)
(* wants in raises its flag and gives the other the turn, and waits as long *)
(* as the other's flag is up and it is the other's turn.                    *)
EXTENDS Naturals

CONSTANT Thread            \* the two threads: 0 and 1
ASSUME Thread = {0, 1}

VARIABLES
  flag,                    \* [Thread -> whether it wants in]
  turn,                    \* who goes first when both want in
  pc                       \* [Thread -> its next step; "Idle": outside]
vars == <<flag, turn, pc>>

Other(t) == 1 - t
At(t, label) == pc[t] = label
GoTo(t, label) == pc' = [pc EXCEPT ![t] = label]

Init == /\ flag = [t \in Thread |-> FALSE]
        /\ turn = 0
        /\ pc = [t \in Thread |-> "Idle"]

Raise(t) == /\ At(t, "Idle")
            /\ flag' = [flag EXCEPT ![t] = TRUE]
            /\ UNCHANGED turn
            /\ GoTo(t, "GiveTurn")

GiveTurn(t) == /\ At(t, "GiveTurn")
               /\ turn' = Other(t)
               /\ UNCHANGED flag
               /\ GoTo(t, "LoadFlag")

LoadFlag(t) == /\ At(t, "LoadFlag")
               /\ UNCHANGED <<flag, turn>>
               /\ GoTo(t, IF flag[Other(t)] THEN "LoadTurn" ELSE "Lower")

LoadTurn(t) == /\ At(t, "LoadTurn")
               /\ UNCHANGED <<flag, turn>>
               /\ GoTo(t, IF turn = Other(t) THEN "LoadFlag" ELSE "Lower")

Lower(t) == /\ At(t, "Lower")
            /\ flag' = [flag EXCEPT ![t] = FALSE]
            /\ UNCHANGED turn
            /\ GoTo(t, "Idle")

Next == \E t \in Thread : \/ Raise(t)
                          \/ GiveTurn(t)
                          \/ LoadFlag(t)
                          \/ LoadTurn(t)
                          \/ Lower(t)
Spec == Init /\ [][Next]_vars

OneInside == ~(At(0, "Lower") /\ At(1, "Lower"))
============================================================================
