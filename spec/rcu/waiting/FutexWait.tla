------------------------------ MODULE FutexWait ------------------------------
(* A futex wait, and all the ways in which it may return.                   *)
(*                                                                          *)
(* The idea. The waiter stores -1 in a word, looks at its condition, and    *)
(* asks the kernel to sleep while the word is -1. Whoever makes the         *)
(* condition true clears the word, then wakes. The call's return says       *)
(* nothing: the kernel may have woken the thread for somebody else's        *)
(* wake-up (spurious), or for a signal (EINTR), or may not have slept at    *)
(* all (EAGAIN; ENOSYS on some machines). Only the word says something. So  *)
(* the waiter asks again while the word is -1, and looks at its condition   *)
(* when it is not.                                                          *)
(*                                                                          *)
(* The waiter stands for a grace period that waits for readers 1..Readers,  *)
(* each of which leaves once per wait; the steps are those of liburcu:      *)
(* wait_gp and wait_for_readers of src/urcu.c, urcu_common_wake_up_gp.      *)
EXTENDS Integers, FiniteSets

CONSTANTS
  Readers,                 \* how many readers the waiter waits for
  Attempts,                \* rounds without sleeping before it says so
  Returns                  \* how a wait may return without a wake-up: a
                           \* set of "spurious", "EINTR", "ENOSYS"
ASSUME Readers \in Nat \ {0} /\ Attempts \in Nat \ {0}
ASSUME Returns \subseteq {"spurious", "EINTR", "ENOSYS"}

Reader == 1..Readers

VARIABLES
  word,                    \* the futex word
  inside,                  \* the readers that the condition waits for
  loops,                   \* the waiter's rounds, up to Attempts
  asleep,                  \* is the waiter in the kernel's queue?
  result,                  \* what its last wait has returned: "woken",
                           \* "EAGAIN", or one of Returns; "none" before
  pc,                      \* the waiter's next step
  reader                   \* [Reader -> its next step]
\* Lanes: r = reader r, pc = waiter
vars == <<word, inside, loops, asleep, result, pc, reader>>

(*------------------------------- the readers ------------------------------*)
Leave(r) ==
  /\ reader[r] = "Inside"
  /\ inside' = inside \ {r}
  /\ reader' = [reader EXCEPT ![r] = "LoadWord"]
  /\ UNCHANGED <<word, loops, asleep, result, pc>>

LoadWord(r) ==
  /\ reader[r] = "LoadWord"
  /\ reader' = [reader EXCEPT ![r] = IF word = -1 THEN "ClearWord" ELSE "Out"]
  /\ UNCHANGED <<word, inside, loops, asleep, result, pc>>

ClearWord(r) ==
  /\ reader[r] = "ClearWord"
  /\ word' = 0
  /\ reader' = [reader EXCEPT ![r] = "Wake"]
  /\ UNCHANGED <<inside, loops, asleep, result, pc>>

HowMany == 1               \* FUTEX_WAKE is told how many threads to wake
Wake(r) ==
  /\ reader[r] = "Wake"
  /\ IF asleep /\ HowMany > 0
       THEN asleep' = FALSE /\ result' = "woken" /\ pc' = "Back"
       ELSE UNCHANGED <<asleep, result, pc>>
  /\ reader' = [reader EXCEPT ![r] = "Out"]
  /\ UNCHANGED <<word, inside, loops>>

(*-------------------------------- the waiter ------------------------------*)
(* The count of rounds stops at Attempts: from then on each round says that *)
(* it waits, and each unsuccessful one sleeps.                              *)
SaysNow(n) == n >= Attempts
Count(n) == IF n < Attempts THEN n + 1 ELSE n
Round ==
  /\ pc = "Round"
  /\ loops' = Count(loops)
  /\ word' = IF SaysNow(loops') THEN word - 1 ELSE word
  /\ pc' = "Scan"
  /\ UNCHANGED <<inside, asleep, result, reader>>

Scan ==
  /\ pc = "Scan"
  /\ IF inside = {} THEN /\ word' = IF SaysNow(loops) THEN 0 ELSE word
                         /\ pc' = "Return"
                    ELSE /\ pc' = IF SaysNow(loops) THEN "Wait" ELSE "Round"
                         /\ UNCHANGED word
  /\ UNCHANGED <<inside, loops, asleep, result, reader>>

(* The kernel compares and sleeps in one step.                              *)
Wait ==
  /\ pc = "Wait"
  /\ IF word = -1
       THEN asleep' = TRUE /\ pc' = "Asleep" /\ UNCHANGED result
       ELSE asleep' = FALSE /\ pc' = "Back" /\ result' = "EAGAIN"
  /\ UNCHANGED <<word, inside, loops, reader>>

(* It returns for another reason than a wake-up. ENOSYS: liburcu then waits *)
(* by itself, without the kernel, until the word changes.                   *)
ComeBack ==
  /\ asleep
  /\ \E how \in Returns : result' = how
  /\ asleep' = FALSE
  /\ pc' = "Back"
  /\ UNCHANGED <<word, inside, loops, reader>>

Back ==
  /\ pc = "Back"
  /\ pc' = CASE result = "EAGAIN" -> "Round"
             [] result = "ENOSYS" -> "Poll"
             [] word = -1         -> "Wait"
             [] OTHER             -> "Round"
  /\ UNCHANGED <<word, inside, loops, asleep, result, reader>>

Poll ==
  /\ pc = "Poll" /\ word # -1
  /\ pc' = "Round"
  /\ UNCHANGED <<word, inside, loops, asleep, result, reader>>

(* The grace period ends; another begins when all readers are out, and      *)
(* finds them inside again.                                                 *)
Return ==
  /\ pc = "Return" /\ \A r \in Reader : reader[r] = "Out"
  /\ inside' = Reader
  /\ reader' = [r \in Reader |-> "Inside"]
  /\ loops' = 0 /\ result' = "none" /\ pc' = "Round"
  /\ UNCHANGED <<word, asleep>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ word = 0 /\ inside = Reader /\ loops = 0 /\ asleep = FALSE
  /\ result = "none" /\ pc = "Round"
  /\ reader = [r \in Reader |-> "Inside"]

ReaderStep(r) == LoadWord(r) \/ ClearWord(r) \/ Wake(r)
WaiterStep == Round \/ Scan \/ Wait \/ Back \/ Poll \/ Return
Next == \/ \E r \in Reader : Leave(r) \/ ReaderStep(r)
        \/ WaiterStep \/ ComeBack
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ inside \subseteq Reader /\ loops \in 0..Attempts /\ asleep \in BOOLEAN
  /\ result \in {"none", "woken", "EAGAIN"} \cup Returns

(* The wait is over when the condition holds, not before.                   *)
NoEarlyReturn == pc = "Return" => inside = {}

(* The word is -1 while the waiter waits, and 0 otherwise. Below -1 it      *)
(* would neither sleep nor be woken.                                        *)
WordSays == word \in {-1, 0}

(* Once it has given up spinning, the waiter sleeps between its rounds.     *)
(* (Said of steps: a round that fails is followed by a wait.)               *)
RestsBetweenRounds ==
  [][pc = "Scan" /\ pc' = "Round" => loops < Attempts]_vars

(* A sleeping waiter whose condition holds is about to be woken.            *)
NoLostWakeUp ==
  asleep => \/ \E r \in Reader : reader[r] = "Wake"
            \/ /\ word = -1
               /\ \/ inside # {}
                  \/ \E r \in Reader : reader[r] \in {"LoadWord",
                                                      "ClearWord"}

FairSpec == /\ Spec
            /\ WF_vars(WaiterStep)
            /\ \A r \in Reader : WF_vars(ReaderStep(r)) /\ WF_vars(Leave(r))
WaitEnds == pc = "Round" ~> pc = "Return"

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* FUTEX_WAKE is told to wake nobody.                                       *)
HowManyNone == 0

(* The waiter says so only in round number Attempts, and counts on.         *)
SaysOnce(n) == n = Attempts
CountOn(n) == IF n <= Attempts THEN n + 1 ELSE n

(* Any return is taken for a wake-up, and the next round begins.            *)
BackAnyway ==
  /\ pc = "Back"
  /\ pc' = "Round"
  /\ UNCHANGED <<word, inside, loops, asleep, result, reader>>

(* Any return is taken for the end of the wait.                             *)
BackIsEnough ==
  /\ pc = "Back"
  /\ pc' = "Return"
  /\ word' = 0
  /\ UNCHANGED <<inside, loops, asleep, result, reader>>

(* After ENOSYS the waiter sleeps elsewhere (on a condition variable), and  *)
(* readers whose futex works do not know.                                   *)
PollElsewhere == pc = "Poll" /\ FALSE /\ UNCHANGED vars
============================================================================
