-------------------------------- MODULE Costs --------------------------------
(* What membarrier() costs, in numbers: the questions of January 2010. One  *)
(* thread calls it again and again. How many CPUs does a call interrupt,    *)
(* and what do they run? How many interrupts can it make another thread     *)
(* take? How long does it wait? Module Kernel asks whether the variants     *)
(* keep their promise, with the same switches and the same look; here all   *)
(* that is known of a CPU is what kind of thread it runs, so that there may *)
(* be several.                                                              *)
(*                                                                          *)
(* A figure is a bound that holds and is reached: a bound of one less is    *)
(* violated. So claims come in pairs.                                       *)
(*                                                                          *)
(* Time is counted in steps of the CPU that is waited for, each CPU by      *)
(* itself: CPUs go on side by side. A step is one of the thread that runs,  *)
(* half a context switch (interrupts are off in between), a tick of the     *)
(* timer, or an interrupt by the caller. Such an interrupt is taken at the  *)
(* next step with interrupts on; a tick comes every `Tick` steps. How many  *)
(* microseconds a step is, the model doesn't say: a tick is milliseconds    *)
(* and the rest is not.                                                     *)
(*                                                                          *)
(* Left out: other callers at the same time, and a kernel that, tired of    *)
(* waiting for a grace period, prods the CPUs that are late.                *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Variant,       \* "all"      interrupts every CPU (2010, first version)
                 \* "grace"    waits for a grace period of the scheduler
                 \*            (2010: expedited = 0)
                 \* "private"  interrupts CPUs whose current thread shares
                 \*            the caller's memory (2010: expedited = 1)
  Cpus,          \* how many there are, with the caller's own
  Kin,           \* how many threads share memory with the caller
  Moves,         \* may CPUs switch between the call and its return?
  Tick,          \* in how many steps of a busy CPU there is a tick
  Ask,           \* what is counted: "interrupts" of one call; the "storm" of
                 \*   interrupts that a CPU takes between two steps of its
                 \*   thread; the "wait", in steps of each CPU waited for
  Whose,         \* interrupts of which CPUs: those of "everybody", of
                 \*   "strangers", "idle" ones, or with a "realtime" thread
  Bound          \* the figure

ASSUME VariantIsKnown == Variant \in {"all", "grace", "private"}
ASSUME Numbers == Cpus \in Nat /\ Cpus >= 2 /\ Kin \in Nat /\ Bound \in Nat
ASSUME TickIsPositive == Tick \in Nat /\ Tick >= 1
ASSUME MovesIsBoolean == Moves \in BOOLEAN
ASSUME AskIsKnown == Ask \in {"interrupts", "storm", "wait"}
ASSUME WhoseIsKnown ==
  Whose \in {"everybody", "strangers", "idle", "realtime"}

(* The caller keeps CPU 0. There is one real-time thread, and any number of *)
(* other strangers, threads that share no memory with the caller.           *)
Other == 1..(Cpus - 1)
Kind  == {"kin", "stranger", "realtime", "idle"}
Meant == CASE Whose = "everybody" -> Kind
           [] Whose = "strangers" -> {"stranger", "realtime"}
           [] OTHER               -> {Whose}

VARIABLES
  runs,          \* [Other -> Kind], what each CPU runs: rq->curr
  off,           \* CPUs in the middle of a switch, with interrupts off
  at,            \* where the caller is
  unseen,        \* CPUs that it has yet to look at
  mask,          \* CPUs that it is going to interrupt
  pending,       \* CPUs that it waits for
  count          \* [Other -> what is asked for]
cpus   == <<runs, off>>
caller == <<at, unseen, mask>>
vars   == <<cpus, caller, pending, count>>
\* Lanes: c = CPU c, else = the caller

Expedited == Variant # "grace"
Few(k) == CASE k = "kin"      -> Kin
            [] k = "realtime" -> 1
            [] OTHER          -> Cpus
Fits(r) == \A k \in Kind : Cardinality({c \in Other : r[c] = k}) <= Few(k)

Init ==
  /\ runs \in {r \in [Other -> Kind] : Fits(r)}
  /\ off = {}
  /\ at = "user" /\ unseen = {} /\ mask = {} /\ pending = {}
  /\ count = [c \in Other |-> 0]

(* A step of CPU c while the caller waits for it.                           *)
Waited(c) == IF Ask = "wait" /\ c \in pending
             THEN [count EXCEPT ![c] = @ + 1] ELSE count
(* CPU c's thread gets on, or another one does.                             *)
GotOn(c)  == IF Ask = "storm" THEN [count EXCEPT ![c] = 0] ELSE Waited(c)

(*------------------------------- other CPUs -------------------------------*)
(* An interrupt of the caller comes before anything but the second half of  *)
(* a switch.                                                                *)
Free(c) == c \notin off /\ (Expedited => c \notin pending)

(* A tick is never further away than this.                                  *)
TickIsDue(c) == ~Expedited /\ c \in pending /\ count[c] + 1 >= Tick

Own(c) ==
  /\ Free(c) /\ runs[c] # "idle"
  /\ Ask = "wait" => ~TickIsDue(c)
  /\ count' = GotOn(c)
  /\ UNCHANGED <<cpus, caller, pending>>

Leave(c) ==
  /\ Free(c) /\ (Moves \/ at \in {"user", "returned"})
  /\ off' = off \cup {c}
  /\ pending' = pending \ {c}
  /\ count' = Waited(c)
  /\ UNCHANGED <<runs, caller>>

Arrive(c, k) ==
  /\ c \in off
  /\ Fits([runs EXCEPT ![c] = k])
  /\ runs' = [runs EXCEPT ![c] = k]
  /\ off' = off \ {c}
  /\ count' = GotOn(c)
  /\ UNCHANGED <<caller, pending>>

(* The timer's. It comes whether somebody waits for it or not, and is       *)
(* nobody's cost.                                                           *)
TickIn(c) ==
  /\ ~Expedited /\ c \in pending \ off
  /\ pending' = pending \ {c}
  /\ count' = Waited(c)
  /\ UNCHANGED <<cpus, caller>>

(* The caller's. The count of a storm stays where the bound is exceeded.    *)
Interrupt(c) ==
  /\ Expedited /\ c \in pending \ off
  /\ pending' = pending \ {c}
  /\ count' = CASE Ask = "wait" -> Waited(c)
                [] Ask = "interrupts" /\ runs[c] \in Meant ->
                     [count EXCEPT ![c] = @ + 1]
                [] Ask = "storm" /\ runs[c] \in Meant
                                 /\ count[c] <= Bound ->
                     [count EXCEPT ![c] = @ + 1]
                [] OTHER -> count
  /\ UNCHANGED <<cpus, caller>>

(*------------------------------- the caller -------------------------------*)
Call ==
  /\ at \in {"user", "returned"}
  /\ Moves \/ off = {}
  /\ at' = "look" /\ unseen' = Other
  /\ count' = IF Ask = "storm" THEN count ELSE [c \in Other |-> 0]
  /\ UNCHANGED <<cpus, mask, pending>>

Matters(c) == Variant = "all" \/ (Variant = "private" /\ runs[c] = "kin")
Look(c) ==
  /\ at = "look" /\ c \in unseen /\ \A d \in unseen : c <= d
  /\ unseen' = unseen \ {c}
  /\ mask' = IF Matters(c) THEN mask \cup {c} ELSE mask
  /\ UNCHANGED <<cpus, at, pending, count>>

(* A grace period does not wait for an idle CPU.                            *)
Send ==
  /\ at = "look" /\ unseen = {}
  /\ at' = "wait" /\ mask' = {}
  /\ pending' = IF Expedited THEN mask
                ELSE {c \in Other : runs[c] # "idle" \/ c \in off}
  /\ UNCHANGED <<cpus, unseen, count>>

Return ==
  /\ at = "wait" /\ pending = {}
  /\ at' = "returned"
  /\ UNCHANGED <<cpus, unseen, mask, pending, count>>

CallerStep == Call \/ (\E c \in Other : Look(c)) \/ Send \/ Return

Next ==
  \/ CallerStep
  \/ \E c \in Other : \/ Own(c) \/ Leave(c) \/ TickIn(c) \/ Interrupt(c)
                      \/ \E k \in Kind : Arrive(c, k)

Spec == Init /\ [][Next]_vars

(*------------------------------ the figures -------------------------------*)
TypeOK ==
  /\ runs \in [Other -> Kind] /\ off \subseteq Other
  /\ at \in {"user", "look", "wait", "returned"}
  /\ unseen \subseteq Other /\ mask \subseteq Other
  /\ pending \subseteq Other
  /\ count \in [Other -> Nat]

RECURSIVE Sum(_)
Sum(S) == IF S = {} THEN 0
          ELSE LET c == CHOOSE c \in S : TRUE IN count[c] + Sum(S \ {c})

(* One call interrupts at most this many CPUs, none of them twice.          *)
FewInterrupts == Sum(Other) <= Bound
NoneTwice     == \A c \in Other : count[c] <= 1

(* A thread takes at most this many between two steps of its own.           *)
NoStorm == \A c \in Other : count[c] <= Bound

(* A call waits for at most this many steps of any CPU, and for at least    *)
(* this many of some CPU.                                                   *)
WaitsAtMost  == \A c \in Other : count[c] <= Bound
WaitsAtLeast == at = "returned" => \/ Bound = 0
                                   \/ \E c \in Other : count[c] >= Bound

(* A grace period asks nothing of an idle CPU: that one has no tick, and    *)
(* would have to be woken.                                                  *)
IdleIsSpared ==
  [][at = "look" /\ at' = "wait" /\ ~Expedited =>
       \A c \in pending' : runs[c] # "idle" \/ c \in off]_vars

(* Is that without end? The caller goes on, interrupts are taken and        *)
(* switches end. A thread that could go on, and is not interrupted, does.   *)
(* Whether one that is interrupted again and again gets on in between is a  *)
(* matter of how fast the caller and it are, which is strong fairness.      *)
Goes == /\ WF_vars(CallerStep)
        /\ \A c \in Other : /\ WF_vars(Interrupt(c)) /\ WF_vars(TickIn(c))
                            /\ WF_vars(\E k \in Kind : Arrive(c, k))
SpecWeak   == Spec /\ Goes /\ \A c \in Other : WF_vars(Own(c))
SpecStrong == Spec /\ Goes /\ \A c \in Other : SF_vars(Own(c))

(* Again and again, a thread has got on since the last interrupt. An idle   *)
(* CPU has none that could.                                                 *)
OthersGetOn ==
  \A c \in Other : []<>(count[c] = 0 \/ runs[c] = "idle")

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* An interrupt that was taken is sent once more.                           *)
InterruptAgain(c) ==
  /\ Expedited /\ c \in pending \ off
  /\ pending' = IF count[c] = 0 THEN pending ELSE pending \ {c}
  /\ count' = IF runs[c] \in Meant THEN [count EXCEPT ![c] = @ + 1]
                                   ELSE count
  /\ UNCHANGED <<cpus, caller>>

(* A grace period waits for idle CPUs, too.                                 *)
SendToIdle ==
  /\ at = "look" /\ unseen = {}
  /\ at' = "wait" /\ mask' = {}
  /\ pending' = IF Expedited THEN mask ELSE Other
  /\ UNCHANGED <<cpus, unseen, count>>
==============================================================================
