------------------------------ MODULE RobustList -----------------------------
(* Which locks of a dead thread does the kernel declare "owner died"?       *)
(*                                                                          *)
(* SharedMemory takes the kernel's word for who is dead. The kernel learns  *)
(* what a thread held from a list that the thread keeps in its own memory   *)
(* (set_robust_list): from a head, which names a lock that it is about to   *)
(* take or give back, through the locks that it holds, the latest first.    *)
(* When the thread is gone, the kernel walks along it: each lock that has   *)
(* the thread's name in it is declared, then the one that the head names.   *)
(*                                                                          *)
(* The walk ends early, and in silence, where it comes to memory that is    *)
(* not mapped, and after `Reach` locks (2,048 in Linux, against lists that  *)
(* are circles). The locks behind look busy for ever, and who waits for     *)
(* their owner waits for ever. So:                                          *)
(*                                                                          *)
(*   - A mapping is never unmapped while a thread holds a lock in it. The   *)
(*     library can't keep its user from unmapping the user's, so it has one *)
(*     of its own, which it unmaps when nobody is registered there.         *)
(*   - A thread takes a limited number of locks, and is refused more.       *)
(*                                                                          *)
(* The locks that a program takes by itself are on the same list: theirs    *)
(* count, and theirs can cut it, wherever ours are. A library that shares   *)
(* the list can't help that. It must be said.                               *)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  Ours,          \* the library's locks, each in a mapping of its own
  Theirs,        \* robust locks of the program itself
  Reach,         \* how many locks the kernel walks along
  OurLimit,      \* how many of ours a thread may hold
  TheirLimit,    \* how many of its own the program holds
  WhenUnmapped,  \* which mappings may go: those "unheld", or "any"
  TheyUnmap        \* may the program unmap a lock of its own that it holds?
ASSUME Reach \in Nat \ {0} /\ OurLimit \in Nat /\ TheirLimit \in Nat
ASSUME Ours \cap Theirs = {} /\ IsFiniteSet(Ours \cup Theirs)
ASSUME WhenUnmapped \in {"unheld", "any"} /\ TheyUnmap \in BOOLEAN

Lock == Ours \cup Theirs
Nothing == "nothing"

VARIABLES
  word,                    \* [Lock -> "free" | "held" | "died"]
  list,                    \* the thread's list, the latest first
  pending,                 \* what the head names, or Nothing
  mapped,                  \* the locks whose memory the thread has mapped
  pc,                      \* the thread's next step; then the kernel's:
                           \* "Walk", "Pending", "Gone"
  todo,                    \* what the walk has before it
  walked                   \* how many locks it has walked along
\* Lanes: else = the thread and its kernel, not = lock
vars == <<word, list, pending, mapped, pc, todo, walked>>

Held(set) == {l \in set : word[l] = "held"}
InList == {list[i] : i \in 1..Len(list)}
Without(l) == SelectSeq(list, LAMBDA x : x # l)

(*------------------------------- the thread -------------------------------*)
Allowed(l) == IF l \in Ours THEN Cardinality(Held(Ours)) < OurLimit
                            ELSE Cardinality(Held(Theirs)) < TheirLimit

(* trylock: name it, take it, put it in front of the list, unname it.       *)
NameToTake(l) ==
  /\ pc = "Runs" /\ l \in mapped /\ word[l] = "free" /\ Allowed(l)
  /\ pending' = l
  /\ pc' = "Take"
  /\ UNCHANGED <<word, list, mapped, todo, walked>>
Take ==
  /\ pc = "Take"
  /\ word' = [word EXCEPT ![pending] = "held"]
  /\ pc' = "Enqueue"
  /\ UNCHANGED <<list, pending, mapped, todo, walked>>
Enqueue ==
  /\ pc = "Enqueue"
  /\ list' = <<pending>> \o list
  /\ pc' = "Unname"
  /\ UNCHANGED <<word, pending, mapped, todo, walked>>
Unname ==
  /\ pc = "Unname"
  /\ pending' = Nothing
  /\ pc' = "Runs"
  /\ UNCHANGED <<word, list, mapped, todo, walked>>

(* unlock: name it, take it off the list, free it, unname it.               *)
NameToGive(l) ==
  /\ pc = "Runs" /\ l \in InList /\ l \in mapped
  /\ pending' = l
  /\ pc' = "Dequeue"
  /\ UNCHANGED <<word, list, mapped, todo, walked>>
Dequeue ==
  /\ pc = "Dequeue"
  /\ list' = Without(pending)
  /\ pc' = "Give"
  /\ UNCHANGED <<word, pending, mapped, todo, walked>>
Give ==
  /\ pc = "Give"
  /\ word' = [word EXCEPT ![pending] = "free"]
  /\ pc' = "Unname"
  /\ UNCHANGED <<list, pending, mapped, todo, walked>>

MayGo(l) == \/ word[l] # "held"
            \/ l \in Ours /\ WhenUnmapped = "any"
            \/ l \in Theirs /\ TheyUnmap
Unmap(l) ==
  /\ pc = "Runs" /\ l \in mapped /\ MayGo(l)
  /\ mapped' = mapped \ {l}
  /\ UNCHANGED <<word, list, pending, pc, todo, walked>>

(* SIGKILL, or the end of the thread, between any two instructions.         *)
Die ==
  /\ pc \notin {"Walk", "Pending", "Gone"}
  /\ pc' = "Walk"
  /\ todo' = list
  /\ UNCHANGED <<word, list, pending, mapped, walked>>

(*------------------------------- the kernel -------------------------------*)
(* exit_robust_list(): a lock that has another's name, or nobody's, is left *)
(* alone. What the head names is dealt with only at the end of the walk.    *)
Declared(l) == IF word[l] = "held" THEN [word EXCEPT ![l] = "died"] ELSE word
Walk ==
  /\ pc = "Walk" /\ todo # <<>>
  /\ IF Head(todo) \notin mapped
     THEN pc' = "Gone" /\ UNCHANGED <<word, todo, walked>>
     ELSE /\ word' = IF Head(todo) = pending THEN word
                                             ELSE Declared(Head(todo))
          /\ todo' = Tail(todo)
          /\ walked' = walked + 1
          /\ pc' = IF walked + 1 = Reach THEN "Pending" ELSE "Walk"
  /\ UNCHANGED <<list, pending, mapped>>
WalkEnds ==
  /\ pc = "Walk" /\ todo = <<>>
  /\ pc' = "Pending"
  /\ UNCHANGED <<word, list, pending, mapped, todo, walked>>
Pending ==
  /\ pc = "Pending"
  /\ word' = IF pending = Nothing THEN word ELSE Declared(pending)
  /\ pc' = "Gone"
  /\ UNCHANGED <<list, pending, mapped, todo, walked>>

(*-------------------------------- the whole -------------------------------*)
Init ==
  /\ word = [l \in Lock |-> "free"]
  /\ list = <<>> /\ pending = Nothing /\ mapped = Lock
  /\ pc = "Runs" /\ todo = <<>> /\ walked = 0
Over == pc = "Gone" /\ UNCHANGED vars
Next == \/ \E l \in Lock : NameToTake(l) \/ NameToGive(l) \/ Unmap(l)
        \/ Take \/ Enqueue \/ Unname \/ Dequeue \/ Give
        \/ Die \/ Walk \/ WalkEnds \/ Pending \/ Over
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ word \in [Lock -> {"free", "held", "died"}]
  /\ InList \subseteq Lock /\ Len(list) = Cardinality(InList)
  /\ pending \in Lock \cup {Nothing} /\ mapped \subseteq Lock
  /\ walked \in 0..Reach

(* No lock of ours looks as if a dead thread held it.                       *)
TheDeadAreDeclared == pc = "Gone" => Held(Ours) = {}

(* And none is declared while its thread may still take a step.             *)
OnlyTheDead ==
  pc \notin {"Walk", "Pending", "Gone"} => \A l \in Lock : word[l] # "died"

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* Somebody else takes an owner that is slow for dead, and declares it.     *)
OverOrDeclared ==
  \/ pc = "Gone" /\ UNCHANGED vars
  \/ /\ pc = "Runs"
     /\ \E l \in Held(Lock) : word' = Declared(l)
     /\ UNCHANGED <<list, pending, mapped, pc, todo, walked>>
==============================================================================
