--------------------------- MODULE CallbackSegments --------------------------
(* How a CPU keeps callbacks until their grace period has ended. It does    *)
(* not ask for each callback; it has a list in segments, and moves whole    *)
(* segments when something happens, as Linux does (Tree RCU):               *)
(*                                                                          *)
(*     next   called, and no grace period has begun for them                *)
(*     wait   the grace period in progress is theirs                        *)
(*     done   ready to be run                                               *)
(*                                                                          *)
(*     a grace period begins    next goes to wait                           *)
(*     the CPU notices an end   wait goes to done                           *)
(*                                                                          *)
(* Another CPU may end the grace period, and this one notices later, when   *)
(* it next looks at the count of ended grace periods. If it begins another  *)
(* before it has noticed, what is in wait belongs to two of them, and the   *)
(* end of the first is taken for the end of the second. So a CPU that       *)
(* begins one has to look first.                                            *)
(*                                                                          *)
(* One CPU has callbacks and begins grace periods. A reader on the other    *)
(* enters and leaves sections, and that other CPU ends them. All see every  *)
(* step immediately: no fence would help.                                   *)
EXTENDS Naturals

CONSTANTS
  Callbacks,     \* how many there are; they are 1..Callbacks
  Periods,       \* how many grace periods begin
  LooksFirst     \* does the CPU look for an end before it begins one?
ASSUME Callbacks \in Nat \ {0} /\ Periods \in Nat /\ LooksFirst \in BOOLEAN

Callback == 1..Callbacks

VARIABLES
  begun, ended,  \* how many grace periods have begun, have ended
  noticed,       \* how many ends the CPU has noticed
  next, wait, done,    \* the segments
  run,           \* the callbacks that have been run
  inside,        \* is the reader inside a section?
  waits,         \* does the grace period in progress wait for it?
  before         \* the callbacks in whose call it was inside, in the same
                 \*   section (nobody computes this)
\* Lanes: inside = the reader, ended = the other CPU, else = the CPU
counts   == <<begun, ended>>
segments == <<next, wait, done, run>>
reader   == <<inside, before>>
vars     == <<counts, noticed, segments, reader, waits>>

Init ==
  /\ begun = 0 /\ ended = 0 /\ noticed = 0
  /\ next = {} /\ wait = {} /\ done = {} /\ run = {}
  /\ inside = FALSE /\ waits = FALSE /\ before = {}

(*------------------------------- the reader -------------------------------*)
Enter ==
  /\ ~inside /\ inside' = TRUE
  /\ UNCHANGED <<counts, noticed, segments, before, waits>>
Leave ==
  /\ inside /\ inside' = FALSE
  /\ waits' = FALSE /\ before' = {}
  /\ UNCHANGED <<counts, noticed, segments>>

(*---------------------------------- the CPU -------------------------------*)
Called == next \cup wait \cup done \cup run
Call(c) ==
  /\ c \notin Called
  /\ next' = next \cup {c}
  /\ before' = IF inside THEN before \cup {c} ELSE before
  /\ UNCHANGED <<counts, noticed, wait, done, run, inside, waits>>

(* No grace period is in progress, so one that it begins now is for all     *)
(* callbacks that it has.                                                   *)
Unnoticed == noticed < ended
Begin ==
  /\ begun = ended /\ begun < Periods /\ next # {}
  /\ begun' = begun + 1
  /\ waits' = inside
  /\ next' = {}
  /\ IF LooksFirst /\ Unnoticed
     THEN noticed' = ended /\ done' = done \cup wait /\ wait' = next
     ELSE wait' = wait \cup next /\ UNCHANGED <<noticed, done>>
  /\ UNCHANGED <<ended, run, reader>>

Notice ==
  /\ Unnoticed
  /\ noticed' = ended
  /\ done' = done \cup wait /\ wait' = {}
  /\ UNCHANGED <<counts, next, run, reader, waits>>

Run ==
  /\ done # {}
  /\ run' = run \cup done /\ done' = {}
  /\ UNCHANGED <<counts, noticed, next, wait, reader, waits>>

(*------------------------------ the other CPU -----------------------------*)
End ==
  /\ ended < begun /\ ~waits
  /\ ended' = ended + 1
  /\ UNCHANGED <<begun, noticed, segments, reader, waits>>

Next == \/ Enter \/ Leave
        \/ \E c \in Callback : Call(c)
        \/ Begin \/ Notice \/ Run \/ End
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ begun \in 0..Periods /\ ended \in 0..begun /\ noticed \in 0..ended
  /\ {next, wait, done, run, before} \subseteq SUBSET Callback
  /\ {inside, waits} \subseteq BOOLEAN

(* No callback is run while the reader is in the section that it was in     *)
(* when the callback was called.                                            *)
NoEarlyCallback == run \cap before = {}

(* The opposite, to see that the CPU may be about to begin one when it has  *)
(* not yet noticed that the last has ended.                                 *)
NobodyIsLate == begun = ended /\ next # {} /\ begun < Periods => ~Unnoticed
==============================================================================
