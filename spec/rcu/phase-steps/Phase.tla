-------------------------------- MODULE Phase --------------------------------
(* The *phase* algorithm of liburcu (src/urcu.c), step by step.             *)
(*                                                                          *)
(* The idea. One bit, the phase, is copied by each reader that enters a     *)
(* section. A grace period waits until no reader is inside with the other   *)
(* phase, flips the phase, and waits once more for the readers that it      *)
(* found inside with the phase that has now become the other one. New       *)
(* readers copy the new phase, and the grace period does not wait for them, *)
(* so it ends.                                                              *)
(*                                                                          *)
(* Why two scans, when those who were inside before the flip are all found  *)
(* by the second? A reader may copy the phase and fall asleep before it     *)
(* stores its copy. Two flips later the old copy looks like a new one. The  *)
(* first scan finds the reader then, since it is inside with *some* phase:  *)
(* whichever it is, the updater waits for the reader now or after the flip. *)
(*                                                                          *)
(* Updaters share grace periods. Each puts itself on a stack; the one that  *)
(* finds the stack empty leads. The leader takes all that are on the stack  *)
(* *before* its grace period starts, and wakes them when it has ended; they *)
(* are its followers. Another leads those who come later.                   *)
(*                                                                          *)
(* All threads see a step immediately here; letters stand where an order    *)
(* has to be kept on real processors (see letters.json), and ReadSide       *)
(* checks them.                                                             *)
EXTENDS Integers, FiniteSets

CONSTANTS
  Readers,                 \* how many threads read; they are 1..Readers
  Updaters,                \* how many update; they are the numbers after it
  Nesting                  \* how deep sections may nest
ASSUME Readers \in Nat \ {0} /\ Updaters \in Nat \ {0}
ASSUME Nesting \in Nat \ {0}

Reader  == 1..Readers
Updater == (Readers + 1)..(Readers + Updaters)
Watched == Readers + 1     \* the first updater
Nobody  == 0

VARIABLES
  phase,                   \* the phase bit of gp.ctr
  futex,                   \* -1 while a leader waits, else 0
  stack,                   \* the updaters that wait for a leader
  gpLock,                  \* rcu_gp_lock: who leads, or Nobody
  registryLock,            \* rcu_registry_lock: the leader, or Nobody
  list,                    \* [Reader -> which list its node is on]
  nest,                    \* [Reader -> how many sections it is inside]
  mark,                    \* [Reader -> the phase that it has stored]
  loaded,                  \* [Reader -> phase loaded, not yet stored]
  pass,                    \* the leader's scan: 1 or 2; 0 for none
  visit,                   \* the readers that this round has yet to look at
  slow,                    \* has the leader said that it waits?
  batch,                   \* [Updater -> whom it leads]
  before,                  \* the readers inside since before the first
                           \* updater's call: nobody computes this, the
                           \* promise is about it
  pc                       \* [thread -> the step that comes next]
\* Lanes: r <= Readers = reader r, u > Readers = updater u, not = before
vars == <<phase, futex, stack, gpLock, registryLock, list, nest, mark,
          loaded, pass, visit, slow, batch, before, pc>>

readers == <<nest, mark, loaded>>
scan    == <<pass, visit, slow>>
sharing == <<stack, gpLock, batch>>

At(t, step) == pc[t] = step
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]
Inside == {r \in Reader : nest[r] > 0}

(*------------------------------- registration -----------------------------*)
(* Both need the registry lock, and no more: it is free whenever the leader *)
(* waits. A reader that comes between the scans is not on the second one's  *)
(* list, and need not be.                                                   *)
MayRegister(r) == registryLock = Nobody

Register(r) ==
  /\ At(r, "Idle") /\ list[r] = "none" /\ MayRegister(r)
  /\ list' = [list EXCEPT ![r] = "registry"]
  /\ UNCHANGED <<phase, futex, sharing, registryLock, readers, scan, before,
                 pc>>

(* The node is unlinked from whichever list the leader has moved it to.     *)
Unregister(r) ==
  /\ At(r, "Idle") /\ list[r] # "none" /\ nest[r] = 0
  /\ registryLock = Nobody
  /\ list' = [list EXCEPT ![r] = "none"]
  /\ UNCHANGED <<phase, futex, sharing, registryLock, readers, scan, before,
                 pc>>

(*-------------------------------- the reader ------------------------------*)
LoadGp(r) ==
  /\ At(r, "Idle") /\ list[r] # "none" /\ nest[r] = 0
  /\ loaded' = [loaded EXCEPT ![r] = phase]
  /\ Goto(r, "Announce")
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, nest, mark, scan,
                 before>>

Announce(r) ==                                                      \* then A
  /\ At(r, "Announce")
  /\ nest' = [nest EXCEPT ![r] = 1]
  /\ mark' = [mark EXCEPT ![r] = loaded[r]]
  /\ loaded' = [loaded EXCEPT ![r] = 0]
  /\ Goto(r, "Idle")
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, scan, before>>

(* An inner section counts, and keeps the phase of the outermost.           *)
LockNested(r) ==
  /\ At(r, "Idle") /\ nest[r] \in 1..(Nesting - 1)
  /\ nest' = [nest EXCEPT ![r] = @ + 1]
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, mark, loaded,
                 scan, before, pc>>

UnlockNested(r) ==
  /\ At(r, "Idle") /\ nest[r] > 1
  /\ nest' = [nest EXCEPT ![r] = @ - 1]
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, mark, loaded,
                 scan, before, pc>>

(* Does the reader itself wait for something in its section? Not here.      *)
MayLeave(r) == TRUE

Unlock(r) ==                                            \* B before, C after
  /\ At(r, "Idle") /\ nest[r] = 1 /\ MayLeave(r)
  /\ nest' = [nest EXCEPT ![r] = 0]
  /\ mark' = [mark EXCEPT ![r] = 0]
  /\ before' = before \ {r}
  /\ Goto(r, "LoadFutex")
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, loaded, scan>>

LoadFutex(r) ==
  /\ At(r, "LoadFutex")
  /\ Goto(r, IF futex = -1 THEN "ClearFutex" ELSE "Idle")
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, readers, scan,
                 before>>

ClearFutex(r) ==
  /\ At(r, "ClearFutex")
  /\ futex' = 0
  /\ Goto(r, "Wake")
  /\ UNCHANGED <<phase, sharing, registryLock, list, readers, scan, before>>

Wake(r) ==
  /\ At(r, "Wake")
  /\ pc' = [t \in DOMAIN pc |-> CASE t = r -> "Idle"
                                  [] pc[t] = "Asleep" -> "Sleep"
                                  [] OTHER -> pc[t]]
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, readers, scan,
                 before>>

(*------------------------- updaters share a leader ------------------------*)
(* An updater publishes and calls synchronize_rcu. Here its grace period    *)
(* starts: whoever is inside now may hold what it has unpublished.          *)
Publish(u) ==
  /\ At(u, "Idle")
  /\ before' = IF u = Watched THEN Inside ELSE before
  /\ Goto(u, "Push")
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, readers, scan>>

Push(u) ==                                                        \* D before
  /\ At(u, "Push")
  /\ stack' = stack \cup {u}
  /\ Goto(u, IF stack = {} THEN "LockGp" ELSE "Follow")
  /\ UNCHANGED <<phase, futex, gpLock, batch, registryLock, list, readers,
                 scan, before>>

LockGp(u) ==
  /\ At(u, "LockGp") /\ gpLock = Nobody
  /\ gpLock' = u
  /\ Goto(u, "PopAll")
  /\ UNCHANGED <<phase, futex, stack, batch, registryLock, list, readers,
                 scan, before>>

PopAll(u) ==
  /\ At(u, "PopAll")
  /\ batch' = [batch EXCEPT ![u] = stack]
  /\ stack' = {}
  /\ Goto(u, "LockRegistry")
  /\ UNCHANGED <<phase, futex, gpLock, registryLock, list, readers, scan,
                 before>>

UnlockGp(u) ==
  /\ At(u, "UnlockGp")
  /\ gpLock' = Nobody
  /\ Goto(u, "WakeFollowers")
  /\ UNCHANGED <<phase, futex, stack, batch, registryLock, list, readers,
                 scan, before>>

(* It returns, and so do its followers: their grace periods end here.       *)
WakeFollowers(u) ==
  /\ At(u, "WakeFollowers")
  /\ pc' = [t \in DOMAIN pc |-> IF t \in batch[u] \cup {u} THEN "Idle"
                                                          ELSE pc[t]]
  /\ batch' = [batch EXCEPT ![u] = {}]
  /\ before' = IF Watched \in batch[u] \cup {u} THEN {} ELSE before
  /\ UNCHANGED <<phase, futex, stack, gpLock, registryLock, list, readers,
                 scan>>

(*---------------------------- the grace period ----------------------------*)
On(l) == {r \in Reader : list[r] = l}
Input == On(IF pass = 1 THEN "registry" ELSE "snapshot")

LockRegistry(u) ==
  /\ At(u, "LockRegistry") /\ registryLock = Nobody
  /\ IF On("registry") = {}
       THEN /\ Goto(u, "UnlockGp")
            /\ UNCHANGED registryLock
       ELSE /\ Goto(u, "Membarrier")
            /\ registryLock' = u
  /\ UNCHANGED <<phase, futex, sharing, list, readers, scan, before>>

Membarrier(u) ==                                                         \* E
  /\ At(u, "Membarrier")
  /\ pass' = 1
  /\ visit' = On("registry")
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, readers, slow,
                 before>>

(* One reader is looked at, and its node moved. The order is the list's,    *)
(* which depends on who registered when: here it is any.                    *)
State(r) == CASE nest[r] = 0        -> "inactive"
              [] mark[r] = phase    -> "current"
              [] OTHER              -> "old"
MoveTo(r) == CASE State(r) = "old" -> list[r]
               [] State(r) = "current" /\ pass = 1 -> "snapshot"
               [] OTHER -> "quiescent"

Scan(u) ==
  /\ At(u, "Scan") /\ visit # {}
  /\ \E r \in visit : /\ list' = [list EXCEPT ![r] = MoveTo(r)]
                      /\ visit' = visit \ {r}
  /\ UNCHANGED <<phase, futex, sharing, registryLock, readers, pass, slow,
                 before, pc>>

(* After the last one: on to the next step if the list is empty, else wait, *)
(* and let others register meanwhile.                                       *)
NextStep == IF pass = 1 THEN "Flip" ELSE "Splice"
ScanEnd(u) ==
  /\ At(u, "Scan") /\ visit = {}
  /\ IF Input = {}
       THEN /\ futex' = IF slow THEN 0 ELSE futex
            /\ slow' = FALSE
            /\ Goto(u, NextStep)
            /\ UNCHANGED registryLock
       ELSE /\ registryLock' = Nobody
            /\ Goto(u, IF slow THEN "Sleep" ELSE "Relax")
            /\ UNCHANGED <<futex, slow>>
  /\ UNCHANGED <<phase, sharing, list, readers, pass, visit, before>>

(* A round or a hundred without sleeping, as many as it likes.              *)
Relax(u) ==
  /\ At(u, "Relax") /\ registryLock = Nobody
  /\ registryLock' = u
  /\ \/ visit' = Input /\ Goto(u, "Scan")
     \/ visit' = visit /\ Goto(u, "SetWaiting")
  /\ UNCHANGED <<phase, futex, sharing, list, readers, pass, slow, before>>

SetWaiting(u) ==                                                    \* then I
  /\ At(u, "SetWaiting")
  /\ futex' = futex - 1
  /\ slow' = TRUE
  /\ visit' = Input
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<phase, sharing, registryLock, list, readers, pass, before>>

(* The futex compares and falls asleep in one step; a leader that is woken  *)
(* looks at the word again.                                                 *)
Sleep(u) ==
  /\ At(u, "Sleep")
  /\ Goto(u, IF futex = -1 THEN "Asleep" ELSE "Relock")
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, readers, scan,
                 before>>

Relock(u) ==
  /\ At(u, "Relock") /\ registryLock = Nobody
  /\ registryLock' = u
  /\ Goto(u, "SetWaiting")
  /\ UNCHANGED <<phase, futex, sharing, list, readers, scan, before>>

Flip(u) ==                                              \* F before, G after
  /\ At(u, "Flip")
  /\ phase' = 1 - phase
  /\ pass' = 2
  /\ visit' = On("snapshot")
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<futex, sharing, registryLock, list, readers, slow, before>>

PutBack(r) == IF list[r] = "quiescent" THEN "registry" ELSE list[r]
Splice(u) ==                                                      \* H after
  /\ At(u, "Splice")
  /\ list' = [r \in Reader |-> PutBack(r)]
  /\ pass' = 0
  /\ registryLock' = Nobody
  /\ Goto(u, "UnlockGp")
  /\ UNCHANGED <<phase, futex, sharing, readers, visit, slow, before>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ phase = 0
  /\ futex = 0
  /\ stack = {}
  /\ gpLock = Nobody /\ registryLock = Nobody
  /\ list = [r \in Reader |-> "none"]
  /\ nest = [r \in Reader |-> 0]
  /\ mark = [r \in Reader |-> 0]
  /\ loaded = [r \in Reader |-> 0]
  /\ pass = 0 /\ visit = {} /\ slow = FALSE
  /\ batch = [u \in Updater |-> {}]
  /\ before = {}
  /\ pc = [t \in Reader \cup Updater |-> "Idle"]

ReaderStep(r) ==
  \/ Register(r)
  \/ Unregister(r)
  \/ LoadGp(r)
  \/ Announce(r)
  \/ LockNested(r)
  \/ UnlockNested(r)
  \/ Unlock(r)
  \/ LoadFutex(r)
  \/ ClearFutex(r)
  \/ Wake(r)

Synchronize(u) ==
  \/ Push(u)
  \/ LockGp(u)
  \/ PopAll(u)
  \/ LockRegistry(u)
  \/ Membarrier(u)
  \/ Scan(u)
  \/ ScanEnd(u)
  \/ Relax(u)
  \/ SetWaiting(u)
  \/ Sleep(u)
  \/ Relock(u)
  \/ Flip(u)
  \/ Splice(u)
  \/ UnlockGp(u)
  \/ WakeFollowers(u)

Next == \/ \E r \in Reader : ReaderStep(r)
        \/ \E u \in Updater : Publish(u) \/ Synchronize(u)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ phase \in {0, 1} /\ futex \in {-1, 0}
  /\ stack \subseteq Updater
  /\ gpLock \in Updater \cup {Nobody}
  /\ registryLock \in Updater \cup {Nobody}
  /\ list \in [Reader -> {"none", "registry", "snapshot", "quiescent"}]
  /\ nest \in [Reader -> 0..Nesting]
  /\ mark \in [Reader -> {0, 1}] /\ loaded \in [Reader -> {0, 1}]
  /\ pass \in 0..2 /\ visit \subseteq Reader /\ slow \in BOOLEAN
  /\ batch \in [Updater -> SUBSET Updater]
  /\ before \subseteq Reader

(* Outside grace periods every registered reader is on the registry, so the *)
(* next grace period will look at it.                                       *)
NoReaderIsLost ==
  pass = 0 => \A r \in Reader : list[r] \in {"none", "registry"}

(* When nobody leads, nothing is left of the last grace period.             *)
NothingIsLeft ==
  gpLock = Nobody =>
    /\ futex = 0 /\ ~slow /\ pass = 0 /\ visit = {}
    /\ registryLock = Nobody

(* A leader that sleeps will be woken: a reader is on its way, or one that  *)
(* it waits for is still inside and will look at the futex word.            *)
NoLostWakeUp ==
  \A u \in Updater : At(u, "Asleep") =>
    \/ \E r \in Reader : At(r, "Wake")
    \/ /\ futex = -1
       /\ \/ \E r \in Input : State(r) = "old"
          \/ \E r \in Reader : pc[r] \in {"LoadFutex", "ClearFutex"}

(* No call returns while a reader is inside that was inside at its start.   *)
Returns == ~At(Watched, "Idle") /\ pc'[Watched] = "Idle"
NoEarlyEnd == [][Returns => before = {}]_vars

(* An updater's call is a grace period of its own, whoever leads it. All    *)
(* updaters run the same code, so what holds for the first holds for each.  *)
Abstract == INSTANCE GracePeriod
              WITH inside <- Inside, running <- ~At(Watched, "Idle"),
                   waits <- before
RefinesGracePeriod == Abstract!Spec

(*----------------------------- it comes to an end -------------------------*)
(* Threads finish the operation that they have begun, and a reader leaves   *)
(* its sections sooner or later. It may come back immediately, for ever.    *)
Fairness ==
  /\ \A u \in Updater : WF_vars(Synchronize(u))
  /\ \A r \in Reader :
       /\ WF_vars(Announce(r))
       /\ WF_vars(LoadFutex(r))
       /\ WF_vars(ClearFutex(r))
       /\ WF_vars(Wake(r))
       /\ WF_vars(UnlockNested(r))
       /\ SF_vars(Unlock(r))
FairSpec == Spec /\ Fairness

GracePeriodEnds == \A u \in Updater : At(u, "Push") ~> At(u, "Idle")
============================================================================
