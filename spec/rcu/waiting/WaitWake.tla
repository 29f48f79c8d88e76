------------------------------ MODULE WaitWake -------------------------------
(* How an updater sleeps until a reader has left, and why it always wakes   *)
(* up.                                                                      *)
(*                                                                          *)
(* An updater that finds a reader inside its section sets a word,           *)
(* `waiting`, scans once more, and sleeps in futex_wait() while the word is *)
(* set. A reader that ends its section looks at the word; if it is set, it  *)
(* clears it and calls futex_wake():                                        *)
(*                                                                          *)
(*     reader:   announced = 0;  C;  if waiting { waiting = 0; wake }       *)
(*     updater:  waiting = 1;    I;  if announced { sleep while waiting }   *)
(*                                                                          *)
(* This is store buffering again. If both loads miss both stores, the       *)
(* reader wakes nobody and the updater sleeps for ever: the lost wake-up.   *)
(* Letter C keeps the compiler from moving the reader's load up, letter I,  *)
(* a membarrier, makes the reader run the full barrier that it does not     *)
(* have itself. It is only in the slow path: an updater that finds no       *)
(* reader inside does not pay for it.                                       *)
(*                                                                          *)
(* In Urcu each slot has such a word, its notice. Here there is one for     *)
(* all, which is harder: a reader may clear it that nobody waits for.       *)
(*                                                                          *)
(* A sleeping updater is an `await waiting = 0`. This is what the futex     *)
(* promises: the kernel compares and queues under a lock, and futex_wake()  *)
(* has a full barrier before it looks into the queue, so a sleeper either   *)
(* sees the word cleared, or is woken after it has been. A hang is a        *)
(* deadlock of this model; no invariant is needed.                          *)
EXTENDS Machine

CONSTANTS
  Readers,       \* how many, all inside a section at first
  B,             \* reader: use, then end of announcement
  C,             \* reader: end of announcement, then load of waiting
  I,             \* updater: set waiting, then scan again
  Missing        \* a step that is left out, one of Steps, or "nothing"
ASSUME CountIsSmall      == Readers \in 1..2
ASSUME StrengthsAreKnown ==
  /\ {B, C} \subseteq Fences \cup {"none"}
  /\ I \in Fences \cup {"none", "membarrier", "signal"}
Steps == {"set waiting", "look again", "clear waiting"}
ASSUME MissingIsKnown == Missing \in Steps \cup {"nothing"}
Step(name, program) == IF Missing = name THEN <<>> ELSE program

Reader(r)    == "reader" \o ToString(r)
Threads      == {"updater"} \cup {Reader(r) : r \in 1..Readers}
Announced(r) == "announced" \o ToString(r)
Need(r)      == "need" \o ToString(r)      \* signal: has yet to run a barrier
Words ==
  [a \in {"waiting"} \cup {Announced(r) : r \in 1..Readers}
        \cup (IF I = "signal" THEN {Need(r) : r \in 1..Readers} ELSE {}) |->
     IF \E r \in 1..Readers : a = Announced(r) THEN 1 ELSE 0]

FenceB(store) == Before("B", B, store)
FenceC        == Point("C", C)
FenceI ==
  IF I = "signal"
  THEN Lettered("I", Signals([r \in 1..Readers |-> <<Reader(r), Need(r)>>]))
  ELSE Point("I", I)

(* Clearing the word and waking are one step here, see above.               *)
Leave(r) ==
  FenceB(Store(Announced(r), 0)) \o FenceC
  \o Step("clear waiting",
          <<Load("waiting", "waiting"),
            If("waiting", {1}, Store("waiting", 0))>>)

(* A wake-up may be for another reader's sake, and the announcement may not *)
(* have arrived with it. So the updater goes round again. Each reader       *)
(* clears the word at most once, which bounds the rounds: in the last one,  *)
(* number Readers + 1, nothing is left to sleep for. A round after the      *)
(* reader was seen to be quiescent has no effect.                           *)
Seen(r, n) == "seen" \o ToString(r) \o "_" \o ToString(n)
Round(r, n) ==
  LET last == IF Missing = "look again" THEN Seen(r, 0) ELSE Seen(r, n)
  IN  Step("set waiting",
           <<If(Seen(r, n - 1), {1}, Store("waiting", 1))>>)
      \o FenceI
      \o <<Load(Seen(r, n), Announced(r)),
           If(last, {1}, Await("waiting", {0}))>>

(* After the rounds, the reader must have been seen to leave. Then the word *)
(* is cleared, for the next reader.                                         *)
Scan(r) ==
  <<Load(Seen(r, 0), Announced(r))>>
  \o Concat([n \in 1..(Readers + 1) |-> Round(r, n)])
  \o <<Await(Announced(r), {0}), Store("waiting", 0)>>

Programs ==
  [t \in Threads |->
     IF t = "updater" THEN Concat([r \in 1..Readers |-> Scan(r)])
     ELSE LET r == CHOOSE r \in 1..Readers : t = Reader(r) IN Leave(r)]
==============================================================================
