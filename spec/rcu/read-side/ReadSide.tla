------------------------------ MODULE ReadSide -------------------------------
(* What RCU is for: readers follow a pointer without a lock, while an       *)
(* updater replaces what it points to, and frees the old cell when no       *)
(* reader can still be using it. The updater, n-th time:                    *)
(*                                                                          *)
(*     fill cell n; publish it; synchronize_rcu(); free cell n-1            *)
(*                                                                          *)
(* This module asks whether a reader can use a cell that has been freed, or *)
(* one that is not yet filled. Both are only about the order of accesses:   *)
(* module Urcu has the steps of the algorithm, one at a time, in order.     *)
EXTENDS ReadSideProtocol

CONSTANTS
  Sections,      \* how many sections each reader enters, one after the other
  Nesting        \* 2 if a section has another one inside, else 1
ASSUME SectionsAreFew == Sections \in 1..3 /\ Nesting \in {1, 2}

(*------------------------------- the cells --------------------------------*)
Cell(n) == "cell" \o ToString(n)
Cells   == [n \in 1..(Updates + 1) |-> Cell(n - 1)]
Fresh   == 0
Live    == 1
Freed   == 2

Words ==
  [a \in {"head"} \cup ProtocolWords \cup {Cells[n] : n \in DOMAIN Cells} |->
     IF a = "head" THEN 0 ELSE IF a = Cell(0) THEN Live ELSE Value0(a)]

(*------------------------------ the programs ------------------------------*)
(* The use is plain data: the compiler may move it as it likes, as long as  *)
(* it comes after the load of the pointer. With nesting, the reader gets    *)
(* the pointer before an inner section and uses it after: the outer one     *)
(* still protects it.                                                       *)
Get(s) == <<Own(Load(Reg("ptr", s), "head"))>>
Use(s) == <<Deref(Reg("use", s), Reg("ptr", s), Cells)>>

Section(r, s) ==
  Get(s)
  \o (IF Nesting = 1 THEN <<>>
      ELSE LockNested(r, 2 * s) \o UnlockNested(r, 2 * s + 1))
  \o Use(s)

Reading(r) ==
  Lock(r, 1) \o Section(r, 1)
  \o Concat([s \in 1..(Sections - 1) |->
               Between(r, s + 1) \o Section(r, s + 1)])
  \o Unlock(r)

Update(n) ==
  Step("initialise", <<Store(Cell(n), Live)>>)
  \o Step("publish", FenceD(Own(Store("head", n))))
  \o Synchronize(n)
  \o <<Store(Cell(n - 1), Freed)>>

Programs ==
  [t \in Threads |->
     IF t = "updater" THEN Concat([n \in 1..Updates |-> Update(n)])
     ELSE LET r == CHOOSE r \in 1..Readers : t = Reader(r)
          IN  Reading(r)]

(*------------------------------ the promises ------------------------------*)
Used == {Reader(r) : r \in 1..Readers} \X {Reg("use", s) : s \in 1..Sections}

NoUseAfterFree ==
  \A u \in Used : register[u[1]][u[2]] # Freed
NoUseBeforeInitialised ==
  \A u \in Used : register[u[1]][u[2]] # Fresh
==============================================================================
