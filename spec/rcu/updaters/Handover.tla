------------------------------ MODULE Handover -------------------------------
(* One leader after another. What a leader does in its grace period it does *)
(* without a lock, since it is alone; so the next one must see all of it:   *)
(*                                                                          *)
(*     leader = 1 if it is 0 (Q);  if ended < want {                        *)
(*       begun += 1;  E;  gp = begun;  scan;  H;  ended = begun (M) }       *)
(*     leader = 0 (P)                                                       *)
(*                                                                          *)
(* `begun`, `gp` and `ended` only grow, if stepping down releases (P) and   *)
(* taking the lead acquires (Q). Without P, the stores of the last leader   *)
(* may arrive after those of the next, and undo them. Where E interrupts    *)
(* the last leader, too, no processor does that. Without Q, the next one    *)
(* may have loaded `begun` before it had the lead, and takes it back. If it *)
(* does so by two, another updater then wants a grace period that has ended *)
(* already, and returns without one (Updates).                              *)
(*                                                                          *)
(* The first leader runs two grace periods, and may then publish an update  *)
(* and look which grace period it wants; the second runs one, if the first  *)
(* has not yet ended. Readers and scans are left out.                       *)
EXTENDS Machine

CONSTANTS
  Updates,       \* does the first one publish an update when it has led?
  E, H,          \* what stands at the letters of ReadSideProtocol
  J,             \* updater: publish, then look at begun
  M,             \* leader: grace period, then ended
  P,             \* leader: the words of its grace period, then step down
  Q              \* take the lead, then look at ended and begun
ASSUME UpdatesIsBoolean == Updates \in BOOLEAN
ASSUME StrengthsAreKnown ==
  /\ {H, J, M, P, Q} \subseteq Fences \cup {"none"}
  /\ E \in Fences \cup {"none", "membarrier"}

Threads == {"first", "second"}
Words ==
  [begun |-> 0, gp |-> 0, ended |-> 0, leader |-> 0]
  @@ (IF Updates THEN [head |-> 0, cell0 |-> 1] ELSE <<>>)
Freed == 2
Reg(name, n) == name \o ToString(n)

(* The compiler keeps the accesses in order here. What it could do, the     *)
(* processor does on weak, unless an interrupt holds it: so where E is a    *)
(* membarrier, this module says nothing about the compiler.                 *)
Volatile(program) ==
  [n \in DOMAIN program |->
     IF program[n].mode = "relaxed" THEN In("once", program[n])
                                    ELSE program[n]]

(* A compare-and-swap, in a loop. What is stored later waits for the branch *)
(* that ends the loop; what is loaded later does not.                       *)
TakeLead(n) ==
  LET swap == When(<<"==", <<"read">>, <<"num", 0>>>>,
                   Swap(Reg("lead", n), "leader", <<"num", 1>>))
  IN  (IF Q = "acquire" THEN Lettered("Q", <<In("acquire", swap)>>)
       ELSE <<swap>> \o Point("Q", Q))
      \o <<Branch(<<"==", <<"reg", Reg("lead", n)>>, <<"num", 0>>>>)>>

(* It goes on only if nobody has ended what it wants; else it would return. *)
Lead(n, want) ==
  TakeLead(n)
  \o <<Load(Reg("ended", n), "ended"),
       Branch(<<"<", <<"reg", Reg("ended", n)>>, <<"num", want>>>>),
       Load(Reg("begun", n), "begun"),
       StoreReg("begun", Reg("begun", n), 1)>>
  \o Point("E", E)
  \o <<StoreReg("gp", Reg("begun", n), 1)>> \o Point("H", H)
  \o Before("M", M, StoreReg("ended", Reg("begun", n), 1))
  \o Before("P", P, Store("leader", 0))

(* It frees the cell if a grace period has ended that it could want. None   *)
(* has begun since, so it never should.                                     *)
Share ==
  <<In("release", Store("head", 1))>> \o Point("J", J)
  \o <<Load("b", "begun"), Load("e", "ended"),
       Branch(<<">", <<"reg", "e">>, <<"reg", "b">>>>)>>
  \o Point("H", H) \o <<Store("cell0", Freed)>>

(* The first one wants more than there will be, the second what is next.    *)
Many == 9
Programs ==
  [t \in Threads |->
     Volatile(IF t = "second" THEN Lead(1, 1)
              ELSE Lead(1, Many) \o Lead(2, Many)
                   \o (IF Updates THEN Share ELSE <<>>))]

(*------------------------------ the promises ------------------------------*)
BegunGrows  == [][memory'["begun"] >= memory["begun"]]_memory
EndedGrows  == [][memory'["ended"] >= memory["ended"]]_memory
NumberGrows == [][memory'["gp"] >= memory["gp"]]_memory
NoEarlyReturn == Updates => memory["cell0"] # Freed

(* Both do lead, one after the other, so this is violated.                  *)
OnlyOneLeads == memory["ended"] < 3
==============================================================================
