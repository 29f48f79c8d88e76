------------------------------- MODULE Payers --------------------------------
(* Who pays for a grace period? An updater replaces a cell, makes sure that *)
(* each reader's announcement can be seen, waits for the readers that may   *)
(* still hold the old cell, and frees it. There are five ways to make sure, *)
(* those of the proposal of January 2010 and what it was to replace:        *)
(*                                                                          *)
(*   "fence"    the reader runs a fence in each lock and unlock             *)
(*   "signal"   the updater sends a signal to each thread that reads, and   *)
(*              wakes one that sleeps                                       *)
(*   "all"      it interrupts every CPU                                     *)
(*   "private"  it interrupts the CPUs that run its address space           *)
(*              (expedited = 1)                                             *)
(*   "grace"    it waits until every CPU has switched, or taken a tick      *)
(*              (expedited = 0)                                             *)
(*                                                                          *)
(* Module Costs counts what one call costs on CPUs that switch. Here nobody *)
(* switches; instead there is a whole grace period around the call, with a  *)
(* reader that needs it, and four who don't. The pictures of a grace period *)
(* are behaviours of this module.                                           *)
(*                                                                          *)
(* The reader's stores wait in its store buffer, first in, first out, until *)
(* something drains it: a fence, an interrupt, a signal's handler, a tick,  *)
(* or time. So a reader may use a cell while nobody sees that it reads.     *)
(* The machine of module Machine reorders more; ReadSide asks it.           *)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  Variant,       \* one of the five
  Sections,      \* how many sections the reader enters at most
  Whose,         \* who is counted: "everybody" whom the updater disturbs, or
                 \*   "strangers", who share no memory with it
  Bound          \* the figure

Variants == {"fence", "signal", "all", "private", "grace"}
ASSUME VariantIsKnown == Variant \in Variants
ASSUME SectionsArePositive == Sections \in Nat \ {0}
ASSUME WhoseIsKnown == Whose \in {"everybody", "strangers"}
ASSUME BoundIsNumber == Bound \in Nat

(* The reader and the sleeper are threads of the updater's process. The     *)
(* sleeper is registered, in no section, and on no CPU. The others are      *)
(* CPUs, with what runs there.                                              *)
Strangers == {"stranger", "idle", "realtime"}
Other     == {"reader", "sleeper"} \cup Strangers
OnCpu     == Other \ {"sleeper"}
Counted   == IF Whose = "everybody" THEN Other ELSE Strangers

(* Whom the updater has to disturb, and for whom it only waits.             *)
Disturbs == CASE Variant = "signal"  -> {"reader", "sleeper"}
              [] Variant = "all"     -> OnCpu
              [] Variant = "private" -> {"reader"}
              [] OTHER               -> {}
WaitsFor == IF Variant = "grace" THEN OnCpu \ {"idle"} ELSE {}

VARIABLES
  at,            \* where the updater is
  head,          \* the cell that is published
  freed,         \* is the old cell freed?
  number,        \* the grace period's number, which readers announce
  section,       \* where the reader is: "out", "locked", "using"
  fencing,       \* must it run a fence before anything else?
  holds,         \* the cell that it uses
  entered,       \* the sections that it has entered
  buffer,        \* its announcements that nobody else sees yet
  announced,     \* the one that everybody sees; 0 is "in no section"
  asleep,        \* does the sleeper sleep?
  pending,       \* those for whom the updater waits
  disturbed,     \* [Other -> how often the updater has disturbed them]
  fences         \* the fences that the reader has run itself
updater == <<at, head, freed, number>>
reader  == <<section, fencing, holds, entered, fences>>
shown   == <<buffer, announced>>
others  == <<asleep, pending, disturbed>>
vars    == <<updater, reader, shown, others>>

Init ==
  /\ at = "begins" /\ head = "old" /\ freed = FALSE /\ number = 1
  /\ section = "out" /\ fencing = FALSE /\ holds = "none" /\ entered = 0
  /\ fences = 0
  /\ buffer = <<>> /\ announced = 0
  /\ asleep = TRUE /\ pending = {} /\ disturbed = [t \in Other |-> 0]

(*------------------------------- the reader -------------------------------*)
Lock ==
  /\ section = "out" /\ ~fencing /\ entered < Sections
  /\ section' = "locked" /\ entered' = entered + 1
  /\ buffer' = Append(buffer, number)
  /\ fencing' = (Variant = "fence")
  /\ UNCHANGED <<updater, holds, fences, announced, others>>

Use ==
  /\ section = "locked" /\ ~fencing
  /\ section' = "using" /\ holds' = head
  /\ UNCHANGED <<updater, fencing, entered, fences, shown, others>>

Unlock ==
  /\ section = "using"
  /\ section' = "out" /\ holds' = "none"
  /\ buffer' = Append(buffer, 0)
  /\ fencing' = (Variant = "fence")
  /\ UNCHANGED <<updater, entered, fences, announced, others>>

Emptied == /\ buffer' = <<>>
           /\ announced' = IF buffer = <<>> THEN announced
                                            ELSE buffer[Len(buffer)]
Fence ==
  /\ fencing /\ Emptied
  /\ fencing' = FALSE /\ fences' = fences + 1
  /\ UNCHANGED <<updater, section, holds, entered, others>>

(* In its own time, which nobody can rely on.                               *)
Drain ==
  /\ buffer # <<>>
  /\ buffer' = Tail(buffer) /\ announced' = Head(buffer)
  /\ UNCHANGED <<updater, reader, others>>

(*------------------------------ the barrier -------------------------------*)
(* A barrier in a thread shows what the reader's buffer has, if it is the   *)
(* reader's.                                                                *)
BarrierOf(t) == IF t = "reader" THEN Emptied ELSE UNCHANGED shown

(* A signal reaches a thread that sleeps after somebody has woken it.       *)
Wake ==
  /\ "sleeper" \in pending /\ asleep
  /\ asleep' = FALSE
  /\ UNCHANGED <<updater, reader, shown, pending, disturbed>>

Disturb(t) ==
  /\ t \in pending \cap Disturbs
  /\ t = "sleeper" => ~asleep
  /\ pending' = pending \ {t}
  /\ disturbed' = [disturbed EXCEPT ![t] = @ + 1]
  /\ BarrierOf(t)
  /\ UNCHANGED <<updater, reader, asleep>>

(* The CPU's own tick, or switch: nobody has asked for it.                  *)
TickOf(t) ==
  /\ t \in pending \ Disturbs
  /\ pending' = pending \ {t}
  /\ BarrierOf(t)
  /\ UNCHANGED <<updater, reader, asleep, disturbed>>

(*------------------------------- the updater ------------------------------*)
Publish ==
  /\ at = "begins" /\ at' = "published" /\ head' = "new"
  /\ UNCHANGED <<freed, number, reader, shown, others>>

Ask ==
  /\ at = "published" /\ at' = "asked"
  /\ pending' = Disturbs \cup WaitsFor
  /\ UNCHANGED <<head, freed, number, reader, shown, asleep, disturbed>>

Raise ==
  /\ at = "asked" /\ pending = {} /\ at' = "raised"
  /\ number' = 2
  /\ UNCHANGED <<head, freed, reader, shown, others>>

Scan ==
  /\ at = "raised" /\ announced \in {0, 2} /\ at' = "scanned"
  /\ UNCHANGED <<head, freed, number, reader, shown, others>>

Free ==
  /\ at = "scanned" /\ at' = "done" /\ freed' = TRUE
  /\ UNCHANGED <<head, number, reader, shown, others>>

Next == \/ Lock \/ Use \/ Unlock \/ Fence \/ Drain \/ Wake
        \/ \E t \in Other : Disturb(t) \/ TickOf(t)
        \/ Publish \/ Ask \/ Raise \/ Scan \/ Free
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ at \in {"begins", "published", "asked", "raised", "scanned", "done"}
  /\ head \in {"old", "new"} /\ freed \in BOOLEAN /\ number \in {1, 2}
  /\ section \in {"out", "locked", "using"} /\ fencing \in BOOLEAN
  /\ holds \in {"none", "old", "new"} /\ entered \in 0..Sections
  /\ fences \in 0..(2 * Sections)
  /\ buffer \in Seq({0, 1, 2}) /\ announced \in {0, 1, 2}
  /\ asleep \in BOOLEAN /\ pending \subseteq Other
  /\ disturbed \in [Other -> Nat]

NoUseAfterFree == ~(freed /\ holds = "old")

RECURSIVE Sum(_)
Sum(S) == IF S = {} THEN 0
          ELSE LET t == CHOOSE t \in S : TRUE IN disturbed[t] + Sum(S \ {t})
DisturbsFew == Sum(Counted) <= Bound
(* What it costs the readers, though nobody updates.                        *)
ReadersRunNoFence == fences = 0
SleeperSleeps     == asleep

(* Who sleeps is woken before it is disturbed. No idle CPU is waited for    *)
(* that nobody disturbs: it may have no tick. And a reader that pays for    *)
(* itself pays twice a section; the second time is for who waits for it     *)
(* (letter C, rcu/waiting), and not for this module's other promise.        *)
SleepersAreWoken == disturbed["sleeper"] > 0 => ~asleep
IdleIsNotAwaited == "idle" \in pending => "idle" \in Disturbs
ReadersPayTwice  == Variant = "fence" /\ section = "out" /\ ~fencing
                      => fences = 2 * entered

(*------------------------------- the pictures -----------------------------*)
(* A picture is the shortest behaviour of this kind: the reader is in a     *)
(* section when the cell is replaced, and in another one, which nobody      *)
(* waits for, when it is freed.                                             *)
InPicture ==
  /\ at \in {"published", "asked"} => section = "using" /\ entered = 1
  /\ entered = 2 => at \in {"raised", "scanned", "done"}
  /\ at \in {"scanned", "done"} => section = "using" /\ entered = 2
StaysInPicture == InPicture'
NotFreed == ~freed

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* Nobody is asked for a barrier.                                           *)
Nobody == {}
(* The handler has no barrier; nor has a tick.                              *)
NoBarrier(t) == UNCHANGED shown
(* The reader's fence is none.                                              *)
FenceOfNothing ==
  /\ fencing /\ fencing' = FALSE
  /\ UNCHANGED <<updater, section, holds, entered, fences, shown, others>>
(* The reader's fence in a lock is run in its first section alone.          *)
LockFencesOnce ==
  /\ section = "out" /\ ~fencing /\ entered < Sections
  /\ section' = "locked" /\ entered' = entered + 1
  /\ buffer' = Append(buffer, number)
  /\ fencing' = (Variant = "fence" /\ entered = 0)
  /\ UNCHANGED <<updater, holds, fences, announced, others>>
(* The reader runs no fence in an unlock.                                   *)
UnlockUnfenced ==
  /\ section = "using"
  /\ section' = "out" /\ holds' = "none"
  /\ buffer' = Append(buffer, 0)
  /\ UNCHANGED <<updater, fencing, entered, fences, announced, others>>
(* A signal's handler runs in a thread that sleeps.                         *)
DisturbAsleep(t) ==
  /\ t \in pending \cap Disturbs
  /\ pending' = pending \ {t}
  /\ disturbed' = [disturbed EXCEPT ![t] = @ + 1]
  /\ BarrierOf(t)
  /\ UNCHANGED <<updater, reader, asleep>>
(* A grace period waits for each CPU's tick, also where there is none.      *)
WaitsForIdle == IF Variant = "grace" THEN OnCpu ELSE {}
(* The updater does not look at the announcement.                           *)
ScanBlindly ==
  /\ at = "raised" /\ at' = "scanned"
  /\ UNCHANGED <<head, freed, number, reader, shown, others>>
==============================================================================
