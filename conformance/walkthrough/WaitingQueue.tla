---------------------------- MODULE WaitingQueue ----------------------------
(* The same queue for those who would rather wait than be refused: a call   *)
(* begins, and what it is about happens at once or when there is room, or   *)
(* something to take. Who waits first need not be served first.             *)
EXTENDS Naturals, Sequences

CONSTANTS
  Producers,               \* who puts
  Consumers,               \* who takes
  Values,                  \* what is put
  Capacity                 \* how much fits in
ASSUME Capacity \in Nat \ {0} /\ Values \subseteq Nat \ {0}

VARIABLES
  items,                   \* what is in the queue, the oldest first
  got,                     \* [Consumers -> what it took last, 0: nothing]
  puts,                    \* [Producers -> what it waits to put, 0: nothing]
  gets                     \* the consumers that wait
vars == <<items, got, puts, gets>>

Init == /\ items = <<>> /\ got = [c \in Consumers |-> 0]
        /\ puts = [p \in Producers |-> 0] /\ gets = {}

Put(p, v) == /\ puts[p] = 0
             /\ puts' = [puts EXCEPT ![p] = v]
             /\ UNCHANGED <<items, got, gets>>

FinishPut(p) == /\ puts[p] # 0 /\ Len(items) < Capacity
                /\ items' = Append(items, puts[p])
                /\ puts' = [puts EXCEPT ![p] = 0]
                /\ UNCHANGED <<got, gets>>

Get(c) == /\ c \notin gets
          /\ gets' = gets \cup {c}
          /\ UNCHANGED <<items, got, puts>>

FinishGet(c) == /\ c \in gets /\ items # <<>>
                /\ got' = [got EXCEPT ![c] = Head(items)]
                /\ items' = Tail(items)
                /\ gets' = gets \ {c}
                /\ UNCHANGED puts

Next == \/ \E p \in Producers, v \in Values : Put(p, v)
        \/ \E p \in Producers : FinishPut(p)
        \/ \E c \in Consumers : Get(c) \/ FinishGet(c)
Spec == Init /\ [][Next]_vars

TypeOK == /\ items \in Seq(Values) /\ Len(items) <= Capacity
          /\ got \in [Consumers -> Values \cup {0}]
          /\ puts \in [Producers -> Values \cup {0}]
          /\ gets \subseteq Consumers
============================================================================
