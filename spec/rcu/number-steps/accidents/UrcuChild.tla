------------------------------ MODULE UrcuChild ------------------------------
(* Urcu in a child of fork(), which has the forking thread alone.           *)
(*                                                                          *)
(* The idea. All words are copied as they are: another thread's             *)
(* announcement, a grace period that it has begun, the word that says that  *)
(* it leads, its place among the sleepers. None of these threads will ever  *)
(* take a step. So a handler in the child takes them out, before anything   *)
(* else happens there: slots are nobody's and announce nothing, nobody      *)
(* leads, sleeps or is counted. The numbers stay as they are. A grace       *)
(* period that was under way stays begun and never ends; the next one is    *)
(* one later, and ends for both.                                            *)
(*                                                                          *)
(* Here behaviours begin when the handler is over, with any words that      *)
(* there may have been. The forking thread was in none of these operations  *)
(* itself; and threads that the child makes register afresh. As native/     *)
(* does it, in src/fork.c.                                                  *)
EXTENDS Urcu

(* What the handler makes of what it finds.                                 *)
Leads(l)      == 0
Sleeps(n)     == 0
Announces(a)  == 0
Notices(n)    == 0
Registered(n) == 0

ChildInit ==
  /\ ended \in 1..2
  /\ begun \in {ended, ended + 1}
  /\ gp \in {ended, begun}
  /\ leader \in {Leads(l) : l \in {0, 1}}
  /\ doorbell = 0
  /\ sleepers \in {Sleeps(n) : n \in 0..Updaters}
  /\ used \in 0..Readers
  /\ registered \in {Registered(n) : n \in 0..used}
  /\ head = 0
  /\ cell = [c \in Cell |-> IF c = 0 THEN "live" ELSE "empty"]
  /\ announced \in [Slot -> {Announces(a) : a \in {0, ended, gp}}]
  /\ notice \in [Slot -> {Notices(n) : n \in {0, 1}}]
  /\ owner = [s \in Slot |-> Nobody]
  /\ slot = [r \in Reader |-> 0]
  /\ number = [r \in Reader |-> 0]
  /\ depth = [r \in Reader |-> 0]
  /\ held = [r \in Reader |-> None]
  /\ mine = [u \in Updater |-> None]
  /\ want = [u \in Updater |-> 0]
  /\ bell = [u \in Updater |-> None]
  /\ left = [u \in Updater |-> Updates]
  /\ scanned = 0 /\ mark = 0 /\ late = {}
  /\ pc = [t \in Thread |-> IF t \in Reader THEN "Idle" ELSE "Initialise"]

ChildSpec == ChildInit /\ [][Next]_vars
FairChild == ChildSpec /\ Fairness

(* A number may be left open, so Urcu's Numbered says too much here.        *)
NumberedInChild ==
  /\ begun - ended \in 0..2 /\ gp \in ended..begun
  /\ \A r \in Reader : number[r] <= gp
  /\ \A s \in Slot : announced[s] <= gp

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration:    *)
(* what it is about stays as it was found.                                  *)
AsItWas(x) == x

(* The number is taken back to the last that has ended, under the readers   *)
(* that have loaded a later one.                                            *)
RaiseToEnded(u) ==
  /\ At(u, "Raise")
  /\ gp' = ended
  /\ Goto(u, "LoadUsed")
  /\ UNCHANGED <<begun, ended, memory, readers, updaters>>
==============================================================================
