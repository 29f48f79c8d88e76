--------------------------- MODULE ExitRegistered ----------------------------
(* A thread ends without unregistering. liburcu forbids that. Why?          *)
(*                                                                          *)
(* Nothing that updaters look at says that a thread has ended. What it      *)
(* announced last stays in its slot for good:                               *)
(*                                                                          *)
(*   inside a section     An updater waits for ever for one that cannot     *)
(*                        leave.                                            *)
(*   outside of one       Its announcement is 0, and nobody waits; the slot *)
(*                        is lost. But in qsbr, being outside announces     *)
(*                        nothing: updaters wait for a thread that ends     *)
(*                        online. And in signal the updater asks all that   *)
(*                        own a slot, and waits for an answer.              *)
(*   offline (qsbr)       As outside, in the other flavours.                *)
(*                                                                          *)
(* In liburcu it is worse: the announcement is a variable of the thread, on *)
(* a list, and its memory is gone with the thread (Memory). Here and in its *)
(* bulletproof flavour it is a slot of the registry. That flavour also      *)
(* unregisters a thread that ends, by a destructor: then there is nothing   *)
(* to forget.                                                               *)
(*                                                                          *)
(* Nobody may have the slot meanwhile: a registry cannot tell a thread that *)
(* has ended from one that is quiescent. One that hands out slots because   *)
(* they announce nothing (Hands) gives one slot to two threads, and the     *)
(* first to leave takes the other's protection away. Somebody who does know *)
(* that the thread has ended may give its slot back for it (Reaps): module  *)
(* Tracing does so for processes.                                           *)
(*                                                                          *)
(* Thread 1 is the one that ends, thread 2 comes and goes as it ought to.   *)
(* Accesses happen in order. An updater that waits for ever is a deadlock.  *)
EXTENDS Naturals, FiniteSets, Flavour

CONSTANTS
  Kind,          \* the flavour
  Ends,          \* where thread 1 ends: "inside" or "outside" a section,
                 \*   "offline" (qsbr), or when it is "unregistered"
  Memory,        \* a slot's memory is the "registry's" or the "thread's"
  Hands,         \* which slots it hands out: those that are "unowned", or
                 \*   those that are "quiescent"
  Reaps,         \* does somebody give back the slots of those that ended?
  Locks,         \* signal: do threads unregister only while no one is asked?
  Slots,         \* how many slots there are; thread 1 has the first
  Updates        \* how many grace periods the updater runs
ASSUME KindIsKnown == Kind \in Flavours
ASSUME EndsIsKnown ==
  /\ Ends \in {"inside", "outside", "offline", "unregistered"}
  /\ Ends = "offline" => Kind = "qsbr"
ASSUME RegistryIsKnown ==
  /\ Memory \in {"registry's", "thread's"}
  /\ Hands \in {"unowned", "quiescent"}
  /\ Reaps \in BOOLEAN /\ Locks \in BOOLEAN
ASSUME CountsAreSmall == Slots \in 1..2 /\ Updates \in 1..2

Thread == 1..2
Slot   == 1..Slots
Nobody == 0
Online == Kind = "qsbr"              \* registering means going online

VARIABLES
  gp,                      \* the number of the grace period
  owner,                   \* [Slot -> who has it, or Nobody]
  announced,               \* [Slot -> what its owner announces; 0: nothing]
  mine,                    \* [Thread -> its slot, or 0; kept when it ends]
  inside,                  \* the threads inside a section
  before,                  \* those inside since the update (nobody computes
                           \*   this)
  need,                    \* signal: those that have yet to run a barrier
  round,                   \* the slots that the updater has yet to look at
  runs,                    \* how many grace periods have ended
  pc,                      \* [Thread -> where it is]
  step                     \* the updater's next step
\* Lanes: t = thread t, else = the updater, not = owner announced
vars == <<gp, owner, announced, mine, inside, before, need, round, runs, pc,
          step>>

Init == /\ gp = 1
        /\ owner = [s \in Slot |-> IF s = 1 THEN 1 ELSE Nobody]
        /\ announced = [s \in Slot |-> IF s = 1 /\ Online THEN 1 ELSE 0]
        /\ mine = [t \in Thread |-> IF t = 1 THEN 1 ELSE 0]
        /\ inside = {} /\ before = {} /\ need = {} /\ round = {}
        /\ runs = 0
        /\ pc = [t \in Thread |-> IF t = 1 THEN "Idle" ELSE "New"]
        /\ step = "Publish"

Goto(t, place) == pc' = [pc EXCEPT ![t] = place]
Announce(t, number) == announced' = [announced EXCEPT ![mine[t]] = number]

(*------------------------------- the threads ------------------------------*)
EndsAt(t) == IF t = 1 THEN Ends ELSE "unregistered"

Register(t) ==
  /\ pc[t] = "New"
  /\ \E s \in Slot :
       /\ IF Hands = "unowned" THEN owner[s] = Nobody ELSE announced[s] = 0
       /\ owner' = [owner EXCEPT ![s] = t]
       /\ mine' = [mine EXCEPT ![t] = s]
       /\ announced' = [announced EXCEPT ![s] = IF Online THEN gp ELSE 0]
  /\ Goto(t, "Idle")
  /\ UNCHANGED <<gp, inside, before, need, round, runs, step>>

Enter(t) ==
  /\ pc[t] = "Idle"
  /\ inside' = inside \cup {t}
  /\ IF Online THEN UNCHANGED announced ELSE Announce(t, gp)
  /\ Goto(t, "Inside")
  /\ UNCHANGED <<gp, owner, mine, before, need, round, runs, step>>

Leave(t) ==
  /\ pc[t] = "Inside" /\ EndsAt(t) # "inside"
  /\ inside' = inside \ {t}
  /\ before' = before \ {t}
  /\ IF Online THEN UNCHANGED announced ELSE Announce(t, 0)
  /\ Goto(t, "Outside")
  /\ UNCHANGED <<gp, owner, mine, need, round, runs, step>>

(* qsbr: a thread that is outside may say so, before it ends.               *)
Quiesce(t) ==
  /\ Online /\ pc[t] = "Outside" /\ announced[mine[t]] # gp
  /\ Announce(t, gp)
  /\ UNCHANGED <<gp, owner, mine, inside, before, need, round, runs, pc,
                 step>>

GoOffline(t) ==
  /\ Online /\ pc[t] = "Outside" /\ EndsAt(t) # "outside"
  /\ Announce(t, 0)
  /\ Goto(t, "Offline")
  /\ UNCHANGED <<gp, owner, mine, inside, before, need, round, runs, step>>

Unregister(t) ==
  /\ pc[t] = (IF Online THEN "Offline" ELSE "Outside")
  /\ EndsAt(t) = "unregistered"
  /\ Locks => step # "Answers"
  /\ owner' = [owner EXCEPT ![mine[t]] = Nobody]
  /\ mine' = [mine EXCEPT ![t] = 0]
  /\ Goto(t, "Unregistered")
  /\ UNCHANGED <<gp, announced, inside, before, need, round, runs, step>>

Place(ends) == CASE ends = "inside"       -> "Inside"
                 [] ends = "outside"      -> "Outside"
                 [] ends = "offline"      -> "Offline"
                 [] ends = "unregistered" -> "Unregistered"
End(t) ==
  /\ pc[t] = Place(EndsAt(t))
  /\ inside' = inside \ {t}
  /\ before' = before \ {t}
  /\ Goto(t, "Ended")
  /\ UNCHANGED <<gp, owner, announced, mine, need, round, runs, step>>

(* The handler of the signal runs in the thread: in no other, and not when  *)
(* it has ended.                                                            *)
Handle(t) ==
  /\ t \in need /\ pc[t] # "Ended"
  /\ need' = need \ {t}
  /\ UNCHANGED <<gp, owner, announced, mine, inside, before, round, runs, pc,
                 step>>

(* Somebody who knows that the thread has ended.                            *)
Reap(t) ==
  /\ Reaps /\ pc[t] = "Ended" /\ mine[t] # 0
  /\ owner' = [owner EXCEPT ![mine[t]] = Nobody]
  /\ Announce(t, 0)
  /\ need' = need \ {t}
  /\ mine' = [mine EXCEPT ![t] = 0]
  /\ UNCHANGED <<gp, inside, before, round, runs, pc, step>>

(*------------------------------- the updater ------------------------------*)
Owners == {owner[s] : s \in Slot} \ {Nobody}

Publish ==
  /\ step = "Publish" /\ runs < Updates
  /\ before' = inside
  /\ step' = IF Kind = "signal" THEN "Ask" ELSE "Raise"
  /\ UNCHANGED <<gp, owner, announced, mine, inside, need, round, runs, pc>>

Ask ==
  /\ step = "Ask"
  /\ need' = Owners
  /\ step' = "Answers"
  /\ UNCHANGED <<gp, owner, announced, mine, inside, before, round, runs, pc>>

Answers ==
  /\ step = "Answers" /\ need = {}
  /\ step' = "Raise"
  /\ UNCHANGED <<gp, owner, announced, mine, inside, before, need, round,
                 runs, pc>>

Raise ==
  /\ step = "Raise"
  /\ gp' = gp + 1
  /\ round' = Slot
  /\ step' = "Scan"
  /\ UNCHANGED <<owner, announced, mine, inside, before, need, runs, pc>>

Scan ==
  /\ step = "Scan"
  /\ \E s \in round : /\ announced[s] = 0 \/ announced[s] >= gp
                      /\ round' = round \ {s}
  /\ UNCHANGED <<gp, owner, announced, mine, inside, before, need, runs, pc,
                 step>>

Return ==
  /\ step = "Scan" /\ round = {}
  /\ runs' = runs + 1
  /\ step' = "Publish"
  /\ UNCHANGED <<gp, owner, announced, mine, inside, before, need, round, pc>>

(*------------------------------- the whole --------------------------------*)
(* A thread that finds no slot does not register.                           *)
Finished == /\ runs = Updates /\ step = "Publish"
            /\ pc[1] = "Ended" /\ pc[2] \in {"New", "Ended"}
            /\ UNCHANGED vars
ThreadStep(t) == \/ Register(t) \/ Enter(t) \/ Leave(t) \/ Quiesce(t)
                 \/ GoOffline(t) \/ Unregister(t) \/ End(t) \/ Handle(t)
                 \/ Reap(t)
UpdaterStep == \/ Publish \/ Ask \/ Answers \/ Raise \/ Scan \/ Return
Next == (\E t \in Thread : ThreadStep(t)) \/ UpdaterStep \/ Finished
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ gp \in 1..(Updates + 1) /\ runs \in 0..Updates
  /\ owner \in [Slot -> Thread \cup {Nobody}]
  /\ announced \in [Slot -> 0..(Updates + 1)]
  /\ mine \in [Thread -> 0..Slots]
  /\ inside \subseteq Thread /\ before \subseteq inside
  /\ need \subseteq Thread /\ round \subseteq Slot

(* When every slot is looked at, nobody is inside that was before.          *)
NoEarlyEnd == step = "Scan" /\ round = {} => before = {}

(* A slot is handed out when its owner has given it back, and not before.   *)
OneOwnerEach ==
  \A t, u \in Thread : t # u /\ mine[t] = mine[u] => mine[t] = 0

(* The updater looks at memory that is there.                               *)
SlotIsThere ==
  Memory = "thread's" =>
    ~ /\ step \in {"Ask", "Scan"}
      /\ \E t \in Thread : pc[t] = "Ended" /\ mine[t] # 0

(* The thread does end while a grace period is under way, with the other    *)
(* one inside a section by then, so this is violated.                       *)
EndsWhenNobodyWaits == ~(step = "Scan" /\ pc[1] = "Ended" /\ 2 \in inside)
==============================================================================
