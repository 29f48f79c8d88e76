---------------------------- MODULE PhaseMutants ----------------------------
(* Phase with one step changed. Each operator here takes the place of one   *)
(* of Phase's in a claim's configuration, and the claim says which promise  *)
(* breaks. Some of them are what liburcu once did.                          *)
EXTENDS Phase, TLC

(* Flip, then one scan. A reader that stored the phase of two flips ago     *)
(* looks as if it had come after the flip.                                  *)
FlipThenScan(u) ==
  /\ At(u, "Membarrier")
  /\ phase' = 1 - phase
  /\ pass' = 2
  /\ visit' = On("registry")
  /\ list' = [r \in Reader |-> IF list[r] = "registry" THEN "snapshot"
                                                       ELSE list[r]]
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<futex, sharing, registryLock, readers, slow, before>>

(* One scan, then the flip. Nobody waits for readers that came with the     *)
(* current phase before the grace period.                                   *)
ScanThenFlip(u) ==
  /\ At(u, "Flip")
  /\ phase' = 1 - phase
  /\ pass' = 2
  /\ list' = [r \in Reader |-> IF list[r] = "snapshot" THEN "quiescent"
                                                       ELSE list[r]]
  /\ Goto(u, "Splice")
  /\ UNCHANGED <<futex, sharing, registryLock, readers, visit, slow, before>>

(* Two scans with no flip between them see the same thing.                  *)
NoFlip(u) ==
  /\ At(u, "Flip")
  /\ pass' = 2
  /\ visit' = On("snapshot")
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, readers, slow,
                 before>>

(* The leader takes its followers between the scans. One that has published *)
(* since the first is not covered by it.                                    *)
PopNothing(u) ==
  /\ At(u, "PopAll")
  /\ Goto(u, "LockRegistry")
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, readers, scan,
                 before>>
FlipAndPopAll(u) ==
  /\ At(u, "Flip")
  /\ phase' = 1 - phase
  /\ pass' = 2
  /\ visit' = On("snapshot")
  /\ batch' = [batch EXCEPT ![u] = stack]
  /\ stack' = {}
  /\ Goto(u, "Scan")
  /\ UNCHANGED <<futex, gpLock, registryLock, list, readers, slow, before>>

(* An updater that finds a grace period in progress joins it.              *)
PushOrJoin(u) ==
  /\ At(u, "Push")
  /\ IF gpLock = Nobody
       THEN /\ stack' = stack \cup {u}
            /\ Goto(u, IF stack = {} THEN "LockGp" ELSE "Follow")
            /\ UNCHANGED batch
       ELSE /\ batch' = [batch EXCEPT ![gpLock] = @ \cup {u}]
            /\ Goto(u, "Follow")
            /\ UNCHANGED stack
  /\ UNCHANGED <<phase, futex, gpLock, registryLock, list, readers, scan,
                 before>>

(* A leader that has been woken assumes that the readers have left.         *)
WokenIsEnough(u) ==
  /\ At(u, "Relock") /\ registryLock = Nobody
  /\ registryLock' = u
  /\ list' = [r \in Reader |-> IF r \in Input THEN "quiescent" ELSE list[r]]
  /\ slow' = FALSE
  /\ Goto(u, NextStep)
  /\ UNCHANGED <<phase, futex, sharing, readers, pass, visit, before>>

(* It says that it waits, and sleeps without looking again.                 *)
SetWaitingThenSleep(u) ==
  /\ At(u, "SetWaiting")
  /\ futex' = futex - 1
  /\ slow' = TRUE
  /\ registryLock' = Nobody
  /\ Goto(u, "Sleep")
  /\ UNCHANGED <<phase, sharing, list, readers, pass, visit, before>>

(* The first scan takes "in the current phase" for "has left".              *)
MoveCurrentAway(r) == IF State(r) = "old" THEN list[r] ELSE "quiescent"

(* The nodes of the readers that were found outside are not put back.       *)
PutNothingBack(r) == list[r]

(* The second scan waits for everybody it finds inside; they may always be  *)
(* inside when it looks.                                                    *)
StateInside(r) == IF nest[r] = 0 THEN "inactive"
                  ELSE IF mark[r] = phase /\ pass = 1 THEN "current"
                  ELSE "old"

(* One lock for the registry and the grace period. And a program whose      *)
(* first reader waits inside a section for the start of another thread      *)
(* (pthread_join), which registers.                                         *)
MayRegisterOutside(r) == gpLock = Nobody
MayLeaveAfter(r) == r = 1 => list[2] # "none"

NeverUnregister(r) == FALSE /\ UNCHANGED vars
FairRegister == FairSpec /\ SF_vars(Register(2))

(* What the phase bit was when a thread left its last section stays in its  *)
(* word. Registering again asserted that the whole word is 0.               *)
UnlockLeavesPhase(r) ==
  /\ At(r, "Idle") /\ nest[r] = 1
  /\ nest' = [nest EXCEPT ![r] = 0]
  /\ before' = before \ {r}
  /\ Goto(r, "LoadFutex")
  /\ UNCHANGED <<phase, futex, sharing, registryLock, list, mark, loaded,
                 scan>>
RegisterAsserts(r) ==
  /\ At(r, "Idle") /\ list[r] = "none" /\ MayRegister(r)
  /\ Assert(nest[r] = 0 /\ mark[r] = 0, "rcu_register_thread: ctr is not 0")
  /\ list' = [list EXCEPT ![r] = "registry"]
  /\ UNCHANGED <<phase, futex, sharing, registryLock, readers, scan, before,
                 pc>>

(* A reader may stay in its section, or its thread may end there.           *)
FairUpdaters == Spec /\ \A u \in Updater : WF_vars(Synchronize(u))

(* Followers do occur: the claim that they never do is violated.            *)
NobodyFollows == \A u \in Updater : ~At(u, "Follow")

(* The leader goes on to the next step and leaves its word set: readers     *)
(* make system calls for nobody.                                            *)
ScanEndLeavesWord(u) ==
  /\ At(u, "Scan") /\ visit = {}
  /\ IF Input = {}
       THEN /\ slow' = FALSE
            /\ Goto(u, NextStep)
            /\ UNCHANGED <<futex, registryLock>>
       ELSE /\ registryLock' = Nobody
            /\ Goto(u, IF slow THEN "Sleep" ELSE "Relax")
            /\ UNCHANGED <<futex, slow>>
  /\ UNCHANGED <<phase, sharing, list, readers, pass, visit, before>>

(* The registry's lock is not taken to unregister. (It keeps the list whole,*)
(* which is changed in one step here.)                                      *)
UnregisterAtAnyTime(r) ==
  /\ At(r, "Idle") /\ list[r] # "none" /\ nest[r] = 0
  /\ list' = [list EXCEPT ![r] = "none"]
  /\ visit' = visit \ {r}
  /\ UNCHANGED <<phase, futex, sharing, registryLock, readers, pass, slow,
                 before, pc>>

(* A section ends only if its reader does nothing else: one that nests for  *)
(* ever need not.                                                           *)
WeaklyFairSpec ==
  /\ Spec
  /\ \A u \in Updater : WF_vars(Synchronize(u))
  /\ \A r \in Reader :
       /\ WF_vars(Announce(r)) /\ WF_vars(LoadFutex(r))
       /\ WF_vars(ClearFutex(r)) /\ WF_vars(Wake(r))
       /\ WF_vars(UnlockNested(r)) /\ WF_vars(Unlock(r))
============================================================================
