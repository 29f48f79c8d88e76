---------------------------- MODULE WaitWakeTwo ------------------------------
(* Two updaters that sleep on one word, on a machine that reorders: module  *)
(* WaitWake has one, and module UpdatersAsleep two where all happens in     *)
(* order.                                                                   *)
(*                                                                          *)
(* Either they take a lock, and one waits at a time (Way = "lock"), or an   *)
(* updater that stops waiting wakes the other ("wake"). Clearing the word   *)
(* and waking nobody ("clear") leaves the other asleep.                     *)
(*                                                                          *)
(* With two, it is not enough to say that a sleeper wakes when the word is  *)
(* cleared, as WaitWake does: the other one may set it again immediately.   *)
(* So here is what the kernel does. It queues a sleeper, and then looks at  *)
(* the word, with a full barrier between; a waker first clears the word,    *)
(* and then clears whoever is queued. `queued` is a word for each updater.  *)
(*                                                                          *)
(*     updater:  waiting = 1;  I;  if announced { queued = 1;  mb;          *)
(*                                 if waiting { await queued = 0 } }        *)
(*     reader:   announced = 0;  C;  if waiting { waiting = 0;              *)
(*                                                queued = 0, for both }    *)
(*                                                                          *)
(* So a wake-up that comes late may find a later sleeper. A futex may do    *)
(* that, too: being woken is no more than a reason to look again.           *)
(*                                                                          *)
(* The reader announces itself twice, since what it owes for the first time *)
(* may come late, and meet the second updater: it leaves a section and is   *)
(* in the next one, for which the second updater has to wait, too. In qsbr  *)
(* the first announcement is a quiescent state; and it looks at a flag of   *)
(* its own, as in WaitWakeQsbr.                                             *)
(*                                                                          *)
(* In signal the updaters ask the reader for its barrier at the same time,  *)
(* by a flag each or by one (Flags, as in TwoUpdaters).                     *)
(*                                                                          *)
(* An updater goes to sleep at most Rounds times; then it looks on and on.  *)
(* So a hang that takes more rounds than that is not found. The machine can *)
(* also have a hang too many, on weak alone: an updater that is queued, and *)
(* has performed a load that comes later, takes no interrupt there, though  *)
(* a kernel would begin that load again. The last round has such a load,    *)
(* the others have a fence before it.                                       *)
EXTENDS Machine

CONSTANTS
  Way,           \* "lock", "wake" or "clear"
  Announce,      \* what the reader announces, as in ReadSideProtocol
  Rounds,        \* how many times an updater may go to sleep
  Twice,         \* does the reader announce itself twice, or once?
  B, C, I,       \* what stands at the letters of WaitWake
  Reset,         \* qsbr: clear the flag, then load the futex word
  Filter,        \* qsbr: futex word, then flag
  Flags          \* signal: "own", "one" or "fenced"
ASSUME WayIsKnown == Way \in {"lock", "wake", "clear"}
ASSUME AnnounceIsKnown == Announce \in {"sections", "quiescent states"}
ASSUME CountsAreSmall == Rounds \in 1..5 /\ Twice \in BOOLEAN
ASSUME StrengthsAreKnown ==
  /\ {B, C, Reset, Filter} \subseteq Fences \cup {"none"}
  /\ I \in Fences \cup {"none", "membarrier", "signal"}
  /\ Flags \in {"own", "one", "fenced"}

Updaters  == {1, 2}
Updater(u) == "updater" \o ToString(u)
Queued(u) == "queued" \o ToString(u)
Need(u)   == IF Flags = "own" THEN "need" \o ToString(u) ELSE "need"
Qsbr      == Announce = "quiescent states"

Threads == {"reader"} \cup {Updater(u) : u \in Updaters}
Words ==
  [a \in {"announced", "waiting"} \cup {Queued(u) : u \in Updaters}
        \cup (IF Qsbr THEN {"flag"} ELSE {})
        \cup (IF Way = "lock" THEN {"done"} ELSE {})
        \cup (IF I = "signal" THEN {Need(u) : u \in Updaters} ELSE {}) |->
     IF a = "announced" THEN 1 ELSE 0]

Reg(name, n) == name \o ToString(n)

(*-------------------------------- the reader ------------------------------*)
(* To wake: the word is cleared, then the queue. Under a condition, since   *)
(* most looks find nobody.                                                  *)
WakeIf(reg) ==
  <<If(reg, {1}, Store("waiting", 0)),
    In("release", If(reg, {1}, Store(Queued(1), 0))),
    In("release", If(reg, {1}, Store(Queued(2), 0)))>>

Look(n) ==
  IF Qsbr
  THEN <<Load(Reg("flag", n), "flag"),
         If(Reg("flag", n), {1}, Store("flag", 0))>>
       \o Point("Reset", Reset)
       \o <<If(Reg("flag", n), {1}, Load(Reg("word", n), "waiting"))>>
       \o WakeIf(Reg("word", n))
  ELSE <<Load(Reg("word", n), "waiting")>> \o WakeIf(Reg("word", n))

Leave(n) ==
  Before("B", B, Store("announced", 0)) \o Point("C", C) \o Look(n)
Reader ==
  IF ~Twice THEN Leave(1)
  ELSE IF Qsbr
  THEN Before("B", B, Store("announced", 2)) \o Point("C", C) \o Look(1)
       \o Leave(2)
  ELSE Leave(1) \o <<Store("announced", 2)>> \o Leave(2)

(*------------------------------- the updaters -----------------------------*)
(* The first waits for a reader that announces 1; the second, whose grace   *)
(* period is a later one, also for one that announces 2.                    *)
Older(u) == 1..u

BarrierI(u) ==
  IF I # "signal" THEN Point("I", I)
  ELSE Lettered("I", (IF Flags = "fenced" THEN <<Fence("mb")>> ELSE <<>>)
                     \o Signals(<<<<"reader", Need(u)>>>>))

Round(u, n) ==
  LET before == Reg("seen", n - 1)
      seen   == Reg("seen", n)
      word   == Reg("word", n)
  IN  <<If(before, Older(u), Store("waiting", 1))>>
      \o (IF ~Qsbr THEN <<>>
          ELSE Point("Filter", Filter)
               \o <<If(before, Older(u), Store("flag", 1))>>)
      \o BarrierI(u)
      \o <<Load(seen, "announced"),
           If(seen, Older(u), Store(Queued(u), 1)),
           Fence("mb"),
           If(seen, Older(u), Load(word, "waiting")),
           If(word, {1}, Await(Queued(u), {0}))>>

(* What it does when it has nothing more to wait for.                       *)
Stop(u) ==
  <<Store("waiting", 0)>>
  \o (CASE Way = "lock"  -> IF u = 1 THEN <<In("release", Store("done", 1))>>
                                     ELSE <<>>
        [] Way = "wake"  -> <<In("release", Store(Queued(3 - u), 0))>>
        [] Way = "clear" -> <<>>)

Wait(u) ==
  (IF Way = "lock" /\ u = 2 THEN <<In("acquire", Await("done", {1}))>>
                            ELSE <<>>)
  \o <<Load(Reg("seen", 0), "announced")>>
  \o Concat([n \in 1..Rounds |-> Round(u, n)])
  \o <<Await("announced", 0..2 \ Older(u))>>
  \o Stop(u)

Programs ==
  [t \in Threads |-> IF t = "reader" THEN Reader
                     ELSE Wait(CHOOSE u \in Updaters : t = Updater(u))]

(*------------------------------- what happens -----------------------------*)
(* Without a lock both are queued at the same time in some run, so this is  *)
(* violated.                                                                *)
NeverBothQueued == ~(memory[Queued(1)] = 1 /\ memory[Queued(2)] = 1)

(* The reader finds somebody waiting, with its last look.                   *)
NobodyWakes ==
  register["reader"][Reg("word", IF Twice THEN 2 ELSE 1)] # 1
==============================================================================
