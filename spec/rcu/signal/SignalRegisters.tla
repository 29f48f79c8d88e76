--------------------------- MODULE SignalRegisters ---------------------------
(* Why registering blocks signals, when handlers may register.              *)
(*                                                                          *)
(* The idea. In liburcu's bp flavour a thread registers by itself when it   *)
(* first reads, and a signal handler may read. Registering takes a lock,    *)
(* and so does synchronize_rcu. A handler that registers on a thread that   *)
(* holds the lock waits for the thread that it has interrupted: for ever.   *)
(* So a thread that takes the lock first blocks all signals, and restores   *)
(* the mask that it found when it has released the lock.                    *)
(*                                                                          *)
(* Steps are those of liburcu, src/urcu-bp.c: urcu_bp_register and          *)
(* urcu_bp_synchronize_rcu, as far as lock and mask go.                     *)
EXTENDS Naturals

Nobody  == 0
Thread  == 1               \* the thread's own code, outside handlers
Handler == 2               \* a handler on the same thread
Other   == 3               \* another thread
Owner   == {Nobody, Thread, Handler, Other}

VARIABLES
  lock,                    \* who holds the registry lock
  blocked,                 \* are signals blocked on the thread?
  saved,                   \* [code -> the mask that it has found]
  top,                     \* which code runs: Thread or Handler
  pc                       \* [code -> the step that comes next]
\* Lanes: 1 = thread, 2 = handler, else = others
vars == <<lock, blocked, saved, top, pc>>

Code == {Thread, Handler}
At(c, step) == top = c /\ pc[c] = step
Goto(c, step) == pc' = [pc EXCEPT ![c] = step]

(* All signals are added to those that are blocked.                         *)
Mask(now) == TRUE
Block(c) ==
  /\ At(c, "Idle")
  /\ saved' = [saved EXCEPT ![c] = blocked]
  /\ blocked' = Mask(blocked)
  /\ Goto(c, "Lock")
  /\ UNCHANGED <<lock, top>>

Lock(c) ==
  /\ At(c, "Lock") /\ lock = Nobody
  /\ lock' = c
  /\ Goto(c, "Unlock")
  /\ UNCHANGED <<blocked, saved, top>>

Unlock(c) ==
  /\ At(c, "Unlock")
  /\ lock' = Nobody
  /\ Goto(c, "Restore")
  /\ UNCHANGED <<blocked, saved, top>>

(* A handler returns when it has done it.                                   *)
Restore(c) ==
  /\ At(c, "Restore")
  /\ blocked' = saved[c]
  /\ top' = Thread
  /\ Goto(c, "Idle")
  /\ UNCHANGED <<lock, saved>>

(* A signal comes when none is blocked, and its handler registers.          *)
Signal ==
  /\ top = Thread /\ ~blocked
  /\ top' = Handler
  /\ UNCHANGED <<lock, blocked, saved, pc>>

(* The program blocks and unblocks signals for its own reasons.             *)
Program ==
  /\ At(Thread, "Idle")
  /\ blocked' = ~blocked
  /\ UNCHANGED <<lock, saved, top, pc>>

OtherLocks   == lock = Nobody /\ lock' = Other
                /\ UNCHANGED <<blocked, saved, top, pc>>
OtherUnlocks == lock = Other /\ lock' = Nobody
                /\ UNCHANGED <<blocked, saved, top, pc>>

Init == /\ lock = Nobody /\ blocked \in BOOLEAN /\ top = Thread
        /\ saved = [c \in Code |-> FALSE]
        /\ pc = [c \in Code |-> "Idle"]
Step(c) == Block(c) \/ Lock(c) \/ Unlock(c) \/ Restore(c)
Next == \/ \E c \in Code : Step(c)
        \/ Signal \/ Program \/ OtherLocks \/ OtherUnlocks
Spec == Init /\ [][Next]_vars

TypeOK == /\ lock \in Owner /\ blocked \in BOOLEAN
          /\ saved \in [Code -> BOOLEAN] /\ top \in Code

(* No code waits for a lock held by the code that it has interrupted.       *)
NoSelfDeadlock == ~(At(Handler, "Lock") /\ lock = Thread)

(* Signals that the program has blocked stay blocked inside the operation.  *)
MaskIsKept == pc[Thread] \in {"Lock", "Unlock", "Restore"} /\ saved[Thread]
                => blocked

(* And when it is over, the mask is the one that was found.                 *)
MaskIsRestored ==
  [][\A c \in Code : pc[c] = "Restore" /\ pc'[c] = "Idle"
                       => blocked' = saved[c]]_vars

FairSpec == /\ Spec
            /\ \A c \in Code : SF_vars(Step(c))
            /\ WF_vars(OtherUnlocks)
HandlerReturns == top = Handler ~> top = Thread

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The mask is set to the empty one: no signal is blocked, and those that   *)
(* the program has blocked are let in.                                      *)
EmptyMask(now) == FALSE

(* When it is over, no signal is blocked, whatever was blocked before.      *)
RestoreNothing(c) ==
  /\ At(c, "Restore")
  /\ blocked' = FALSE
  /\ top' = Thread
  /\ Goto(c, "Idle")
  /\ UNCHANGED <<lock, saved>>
============================================================================
