------------------------------- MODULE Notice --------------------------------
(* Each reader has a word of its own that says whether somebody sleeps for  *)
(* its sake, the notice in its slot, where module WaitWake has one word for *)
(* all. The updater sets the notices of all that are late, and then makes   *)
(* everybody run a barrier, once for all of them (I):                       *)
(*                                                                          *)
(*     reader:   announced = 0;  C;                                         *)
(*               if notice { notice = 0;  wake }                            *)
(*     updater:  notice[s] = 1 for each that is late;  I                    *)
(*               for each:  while late { sleep while notice[s];             *)
(*                                       if late { notice[s] = 1;  I } }    *)
(*                                                                          *)
(* The second I is there because a notice may be taken by a section that    *)
(* ends while a late one is still to come: a signal handler's section, say, *)
(* that interrupts lock() between its load of gp and its store. The notice  *)
(* is then set again, and that again takes a barrier.                       *)
(*                                                                          *)
(* Letter E may be the first I (Early): the updater sets the notices of     *)
(* those that look as if they stayed, runs E, raises the number, and scans. *)
(* What stands between the notice and the look is the same barrier.         *)
(*                                                                          *)
(* With one word for all (One), a reader that clears it and stops before it *)
(* wakes anybody takes the notice from all others: they leave, find nothing *)
(* to do, and the updater sleeps on. With one each it can do so to none but *)
(* itself.                                                                  *)
(*                                                                          *)
(* A notice that was set in an earlier grace period and not taken (Stale)   *)
(* may be trusted, if a barrier has followed it then: all readers see it.   *)
(*                                                                          *)
(* The kernel's queue is as in WaitWakeTwo: a sleeper is queued, and then   *)
(* looks at the word, with a full fence between; a waker clears the word,   *)
(* and then the queue.                                                      *)
EXTENDS Machine

CONSTANTS
  Readers,       \* how many, all inside a late section at first
  Twice,         \* do they leave a section and enter a late one once more?
  Early,         \* is the first barrier E, before the number is raised?
  One,           \* is there one notice for all?
  Stops,         \* is there another that takes a notice, and then stops?
  Stale,         \* are the notices set from before, and is none set, and no
                 \*   barrier run, before the first look?
  Rounds,        \* how often an updater may go to sleep for a reader
  B, C,          \* what stands at the letters of ReadSideProtocol
  I,             \* updater: set the notices, then look again
  Again          \* the same, for a notice that was taken
ASSUME CountsAreSmall == Readers \in 1..2 /\ Rounds \in 1..3
ASSUME AreBoolean == {Twice, Early, One, Stops, Stale} \subseteq BOOLEAN
ASSUME StrengthsAreKnown ==
  /\ {B, C} \subseteq Fences \cup {"none"}
  /\ {I, Again} \subseteq Fences \cup {"none", "membarrier", "signal"}

Reader(r)    == "reader" \o ToString(r)
Threads      == {"updater"} \cup {Reader(r) : r \in 1..Readers}
                            \cup (IF Stops THEN {"other"} ELSE {})
Announced(r) == "announced" \o ToString(r)
NoticeOf(r)  == IF One THEN "notice" ELSE "notice" \o ToString(r)
Queued(r)    == IF One THEN "queued" ELSE "queued" \o ToString(r)
Need(r)      == "need" \o ToString(r)
Slots        == 1..Readers
OtherNotice  == IF One THEN "notice" ELSE "notice0"
Words ==
  [a \in {"gp"} \cup {Announced(r) : r \in Slots}
        \cup {NoticeOf(r) : r \in Slots} \cup {Queued(r) : r \in Slots}
        \cup (IF Stops THEN {OtherNotice} ELSE {})
        \cup (IF "signal" \in {I, Again} THEN {Need(r) : r \in Slots}
                                         ELSE {}) |->
     IF \E r \in Slots : a = Announced(r) THEN 1
     ELSE IF a = "gp" THEN 1
     ELSE IF Stale /\ \E r \in Slots : a = NoticeOf(r) THEN 1 ELSE 0]

Reg(name, r, n) == name \o ToString(r) \o "_" \o ToString(n)

(*------------------------------- the readers ------------------------------*)
Look(r, n) ==
  LET notice == Reg("notice", r, n) IN
  <<Load(notice, NoticeOf(r)),
    If(notice, {1}, Store(NoticeOf(r), 0)),
    In("release", If(notice, {1}, Store(Queued(r), 0)))>>
Leave(r, n) ==
  Before("B", B, Store(Announced(r), 0)) \o Point("C", C) \o Look(r, n)

(* The number of the second section may be loaded before the first ends.    *)
Enter(r) ==
  IF Early THEN <<StoreReg(Announced(r), "number", 0)>>
           ELSE <<Store(Announced(r), 1)>>
Reading(r) ==
  (IF Twice /\ Early THEN <<Load("number", "gp")>> ELSE <<>>)
  \o Leave(r, 1) \o (IF Twice THEN Enter(r) \o Leave(r, 2) ELSE <<>>)

(* A reader that nobody waits for. It finds a notice where the others' is,  *)
(* if there is one for all.                                                 *)
Other ==
  <<Load("notice", OtherNotice), If("notice", {1}, Store(OtherNotice, 0))>>

(*------------------------------- the updater ------------------------------*)
Everywhere(letter, strength) ==
  IF strength = "signal"
  THEN Lettered(letter, Signals([r \in Slots |-> <<Reader(r), Need(r)>>]))
  ELSE Point(letter, strength)
Each(Do(_)) == Concat([r \in Slots |-> Do(r)])

Late == {1}
SetIfLate(r, n) == If(Reg("seen", r, n), Late, Store(NoticeOf(r), 1))
First(r) == <<Load(Reg("seen", r, 0), Announced(r))>>
            \o (IF ~Stale THEN <<SetIfLate(r, 0)>> ELSE <<>>)
Begin ==
  Each(First)
  \o (IF Early THEN Everywhere("E", I) \o <<Store("gp", 2)>>
      ELSE IF ~Stale THEN Everywhere("I", I) ELSE <<>>)

Sleep(r, n) ==
  LET seen == Reg("seen", r, n)
      word == Reg("word", r, n)
  IN  <<Load(seen, Announced(r)),
        If(seen, Late, Store(Queued(r), 1)),
        Fence("mb"),
        If(seen, Late, Load(word, NoticeOf(r))),
        If(word, {1}, Await(Queued(r), {0}))>>

(* A further round is one after a notice was taken: if its reader is still  *)
(* late, the notice is set again, and a barrier run again.                  *)
Further(r, n) ==
  LET still == Reg("still", r, n) IN
  <<Load(still, Announced(r)), If(still, Late, Store(NoticeOf(r), 1))>>
  \o Everywhere("I", Again) \o Sleep(r, n)
Wait(r) ==
  Sleep(r, 1) \o Concat([n \in 1..(Rounds - 1) |-> Further(r, n + 1)])
  \o <<Await(Announced(r), {0, 2}), Store(NoticeOf(r), 0)>>

(* Where there are two sections, or two readers, the compiler keeps the     *)
(* accesses in order: what it could do is asked where there is one of each. *)
Volatile(program) ==
  IF ~Twice /\ Readers = 1 THEN program
  ELSE [n \in DOMAIN program |->
          IF program[n].mode = "relaxed" THEN In("once", program[n])
                                         ELSE program[n]]
Programs ==
  [t \in Threads |-> Volatile(
     CASE t = "updater" -> Begin \o Each(Wait)
       [] t = "other"   -> Other
       [] OTHER         -> LET r == CHOOSE r \in Slots : t = Reader(r)
                           IN  Reading(r))]

(*------------------------------- what happens -----------------------------*)
(* The updater is queued; and a reader takes the notice that it has set     *)
(* again. So both are violated.                                             *)
NeverAsleep == \A r \in Slots : memory[Queued(r)] = 0
NeverTakenAgain ==
  \A r \in Slots : Twice => register[Reader(r)][Reg("notice", r, 2)] # 1
==============================================================================
