----------------------------- MODULE Loosening -------------------------------
(* What the compiler may do where a letter is missing, in modules whose     *)
(* accesses are volatile: there, it keeps all of them in order, since with  *)
(* every order of plain ones the models would be too large. So the accesses *)
(* that the letter orders, and only these, are made relaxed when it is      *)
(* dropped: the compiler may then move them, too, over each other and over  *)
(* the rest.                                                                *)
EXTENDS Instruction, Sequences

(* The accesses that each letter orders in thread t, by kind and word. Q    *)
(* only in the one that leads second: who leads first has nobody before it. *)
Ordered(letter, t) ==
  CASE letter = "M" -> {<<"store", "ended">>}
    [] letter = "N" -> {<<"swap", "sleepers">>}
    [] letter = "O" -> {<<"swap", "doorbell">>}
    [] letter = "P" -> {<<"store", "leader">>}
    [] letter = "Q" /\ t = "second" -> {<<"load", "ended">>,
                                        <<"load", "begun">>}
    [] letter = "R" -> {<<"load", "doorbell">>}
    [] OTHER        -> {}

Loosened(letter, programs) ==
  [t \in DOMAIN programs |->
     [n \in DOMAIN programs[t] |->
        LET i == programs[t][n] IN
        IF i.mode = "once" /\ <<i.op, i.addr>> \in Ordered(letter, t)
        THEN In("relaxed", i) ELSE i]]

(* What M leaves of a store; and what is left of signals to readers where   *)
(* there is none: the fences that stand around them.                        *)
ModeOf(strength) == IF strength = "none" THEN "relaxed" ELSE strength
AmongLeaders(strength) ==
  IF strength = "signal" THEN "mb" ELSE strength
==============================================================================
