--------------------------- MODULE PerCpuCounters ----------------------------
(* Readers count themselves on the CPU that they run on, and share no word  *)
(* that others write often: two counters for each CPU and period, of        *)
(* sections that began and of sections that ended. A section may begin on   *)
(* one CPU and end on another; only the sums over all CPUs mean anything.   *)
(*                                                                          *)
(*   begin:  p = period;  began[p][cpu]++;  use ...;  ended[p][cpu]++       *)
(*   grace period:  E;  flip;  R;  wait until the sums of the old period    *)
(*                  agree                                                   *)
(*                                                                          *)
(* An increment is a load and a store, and the thread may be moved in       *)
(* between. It is a restartable sequence (rseq): a switch, or a membarrier  *)
(* with the command RSEQ, makes it begin again. Neither costs the reader a  *)
(* fence or a locked instruction.                                           *)
(*                                                                          *)
(* A reader that has loaded the period and not yet counted itself is one    *)
(* that nobody knows of. It may count itself in the old period long after   *)
(* the grace period has ended, and the next one looks elsewhere. There are  *)
(* two ways out: to wait for both periods in each grace period, as SRCU     *)
(* does; or to load the period in the same sequence as the increment, and   *)
(* to call membarrier with RSEQ after the flip (R), so that whoever has the *)
(* old period and is not counted loads it again. Then one wait is enough.   *)
(*                                                                          *)
(* Processors delay stores, as on tso, until a barrier: an interrupt, a     *)
(* switch. What else there is to reorder is the business of rcu/read-side.  *)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
  Readers,       \* how many threads read, one section each
  Updates,       \* how many grace periods
  Waits,         \* "both": for the other period before the flip, too;
                 \*   "old": for the old period alone
  Sequence,      \* "whole": the load of the period is in the sequence;
                 \*   "increment": it stands before it
  CommandE,      \* what is called before the flip: "private", or "none"
  CommandR,      \* after it: "rseq" restarts sequences, "private" does not,
                 \*   or "none"
  Restarts,      \* a switch restarts the sequence that it interrupts
  Sums,          \* "ended first", or "began first" (a mistake)
  Endless        \* the updater goes on to interrupt readers for ever
ASSUME Readers \in 1..3
ASSUME Updates \in 1..3
ASSUME Waits \in {"both", "old"}
ASSUME Sequence \in {"whole", "increment"}
ASSUME CommandE \in {"private", "none"}
ASSUME CommandR \in {"rseq", "private", "none"}
ASSUME Restarts \in BOOLEAN
ASSUME Sums \in {"ended first", "began first"}
ASSUME Endless \in BOOLEAN

Reader   == 1..Readers
Cpu      == {0, 1}
Period   == {0, 1}
Counter  == {"began", "ended"}
Nowhere  == -1
None     == <<0, Nowhere>>

VARIABLES
  at,            \* [Reader -> the step it is about to take]
  cpu,           \* [Reader -> the CPU that it runs on, or Nowhere]
  seen,          \* [Reader -> the period that it has loaded]
  value,         \* [Reader -> the counter that it has loaded, and the CPU
                 \*   whose it was, or None]
  held,          \* [Reader -> the version that it uses, or Nowhere]
  delayed,       \* [Reader -> its stores that nobody else sees yet, as
                 \*   <<counter, period, cpu, value>>]
  count,         \* [Counter -> [Period -> [Cpu -> how many]]]
  period,        \* where readers count themselves
  version,       \* the version that is published: 0, 1, ...
  freed,         \* the versions that are freed
  up,            \* the updater's step
  flipped,       \* has this grace period flipped the period?
  wait,          \* the period whose sums it works out
  asked,         \* CPUs that have yet to take its interrupt
  unseen,        \* CPUs that it has yet to look at in this sum
  sum            \* [Counter -> what it has added up]
\* Lanes: 1 = reader 1, 2 = reader 2, 3 = reader 3, up = updater
reader  == <<at, cpu, seen, value, held, delayed>>
updater == <<up, flipped, wait, asked, unseen, sum>>
vars    == <<reader, count, period, version, freed, updater>>

Init ==
  /\ at = [r \in Reader |-> "load period"]
  /\ cpu = [r \in Reader |-> Nowhere]
  /\ seen = [r \in Reader |-> 0]
  /\ value = [r \in Reader |-> None]
  /\ held = [r \in Reader |-> Nowhere]
  /\ delayed = [r \in Reader |-> <<>>]
  /\ count = [n \in Counter |-> [p \in Period |-> [c \in Cpu |-> 0]]]
  /\ period = 0 /\ version = 0 /\ freed = {}
  /\ up = "publish" /\ flipped = FALSE
  /\ wait = 0 /\ asked = {} /\ unseen = {}
  /\ sum = [n \in Counter |-> 0]

(*------------------------------- the readers ------------------------------*)
Runs(r) == cpu[r] # Nowhere

(* What r sees of a counter: its own latest store, or else the memory.      *)
Sees(r, n, p, c) ==
  LET own == {k \in DOMAIN delayed[r] : /\ delayed[r][k][1] = n
                                        /\ delayed[r][k][2] = p
                                        /\ delayed[r][k][3] = c}
  IN  IF own = {} THEN count[n][p][c]
      ELSE delayed[r][CHOOSE k \in own : \A j \in own : j <= k][4]

Step(r, from, to) == /\ Runs(r) /\ at[r] = from
                     /\ at' = [at EXCEPT ![r] = to]
                     /\ UNCHANGED <<cpu, period, version, freed, updater>>

LoadPeriod(r) ==
  /\ Step(r, "load period", "load began")
  /\ seen' = [seen EXCEPT ![r] = period]
  /\ UNCHANGED <<value, held, delayed, count>>

LoadCounter(r, n, from, to) ==
  /\ Step(r, from, to)
  /\ value' = [value EXCEPT ![r] =
                   <<Sees(r, n, seen[r], cpu[r]), cpu[r]>>]
  /\ UNCHANGED <<seen, held, delayed, count>>
LoadBegan(r) == LoadCounter(r, "began", "load began", "store began")
LoadEnded(r) == LoadCounter(r, "ended", "load ended", "store ended")

(* The address of the counter is in a register: without restarts, a thread  *)
(* that has been moved stores to the counter of the CPU that it was on.     *)
StoreCounter(r, n, from, to) ==
  /\ Step(r, from, to)
  /\ delayed' = [delayed EXCEPT ![r] =
                   Append(@, <<n, seen[r], value[r][2], value[r][1] + 1>>)]
  /\ value' = [value EXCEPT ![r] = None]
StoreBegan(r) ==
  /\ StoreCounter(r, "began", "store began", "look")
  /\ UNCHANGED <<seen, held, count>>
StoreEnded(r) ==
  /\ StoreCounter(r, "ended", "store ended", "done")
  /\ held' = [held EXCEPT ![r] = Nowhere]
  /\ UNCHANGED <<seen, count>>

(* The reader finds a version, and uses it until its section ends.          *)
Look(r) ==
  /\ Step(r, "look", "load ended")
  /\ held' = [held EXCEPT ![r] = version]
  /\ UNCHANGED <<seen, value, delayed, count>>

(* The oldest of a thread's delayed stores reaches the others.              *)
Perform(r, n) ==
  LET store == delayed[r][n] IN
  count' = [count EXCEPT ![store[1]][store[2]][store[3]] = store[4]]
Drain(r) ==
  /\ delayed[r] # <<>>
  /\ Perform(r, 1)
  /\ delayed' = [delayed EXCEPT ![r] = Tail(@)]
  /\ UNCHANGED <<at, cpu, seen, value, held, period, version, freed, updater>>

(*--------------------------- switches, interrupts -------------------------*)
(* Where a restartable sequence begins, for those who are in one.           *)
Again(r) ==
  CASE at[r] = "load began"  -> IF Sequence = "whole" THEN "load period"
                                ELSE "load began"
    [] at[r] = "store began" -> IF Sequence = "whole" THEN "load period"
                                ELSE "load began"
    [] at[r] = "store ended" -> "load ended"
    [] OTHER                 -> at[r]
Restart(r) ==
  /\ at' = [at EXCEPT ![r] = Again(r)]
  /\ value' = [value EXCEPT ![r] = IF Again(r) = at[r] THEN @ ELSE None]

(* A barrier on the processor that r runs on: nothing of it is delayed.     *)
After(r) ==
  LET stores == delayed[r]
      last(n, p, c) == {k \in DOMAIN stores : /\ stores[k][1] = n
                                              /\ stores[k][2] = p
                                              /\ stores[k][3] = c}
  IN  [n \in Counter |-> [p \in Period |-> [c \in Cpu |->
        IF last(n, p, c) = {} THEN count[n][p][c]
        ELSE stores[CHOOSE k \in last(n, p, c) :
                      \A j \in last(n, p, c) : j <= k][4]]]]
Barrier(r) == /\ count' = After(r)
              /\ delayed' = [delayed EXCEPT ![r] = <<>>]

Leave(r) ==
  /\ Runs(r) /\ at[r] # "done"
  /\ cpu' = [cpu EXCEPT ![r] = Nowhere]
  /\ Barrier(r)
  /\ IF Restarts THEN Restart(r) ELSE UNCHANGED <<at, value>>
  /\ UNCHANGED <<seen, held, period, version, freed, updater>>

Enter(r, c) ==
  /\ ~Runs(r) /\ at[r] # "done"
  /\ \A q \in Reader : cpu[q] # c
  /\ cpu' = [cpu EXCEPT ![r] = c]
  /\ UNCHANGED <<at, seen, value, held, delayed, count, period, version,
                 freed, updater>>

(* A thread that is done leaves its CPU for good.                           *)
Exit(r) ==
  /\ Runs(r) /\ at[r] = "done"
  /\ cpu' = [cpu EXCEPT ![r] = Nowhere]
  /\ Barrier(r)
  /\ UNCHANGED <<at, value, seen, held, period, version, freed, updater>>

(* The call interrupts the CPUs that run a reader. One that comes later has *)
(* been through a switch.                                                   *)
Command == IF up = "interrupt E" THEN CommandE ELSE CommandR
Interrupted(r) ==
  /\ Barrier(r)
  /\ IF Command = "rseq" THEN Restart(r) ELSE UNCHANGED <<at, value>>
Interrupt(c) ==
  /\ up \in {"interrupt E", "interrupt R"} /\ c \in asked
  /\ asked' = asked \ {c}
  /\ IF \E r \in Reader : cpu[r] = c
     THEN Interrupted(CHOOSE r \in Reader : cpu[r] = c)
     ELSE UNCHANGED <<at, value, delayed, count>>
  /\ UNCHANGED <<cpu, seen, held, period, version, freed, up, flipped, wait,
                 unseen, sum>>

(*------------------------------- the updater ------------------------------*)
Go(from, to) == up = from /\ up' = to
Called(command) == IF command = "none" THEN {} ELSE Cpu

Publish ==
  /\ Go("publish", "interrupt E")
  /\ version' = version + 1
  /\ asked' = Called(CommandE)
  /\ UNCHANGED <<reader, count, period, freed, flipped, wait, unseen, sum>>

(* It sums up one counter after the other, one CPU at a time.               *)
Begin(p) == /\ wait' = p /\ unseen' = Cpu
            /\ sum' = [n \in Counter |-> 0]
FirstSum  == IF Sums = "ended first" THEN "ended" ELSE "began"
SecondSum == IF Sums = "ended first" THEN "began" ELSE "ended"

ReturnE ==
  /\ up = "interrupt E" /\ asked = {}
  /\ IF Waits = "both" THEN up' = "sum first" /\ Begin(1 - period)
     ELSE up' = "flip" /\ UNCHANGED <<wait, unseen, sum>>
  /\ UNCHANGED <<reader, count, period, version, freed, flipped, asked>>

Flip ==
  /\ Go("flip", "interrupt R")
  /\ period' = 1 - period
  /\ flipped' = TRUE
  /\ asked' = Called(CommandR)
  /\ UNCHANGED <<reader, count, version, freed, wait, unseen, sum>>

ReturnR ==
  /\ up = "interrupt R" /\ asked = {}
  /\ IF freed = 0..(version - 1) THEN up' = "rest" /\ Begin(wait)
     ELSE up' = "sum first" /\ Begin(1 - period)
  /\ UNCHANGED <<reader, count, period, version, freed, flipped, asked>>

Add(n, c) == /\ c \in unseen
             /\ sum' = [sum EXCEPT ![n] = @ + count[n][wait][c]]
             /\ UNCHANGED <<reader, count, period, version, freed, flipped,
                            wait, asked>>
SumFirst(c) ==
  /\ up = "sum first" /\ Add(FirstSum, c)
  /\ IF unseen = {c} THEN up' = "sum second" /\ unseen' = Cpu
     ELSE unseen' = unseen \ {c} /\ UNCHANGED up
SumSecond(c) ==
  /\ up = "sum second" /\ Add(SecondSum, c)
  /\ unseen' = unseen \ {c}
  /\ up' = IF unseen = {c} THEN "compare" ELSE up

(* The other period is waited for before the flip, the old one after it.    *)
Compare ==
  /\ up = "compare"
  /\ up' = IF sum["began"] # sum["ended"] THEN "sum first"
           ELSE IF flipped THEN "free" ELSE "flip"
  /\ Begin(wait)
  /\ UNCHANGED <<reader, count, period, version, freed, flipped, asked>>

Free ==
  /\ Go("free", IF version = Updates THEN "rest" ELSE "publish")
  /\ freed' = 0..(version - 1)
  /\ flipped' = FALSE
  /\ UNCHANGED <<reader, count, period, version, wait, asked, unseen, sum>>

(* What somebody else may do who calls membarrier all the time.             *)
GoOn ==
  /\ Endless /\ Go("rest", "interrupt R")
  /\ asked' = Called(CommandR)
  /\ UNCHANGED <<reader, count, period, version, freed, flipped, wait, unseen,
                 sum>>

Rest == /\ \A r \in Reader : at[r] = "done" /\ ~Runs(r)
        /\ up = "rest" /\ ~Endless /\ UNCHANGED vars

ReaderStep(r) ==
  \/ LoadPeriod(r) \/ LoadBegan(r) \/ StoreBegan(r) \/ Look(r)
  \/ LoadEnded(r) \/ StoreEnded(r) \/ Exit(r)
UpdaterStep ==
  \/ Publish \/ ReturnE \/ Flip \/ ReturnR \/ Compare \/ Free \/ GoOn
  \/ \E c \in Cpu : Interrupt(c) \/ SumFirst(c) \/ SumSecond(c)

Next ==
  \/ \E r \in Reader : \/ ReaderStep(r) \/ Drain(r) \/ Leave(r)
                       \/ \E c \in Cpu : Enter(r, c)
  \/ UpdaterStep
  \/ Rest
Spec == Init /\ [][Next]_vars

(* Whoever can go on does, and who waits for a CPU gets one.                *)
Fairness ==
  /\ WF_vars(UpdaterStep)
  /\ \A r \in Reader : /\ WF_vars(\E c \in Cpu : Enter(r, c))
                        /\ WF_vars(ReaderStep(r))
FairSpec == Spec /\ Fairness

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ at \in [Reader -> {"load period", "load began", "store began", "look",
                        "load ended", "store ended", "done"}]
  /\ cpu \in [Reader -> Cpu \cup {Nowhere}]
  /\ \A r, q \in Reader : r # q /\ Runs(r) => cpu[r] # cpu[q]
  /\ seen \in [Reader -> Period]
  /\ held \in [Reader -> {Nowhere} \cup 0..Updates]
  /\ period \in Period /\ version \in 0..Updates
  /\ freed \subseteq 0..(Updates - 1)
  /\ asked \subseteq Cpu /\ unseen \subseteq Cpu

NoUseAfterFree == \A r \in Reader : held[r] \notin freed

(* What has begun is never less than what has ended, in all that anybody    *)
(* can see.                                                                 *)
Total(n, p)   == count[n][p][0] + count[n][p][1]
NoneIsMissing == \A p \in Period : Total("ended", p) <= Total("began", p)

(* When all are done, as many have ended as have begun: else the next grace *)
(* period would wait for ever.                                              *)
AllAreCounted ==
  (\A r \in Reader : at[r] = "done" /\ delayed[r] = <<>>)
    => \A p \in Period : Total("ended", p) = Total("began", p)

(* Every grace period ends, and every reader gets in and out again, once    *)
(* threads are no longer taken from their CPUs.                             *)
SwitchesEnd == <>[][\A r \in Reader : ~Leave(r)]_vars
UpdaterEnds == SwitchesEnd => <>(up = "rest")
ReadersEnd  == SwitchesEnd => <>(\A r \in Reader : at[r] = "done")

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* Nobody updates. What readers do to one another is a smaller model.       *)
UpdaterRests == FALSE /\ UNCHANGED vars

(* Only the first of the two sequences is restarted.                        *)
AgainFirst(r) ==
  IF at[r] = "store began"
  THEN IF Sequence = "whole" THEN "load period" ELSE "load began"
  ELSE at[r]

(* A reader leaves its section and does not count that it has.              *)
EndsUncounted(r) ==
  /\ Step(r, "store ended", "done")
  /\ value' = [value EXCEPT ![r] = None]
  /\ held' = [held EXCEPT ![r] = Nowhere]
  /\ UNCHANGED <<seen, delayed, count>>
==============================================================================
