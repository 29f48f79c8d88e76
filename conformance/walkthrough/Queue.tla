------------------------------- MODULE Queue -------------------------------
(* A queue of bounded size. A producer puts a value at its end unless it is *)
(* full, a consumer takes the value at its front unless it is empty; who    *)
(* can't do what it wants is refused, and tries again some other time.      *)
EXTENDS Naturals, Sequences

CONSTANTS
  Producers,               \* who puts
  Consumers,               \* who takes
  Values,                  \* what is put
  Capacity                 \* how much fits in
ASSUME Capacity \in Nat \ {0} /\ Values \subseteq Nat

VARIABLES
  items,                   \* what is in the queue, the oldest first
  got                      \* [Consumers -> what it took last, 0: nothing]
vars == <<items, got>>

Init == items = <<>> /\ got = [c \in Consumers |-> 0]

Put(p, v) == /\ Len(items) < Capacity
             /\ items' = Append(items, v)
             /\ UNCHANGED got

Get(c) == /\ items # <<>>
          /\ got' = [got EXCEPT ![c] = Head(items)]
          /\ items' = Tail(items)

Next == \/ \E p \in Producers, v \in Values : Put(p, v)
        \/ \E c \in Consumers : Get(c)
Spec == Init /\ [][Next]_vars

TypeOK == /\ items \in Seq(Values) /\ Len(items) <= Capacity
          /\ got \in [Consumers -> Values \cup {0}]
============================================================================
