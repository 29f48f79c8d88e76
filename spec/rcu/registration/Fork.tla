-------------------------------- MODULE Fork ---------------------------------
(* fork() under call_rcu: before_fork, after_fork_parent, after_fork_child. *)
(*                                                                          *)
(* The idea. In the child only the thread that has forked goes on; the      *)
(* others never do what they were about to do. So before the fork every     *)
(* worker of call_rcu is paused at a place where it has taken no callback,  *)
(* is not registered and is in no grace period. The parent lets them go on; *)
(* the child gives itself a new worker and moves to it what is on the       *)
(* queues of the old ones. A mutex keeps the list of workers as it is       *)
(* meanwhile.                                                               *)
(*                                                                          *)
(* This protocol can't help what other readers were doing: in the child     *)
(* they are registered and will never leave. liburcu's bp flavour strikes   *)
(* them off; the others ask that no thread be inside a section.             *)
(*                                                                          *)
(* Steps are those of liburcu, src/urcu-call-rcu-impl.h. Two of its hangs   *)
(* are claims about these steps, declared violated; the mends that stand at *)
(* the end of the module hold.                                              *)
EXTENDS Integers, FiniteSets

CONSTANTS
  TakeDown,                \* does a thread take down the second worker?
  Online,                  \* is the forking thread a qsbr reader, online?
  Pruned                   \* does the child strike off other readers (bp)?
ASSUME TakeDown \in BOOLEAN /\ Online \in BOOLEAN /\ Pruned \in BOOLEAN

Old    == {1, 2}           \* the workers; 1 is the default
New    == 3                \* the child's worker
Worker == Old \cup {New}

VARIABLES
  side,                    \* "both" before the fork; then the process that
                           \* is looked at: "parent" or "child"
  reading,                 \* is another thread inside a section?
  mutex,                   \* call_rcu_mutex: "free", "forker" or "freer"
  list,                    \* the workers on call_rcu_data_list
  queue,                   \* workers with a callback on their queue
  taken,                   \* workers that have taken one
  owed,                    \* how many callbacks have been called and not run
  pause,                   \* workers with the flag PAUSE
  paused,                  \* workers with the flag PAUSED
  stop,                    \* does worker 2 have the flag STOP?
  stopped,                 \* workers with the flag STOPPED
  registered,              \* workers that are registered
  worker,                  \* [Worker -> its next step]
  forker,                  \* the forking thread's next step
  freer                    \* the next step of call_rcu_data_free
\* Lanes: w = worker w, forker = forking thread, freer = freer
vars == <<side, reading, mutex, list, queue, taken, owed, pause, paused, stop,
          stopped, registered, worker, forker, freer>>

Lives(w) == IF w = New THEN side = "child" ELSE side # "child"
Go(w, step) == worker' = [worker EXCEPT ![w] = step]
At(w, step) == Lives(w) /\ worker[w] = step

(*-------------------------------- a reader --------------------------------*)
Enter == /\ side # "child" /\ ~reading
         /\ reading' = TRUE
         /\ UNCHANGED <<side, mutex, list, queue, taken, owed, pause, paused,
                        stop, stopped, registered, worker, forker, freer>>
Leave == /\ side # "child" /\ reading
         /\ reading' = FALSE
         /\ UNCHANGED <<side, mutex, list, queue, taken, owed, pause, paused,
                        stop, stopped, registered, worker, forker, freer>>

(* Somebody calls, on a worker that is not being taken down.                *)
Call(w) ==
  /\ side # "child" /\ w \in list \ queue
  /\ w = 2 => freer = "Idle"
  /\ queue' = queue \cup {w}
  /\ owed' = owed + 1
  /\ UNCHANGED <<side, reading, mutex, list, taken, pause, paused, stop,
                 stopped, registered, worker, forker, freer>>

(*-------------------------------- a worker --------------------------------*)
LookPause(w) ==
  /\ At(w, "LookPause")
  /\ Go(w, IF w \in pause THEN "Pause" ELSE "Splice")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause,
                 paused, stop, stopped, registered, forker, freer>>

(* It unregisters before it says that it is paused, and registers again     *)
(* after it has said that it is not.                                        *)
Pause(w) ==
  /\ At(w, "Pause")
  /\ registered' = registered \ {w}
  /\ Go(w, "SayPaused")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause,
                 paused, stop, stopped, forker, freer>>

SayPaused(w) ==
  /\ At(w, "SayPaused")
  /\ paused' = paused \cup {w}
  /\ Go(w, "Paused")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause, stop,
                 stopped, registered, forker, freer>>

GoOn(w) ==
  /\ At(w, "Paused") /\ w \notin pause
  /\ paused' = paused \ {w}
  /\ Go(w, "Register")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause, stop,
                 stopped, registered, forker, freer>>

Register(w) ==
  /\ At(w, "Register")
  /\ registered' = registered \cup {w}
  /\ Go(w, "Splice")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause,
                 paused, stop, stopped, forker, freer>>

Splice(w) ==
  /\ At(w, "Splice")
  /\ queue' = queue \ {w}
  /\ taken' = IF w \in queue THEN taken \cup {w} ELSE taken
  /\ Go(w, IF w \in queue THEN "Synchronize" ELSE "LookStop")
  /\ UNCHANGED <<side, reading, mutex, list, owed, pause, paused, stop,
                 stopped, registered, forker, freer>>

(* The grace period waits for readers, and so for a forking thread that is  *)
(* online. In the child, it does not wait for those that were struck off.   *)
ForkerReads == Online /\ forker # "Idle"
Synchronize(w) ==
  /\ At(w, "Synchronize")
  /\ ~reading \/ (side = "child" /\ Pruned)
  /\ side = "child" \/ ~ForkerReads
  /\ taken' = taken \ {w}
  /\ owed' = owed - 1
  /\ Go(w, "LookStop")
  /\ UNCHANGED <<side, reading, mutex, list, queue, pause, paused, stop,
                 stopped, registered, forker, freer>>

LookStop(w) ==
  /\ At(w, "LookStop")
  /\ IF w = 2 /\ stop THEN /\ stopped' = stopped \cup {w}
                           /\ Go(w, "Unregister")
                      ELSE /\ Go(w, "LookPause")
                           /\ UNCHANGED stopped
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause,
                 paused, stop, registered, forker, freer>>

Unregister(w) ==
  /\ At(w, "Unregister")
  /\ registered' = registered \ {w}
  /\ Go(w, "Ended")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause,
                 paused, stop, stopped, forker, freer>>

(*--------------------------- call_rcu_data_free ---------------------------*)
Freer(step) == freer = step /\ side # "child"
TellToStop ==
  /\ Freer("Idle") /\ TakeDown
  /\ stop' = TRUE
  /\ freer' = "WaitStopped"
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause,
                 paused, stopped, registered, worker, forker>>

LockToUnlink ==
  /\ Freer("WaitStopped") /\ 2 \in stopped /\ mutex = "free"
  /\ mutex' = "freer"
  /\ freer' = "Unlink"
  /\ UNCHANGED <<side, reading, list, queue, taken, owed, pause, paused, stop,
                 stopped, registered, worker, forker>>

(* What is left is moved to the default worker (which may have to wait if   *)
(* its queue is full: queues hold one callback here).                       *)
Unlink ==
  /\ Freer("Unlink") /\ ~(2 \in queue /\ 1 \in queue)
  /\ queue' = IF 2 \in queue THEN {1} ELSE queue
  /\ list' = list \ {2}
  /\ mutex' = "free"
  /\ freer' = "Done"
  /\ UNCHANGED <<side, reading, taken, owed, pause, paused, stop, stopped,
                 registered, worker, forker>>

(*--------------------------------- fork -----------------------------------*)
BeforeFork ==
  /\ forker = "Idle" /\ side = "both"
  /\ forker' = "LockMutex"
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause,
                 paused, stop, stopped, registered, worker, freer>>

LockMutex ==
  /\ forker = "LockMutex" /\ mutex = "free"
  /\ mutex' = "forker"
  /\ forker' = "SetPause"
  /\ UNCHANGED <<side, reading, list, queue, taken, owed, pause, paused, stop,
                 stopped, registered, worker, freer>>

SetPause ==
  /\ forker = "SetPause"
  /\ IF list \subseteq pause
       THEN forker' = "WaitPaused" /\ UNCHANGED pause
       ELSE /\ \E w \in list \ pause : pause' = pause \cup {w}
            /\ UNCHANGED forker
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, paused, stop,
                 stopped, registered, worker, freer>>

IsPaused(w) == w \in paused
MayFork == \A w \in list : IsPaused(w)
Forks ==
  /\ forker = "WaitPaused" /\ MayFork
  /\ side' \in {"parent", "child"}
  /\ forker' = IF side' = "parent" THEN "ClearPause" ELSE "UnlockChild"
  /\ UNCHANGED <<reading, mutex, list, queue, taken, owed, pause, paused,
                 stop, stopped, registered, worker, freer>>

ClearPause ==
  /\ forker = "ClearPause"
  /\ pause' = {}
  /\ forker' = "WaitGone"
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, paused, stop,
                 stopped, registered, worker, freer>>

AfterForkParent ==
  /\ forker = "WaitGone" /\ paused \cap list = {}
  /\ mutex' = "free"
  /\ forker' = "Idle"
  /\ side' = "both"
  /\ UNCHANGED <<reading, list, queue, taken, owed, pause, paused, stop,
                 stopped, registered, worker, freer>>

UnlockChild ==
  /\ forker = "UnlockChild"
  /\ mutex' = "free"
  /\ forker' = "Dispose"
  /\ list' = list \cup {New}
  /\ registered' = registered \cup {New}
  /\ UNCHANGED <<side, reading, queue, taken, owed, pause, paused, stop,
                 stopped, worker, freer>>

(* The old workers' queues go to the new worker, one at a time here since   *)
(* queues hold one callback.                                                *)
Dispose ==
  /\ forker = "Dispose"
  /\ IF list = {New}
       THEN forker' = "Child" /\ UNCHANGED <<list, queue>>
       ELSE \E w \in list \ {New} :
              /\ ~(w \in queue /\ New \in queue)
              /\ queue' = IF w \in queue THEN (queue \ {w}) \cup {New}
                                         ELSE queue
              /\ list' = list \ {w}
              /\ UNCHANGED forker
  /\ UNCHANGED <<side, reading, mutex, taken, owed, pause, paused, stop,
                 stopped, registered, worker, freer>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ side = "both" /\ reading = FALSE /\ mutex = "free"
  /\ list = Old /\ queue = {} /\ taken = {} /\ owed = 0
  /\ pause = {} /\ paused = {} /\ stop = FALSE /\ stopped = {}
  /\ registered = Old
  /\ worker = [w \in Worker |-> "LookPause"]
  /\ forker = "Idle" /\ freer = "Idle"

WorkerStep(w) == \/ LookPause(w) \/ Pause(w) \/ SayPaused(w) \/ GoOn(w)
                 \/ Register(w) \/ Splice(w) \/ Synchronize(w) \/ LookStop(w)
                 \/ Unregister(w)
FreerStep == LockToUnlink \/ Unlink
ForkerStep == \/ LockMutex \/ SetPause \/ Forks \/ ClearPause
              \/ AfterForkParent \/ UnlockChild \/ Dispose
Next == \/ Enter \/ Leave
        \/ \E w \in Old : Call(w)
        \/ \E w \in Worker : WorkerStep(w)
        \/ TellToStop \/ FreerStep
        \/ BeforeFork \/ ForkerStep
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ side \in {"both", "parent", "child"} /\ reading \in BOOLEAN
  /\ mutex \in {"free", "forker", "freer"}
  /\ list \subseteq Worker /\ queue \subseteq Worker /\ taken \subseteq Worker
  /\ pause \subseteq Old /\ paused \subseteq Old /\ stopped \subseteq Old
  /\ registered \subseteq Worker

(* Each callback that was called and has not run is on a queue that a       *)
(* living worker serves, or in the hands of one. In the child: that the new *)
(* worker serves, or will when the forking thread has gone through the      *)
(* list.                                                                    *)
Served == IF side = "child" THEN queue \cap list
                            ELSE queue \cap (list \cup {2})
InHand == {w \in taken : Lives(w)}
NoCallbackIsLost == owed = Cardinality(Served) + Cardinality(InHand)

(* When the process forks, no worker is registered that will not exist.     *)
NobodyIsCopied == side = "child" => registered \subseteq {New}

(* (Readers come and go here, so a grace period may be kept waiting only    *)
(* finitely often.)                                                         *)
FairSpec ==
  /\ Spec
  /\ WF_vars(Leave)
  /\ \A w \in Worker : WF_vars(WorkerStep(w)) /\ SF_vars(Synchronize(w))
  /\ SF_vars(FreerStep)
  /\ SF_vars(ForkerStep)
ForkEnds == forker = "LockMutex" ~> forker \in {"Idle", "Child"}
ChildCallsBack == side = "child" ~> owed = 0

(*--------------------------- mends, and mutants ---------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* Mend: a worker that has stopped needs no pause; and it says so only when *)
(* it has unregistered.                                                     *)
IsPausedOrStopped(w) == w \in paused \cup stopped
LookStopFirst(w) ==
  /\ At(w, "LookStop")
  /\ Go(w, IF w = 2 /\ stop THEN "Unregister" ELSE "LookPause")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause,
                 paused, stop, stopped, registered, forker, freer>>
UnregisterAndSay(w) ==
  /\ At(w, "Unregister")
  /\ registered' = registered \ {w}
  /\ stopped' = stopped \cup {w}
  /\ Go(w, "Ended")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause,
                 paused, stop, forker, freer>>

(* Mutant: a worker says that it is paused, and then unregisters.           *)
SayThenPause(w) ==
  /\ At(w, "Pause")
  /\ paused' = paused \cup {w}
  /\ Go(w, "SayPaused")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause, stop,
                 stopped, registered, forker, freer>>
ThenUnregister(w) ==
  /\ At(w, "SayPaused")
  /\ registered' = registered \ {w}
  /\ Go(w, "Paused")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause,
                 paused, stop, stopped, forker, freer>>

(* Mutant: a worker registers before it says that it is no longer paused.   *)
RegisterThenGoOn(w) ==
  /\ At(w, "Paused") /\ w \notin pause
  /\ registered' = registered \cup {w}
  /\ Go(w, "Register")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause,
                 paused, stop, stopped, forker, freer>>
SayGoesOn(w) ==
  /\ At(w, "Register")
  /\ paused' = paused \ {w}
  /\ Go(w, "Splice")
  /\ UNCHANGED <<side, reading, mutex, list, queue, taken, owed, pause, stop,
                 stopped, registered, forker, freer>>

(* Mutant: after the fork the parent does not wait until they have gone on. *)
AfterForkAtOnce ==
  /\ forker = "WaitGone"
  /\ mutex' = "free"
  /\ forker' = "Idle"
  /\ side' = "both"
  /\ UNCHANGED <<reading, list, queue, taken, owed, pause, paused, stop,
                 stopped, registered, worker, freer>>

(* Mutant: nobody is paused.                                                *)
MayForkAlways == TRUE

(* Mutant: the child leaves the old workers' queues where they are.         *)
DisposeOnly ==
  /\ forker = "Dispose"
  /\ list' = {New}
  /\ forker' = "Child"
  /\ UNCHANGED <<side, reading, mutex, queue, taken, owed, pause, paused,
                 stop, stopped, registered, worker, freer>>
============================================================================
