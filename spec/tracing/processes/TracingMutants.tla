--------------------------- MODULE TracingMutants ----------------------------
(* Tracing with one step changed: the mistakes that are easy to make when   *)
(* one process looks after another.                                         *)
EXTENDS Tracing

(* kill(pid, 0) says that somebody has this pid, not who. The pid of a dead *)
(* reader, given to a daemon, keeps the controller waiting.                 *)
GoneByPid(p) == \A q \in Process : Exists(q) => Pid(q) # Pid(p)

(* No sign of life for a while: taken for dead.                             *)
GoneIfStopped(p) == life[p] \in {"stopped", "dead"}

(* The controller has killed it, so it must be dead.                        *)
GoneIfKilled(p) == life[p] \in {"killed", "dead"}

(* The controller waits for the announcement to end, and asks nobody.       *)
OwnerIsNotAsked ==
  /\ Comes("Owner")
  /\ Then("Scan")
  /\ UNCHANGED <<life, shared, registry, reader, old, scanned, asked, left>>

(* It asks once, and then waits to be woken.                                *)
AskOnce ==
  /\ Comes("Ask")
  /\ IF Gone(asked) THEN Then("Reap") /\ UNCHANGED asked
     ELSE \/ Quiescent(scanned) /\ Then("Scan") /\ asked' = 0
          \/ ~Quiescent(scanned) /\ Then("Sleep") /\ asked' = 0
  /\ UNCHANGED <<life, shared, registry, reader, old, scanned, left>>
AskOrSleep ==
  \/ AskOnce
  \/ /\ Comes("Sleep") /\ Quiescent(scanned)
     /\ Then("Scan")
     /\ UNCHANGED <<life, shared, registry, reader, old, scanned, asked,
                    left>>

(* The slot is cleared without checking who has it by now.                  *)
ReapBlindly ==
  /\ Comes("Reap")
  /\ owner' = [owner EXCEPT ![scanned] = 0]
  /\ announced' = [announced EXCEPT ![scanned] = 0]
  /\ asked' = 0
  /\ Then("Scan")
  /\ UNCHANGED <<life, shared, reader, old, scanned, left>>

(* The slot has a pid in it, and the swap compares pids: the next process   *)
(* with the pid of the dead one is taken for it (ABA).                      *)
ReapByPid ==
  /\ Comes("Reap")
  /\ owner' = IF owner[scanned] # 0 /\ Pid(owner[scanned]) = Pid(asked)
              THEN [owner EXCEPT ![scanned] = 0] ELSE owner
  /\ asked' = 0
  /\ Then("Scan")
  /\ UNCHANGED <<life, shared, announced, reader, old, scanned, left>>

(* The new owner leaves the dead one's announcement standing, and is taken  *)
(* for a reader that never leaves.                                          *)
ClaimIsEnough(p) ==
  /\ Can(p, "Idle") /\ slot[p] = 0
  /\ \E s \in Slot :
       /\ Free(s) /\ \A q \in 1..(s - 1) : ~Free(q)
       /\ owner' = [owner EXCEPT ![s] = p]
       /\ slot' = [slot EXCEPT ![p] = s]
  /\ UNCHANGED <<life, shared, announced, number, runs, at, controller>>

(* It switches again before the grace period of the last switch.            *)
SwitchAtOnce ==
  /\ Comes("Switch") /\ left > 0
  /\ left' = left - 1
  /\ \E next \in Probe \cup {Off} :
       /\ next # tracepoint
       /\ next # Off => probe[next] = "freed"
       /\ probe' = IF next = Off THEN probe
                                 ELSE [probe EXCEPT ![next] = "live"]
       /\ tracepoint' = next
  /\ old' = tracepoint
  /\ UNCHANGED <<life, gp, registry, reader, scanned, asked, step>>
==============================================================================
