--------------------------- MODULE HazardPointers ----------------------------
(* Hazard pointers with asymmetric fences. A reader says which object it is *)
(* about to use, and looks again whether that one can still be reached. Who *)
(* wants to free an object looks whether anybody has said so.               *)
(*                                                                          *)
(*   reader:     p = head;  hazard = p;  A;  q = head;  if (q == p) use *p; *)
(*               B;  hazard = none                                          *)
(*   retirer:    head = other;  U;  push                                    *)
(*   reclaimer:  take all that is pushed;  E;  for each hazard: is it one   *)
(*               of them?;  H;  free those that nobody protects             *)
(*                                                                          *)
(* A is a full barrier, as in Michael's paper, or a compiler barrier with a *)
(* membarrier at E. One E is enough for a whole batch that others retired:  *)
(* whatever came with the push (U) and the take is before it. Objects that  *)
(* are taken after E are not covered by it (Take).                          *)
(*                                                                          *)
(* The letters are those of RCU, since each orders what it orders there:    *)
(* A announces before the use, E is between the unlinking and the scan.     *)
(*                                                                          *)
(* A protection may move: a reader that walks a list copies a hazard to     *)
(* another slot and clears the first. The scan passes over the slots        *)
(* meanwhile, and it must not see the second before and the first after     *)
(* the move. So a protection moves in the direction of the scan, with       *)
(* V between copy and clear, and W between the scan's looks. Neither        *)
(* follows from A and E.                                                    *)
EXTENDS Machine

CONSTANTS
  Objects,       \* how many are retired, each by a thread of its own; the
                 \*   reader uses the last
  Moves,         \* a reader moves its protection to a second slot
  Scan,          \* the order of the slots in which the scan looks: "up" is
                 \*   first slot, second slot
  Take,          \* "before" E, or "after" it (a mistake)
  A, B, E, H,    \* as in RCU (letters.json)
  U,             \* retirer: unlink, then push
  V,             \* reader: protect in the second slot, then clear the first
  W              \* reclaimer: look at one slot, then at the other
ASSUME ObjectsAreFew     == Objects \in 1..2
ASSUME MovesIsBoolean    == Moves \in BOOLEAN
ASSUME ScanIsKnown       == Scan \in {"up", "down"}
ASSUME TakeIsKnown       == Take \in {"before", "after"}
ASSUME StrengthsAreKnown ==
  {A, B, E, H, U, V, W} \subseteq Fences \cup {"none", "membarrier"}

Freed == 9

(* The words and threads that are about object n.                           *)
Name(word, n) == word \o ToString(n)
Object        == 1..Objects
Slots         == IF Moves THEN {"hazard", "second"} ELSE {"hazard"}
Words ==
  [a \in {Name(w, n) : w \in {"head", "pushed", "old", "new"},
                       n \in Object} \cup Slots \cup {"used"} |-> 0]
Threads == {Name("retirer", n) : n \in Object} \cup {"reader", "reclaimer"}

FenceA        == Point("A", A)
FenceB(store) == Before("B", B, store)
FenceE        == Point("E", E)
FenceH        == Point("H", H)
FenceU(store) == Before("U", U, store)
FenceV(store) == Before("V", V, store)
FenceW        == Point("W", W)

(* A hazard holds 0 for nothing, 1 for the old object, 2 for the new one.   *)
LastSlot == IF Moves THEN "second" ELSE "hazard"
ReaderOf(n) ==
  <<Load("p", Name("head", n)), StoreReg("hazard", "p", 1)>>
  \o FenceA
  \o <<Load("q", Name("head", n)),
       Branch(<<"==", <<"reg", "q">>, <<"reg", "p">>>>)>>
  \o (IF Moves THEN <<StoreReg("second", "p", 1)>>
                    \o FenceV(Store("hazard", 0))
               ELSE <<>>)
  \o <<Deref("use", "p", <<Name("old", n), Name("new", n)>>),
       StoreReg("used", "use", 0)>>
  \o FenceB(Store(LastSlot, 0))
Reader == ReaderOf(Objects)

Retirer(n) ==
  <<Store(Name("head", n), 1)>> \o FenceU(Store(Name("pushed", n), 1))

(* A scan that finds the old object protected leaves it for the next scan:  *)
(* here, it looks again.                                                    *)
Look(slot) == <<Await(slot, {0, 2})>>
Looks ==
  IF ~Moves THEN Look("hazard")
  ELSE IF Scan = "up" THEN Look("hazard") \o FenceW \o Look("second")
                      ELSE Look("second") \o FenceW \o Look("hazard")

(* What was pushed is taken by acquire.                                     *)
Taken(n) == <<In("acquire", Await(Name("pushed", n), {1}))>>

(* What it reads of an object that it is about to free. H is for this       *)
(* alone: a free is a store, and waits for the loops before it.             *)
ReadsOfIt == <<>>

Covered == Concat([n \in 1..(Objects - 1) |-> Taken(n)])
Reclaimer ==
  LET last == Taken(Objects)
  IN  (IF Take = "before" THEN Covered \o last \o FenceE
                          ELSE Covered \o FenceE \o last)
      \o Looks \o FenceH \o ReadsOfIt
      \o [n \in Object |-> Store(Name("old", n), Freed)]

Programs ==
  [t \in Threads |->
     CASE t = "reader"    -> Reader
       [] t = "reclaimer" -> Reclaimer
       [] OTHER           -> Retirer(CHOOSE n \in Object :
                                       t = Name("retirer", n))]

(* What the reader stores is what it has used: by then, its second look at  *)
(* head has found what the first one had found.                             *)
NoUseAfterFree == memory["used"] # Freed

(* For claims that must not be empty: the object is freed after its use. To *)
(* tell it from the new one, it has a value of its own there (WordsApart).  *)
Old == 1
WordsApart == [Words EXCEPT ![Name("old", Objects)] = Old]
NeverFreed ==
  ~(memory[Name("old", Objects)] = Freed /\ memory["used"] = Old)

(* Who protects another object holds the scan up. So this is violated.      *)
OthersHoldItUp ==
  [][\A k \in performed'["reclaimer"] \ performed["reclaimer"] :
       Code("reclaimer")[k].is.addr = "hazard" => memory["hazard"] # 2]_vars

(* What a reader did with the object while it was protected is seen by who  *)
(* frees it, when that reads it (ReadsUsed, and WordsApart).                *)
UsesAreSeen ==
  performed["reclaimer"] = Positions("reclaimer") /\ memory["used"] = Old
    => register["reclaimer"]["saw"] = Old

(*------------------------- others, and mutants ----------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The reclaimer reads what the reader has written.                         *)
ReadsUsed == <<Load("saw", "used")>>

(* The reader uses another object of the batch.                             *)
ReaderOfTheFirst == ReaderOf(1)

(* The reclaimer frees the first object, and has not taken it.              *)
TakesTheLast == <<>>

(* It takes what is pushed, and does not acquire.                           *)
TakenRelaxed(n) == <<Await(Name("pushed", n), {1})>>

(* The reader clears the slot that it began with, and not the one that it   *)
(* has moved to.                                                            *)
ClearsTheFirst == "hazard"
==============================================================================
