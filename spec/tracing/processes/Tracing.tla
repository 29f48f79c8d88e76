------------------------------- MODULE Tracing -------------------------------
(* A controller traces other processes through shared memory, step by step: *)
(* readers register there, come to the tracepoint and run its probe, and    *)
(* may be stopped or killed at any moment. The question is how the          *)
(* controller goes on when a process dies inside a section: nobody will     *)
(* ever end its announcement.                                               *)
(*                                                                          *)
(* The idea. A slot names its owner, and the controller that finds an old   *)
(* announcement asks whether that owner still exists. If not, it gives back *)
(* the slot by a compare-and-swap from that owner to nobody; what the dead  *)
(* has announced is left standing, and the next owner begins by clearing    *)
(* it. Three things matter:                                                 *)
(*                                                                          *)
(*   - The owner that it asks about needs a name that nobody else ever has. *)
(*     A pid is no such name: it is given out again. A pidfd is, or a pid   *)
(*     with the time at which its process was started.                      *)
(*   - A process is dead when it can take no further step. A stopped        *)
(*     process is not dead, and one that has been sent SIGKILL is not dead  *)
(*     yet.                                                                 *)
(*   - Between the answer and what is done about it, the slot may change    *)
(*     hands: so compare, and swap.                                         *)
(*                                                                          *)
(* The grace period is Urcu's: one membarrier (here GLOBAL_EXPEDITED, see   *)
(* AcrossProcesses), one scan. The slow path is a loop that looks and asks; *)
(* a timeout, or poll() on the pidfd, stands behind it, since no wake-up    *)
(* comes from the dead. Each process has one reading thread. The controller *)
(* itself does not die here.                                                *)
EXTENDS Integers, FiniteSets

CONSTANTS
  Processes,               \* how many processes there ever are
  Pids,                    \* how many pids; the p-th process has p % Pids, so
                           \*   several have the same, one after the other
  Slots,                   \* how many slots the shared memory has
  Switches                 \* how many times the tracepoint is switched
ASSUME Processes \in Nat \ {0} /\ Slots \in Nat \ {0} /\ Switches \in Nat

Process == 1..Processes
Slot    == 1..Slots
Pid(p)  == p % Pids
Probe   == {0, 1}
Off     == -1              \* of the tracepoint: there is no probe
None    == -1
ASSUME Pids \in Nat \ {0}

VARIABLES
  life,                    \* [Process -> "unborn" | "running" | "stopped" |
                           \*   "killed" (SIGKILL is on its way) | "dead"]
  gp,                      \* the number of the current grace period
  tracepoint,              \* the control state: Off, or the probe to run
  probe,                   \* [Probe -> "live" | "freed"]
  owner,                   \* [Slot -> the process that owns it, or 0]
  announced,               \* [Slot -> 0 or the number announced there]
  slot,                    \* [Process -> its slot, or 0]
  number,                  \* [Process -> number loaded, not yet announced]
  runs,                    \* [Process -> what it has found at the tracepoint
                           \*   in this section: a probe, Off, or None]
  at,                      \* [Process -> the step that comes next]
  step,                    \* the controller's next step
  old,                     \* the probe that it has taken away, or None
  scanned,                 \* the slot that its scan has come to, or 0
  asked,                   \* the owner that it asks about, or 0
  left                     \* how many times it is still to switch
shared     == <<gp, tracepoint, probe>>
registry   == <<owner, announced>>
reader     == <<slot, number, runs, at>>
controller == <<step, old, scanned, asked, left>>
\* Lanes: p = process p, else = the controller, not = probe owner announced
vars == <<life, shared, registry, reader, controller>>

(*-------------------------------- processes -------------------------------*)
(* A pid is free again when its process is gone.                            *)
Exists(p) == life[p] \in {"running", "stopped", "killed"}
PidIsFree(p) == \A q \in Process : Exists(q) => Pid(q) # Pid(p)

Start(p) ==
  /\ life[p] = "unborn" /\ PidIsFree(p)
  /\ \A q \in 1..(p - 1) : life[q] # "unborn"
  /\ life' = [life EXCEPT ![p] = "running"]
  /\ UNCHANGED <<shared, registry, reader, controller>>

(* SIGSTOP and SIGCONT, or a debugger.                                      *)
Stop(p) ==
  /\ life[p] = "running"
  /\ life' = [life EXCEPT ![p] = "stopped"]
  /\ UNCHANGED <<shared, registry, reader, controller>>
Continue(p) ==
  /\ life[p] = "stopped"
  /\ life' = [life EXCEPT ![p] = "running"]
  /\ UNCHANGED <<shared, registry, reader, controller>>

(* SIGKILL. kill() returns before the process is dead: on another CPU it    *)
(* may still do some steps. Then it is gone, without a word to anybody; the *)
(* shared memory stays as it was.                                           *)
Kill(p) ==
  /\ life[p] \in {"running", "stopped"}
  /\ life' = [life EXCEPT ![p] = "killed"]
  /\ UNCHANGED <<shared, registry, reader, controller>>
Die(p) ==
  /\ life[p] = "killed"
  /\ life' = [life EXCEPT ![p] = "dead"]
  /\ slot' = [slot EXCEPT ![p] = 0]
  /\ number' = [number EXCEPT ![p] = 0]
  /\ runs' = [runs EXCEPT ![p] = None]
  /\ at' = [at EXCEPT ![p] = "Idle"]
  /\ UNCHANGED <<shared, registry, controller>>

(* What pidfd says, or the pid together with the start time: this very      *)
(* process is no more.                                                      *)
Gone(p) == life[p] = "dead"

(*-------------------------------- the reader ------------------------------*)
Can(p, s) == life[p] \in {"running", "killed"} /\ at[p] = s
Goto(p, s) == at' = [at EXCEPT ![p] = s]

(* A compare-and-swap takes over a slot that nobody owns, or whose process  *)
(* is gone.                                                                 *)
Free(s) == IF owner[s] = 0 THEN TRUE ELSE Gone(owner[s])
Claim(p) ==
  /\ Can(p, "Idle") /\ slot[p] = 0
  /\ \E s \in Slot :
       /\ Free(s) /\ \A q \in 1..(s - 1) : ~Free(q)
       /\ owner' = [owner EXCEPT ![s] = p]
       /\ slot' = [slot EXCEPT ![p] = s]
  /\ Goto(p, "Clear")
  /\ UNCHANGED <<life, shared, announced, number, runs, controller>>

(* The last owner may have died in a section.                               *)
Clear(p) ==
  /\ Can(p, "Clear")
  /\ announced' = [announced EXCEPT ![slot[p]] = 0]
  /\ Goto(p, "Idle")
  /\ UNCHANGED <<life, shared, owner, slot, number, runs, controller>>

Inside(p)  == slot[p] # 0 /\ at[p] \in {"Dereference", "Unlock"}

Unregister(p) ==
  /\ Can(p, "Idle") /\ slot[p] # 0
  /\ owner' = [owner EXCEPT ![slot[p]] = 0]
  /\ slot' = [slot EXCEPT ![p] = 0]
  /\ UNCHANGED <<life, shared, announced, number, runs, at, controller>>

LoadGp(p) ==
  /\ Can(p, "Idle") /\ slot[p] # 0
  /\ number' = [number EXCEPT ![p] = gp]
  /\ Goto(p, "Announce")
  /\ UNCHANGED <<life, shared, registry, slot, runs, controller>>

Announce(p) ==
  /\ Can(p, "Announce")
  /\ announced' = [announced EXCEPT ![slot[p]] = number[p]]
  /\ number' = [number EXCEPT ![p] = 0]
  /\ Goto(p, "Dereference")
  /\ UNCHANGED <<life, shared, owner, slot, runs, controller>>

(* From here to Unlock it runs the probe that it has found.                 *)
Dereference(p) ==
  /\ Can(p, "Dereference")
  /\ runs' = [runs EXCEPT ![p] = tracepoint]
  /\ Goto(p, "Unlock")
  /\ UNCHANGED <<life, shared, registry, slot, number, controller>>

Unlock(p) ==
  /\ Can(p, "Unlock")
  /\ announced' = [announced EXCEPT ![slot[p]] = 0]
  /\ runs' = [runs EXCEPT ![p] = None]
  /\ Goto(p, "Idle")
  /\ UNCHANGED <<life, shared, owner, slot, number, controller>>

(*------------------------------ the controller ----------------------------*)
Comes(s) == step = s
Then(s)  == step' = s

(* It switches on or over to the other probe, which is filled first, or it  *)
(* switches off. What it takes away can be freed after a grace period.      *)
Switch ==
  /\ Comes("Switch") /\ left > 0
  /\ left' = left - 1
  /\ \E next \in Probe \cup {Off} :
       /\ next # tracepoint
       /\ next # Off => probe[next] = "freed"
       /\ probe' = IF next = Off THEN probe
                                 ELSE [probe EXCEPT ![next] = "live"]
       /\ tracepoint' = next
  /\ old' = tracepoint
  /\ Then(IF tracepoint = Off THEN "Switch" ELSE "Membarrier")
  /\ UNCHANGED <<life, gp, registry, reader, scanned, asked>>

Membarrier ==
  /\ Comes("Membarrier")
  /\ Then("Raise")
  /\ UNCHANGED <<life, shared, registry, reader, old, scanned, asked, left>>

Raise ==
  /\ Comes("Raise")
  /\ gp' = gp + 1
  /\ scanned' = 1
  /\ Then("Scan")
  /\ UNCHANGED <<life, tracepoint, probe, registry, reader, old, asked, left>>

Advance ==
  IF scanned < Slots THEN scanned' = scanned + 1 /\ Then("Scan")
                     ELSE scanned' = 0 /\ Then("Free")

Quiescent(s) == announced[s] = 0 \/ announced[s] >= gp
Scan ==
  /\ Comes("Scan")
  /\ IF Quiescent(scanned) THEN Advance
                           ELSE Then("Owner") /\ UNCHANGED scanned
  /\ UNCHANGED <<life, shared, registry, reader, old, asked, left>>

(* An old announcement stands. The scan passes a slot that nobody owns: the *)
(* announcement is that of a process that died, and a process that claims   *)
(* the slot from now on comes after the raise.                              *)
Owner ==
  /\ Comes("Owner")
  /\ asked' = owner[scanned]
  /\ IF owner[scanned] = 0 THEN Advance
                           ELSE Then("Ask") /\ UNCHANGED scanned
  /\ UNCHANGED <<life, shared, registry, reader, old, left>>

Ask ==
  /\ Comes("Ask")
  /\ IF Gone(asked) THEN Then("Reap") /\ UNCHANGED asked
                    ELSE Then("Scan") /\ asked' = 0
  /\ UNCHANGED <<life, shared, registry, reader, old, scanned, left>>

(* Give back the slot, unless it has changed hands; and look again.         *)
Reap ==
  /\ Comes("Reap")
  /\ owner' = IF owner[scanned] = asked THEN [owner EXCEPT ![scanned] = 0]
                                        ELSE owner
  /\ asked' = 0
  /\ Then("Scan")
  /\ UNCHANGED <<life, shared, announced, reader, old, scanned, left>>

FreeOld ==
  /\ Comes("Free")
  /\ probe' = [probe EXCEPT ![old] = "freed"]
  /\ old' = None
  /\ Then("Switch")
  /\ UNCHANGED <<life, gp, tracepoint, registry, reader, scanned, asked,
                 left>>

(*-------------------------------- the whole -------------------------------*)
Init ==
  /\ life = [p \in Process |-> "unborn"]
  /\ gp = 1
  /\ tracepoint = 0
  /\ probe = [c \in Probe |-> IF c = 0 THEN "live" ELSE "freed"]
  /\ owner = [s \in Slot |-> 0]
  /\ announced = [s \in Slot |-> 0]
  /\ slot = [p \in Process |-> 0]
  /\ number = [p \in Process |-> 0]
  /\ runs = [p \in Process |-> None]
  /\ at = [p \in Process |-> "Idle"]
  /\ step = "Switch" /\ old = None /\ scanned = 0 /\ asked = 0
  /\ left = Switches

ReaderStep(p) ==
  \/ Claim(p) \/ Clear(p) \/ Unregister(p)
  \/ LoadGp(p) \/ Announce(p) \/ Dereference(p) \/ Unlock(p)
Fate(p) == Start(p) \/ Stop(p) \/ Continue(p) \/ Kill(p) \/ Die(p)
ControllerStep ==
  \/ Switch \/ Membarrier \/ Raise \/ Scan \/ Owner \/ Ask \/ Reap \/ FreeOld

(* When all are dead and nothing is left to switch, that is not a deadlock. *)
Over == /\ Comes("Switch") /\ left = 0
        /\ \A p \in Process : life[p] = "dead"
        /\ UNCHANGED vars

Next == \/ ControllerStep \/ Over
        \/ \E p \in Process : ReaderStep(p) \/ Fate(p)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ life \in [Process -> {"unborn", "running", "stopped", "killed", "dead"}]
  /\ gp \in Nat /\ tracepoint \in Probe \cup {Off}
  /\ probe \in [Probe -> {"live", "freed"}]
  /\ owner \in [Slot -> 0..Processes] /\ announced \in [Slot -> Nat]
  /\ slot \in [Process -> 0..Slots] /\ number \in [Process -> Nat]
  /\ runs \in [Process -> Probe \cup {Off}]
  /\ DOMAIN at = Process
  /\ old \in Probe \cup {None} /\ scanned \in 0..Slots
  /\ asked \in 0..Processes /\ left \in 0..Switches

(* No process that can still do something is in a probe that is freed. What *)
(* it runs is the old state of the tracepoint or the new one.               *)
NoFreedProbeRuns ==
  \A p \in Process : runs[p] \in Probe => probe[runs[p]] = "live"
OldOrNew ==
  \A p \in Process : runs[p] \in Probe => runs[p] \in {tracepoint, old}

(* Nobody else has the slot of a process that exists.                       *)
SlotsAreOwned == \A p \in Process : slot[p] # 0 => owner[slot[p]] = p

(*------------------------------ it comes to an end ------------------------*)
(* The controller goes on. A process that runs leaves its sections, one     *)
(* that is stopped is continued or killed some day, and one that is killed  *)
(* dies. It may be killed at any step, or never.                            *)
Leaves(p) == Clear(p) \/ Announce(p) \/ Dereference(p) \/ Unlock(p)
Fairness ==
  /\ WF_vars(ControllerStep)
  /\ \A p \in Process : /\ SF_vars(Leaves(p))
                        /\ WF_vars(Continue(p))
                        /\ WF_vars(Die(p))
FairSpec == Spec /\ Fairness

(* What nobody can promise: an end to waiting for one that stays stopped.   *)
FairUnlessStopped ==
  /\ Spec /\ WF_vars(ControllerStep)
  /\ \A p \in Process : SF_vars(Leaves(p)) /\ WF_vars(Die(p))

GracePeriodEnds == Comes("Membarrier") ~> Comes("Free")

(*-------------------------------- refinement ------------------------------*)
(* Dying counts as leaving the section.                                     *)
InSection == {p \in Process : Inside(p)}
UnderWay  == step \in {"Raise", "Scan", "Owner", "Ask", "Reap"}
Waits == CASE Comes("Raise") -> InSection
           [] UnderWay /\ ~Comes("Raise") ->
                {p \in InSection : slot[p] >= scanned /\ ~Quiescent(slot[p])}
           [] OTHER -> {}
GracePeriod == INSTANCE GracePeriod WITH
                 Reader <- Process, inside <- InSection,
                 running <- UnderWay, waits <- Waits
RefinesGracePeriod == GracePeriod!Spec

(*------------------------------ it does happen ----------------------------*)
(* Claims that say "allowed" of these show that the others are not vacuous. *)
NothingIsReaped == ~(Comes("Reap") /\ owner[scanned] = asked)
NothingIsTakenOver ==
  ~(Comes("Reap") /\ owner[scanned] # asked /\ owner[scanned] # 0)
NobodyTakesTheDeads ==
  [][\A s \in Slot : owner[s] # 0 => owner'[s] \in {0, owner[s]}]_owner
NoProbeOutlivesItsSwitch == ~(\E p \in Process : runs[p] = old /\ old # None)
==============================================================================
