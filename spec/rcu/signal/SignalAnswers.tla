--------------------------- MODULE SignalAnswers ----------------------------
(* The barrier of this library's signal flavour, while threads come and go. *)
(*                                                                          *)
(* The idea. The leader counts its question, sends a signal to every thread *)
(* that owns a slot, and waits until each slot's answer is as high as the   *)
(* count, or the slot has another owner. The handler reads the count, is a  *)
(* barrier, and writes what it has read into the thread's slots. No lock is *)
(* held, and nobody waits to register or to unregister: liburcu's flavour   *)
(* (SignalBarrier) keeps the registry locked meanwhile.                     *)
(*                                                                          *)
(* A thread knows its slots by a list of its own. Between claiming a slot   *)
(* and writing it down there its handler does not answer for it, though the *)
(* leader may have asked. So it answers by itself as soon as it has written *)
(* it down, before it goes on registering. On the way out the slot is       *)
(* struck off before it is given back; then it has another owner, and that  *)
(* is answer enough: its thread is in no section.                           *)
(*                                                                          *)
(* What a reader announces is on its way to the others for some time, and a *)
(* barrier makes it arrive, as in SignalBarrier.                            *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Threads,                 \* how many threads read
  Calls                    \* how many times the leader asks
ASSUME Threads \in Nat \ {0} /\ Calls \in Nat

Thread == 1..Threads
Slot   == 1..Threads
Nobody == 0
Leader == 0

VARIABLES
  asked,                   \* how often the leader has asked
  owner,                   \* [Slot -> the thread that claimed it, or Nobody]
  answered,                \* [Slot -> the last question answered there]
  target,                  \* [Slot -> whom the leader has sent the signal]
  todo,                    \* the slots that this step has yet to deal with
  before,                  \* the threads inside since before the question
                           \* (nobody computes this)
  slot,                    \* [Thread -> the slot it has claimed, or 0]
  pending,                 \* the threads that the signal is pending for
  handler,                 \* [Thread -> the next step of its handler, which
                           \* interrupts whatever it does, or "none"]
  got,                     \* [Thread -> the count that its handler has read]
  inside,                  \* the threads that are inside a section
  seen,                    \* those that others see inside
  pc                       \* [0..Threads -> the step that comes next]
\* Lanes: 0 = leader, t = thread t, not = before
vars == <<asked, owner, answered, target, todo, before, slot, pending,
          handler, got, inside, seen, pc>>

question == <<asked, target, todo, before>>
slots    == <<owner, answered, slot>>
signals  == <<pending, handler, got>>
sections == <<inside, seen>>

At(t, step) ==
  pc[t] = step /\ IF t = Leader THEN TRUE ELSE handler[t] = "none"
Goto(t, step) == pc' = [pc EXCEPT ![t] = step]

(*-------------------------------- a thread --------------------------------*)
(* "Out" until it has claimed a slot and written it down; "In" then.        *)
Claim(t) ==
  /\ At(t, "Out")
  /\ \E s \in Slot : /\ owner[s] = Nobody
                     /\ \A q \in 1..(s - 1) : owner[q] # Nobody
                     /\ owner' = [owner EXCEPT ![s] = t]
                     /\ slot' = [slot EXCEPT ![t] = s]
  /\ Goto(t, "Remember")
  /\ UNCHANGED <<question, answered, signals, sections>>

(* It is on the list, and answers what has been asked so far: it has yet to *)
(* enter its first section, behind a full barrier.                          *)
AnswersAtOnce == TRUE
Remember(t) ==
  /\ At(t, "Remember")
  /\ answered' = IF AnswersAtOnce
                   THEN [answered EXCEPT ![slot[t]] = asked]
                   ELSE answered
  /\ Goto(t, "In")
  /\ UNCHANGED <<question, owner, slot, signals, sections>>

Enter(t) ==
  /\ At(t, "In") /\ t \notin inside
  /\ inside' = inside \cup {t}
  /\ UNCHANGED <<question, slots, signals, seen, pc>>

Leave(t) ==
  /\ At(t, "In") /\ t \in inside
  /\ inside' = inside \ {t}
  /\ before' = before \ {t}
  /\ UNCHANGED <<asked, target, todo, slots, signals, seen, pc>>

Forget(t) ==
  /\ At(t, "In") /\ t \notin inside
  /\ Goto(t, "GiveBack")
  /\ UNCHANGED <<question, slots, signals, sections>>

GiveBack(t) ==
  /\ At(t, "GiveBack")
  /\ owner' = [owner EXCEPT ![slot[t]] = Nobody]
  /\ slot' = [slot EXCEPT ![t] = 0]
  /\ Goto(t, "Out")
  /\ UNCHANGED <<question, answered, signals, sections>>

Arrived(t) == IF t \in inside THEN seen \cup {t} ELSE seen \ {t}
Arrive(t) ==
  /\ Arrived(t) # seen
  /\ seen' = Arrived(t)
  /\ UNCHANGED <<question, slots, signals, inside, pc>>

(*------------------------------ its handler -------------------------------*)
Deliver(t) ==
  /\ t \in pending /\ handler[t] = "none"
  /\ pending' = pending \ {t}
  /\ handler' = [handler EXCEPT ![t] = "Load"]
  /\ UNCHANGED <<question, slots, got, sections, pc>>

LoadAsked(t) ==
  /\ handler[t] = "Load"
  /\ got' = [got EXCEPT ![t] = asked]
  /\ handler' = [handler EXCEPT ![t] = "Fence"]
  /\ UNCHANGED <<question, slots, pending, sections, pc>>

Fence(t) ==
  /\ handler[t] = "Fence"
  /\ seen' = Arrived(t)
  /\ handler' = [handler EXCEPT ![t] = "Answer"]
  /\ UNCHANGED <<question, slots, pending, got, inside, pc>>

Answer(t) ==
  /\ handler[t] = "Answer"
  /\ answered' = IF pc[t] = "In"
                   THEN [answered EXCEPT ![slot[t]] = got[t]]
                   ELSE answered
  /\ got' = [got EXCEPT ![t] = 0]
  /\ handler' = [handler EXCEPT ![t] = "none"]
  /\ UNCHANGED <<question, owner, slot, pending, sections, pc>>

(*------------------------------- the leader -------------------------------*)
Ask ==
  /\ At(Leader, "Ask") /\ asked < Calls
  /\ asked' = asked + 1
  /\ before' = inside
  /\ todo' = Slot
  /\ Goto(Leader, "Send")
  /\ UNCHANGED <<target, slots, signals, sections>>

First(set) == CHOOSE n \in set : \A m \in set : n <= m
Send ==
  /\ At(Leader, "Send")
  /\ LET s == First(todo)
     IN  /\ target' = [target EXCEPT ![s] = owner[s]]
         /\ pending' = IF owner[s] = Nobody THEN pending
                                            ELSE pending \cup {owner[s]}
         /\ todo' = IF todo = {s} THEN Slot ELSE todo \ {s}
         /\ Goto(Leader, IF todo = {s} THEN "Await" ELSE "Send")
  /\ UNCHANGED <<asked, before, slots, handler, got, sections>>

Answers(s) == \/ target[s] = Nobody
              \/ owner[s] # target[s]
              \/ answered[s] >= asked
Await ==
  /\ At(Leader, "Await")
  /\ LET s == First(todo)
     IN  /\ Answers(s)
         /\ todo' = todo \ {s}
         /\ Goto(Leader, IF todo = {s} THEN "Return" ELSE "Await")
  /\ UNCHANGED <<asked, target, before, slots, signals, sections>>

Return ==
  /\ At(Leader, "Return")
  /\ target' = [s \in Slot |-> Nobody]
  /\ before' = {}
  /\ Goto(Leader, "Ask")
  /\ UNCHANGED <<asked, todo, slots, signals, sections>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ asked = 0
  /\ owner = [s \in Slot |-> Nobody]
  /\ answered = [s \in Slot |-> 0]
  /\ target = [s \in Slot |-> Nobody]
  /\ todo = {} /\ before = {}
  /\ slot = [t \in Thread |-> 0]
  /\ pending = {}
  /\ handler = [t \in Thread |-> "none"]
  /\ got = [t \in Thread |-> 0]
  /\ inside = {} /\ seen = {}
  /\ pc = [t \in 0..Threads |-> IF t = Leader THEN "Ask" ELSE "Out"]

HandlerStep(t) == Deliver(t) \/ LoadAsked(t) \/ Fence(t) \/ Answer(t)
ThreadStep(t) ==
  \/ Claim(t) \/ Remember(t) \/ Enter(t) \/ Leave(t)
  \/ Forget(t) \/ GiveBack(t) \/ Arrive(t)
LeaderStep == Ask \/ Send \/ Await \/ Return
Next == LeaderStep \/ \E t \in Thread : ThreadStep(t) \/ HandlerStep(t)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ asked \in 0..Calls
  /\ owner \in [Slot -> Thread \cup {Nobody}]
  /\ answered \in [Slot -> 0..Calls] /\ got \in [Thread -> 0..Calls]
  /\ target \in [Slot -> Thread \cup {Nobody}] /\ todo \subseteq Slot
  /\ slot \in [Thread -> 0..Threads]
  /\ pending \subseteq Thread
  /\ handler \in [Thread -> {"none", "Load", "Fence", "Answer"}]
  /\ inside \subseteq Thread /\ seen \subseteq Thread
  /\ before \subseteq inside

(* When the barrier returns, whoever was inside when it began is seen.      *)
AllAreSeen == At(Leader, "Return") => before \subseteq seen

(* A slot is owned by the thread that holds it.                             *)
SlotsAreOwned == \A t \in Thread : slot[t] # 0 => owner[slot[t]] = t

(* Threads that have begun to come or go get on with it, and handlers run.  *)
Fairness ==
  /\ WF_vars(Send \/ Await \/ Return)
  /\ \A t \in Thread : /\ WF_vars(HandlerStep(t))
                       /\ SF_vars(Remember(t))
                       /\ SF_vars(GiveBack(t))
FairSpec == Spec /\ Fairness
BarrierEnds == At(Leader, "Send") ~> At(Leader, "Ask")

(* A slot does change hands while the leader waits for it; so this is       *)
(* violated.                                                                *)
OwnersStay ==
  At(Leader, "Await") =>
    \A s \in todo : target[s] # Nobody => owner[s] \in {target[s], Nobody}

(*-------------------------------- mutants ---------------------------------*)
(* Registering ends without an answer.                                      *)
NoAnswerAtOnce == FALSE

(* The leader waits for an answer from whoever it has asked, gone or not.   *)
AnswersOnly(s) == target[s] = Nobody \/ answered[s] >= asked

(* It doesn't wait.                                                         *)
AnswersAnyway(s) == TRUE

(* It counts after it has sent: a handler that was quick has read the count *)
(* before.                                                                  *)
AskFirst ==
  /\ At(Leader, "Ask") /\ asked < Calls
  /\ before' = inside
  /\ todo' = Slot
  /\ Goto(Leader, "Send")
  /\ UNCHANGED <<asked, target, slots, signals, sections>>
SendThenCount ==
  /\ At(Leader, "Send")
  /\ LET s == First(todo)
     IN  /\ target' = [target EXCEPT ![s] = owner[s]]
         /\ pending' = IF owner[s] = Nobody THEN pending
                                            ELSE pending \cup {owner[s]}
         /\ todo' = IF todo = {s} THEN Slot ELSE todo \ {s}
         /\ asked' = IF todo = {s} THEN asked + 1 ELSE asked
         /\ Goto(Leader, IF todo = {s} THEN "Await" ELSE "Send")
  /\ UNCHANGED <<before, slots, handler, got, sections>>

(* The handler answers before its barrier.                                  *)
LoadAndAnswer(t) ==
  /\ handler[t] = "Load"
  /\ answered' = IF pc[t] = "In"
                   THEN [answered EXCEPT ![slot[t]] = asked]
                   ELSE answered
  /\ got' = [got EXCEPT ![t] = asked]
  /\ handler' = [handler EXCEPT ![t] = "Fence"]
  /\ UNCHANGED <<question, owner, slot, pending, sections, pc>>

(* The slot is given back while its thread is inside a section.             *)
ForgetInside(t) ==
  /\ At(t, "In")
  /\ inside' = inside
  /\ Goto(t, "GiveBack")
  /\ UNCHANGED <<question, slots, signals, seen>>

(* A thread gives back a slot that it doesn't hold.                         *)
GiveBackFirst(t) ==
  /\ At(t, "GiveBack")
  /\ owner' = [owner EXCEPT ![1] = Nobody]
  /\ slot' = [slot EXCEPT ![t] = 0]
  /\ Goto(t, "Out")
  /\ UNCHANGED <<question, answered, signals, sections>>
=============================================================================
