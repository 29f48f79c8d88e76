---------------------------- MODULE WaitWakeQsbr -----------------------------
(* The wait of WaitWake as liburcu's qsbr flavour does it. Readers look at  *)
(* no shared word when they announce a quiescent state, but at a flag of    *)
(* their own, on a cache line of their own. Only if it is set do they touch *)
(* the futex word:                                                          *)
(*                                                                          *)
(*     reader:   ctr = 0;  C;  if flag { flag = 0;  Reset;                  *)
(*                                       if futex { futex = 0; wake } }     *)
(*     updater:  futex = 1;  Filter;  flag = 1;  I;  if ctr { sleep }       *)
(*                                                                          *)
(* C and I are the store buffering of WaitWake. The flag is a filter before *)
(* it, and asks for more. A reader that clears its flag promises to look at *)
(* the futex word afterwards: if it looks before (no Reset), or if the flag *)
(* can be seen without the word (no Filter), it may have cleared a flag     *)
(* that was meant for its next announcement, and will then not look at all. *)
(*                                                                          *)
(* This takes a reader that has announced once before, for the last grace   *)
(* period, and is about to look at its flag, which is still set. Then it    *)
(* goes offline; announcing a number would be the same to the updater. A    *)
(* hang is a deadlock.                                                      *)
EXTENDS Machine

CONSTANTS
  Late,          \* is the look for an earlier announcement still to come?
  C,             \* reader: end of announcement, then load of the flag
  I,             \* updater: flag, then scan again
  Reset,         \* reader: clear the flag, then load the futex word
  Filter         \* updater: futex word, then flag
ASSUME LateIsBoolean == Late \in BOOLEAN
ASSUME StrengthsAreKnown ==
  {C, I, Reset, Filter} \subseteq Fences \cup {"none"}

Threads == {"updater", "reader"}
Words   == [ctr |-> 1, flag |-> IF Late THEN 1 ELSE 0, futex |-> 0]

Reg(name, n) == name \o ToString(n)
Look(n) ==
  <<Load(Reg("flag", n), "flag"), If(Reg("flag", n), {1}, Store("flag", 0))>>
  \o Point("Reset", Reset)
  \o <<If(Reg("flag", n), {1}, Load(Reg("futex", n), "futex")),
       If(Reg("futex", n), {1}, Store("futex", 0))>>

(* Before a quiescent state liburcu has a full fence; it is letter B here.  *)
Reader ==
  (IF Late THEN Look(1) \o Point("B", "mb") ELSE <<>>)
  \o <<Store("ctr", 0)>> \o Point("C", C) \o Look(2)

(* The reader wakes at most once a look, and in the last round there is     *)
(* nothing left to sleep for.                                               *)
Round(n) ==
  <<If(Reg("seen", n - 1), {1}, Store("futex", 1))>>
  \o Point("Filter", Filter)
  \o <<If(Reg("seen", n - 1), {1}, Store("flag", 1))>>
  \o Point("I", I)
  \o <<Load(Reg("seen", n), "ctr"),
       If(Reg("seen", n), {1}, Await("futex", {0}))>>

Updater ==
  <<Load(Reg("seen", 0), "ctr")>>
  \o Round(1) \o Round(2) \o (IF Late THEN Round(3) ELSE <<>>)
  \o <<Await("ctr", {0}), Store("futex", 0)>>

Programs == [t \in Threads |-> IF t = "reader" THEN Reader ELSE Updater]

(* The reader does find the updater waiting, so this is violated.           *)
NobodyWakes == register["reader"][Reg("futex", 2)] # 1
==============================================================================
