------------------------------ MODULE ClaimSlot ------------------------------
(* How a thread claims a slot, step by step: it looks at one slot after the *)
(* other, and tries a compare-and-swap where it has seen nobody.            *)
(*                                                                          *)
(* The idea. Urcu registers in one step, which takes the lowest slot that   *)
(* is free. The code has no lock, so it can't: what it has passed may be    *)
(* given back behind it, and what it has seen free may be taken before its  *)
(* swap. It then goes on to the next. So it claims a slot that was free at  *)
(* the moment of the swap, and not always the lowest. It does find one      *)
(* where there is one for each thread, though others come and go while it   *)
(* looks: whoever takes a slot in front of it has passed those before. What *)
(* the protocol needs is the swap alone: one owner at a time. (The mark at  *)
(* which scans end is raised to the slot, whichever it is; see SkipAndMark. *)
(* A thread that finds none says so, and may try again.)                    *)
(*                                                                          *)
(* Steps are those of native/src: claim, in the order of qs_register and    *)
(* qs_unregister. What is announced is the business of SlotReuse.           *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Threads,                 \* how many threads register and unregister
  Slots                    \* how many slots there are
ASSUME Threads \in Nat \ {0} /\ Slots \in Nat \ {0}

Thread == 1..Threads
Slot   == 1..Slots
Nobody == 0

VARIABLES
  owner,                   \* [Slot -> the thread that owns it, or Nobody]
  slot,                    \* [Thread -> its slot, or 0]
  used,                    \* the highest slot that was ever claimed
  at,                      \* [Thread -> the slot that it has come to, or 0]
  pc                       \* [Thread -> "Idle", "Look", "Swap", "RaiseUsed",
                           \* "None" (it has found no slot)]
\* Lanes: t <= Threads = thread t
vars == <<owner, slot, used, at, pc>>

At(t, step) == pc[t] = step
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]

Register(t) ==
  /\ pc[t] \in {"Idle", "None"} /\ slot[t] = 0
  /\ at' = [at EXCEPT ![t] = 1]
  /\ Goto(t, "Look")
  /\ UNCHANGED <<owner, slot, used>>

Next1(t) ==
  IF at[t] < Slots THEN /\ at' = [at EXCEPT ![t] = @ + 1]
                        /\ Goto(t, "Look")
                   ELSE /\ at' = [at EXCEPT ![t] = 0]
                        /\ Goto(t, "None")

Look(t) ==
  /\ At(t, "Look")
  /\ IF owner[at[t]] = Nobody THEN Goto(t, "Swap") /\ UNCHANGED at
                              ELSE Next1(t)
  /\ UNCHANGED <<owner, slot, used>>

(* The compare-and-swap compares again.                                     *)
Compares(t) == owner[at[t]] = Nobody
Swap(t) ==
  /\ At(t, "Swap")
  /\ IF Compares(t)
       THEN /\ owner' = [owner EXCEPT ![at[t]] = t]
            /\ slot' = [slot EXCEPT ![t] = at[t]]
            /\ at' = [at EXCEPT ![t] = 0]
            /\ Goto(t, "RaiseUsed")
       ELSE Next1(t) /\ UNCHANGED <<owner, slot>>
  /\ UNCHANGED used

RaiseUsed(t) ==
  /\ At(t, "RaiseUsed")
  /\ used' = IF used < slot[t] THEN slot[t] ELSE used
  /\ Goto(t, "Idle")
  /\ UNCHANGED <<owner, slot, at>>

Unregister(t) ==
  /\ At(t, "Idle") /\ slot[t] # 0
  /\ owner' = [owner EXCEPT ![slot[t]] = Nobody]
  /\ slot' = [slot EXCEPT ![t] = 0]
  /\ UNCHANGED <<used, at, pc>>

Init == /\ owner = [s \in Slot |-> Nobody]
        /\ slot = [t \in Thread |-> 0] /\ used = 0
        /\ at = [t \in Thread |-> 0]
        /\ pc = [t \in Thread |-> "Idle"]
Claims(t) == Look(t) \/ Swap(t) \/ RaiseUsed(t)
Next == \E t \in Thread : Register(t) \/ Claims(t) \/ Unregister(t)
Spec == Init /\ [][Next]_vars
FairSpec == Spec /\ \A t \in Thread : WF_vars(Claims(t))

TypeOK ==
  /\ owner \in [Slot -> Thread \cup {Nobody}]
  /\ slot \in [Thread -> 0..Slots] /\ used \in 0..Slots
  /\ at \in [Thread -> 0..Slots]
  /\ pc \in [Thread -> {"Idle", "Look", "Swap", "RaiseUsed", "None"}]

(* A slot has one owner, who knows it.                                      *)
SlotsAreOwned ==
  \A t \in Thread : slot[t] # 0 => owner[slot[t]] = t

(* A thread that may read is below the mark.                                *)
UsedIsHigh ==
  \A t \in Thread : slot[t] # 0 /\ At(t, "Idle") => slot[t] <= used

(* Each attempt ends, whatever the others do: no thread waits for another.  *)
ClaimEnds == \A t \in Thread : At(t, "Look") ~> pc[t] \in {"Idle", "None"}

(* With a slot for each thread, each finds one, whatever the others do.     *)
NobodyFindsNone == \A t \in Thread : ~At(t, "None")

(* What Urcu says, and the code does not: the lowest free slot is taken.    *)
TakesTheLowest ==
  [][\A t \in Thread : slot[t] = 0 /\ slot'[t] # 0 =>
       \A s \in 1..(slot'[t] - 1) : owner[s] # Nobody]_vars

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* It stores without comparing.                                             *)
ComparesNot(t) == TRUE

(* The mark is raised to the lowest, as if that were always taken.          *)
RaiseByOne(t) ==
  /\ At(t, "RaiseUsed")
  /\ used' = IF used < slot[t] THEN used + 1 ELSE used
  /\ Goto(t, "Idle")
  /\ UNCHANGED <<owner, slot, at>>

(* It looks at the same slot again and again until that is given back.      *)
SwapAgain(t) ==
  /\ At(t, "Look")
  /\ owner[at[t]] = Nobody
  /\ Goto(t, "Swap")
  /\ UNCHANGED <<owner, slot, used, at>>
==============================================================================
