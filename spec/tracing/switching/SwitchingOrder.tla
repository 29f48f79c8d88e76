--------------------------- MODULE SwitchingOrder ----------------------------
(* A process that opens tracing reads the rules by itself, while a          *)
(* controller may be changing them. Which orders do the two need?           *)
(*                                                                          *)
(*   comes     Neither may miss the other: store buffering, with full       *)
(*             fences J and K. And the controller writes the process's word *)
(*             only when the process has done so, and has said it (AH).     *)
(*     process:     named = 1;  K;  g = generation;  AB;  read the rules;   *)
(*                  write its word;  AE;  generation == g?;  AH;            *)
(*                  applied = 1                                             *)
(*     controller:  write the rules;  AA;  generation = 2;  J;              *)
(*                  if named { await applied;  write the word }             *)
(*   written   A controller has flipped `active`, and was killed before it  *)
(*             raised the generation. Its successor writes the copy that    *)
(*             the process may still be reading. This is a seqlock, and its *)
(*             letters are those of a ring in overwrite mode (RingOrder),   *)
(*             with the generation for `committed` and `tail`.              *)
(*     successor:   generation = 2;  AD;  write the copy;  AA;              *)
(*                  active = this copy;  generation = 3                     *)
(*                                                                          *)
(* A process that finds another generation reads again. That is as if it    *)
(* had come later, so here it doesn't go on.                                *)
EXTENDS Machine

CONSTANTS
  Way,           \* "comes" or "written"
  J,             \* controller: rules, then list           pairs with K
  K,             \* process: named, then read generation   pairs with J
  AA,            \* controller: write rules, then generation
  AB,            \* process: generation, then rules
  AD,            \* controller: generation, then write the copy
  AE,            \* process: rules, then generation again
  AH             \* process: its own word, then applied
ASSUME WayIsKnown == Way \in {"comes", "written"}
ASSUME StrengthsAreKnown ==
  {J, K, AA, AB, AD, AE, AH} \subseteq Fences \cup {"none"}

FenceJ         == Point("J", J)
FenceK         == Point("K", K)
FenceAA(store) == Before("AA", AA, store)
FenceAB(load)  ==
  IF AB = "acquire" THEN Lettered("AB", <<In("acquire", load)>>)
                    ELSE <<load>> \o Point("AB", AB)
FenceAD        == Point("AD", AD)
FenceAE        == Point("AE", AE)
FenceAH(store) == Before("AH", AH, store)

Threads == {"process", "controller"}
Words ==
  [generation |-> 1]
  @@ IF Way = "comes"
     THEN [named |-> 0, rule |-> 0, word |-> 0, applied |-> 0]
     ELSE [active |-> 0, first |-> 0, last |-> 0]

AsBefore == Branch(<<"==", <<"reg", "g">>, <<"reg", "again">>>>)
Comes ==
  <<Store("named", 1)>> \o FenceK
  \o FenceAB(Load("g", "generation"))
  \o <<Load("r", "rule"), StoreReg("word", "r", 0)>>
  \o FenceAE \o <<Load("again", "generation"), AsBefore>>
  \o FenceAH(Store("applied", 1))
Changes ==
  <<Store("rule", 1)>> \o FenceAA(Store("generation", 2)) \o FenceJ
  \o <<Load("n", "named"), If("n", {1}, Await("applied", {1})),
       If("n", {1}, Store("word", 1))>>

(* Only the copy that is written is looked at: 0. The other one, which the  *)
(* process reads if it finds `active` flipped, stays as it is.              *)
Reads0 ==
  FenceAB(Load("g", "generation"))
  \o <<Load("copy", "active"),
       If("copy", {0}, Load("first", "first")),
       If("copy", {0}, Load("last", "last"))>>
  \o FenceAE \o <<Load("again", "generation"), AsBefore>>

(* The kernel hands over the controllers' lock: a full barrier.             *)
Succeeds ==
  <<Store("active", 1), Fence("mb"), Store("generation", 2)>> \o FenceAD
  \o <<Store("first", 1), Store("last", 1)>>
  \o FenceAA(Store("active", 0)) \o FenceAA(Store("generation", 3))

Programs ==
  [t \in Threads |->
     IF Way = "comes" THEN IF t = "process" THEN Comes ELSE Changes
                      ELSE IF t = "process" THEN Reads0 ELSE Succeeds]

(*------------------------------ the promises ------------------------------*)
(* Whoever comes is switched as the rules say.                              *)
WordFollowsTheRules == (Way = "comes" /\ Finished) => memory["word"] = 1

(* A process that has found the generation as it was has read whole rules.  *)
Read(r) == register["process"][r]
NoTornRules ==
  (Way = "written" /\ performed["process"] = Positions("process"))
    => Read("first") = Read("last")

(* For claims that must not be empty.                                       *)
NobodyComesLate ==
  ~(/\ Way = "comes" /\ performed["controller"] = Positions("controller")
    /\ memory["named"] = 0)
NobodyReadsIt   ==
  ~(/\ Way = "written" /\ performed["process"] = Positions("process")
    /\ Read("first") = 1)

(*--------------------------------- mutant ---------------------------------*)
(* The successor raises the generation when it has begun to write the copy. *)
BeginsAndRaises ==
  <<Store("active", 1), Fence("mb"), Store("first", 1),
    Store("generation", 2)>>
  \o FenceAD \o <<Store("last", 1)>>
  \o FenceAA(Store("active", 0)) \o FenceAA(Store("generation", 3))
==============================================================================
