--------------------------- MODULE LocksAndSections --------------------------
(* Who waits for whom, when locks are used beside RCU? A section waits for  *)
(* nobody, and this is why readers never deadlock. A grace period waits for *)
(* sections. So there must be no circle through a grace period:             *)
(*                                                                          *)
(*     across   a lock is held over a grace period, and taken in a section  *)
(*     retire   a section hands something over to be freed, which takes the *)
(*              mutex of the grace period in progress                       *)
(*                                                                          *)
(* The first is the user's mistake, with any RCU. The second is a library's.*)
(* A library whose read lock is a lock makes more of them, which are not    *)
(* the user's fault:                                                        *)
(*                                                                          *)
(*     inverse  one thread enters a section with a lock held, another takes *)
(*              the lock in a section                                       *)
(*     nested   a section in a section                                      *)
(*                                                                          *)
(* Two threads, each with a script. The first runs grace periods or enters  *)
(* sections with the lock, as the case has it; the second is in a section.  *)
EXTENDS Naturals, Sequences

CONSTANTS
  Case,          \* "across", "retire", "inverse" or "nested"
  ReadLock,      \* entering is "free", or it takes a lock: "one" for all
                 \*   threads, or one for "each"
  Retire         \* finding the mutex taken, it "waits", or goes on ("tries")
ASSUME Case \in {"across", "retire", "inverse", "nested"}
ASSUME ReadLock \in {"free", "one", "each"}
ASSUME Retire \in {"waits", "tries"}

Thread == {1, 2}
Nobody == 0
Script ==
  CASE Case = "across"  -> << <<"lock", "synchronize", "end", "unlock">>,
                              <<"enter", "lock", "unlock", "leave">> >>
    [] Case = "retire"  -> << <<"synchronize", "end">>,
                              <<"enter", "retire", "leave">> >>
    [] Case = "inverse" -> << <<"lock", "enter", "leave", "unlock">>,
                              <<"enter", "lock", "unlock", "leave">> >>
    [] Case = "nested"  -> << <<"synchronize", "end">>,
                              <<"enter", "enter", "leave", "leave">> >>

VARIABLES
  pc,            \* [Thread -> which step of its script comes next]
  user,          \* who has the user's lock
  mutex,         \* who runs a grace period (its mutex)
  reading,       \* [Thread -> who has the lock of its read side]
  depth,         \* [Thread -> how many sections it is in]
  waits          \* the threads that the grace period waits for
\* Lanes: t = thread t
vars == <<pc, user, mutex, reading, depth, waits>>

Init ==
  /\ pc = [t \in Thread |-> 1]
  /\ user = Nobody /\ mutex = Nobody
  /\ reading = [t \in Thread |-> Nobody]
  /\ depth = [t \in Thread |-> 0]
  /\ waits = {}

Ended(t) == pc[t] > Len(Script[t])
Does(t, step) == /\ ~Ended(t) /\ Script[t][pc[t]] = step
                 /\ pc' = [pc EXCEPT ![t] = @ + 1]

(*------------------------------- the user's lock --------------------------*)
Lock(t)   == /\ Does(t, "lock") /\ user = Nobody
             /\ user' = t
             /\ UNCHANGED <<mutex, reading, depth, waits>>
Unlock(t) == /\ Does(t, "unlock")
             /\ user' = Nobody
             /\ UNCHANGED <<mutex, reading, depth, waits>>

(*---------------------------------- sections ------------------------------*)
LockOf(t) == IF ReadLock = "one" THEN 1 ELSE t
Enter(t) ==
  /\ Does(t, "enter")
  /\ depth' = [depth EXCEPT ![t] = @ + 1]
  /\ IF ReadLock = "free" THEN UNCHANGED reading
     ELSE /\ reading[LockOf(t)] = Nobody
          /\ reading' = [reading EXCEPT ![LockOf(t)] = t]
  /\ UNCHANGED <<user, mutex, waits>>
Leave(t) ==
  /\ Does(t, "leave")
  /\ depth' = [depth EXCEPT ![t] = @ - 1]
  /\ reading' = IF ReadLock = "free" THEN reading
                ELSE [reading EXCEPT ![LockOf(t)] = Nobody]
  /\ waits' = IF depth[t] = 1 THEN waits \ {t} ELSE waits
  /\ UNCHANGED <<user, mutex>>

(*-------------------------------- grace periods ---------------------------*)
(* With locks for readers, waiting for a reader means taking its lock and   *)
(* giving it back: that comes to the same here.                             *)
Synchronize(t) ==
  /\ Does(t, "synchronize") /\ mutex = Nobody
  /\ mutex' = t
  /\ waits' = {u \in Thread : depth[u] > 0}
  /\ UNCHANGED <<user, reading, depth>>
End(t) ==
  /\ Does(t, "end") /\ waits = {}
  /\ mutex' = Nobody
  /\ UNCHANGED <<user, reading, depth, waits>>

(* It takes the mutex for a moment, to check whether something can be       *)
(* freed.                                                                   *)
GiveAway(t) ==
  /\ Does(t, "retire")
  /\ Retire = "waits" => mutex = Nobody
  /\ UNCHANGED <<user, mutex, reading, depth, waits>>

Done == (\A t \in Thread : Ended(t)) /\ UNCHANGED vars
Next == \/ \E t \in Thread : \/ Lock(t) \/ Unlock(t) \/ Enter(t) \/ Leave(t)
                             \/ Synchronize(t) \/ End(t) \/ GiveAway(t)
        \/ Done
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
(* TLC finds whether somebody waits for ever, as a deadlock.                *)
TypeOK ==
  /\ pc \in [Thread -> 1..5] /\ depth \in [Thread -> 0..2]
  /\ user \in Thread \cup {Nobody} /\ mutex \in Thread \cup {Nobody}
  /\ reading \in [Thread -> Thread \cup {Nobody}]
  /\ waits \subseteq Thread
==============================================================================
