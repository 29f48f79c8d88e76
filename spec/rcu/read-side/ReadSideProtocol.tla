-------------------------- MODULE ReadSideProtocol ---------------------------
(* User-space RCU as programs of the machine: what a reader does to enter   *)
(* and leave a section, and what an updater does to wait for a grace        *)
(* period, that is, until every section that may have begun before has      *)
(* ended.                                                                   *)
(*                                                                          *)
(* A reader announces itself in a word of its own. The updater scans these  *)
(* words. Two algorithms tell it which announcements it need not wait for:  *)
(*                                                                          *)
(*   number   Grace periods are numbered without end. The reader announces  *)
(*            the number that it saw; the updater raises the number and     *)
(*            waits for readers that announce an older one. One scan.       *)
(*   phase    liburcu's. One bit, which the updater flips between scans.    *)
(*            Two, since a reader may sleep between reading the bit and     *)
(*            announcing it, and announce one that has been flipped twice.  *)
(*                                                                          *)
(* Each place where the order of two accesses matters has a letter, and a   *)
(* constant says what stands there. A flavour of RCU is such a choice       *)
(* (module Flavour makes it), and so is a mutant. A mutant may also lack a  *)
(* step (Missing). Letter I is in module WaitWake, with the wait that it    *)
(* belongs to.                                                              *)
(*                                                                          *)
(* A reader of the flavour qsbr does not say when it enters and leaves a    *)
(* section. It says now and then that it is in none, a quiescent state, and *)
(* goes offline before it stops saying so. Its sections cost nothing.       *)
EXTENDS Machine

CONSTANTS
  Algorithm,     \* "number" or "phase"
  Readers,       \* how many readers
  Updates,       \* how many times the updater replaces and reclaims
  A,             \* reader: announcement, then use           pairs with E
  B,             \* reader: use, then end of announcement    pairs with H
  C,             \* reader: end of announcement, then what follows
  D,             \* updater: initialise, then publish
                 \*          pairs with the reader's dependency on the pointer
  E,             \* updater: publish, then raise and scan    pairs with A
  F,             \* updater: first scan, then flip           phase only
  G,             \* updater: flip, then second scan          phase only
  H,             \* updater: scan, then free                 pairs with B
  Raise,         \* number: the number is raised "after" letter E, or "before"
  Scans,         \* phase: 2, or 1 for the mutant with a single flip
  Volatile,      \* does the compiler keep the order of the protocol's own
                 \*   accesses (READ_ONCE and WRITE_ONCE, as in liburcu)?
  Announce,      \* what a reader announces: its "sections", or its
                 \*   "quiescent states" (qsbr)
  Missing        \* a step that is left out, one of Steps, or "nothing"

ASSUME AlgorithmIsKnown == Algorithm \in {"number", "phase"}
ASSUME CountsAreSmall == Readers \in 1..3 /\ Updates \in 1..3
ASSUME StrengthsAreKnown ==
  LET fence == Fences \cup {"none"}
  IN  /\ {A, B, C, D, F, G} \subseteq fence
      /\ {E, H} \subseteq fence \cup {"membarrier", "signal"}
ASSUME NumberHasNoFlip == Algorithm = "number" => F = "none" /\ G = "none"
ASSUME VariantsAreKnown ==
  Raise \in {"after", "before"} /\ Scans \in {1, 2} /\ Volatile \in BOOLEAN
ASSUME AnnounceIsKnown == Announce \in {"sections", "quiescent states"}

(* The steps that a mutant may lack. Some belong to one algorithm or to one *)
(* kind of announcement only.                                               *)
Steps ==
  {"announce",           \* the reader announces itself (qsbr: goes online)
   "end announcement",   \* it no longer does (qsbr: goes offline)
   "quiescent state",    \* qsbr: it announces again between two sections
   "raise",              \* number: the updater raises the number
   "flip",               \* phase: it flips the bit
   "first scan",         \* phase: it waits for the flip before the last
   "scan",               \* it waits for those who may have begun before
   "initialise",         \* it fills the cell
   "publish"}            \* it publishes the cell
ASSUME MissingIsKnown == Missing \in Steps \cup {"nothing"}

(*--------------------------- threads and words ----------------------------*)
Reader(r)    == "reader" \o ToString(r)
Threads      == {"updater"} \cup {Reader(r) : r \in 1..Readers}
Announced(r) == "announced" \o ToString(r)
Need(r)      == "need" \o ToString(r)      \* signal: has yet to run a barrier

Signalled == "signal" \in {E, H}
ProtocolWords ==
  {"gp"} \cup {Announced(r) : r \in 1..Readers}
         \cup (IF Signalled THEN {Need(r) : r \in 1..Readers} ELSE {})

(* gp is 1 at first, in both algorithms; 0 announces that there is no       *)
(* section (quiescent).                                                     *)
Value0(a) == IF a = "gp" THEN 1 ELSE 0

(* The protocol's own accesses. For C11's relaxed atomics the compiler is   *)
(* free to move one over another; for volatile ones it is not.              *)
Own(access) == IF Volatile THEN In("once", access) ELSE access

(*------------------------------ the letters -------------------------------*)
Everywhere(letter, strength) ==
  IF strength = "signal"
  THEN Lettered(letter,
                Signals([r \in 1..Readers |-> <<Reader(r), Need(r)>>]))
  ELSE Point(letter, strength)

FenceA        == Point("A", A)
FenceB(store) == Before("B", B, store)
FenceC        == Point("C", C)
FenceD(store) == Before("D", D, store)
FenceE        == Everywhere("E", E)
FenceF        == Point("F", F)
FenceG        == Point("G", G)
FenceH        == Everywhere("H", H)

(* A step, unless it is the one that is missing.                            *)
Step(name, program) == IF Missing = name THEN <<>> ELSE program

(*------------------------------- the reader -------------------------------*)
(* Registers are written once, so each section and each level of nesting    *)
(* has registers of its own: n is their number.                             *)
Reg(name, n) == name \o ToString(n)

Lock(r, n) ==
  Step("announce", <<Own(Load(Reg("gp", n), "gp")),
                     Own(StoreReg(Announced(r), Reg("gp", n), 0))>>)
  \o FenceA

Unlock(r) ==
  Step("end announcement", FenceB(Own(Store(Announced(r), 0)))) \o FenceC

(* From a section to the next one, number n. In qsbr this is one store. The *)
(* number that it announces is loaded before B, so it may be an older one:  *)
(* this errs on the safe side.                                              *)
Between(r, n) ==
  IF Announce = "sections" THEN Unlock(r) \o Lock(r, n)
  ELSE Step("quiescent state",
         <<Own(Load(Reg("gp", n), "gp"))>>
         \o FenceB(Own(StoreReg(Announced(r), Reg("gp", n), 0)))
         \o FenceC \o FenceA)

(* In number, a nested lock sees that its thread has announced itself, and  *)
(* stores nothing; its token tells the matching unlock to store nothing. If *)
(* it could see 0 here, the await would hang, and TLC report a deadlock.    *)
(* In phase, the announcement also counts the depth, in tens.               *)
Deeper == 10
Again(r, n, plus) ==
  <<Own(Load(Reg("depth", n), Announced(r))),
    Own(StoreReg(Announced(r), Reg("depth", n), plus))>>

LockNested(r, n) ==
  IF Algorithm = "number" THEN <<Own(Await(Announced(r), 1..(Updates + 1)))>>
                          ELSE Again(r, n, Deeper)
UnlockNested(r, n) ==
  IF Algorithm = "number" THEN <<>> ELSE Again(r, n, -Deeper)

(*------------------------------ the updater -------------------------------*)
Each(Do(_)) == Concat([r \in 1..Readers |-> Do(r)])

(* The number of the n-th grace period, counted from 1, is n + 1.           *)
NumberScan(n) ==
  LET Wait(r) == <<Own(Await(Announced(r), {0} \cup (n + 1)..(Updates + 1)))>>
  IN  Each(Wait)

NumberBegin(n) ==
  LET raise == Step("raise", <<Own(Store("gp", n + 1))>>) IN
  IF Raise = "after" THEN FenceE \o raise ELSE raise \o FenceE

(* The bit is 1 or 2 here, so that 0 can mean quiescent; the n-th grace     *)
(* period flips it from Phase(n - 1) to Phase(n).                           *)
Phase(n)        == 1 + (n % 2)
Announcing(bit) == {bit, bit + Deeper}

(* The first scan waits for readers that announce the bit of the flip       *)
(* before the last. The second waits until those that the first has found   *)
(* inside a section have left it or begun another. liburcu does not look    *)
(* again at those that it found quiescent.                                  *)
OneScan == Scans = 1 \/ Missing = "first scan"
FirstScan(n) ==
  LET Wait(r) == <<Own(AwaitInto(Reg("first" \o ToString(r) \o "_", n),
                                 Announced(r),
                                 {0} \cup Announcing(Phase(n - 1))))>>
  IN  Each(Wait)
SecondScan(n) ==
  LET wait(r) == Own(Await(Announced(r), {0} \cup Announcing(Phase(n))))
      Wait(r) == IF OneScan THEN <<wait(r)>>
                 ELSE <<If(Reg("first" \o ToString(r) \o "_", n),
                           Announcing(Phase(n - 1)), wait(r))>>
  IN  Each(Wait)

PhaseBegin(n) ==
  FenceE \o (IF OneScan THEN <<>> ELSE FirstScan(n))
  \o FenceF \o Step("flip", <<Own(Store("gp", Phase(n)))>>) \o FenceG

(* The n-th call of synchronize_rcu(), in two halves: it waits for no       *)
(* section that begins after the first half.                                *)
Begin(n) == IF Algorithm = "number" THEN NumberBegin(n) ELSE PhaseBegin(n)
End(n)   == Step("scan", IF Algorithm = "number" THEN NumberScan(n)
                                                 ELSE SecondScan(n))
            \o FenceH
Synchronize(n) == Begin(n) \o End(n)
==============================================================================
