---------------------------- MODULE SignalBarrier ----------------------------
(* The barrier of liburcu's signal flavour, while threads come and go.      *)
(*                                                                          *)
(* The idea. Readers have no fence, and before there was membarrier an      *)
(* updater made every reader pass one by a signal: it sets the reader's     *)
(* need_mb, sends the signal, and waits until the handler, which is a       *)
(* barrier, has cleared need_mb. A thread that ends takes its need_mb and   *)
(* its id with it, and nobody may look at them any more. So the registry's  *)
(* lock is held from the first question to the last answer, and a thread    *)
(* that wants to unregister waits for it. A thread that waits for the lock  *)
(* (to register, to unregister, or to ask others) still answers, as its     *)
(* handler runs whenever the signal comes: so it must not block the signal. *)
(*                                                                          *)
(* The lock also makes several updaters ask one after the other. It need    *)
(* not: two that ask the same thread may take one answer for both, though   *)
(* its barrier came before the second had asked. Between its barrier and    *)
(* its answer a thread is in its handler, and enters no section. What an    *)
(* updater may not do is to take all the answers that another gets for its  *)
(* own, as some of them were given before it came.                          *)
(*                                                                          *)
(* What a reader announces is on its way to the others for some time, and a *)
(* barrier makes it arrive: that is all this module has of the machine      *)
(* (Flavour and ReadSide have the rest). The grace period is the simplest:  *)
(* it waits until each reader has been seen outside once. Updaters are      *)
(* readers, too, if they register, and send the signal to themselves.       *)
(*                                                                          *)
(* Steps are those of liburcu 0.13.2, src/urcu.c: force_mb_all_readers,     *)
(* sigrcu_handler, rcu_register_thread and rcu_unregister_thread. The       *)
(* flavour was removed in 2023.                                             *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Threads,                 \* how many threads there are
  Writers                  \* how many of them, the first, also update
ASSUME Threads \in Nat \ {0} /\ Writers \in 1..Threads

Thread  == 1..Threads
Writer  == 1..Writers
Watched == 1               \* the first updater
Nobody  == 0

VARIABLES
  alive,                   \* the threads that exist, with what is theirs
  registered,              \* the threads on the registry
  need,                    \* those whose need_mb is set
  pending,                 \* those that the signal is pending for
  handler,                 \* [Thread -> the next step of its handler, which
                           \* interrupts whatever it does, or "none"]
  inside,                  \* the threads that are inside a section
  seen,                    \* those that others see inside
  todo,                    \* [Writer -> the threads that this step of its
                           \* call has yet to deal with]
  target,                  \* [Writer -> whom it sends the signal to]
  before,                  \* the readers inside since before the first
                           \* updater's call (nobody computes this)
  pc                       \* [Thread -> the step that comes next]
\* Lanes: u <= Writers = thread u, t <= Threads = thread t, not = before
vars == <<alive, registered, need, pending, handler, inside, seen, todo,
          target, before, pc>>

signals == <<need, pending, handler>>
call    == <<todo, target>>

At(t, step) == handler[t] = "none" /\ pc[t] = step
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]

(*-------------------------------- the reader ------------------------------*)
Enter(t) ==
  /\ At(t, "Idle") /\ t \in registered /\ t \notin inside
  /\ inside' = inside \cup {t}
  /\ UNCHANGED <<alive, registered, signals, seen, call, before, pc>>

Leave(t) ==
  /\ At(t, "Idle") /\ t \in inside
  /\ inside' = inside \ {t}
  /\ before' = before \ {t}
  /\ UNCHANGED <<alive, registered, signals, seen, call, pc>>

(* What it has stored arrives, sooner or later. (A store that is still on   *)
(* its way when the next one follows is never seen.)                        *)
Arrived(t) == IF t \in inside THEN seen \cup {t} ELSE seen \ {t}
Arrive(t) ==
  /\ Arrived(t) # seen
  /\ seen' = Arrived(t)
  /\ UNCHANGED <<alive, registered, signals, inside, call, before, pc>>

(*-------------------------- threads come and go ---------------------------*)
Asking == {"Ask", "Kill", "Await", "Unlock"}
LockIsFree == \A u \in Writer : pc[u] \notin Asking
MayRegister == LockIsFree
MayUnregister == LockIsFree

(* A thread starts and registers.                                           *)
Register(t) ==
  /\ At(t, "Idle") /\ t \notin registered /\ MayRegister
  /\ alive' = alive \cup {t}
  /\ registered' = registered \cup {t}
  /\ UNCHANGED <<signals, inside, seen, call, before, pc>>

(* It waits for the lock, and its handler may run meanwhile.                *)
WantOut(t) ==
  /\ At(t, "Idle") /\ t \in registered \ inside
  /\ Goto(t, "Unregister")
  /\ UNCHANGED <<alive, registered, signals, inside, seen, call, before>>

(* The lock is a barrier, and the node is taken from the list that an       *)
(* updater may wait for, as its grace period lets go of the lock.           *)
Unregister(t) ==
  /\ At(t, "Unregister") /\ MayUnregister
  /\ registered' = registered \ {t}
  /\ seen' = seen \ {t}
  /\ todo' = [u \in Writer |-> IF pc[u] = "Scan" THEN todo[u] \ {t}
                                                 ELSE todo[u]]
  /\ Goto(t, "Exit")
  /\ UNCHANGED <<alive, signals, inside, target, before>>

(* Its memory and its id are gone, and a signal that is pending for it.     *)
Exit(t) ==
  /\ At(t, "Exit")
  /\ alive' = alive \ {t}
  /\ pending' = pending \ {t}
  /\ Goto(t, "Idle")
  /\ UNCHANGED <<registered, need, handler, inside, seen, call, before>>

(*-------------------------------- the handler -----------------------------*)
Blocked(t) == FALSE
Deliver(t) ==
  /\ t \in pending \cap alive /\ handler[t] = "none" /\ ~Blocked(t)
  /\ pending' = pending \ {t}
  /\ handler' = [handler EXCEPT ![t] = "Barrier"]
  /\ UNCHANGED <<alive, registered, need, inside, seen, call, before, pc>>

Barrier(t) ==
  /\ handler[t] = "Barrier"
  /\ seen' = Arrived(t)
  /\ handler' = [handler EXCEPT ![t] = "Clear"]
  /\ UNCHANGED <<alive, registered, need, pending, inside, call, before, pc>>

Clear(t) ==
  /\ handler[t] = "Clear"
  /\ need' = need \ {t}
  /\ handler' = [handler EXCEPT ![t] = "none"]
  /\ UNCHANGED <<alive, registered, pending, inside, seen, call, before, pc>>

(*-------------------------------- the updater -----------------------------*)
Publish(u) ==
  /\ At(u, "Idle") /\ u \in alive \ inside
  /\ before' = IF u = Watched THEN inside ELSE before
  /\ Goto(u, "Lock")
  /\ UNCHANGED <<alive, registered, signals, inside, seen, call>>

MayLock == LockIsFree
Lock(u) ==
  /\ At(u, "Lock") /\ MayLock
  /\ todo' = [todo EXCEPT ![u] = registered]
  /\ Goto(u, IF registered = {} THEN "Unlock" ELSE "Ask")
  /\ UNCHANGED <<alive, registered, signals, inside, seen, target, before>>

(* need_mb first, then the signal: to each, in the order of the list.       *)
Ask(u) ==
  /\ At(u, "Ask")
  /\ \E t \in todo[u] : /\ need' = need \cup {t}
                        /\ target' = [target EXCEPT ![u] = t]
  /\ Goto(u, "Kill")
  /\ UNCHANGED <<alive, registered, pending, handler, inside, seen, todo,
                 before>>

AfterKill(u, rest) ==
  /\ todo' = [todo EXCEPT ![u] = IF rest = {} THEN registered ELSE rest]
  /\ target' = [target EXCEPT ![u] = Nobody]
  /\ Goto(u, IF rest = {} THEN "Await" ELSE "Ask")
Kill(u) ==
  /\ At(u, "Kill")
  /\ pending' = pending \cup {target[u]}
  /\ AfterKill(u, todo[u] \ {target[u]})
  /\ UNCHANGED <<alive, registered, need, handler, inside, seen, before>>

(* Has it answered? If not, the signal is sent again, every millisecond.    *)
Await(u) ==
  /\ At(u, "Await")
  /\ IF todo[u] = {}
       THEN Goto(u, "Unlock") /\ UNCHANGED todo
       ELSE /\ \E t \in todo[u] \ need :
                 todo' = [todo EXCEPT ![u] = @ \ {t}]
            /\ UNCHANGED pc
  /\ UNCHANGED <<alive, registered, signals, inside, seen, target, before>>

SendAgain(u) ==
  /\ At(u, "Await")
  /\ \E t \in todo[u] \cap need : t \notin pending
                                  /\ pending' = pending \cup {t}
  /\ UNCHANGED <<alive, registered, need, handler, inside, seen, call,
                 before, pc>>

Unlock(u) ==
  /\ At(u, "Unlock")
  /\ todo' = [todo EXCEPT ![u] = registered]
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<alive, registered, signals, inside, seen, target, before>>

(* It looks at one reader, under the lock, which it takes for this again.   *)
Scan(u) ==
  /\ At(u, "Scan") /\ MayLock
  /\ \E t \in todo[u] \ seen : todo' = [todo EXCEPT ![u] = @ \ {t}]
  /\ UNCHANGED <<alive, registered, signals, inside, seen, target, before,
                 pc>>

Return(u) ==
  /\ At(u, "Scan") /\ todo[u] = {}
  /\ before' = IF u = Watched THEN {} ELSE before
  /\ Goto(u, "Idle")
  /\ UNCHANGED <<alive, registered, signals, inside, seen, call>>

(*------------------------------- the whole --------------------------------*)
(* The updaters exist from the start, registered or not.                    *)
Init ==
  /\ alive = Writer /\ registered = {}
  /\ need = {} /\ pending = {} /\ handler = [t \in Thread |-> "none"]
  /\ inside = {} /\ seen = {}
  /\ todo = [u \in Writer |-> {}] /\ target = [u \in Writer |-> Nobody]
  /\ before = {}
  /\ pc = [t \in Thread |-> "Idle"]

ReaderStep(t) == \/ Enter(t) \/ Leave(t) \/ Arrive(t) \/ Register(t)
                 \/ WantOut(t) \/ Unregister(t) \/ Exit(t)
HandlerStep(t) == Deliver(t) \/ Barrier(t) \/ Clear(t)
Synchronize(u) == \/ Ask(u) \/ Kill(u) \/ Await(u) \/ SendAgain(u)
                  \/ Unlock(u) \/ Return(u)
Next == \/ \E t \in Thread : ReaderStep(t) \/ HandlerStep(t)
        \/ \E u \in Writer : Publish(u) \/ Lock(u) \/ Scan(u)
                             \/ Synchronize(u)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ alive \subseteq Thread /\ registered \subseteq Thread
  /\ need \subseteq Thread /\ pending \subseteq Thread
  /\ handler \in [Thread -> {"none", "Barrier", "Clear"}]
  /\ inside \subseteq registered /\ seen \subseteq Thread
  /\ todo \in [Writer -> SUBSET Thread]
  /\ target \in [Writer -> Thread \cup {Nobody}]
  /\ before \subseteq inside

(* No signal is sent to a thread that is gone, and nobody looks at its      *)
(* need_mb.                                                                 *)
NothingGoneIsUsed ==
  \A u \in Writer : /\ pc[u] = "Kill" => target[u] \in alive
                    /\ todo[u] \subseteq alive

(* A thread that is asked is on the registry, and its asker holds the lock; *)
(* so nobody registers with a question that is still open.                  *)
OpenQuestionsAreAsked ==
  need # {} => /\ need \subseteq registered
               /\ \E u \in Writer : pc[u] \in Asking

(* Is the updater in a call?                                                *)
Waiting(u) == pc[u] \notin {"Idle", "Unregister", "Exit"}

(* An updater that does not call has nobody left to ask or to wait for.     *)
NothingIsLeft ==
  \A u \in Writer : ~Waiting(u) => todo[u] = {} /\ target[u] = Nobody

(* No call returns while a reader is inside that was inside at its start.   *)
Returns == Waiting(Watched) /\ ~Waiting(Watched)'
NoEarlyEnd == [][Returns => before = {}]_vars

(* A call is a grace period. All updaters run the same code.                *)
Abstract == INSTANCE GracePeriod
              WITH Reader <- Thread, running <- Waiting(Watched),
                   waits <- before
RefinesGracePeriod == Abstract!Spec

(*----------------------------- it comes to an end -------------------------*)
(* Threads and handlers get on, sections end, and the lock is fair. A       *)
(* reader that comes back again and again is seen outside in the end: Urcu  *)
(* and Phase tell new sections from old ones, and need not assume that.     *)
FairSpec == /\ Spec
            /\ \A u \in Writer : /\ WF_vars(Synchronize(u))
                                 /\ SF_vars(Lock(u)) /\ SF_vars(Scan(u))
            /\ \A t \in Thread : /\ WF_vars(HandlerStep(t))
                                 /\ SF_vars(Leave(t)) /\ SF_vars(Arrive(t))
GracePeriodEnds == \A u \in Writer : pc[u] = "Lock" ~> pc[u] = "Idle"

(*------------------------------ a smaller model ---------------------------*)
(* For what several updaters do to one another: the last thread is the only *)
(* one on the registry, and nobody comes or goes.                           *)
OneReader ==
  /\ alive = Thread /\ registered = {Threads}
  /\ need = {} /\ pending = {} /\ handler = [t \in Thread |-> "none"]
  /\ inside = {} /\ seen = {}
  /\ todo = [u \in Writer |-> {}] /\ target = [u \in Writer |-> Nobody]
  /\ before = {}
  /\ pc = [t \in Thread |-> "Idle"]
Never(t) == FALSE /\ UNCHANGED vars

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The lock is not held while the updater asks, or only while it waits.     *)
AtAnyTime == TRUE
UnlessItAsks == \A u \in Writer : pc[u] \notin {"Ask", "Kill", "Unlock"}

(* An updater that finds another asking waits until that one is done, and   *)
(* asks nobody itself.                                                      *)
LockOrJoin(u) ==
  \/ /\ At(u, "Lock")
     /\ todo' = [todo EXCEPT ![u] = IF LockIsFree THEN registered ELSE {}]
     /\ Goto(u, IF ~LockIsFree THEN "Joined"
                ELSE IF registered = {} THEN "Unlock" ELSE "Ask")
     /\ UNCHANGED <<alive, registered, signals, inside, seen, target, before>>
  \/ /\ At(u, "Joined") /\ LockIsFree
     /\ Goto(u, "Unlock")
     /\ UNCHANGED <<alive, registered, signals, inside, seen, call, before>>

(* The handler does not say that it has been there.                         *)
ClearNothing(t) ==
  /\ handler[t] = "Clear"
  /\ handler' = [handler EXCEPT ![t] = "none"]
  /\ UNCHANGED <<alive, registered, need, pending, inside, seen, call,
                 before, pc>>

(* It says so before its barrier.                                           *)
ClearFirst(t) ==
  /\ handler[t] = "Barrier"
  /\ need' = need \ {t}
  /\ handler' = [handler EXCEPT ![t] = "Clear"]
  /\ UNCHANGED <<alive, registered, pending, inside, seen, call, before, pc>>
BarrierLast(t) ==
  /\ handler[t] = "Clear"
  /\ seen' = Arrived(t)
  /\ handler' = [handler EXCEPT ![t] = "none"]
  /\ UNCHANGED <<alive, registered, need, pending, inside, call, before, pc>>

(* A thread blocks the signal while it waits for the lock.                  *)
BlockedInLock(t) == pc[t] \in {"Lock", "Unregister"}

(* The signal first, then need_mb: an answer may come before the question,  *)
(* and only the signal that is sent again is answered.                      *)
KillFirst(u) ==
  /\ At(u, "Ask")
  /\ \E t \in todo[u] : /\ pending' = pending \cup {t}
                        /\ target' = [target EXCEPT ![u] = t]
  /\ Goto(u, "Kill")
  /\ UNCHANGED <<alive, registered, need, handler, inside, seen, todo,
                 before>>
AskLast(u) ==
  /\ At(u, "Kill")
  /\ need' = need \cup {target[u]}
  /\ AfterKill(u, todo[u] \ {target[u]})
  /\ UNCHANGED <<alive, registered, pending, handler, inside, seen, before>>

(* A thread does leave with the signal on its way to it: the claim that no  *)
(* signal is ever on its way to a thread off the registry is violated.      *)
NoneIsLate == pending \subseteq registered

(* It returns, and what it had yet to look at is left.                      *)
ReturnWithWork(u) ==
  /\ At(u, "Scan") /\ todo[u] \cap seen = {}
  /\ before' = IF u = Watched THEN {} ELSE before
  /\ Goto(u, "Idle")
  /\ UNCHANGED <<alive, registered, signals, inside, seen, call>>

(* A signal that is sent to a thread on its way out reaches the next one of *)
(* that id, late, and is answered by it. Between its barrier and its answer *)
(* that one enters no section; so whoever asks it meanwhile may take the    *)
(* answer for his own.                                                      *)
ExitLate(t) ==
  /\ At(t, "Exit")
  /\ alive' = alive \ {t}
  /\ Goto(t, "Idle")
  /\ UNCHANGED <<registered, signals, inside, seen, call, before>>
NeverLate == [][~\E t \in Thread : Deliver(t) /\ t \notin need]_vars
============================================================================
