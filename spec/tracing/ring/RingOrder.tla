------------------------------ MODULE RingOrder ------------------------------
(* A thread records events in a ring, and a recorder in another process     *)
(* copies them out of it. Neither takes a lock, and neither has a full      *)
(* fence. Which orders do they need? The ring has room for one record here, *)
(* of two words, so that a record that is half old and half new can be told.*)
(*                                                                          *)
(*   discard     a full ring loses what is new                              *)
(*     writer:   write 1;  AA;  committed = 1;  c = consumed;               *)
(*               if (c == 1) { write 2;  AA;  committed = 2 }               *)
(*     recorder: await committed;  AB;  copy;  AC;  consumed = 1;  ...      *)
(*   overwrite   a full ring loses what is old, as a seqlock does           *)
(*     writer:   write 1;  AA;  committed = 1;                              *)
(*               tail = 1;  AD;  write 2;  AA;  committed = 2               *)
(*     recorder: await committed;  AB;  copy;  AE;  if (tail == 0) keep it  *)
(*   handover    a thread ends, and another takes its ring and goes on      *)
(*     first:    write 1;  AA;  committed = 1;  place = 1;  AF;  owner = 0  *)
(*     second:   claim owner;  AG;  p = place;  write 2 at p;  AA; ...      *)
(*                                                                          *)
(* The writer's look at `consumed` has no letter: what it writes depends on *)
(* what it saw, and no processor writes before it knows that it will        *)
(* (Room).                                                                  *)
(*                                                                          *)
(* AD and AE are fences. A release store of tail holds back what comes      *)
(* before it, and the writes come after it; an acquire load of tail holds   *)
(* back what comes after, and the copy comes before. Both are the first     *)
(* thing that one writes, and neither is enough (Boehm, "Can seqlocks get   *)
(* along with programming language memory models?", 2012).                  *)
EXTENDS Machine

CONSTANTS
  Way,           \* "discard", "overwrite" or "handover"
  Records,       \* discard: how many are written, 1 or 2
  Room,          \* discard: what the look at consumed promises by itself, a
                 \*   mode; or "missing", when the writer doesn't look
  AA,            \* writer: write the record, then committed   pairs with AB
  AB,            \* recorder: committed, then copy             pairs with AA
  AC,            \* recorder: copy, then consumed              discard
  AD,            \* writer: tail, then write                   pairs with AE
  AE,            \* recorder: copy, then look at tail again    pairs with AD
  AF,            \* writer: its last use of the ring, then owner = 0
  AG             \* writer: claim the ring, then use it        pairs with AF
ASSUME WayIsKnown  == Way \in {"discard", "overwrite", "handover"}
ASSUME RecordsAreFew == Records \in 1..2
ASSUME RoomIsKnown == Room \in {"relaxed", "acquire", "missing"}
ASSUME StrengthsAreKnown ==
  /\ {AA, AB, AC, AF, AG} \subseteq Fences \cup {"none"}
  /\ AD \in Fences \cup {"none", "release-store"}
  /\ AE \in Fences \cup {"none", "acquire-load"}

(*------------------------------ the letters -------------------------------*)
(* An ordering point after an access that reads. "acquire" is then the      *)
(* access's own mode, which asks for less than an acquire fence.            *)
After(letter, strength, access) ==
  IF strength = "acquire" THEN Lettered(letter, <<In("acquire", access)>>)
                          ELSE <<access>> \o Point(letter, strength)

FenceAA(store) == Before("AA", AA, store)
FenceAB(await) == After("AB", AB, await)
FenceAC(store) == Before("AC", AC, store)
FenceAD(store) ==
  IF AD = "release-store" THEN Before("AD", "release", store)
                          ELSE <<store>> \o Point("AD", AD)
FenceAE(load)  ==
  IF AE = "acquire-load" THEN After("AE", "acquire", load)
                         ELSE Point("AE", AE) \o <<load>>
FenceAF(store) == Before("AF", AF, store)
FenceAG(swap)  == After("AG", AG, swap)

(*--------------------------- threads and words ----------------------------*)
Threads == {"writer", "recorder"}
           \cup (IF Way = "handover" THEN {"second"} ELSE {})
Words ==
  [first |-> 0, last |-> 0, committed |-> 0]
  @@ CASE Way = "discard"   -> [consumed |-> 0]
       [] Way = "overwrite" -> [tail |-> 0]
       [] Way = "handover"  -> [first1 |-> 0, place |-> 0, owner |-> 1]

Write(n)     == <<Store("first", n), Store("last", n)>>
Commit(n)    == FenceAA(Store("committed", n))
Under(c, given, program) ==
  [k \in DOMAIN program |->
     IF program[k].op = "store" THEN If(c, given, program[k])
                                ELSE program[k]]

(*------------------------------- the writers ------------------------------*)
Second ==
  IF Records = 1 THEN <<>>
  ELSE IF Room = "missing" THEN Write(2) \o Commit(2)
  ELSE <<In(Room, Load("c", "consumed"))>>
       \o Under("c", {1}, Write(2) \o Commit(2))

Writer ==
  Write(1) \o Commit(1)
  \o CASE Way = "discard"   -> Second
       [] Way = "overwrite" -> FenceAD(Store("tail", 1))
                               \o Write(2) \o Commit(2)
       [] Way = "handover"  -> <<Store("place", 1)>>
                               \o FenceAF(Store("owner", 0))

(* The next thread takes the ring when it is free, or goes without. That it *)
(* writes one word of its record is enough to see which it writes over.     *)
Taker ==
  FenceAG(When(<<"==", <<"read">>, <<"num", 0>>>>,
               Swap("", "owner", <<"num", 2>>)))
  \o <<Load("p", "place")>>
  \o Under("p", {0}, <<Store("first", 2)>> \o Commit(1))
  \o Under("p", {1}, <<Store("first1", 2)>> \o Commit(2))

(*------------------------------ the recorder ------------------------------*)
Copy(n) == <<Load("first" \o ToString(n), "first"),
             Load("last" \o ToString(n), "last")>>
Recorder ==
  FenceAB(Await("committed", IF Way = "discard" THEN {1} ELSE {1, 2}))
  \o Copy(1)
  \o CASE Way = "discard"   -> FenceAC(Store("consumed", 1))
                               \o (IF Records = 1 THEN <<>>
                                   ELSE FenceAB(Await("committed", {2}))
                                        \o Copy(2))
       [] Way = "overwrite" -> FenceAE(Load("tail", "tail"))
       [] Way = "handover"  -> <<>>

Programs ==
  [t \in Threads |-> CASE t = "writer"   -> Writer
                       [] t = "second"   -> Taker
                       [] t = "recorder" -> Recorder]

(*------------------------------ the promises ------------------------------*)
(* What the recorder keeps is the record that was committed, all of it.     *)
Has(r)     == register["recorder"][r] # Unread
Copied(n)  == LET name(w) == w \o ToString(n)
              IN  Has(name("first")) /\ Has(name("last"))
IsWhole(n) == LET name(w) == w \o ToString(n)
              IN  /\ register["recorder"][name("first")] = n
                  /\ register["recorder"][name("last")] = n
Kept(n)    == Copied(n) /\ (Way = "overwrite" =>
                              register["recorder"]["tail"] = 0)
Most       == IF Way = "discard" THEN Records ELSE 1
NoTornRecord ==
  \A n \in 1..Most : Kept(n) => IsWhole(n)

(* A ring's positions only grow, whoever writes.                            *)
CommittedOnlyGrows == [][memory'["committed"] >= memory["committed"]]_memory

(* For claims that must not be empty.                                       *)
NothingIsKept == ~Kept(Most)
NothingIsLost ==
  ~(/\ Way = "overwrite" /\ Copied(1)
    /\ Has("tail") /\ register["recorder"]["tail"] = 1)
==============================================================================
