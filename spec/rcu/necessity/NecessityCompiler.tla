-------------------------- MODULE NecessityCompiler --------------------------
(* The other face of the barrier necessity matrix. Module Necessity leaves  *)
(* a letter out altogether, so that the compiler may reorder as well as the *)
(* processor, and most letters are needed under every memory order. Here a  *)
(* letter keeps one half: it still holds the compiler, and no longer the    *)
(* processor. So a cell says what the processor alone would break, and the  *)
(* memory orders differ.                                                    *)
(*                                                                          *)
(* Three things to notice. On sc the compiler is all that has to be held.   *)
(* On tso it takes a barrier only where a store must not pass a later load, *)
(* which are E and I, and the readers' A and C where readers pay; the       *)
(* release stores and the acquire are free there. And A and C are whole     *)
(* with membarrier and with signals: their other half is in E and I, which  *)
(* is the point of both.                                                    *)
(*                                                                          *)
(* Each operator takes the place of one of Necessity's in a configuration.  *)
(* A step has no halves, so the rows are letters.                           *)
EXTENDS Necessity

HalfOf(letter, a, m) ==
  LET whole == Strength(letter, a, Examined)
  IN  IF m # letter \/ whole = "none" THEN whole ELSE "barrier"

(* The letters of the read side and of waiting for it.                      *)
ReadSideLetters(algorithm) ==
  IF algorithm = "number" THEN <<"A", "B", "C", "D", "E", "H", "I">>
  ELSE Letters(algorithm)

(* The letters around it, which are the number algorithm's alone. Their     *)
(* claim is about the membarrier flavour.                                   *)
AroundLetters(algorithm) ==
  <<"J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U">>

(* There, a letter may be the mode of a store, and what it orders is        *)
(* volatile: that is all that the compiler has to see, so nothing is        *)
(* loosened.                                                                *)
HalfMode(strength) ==
  CASE strength = "none"    -> "relaxed"
    [] strength = "barrier" -> "once"
    [] OTHER                -> strength
HeldByCompiler(letter, programs) == programs

(*----------------------------- what is expected ---------------------------*)
(* Readers run compiler barriers: membarrier and signal.                    *)
WhenUpdatersPay == <<
    <<"number", "A", "", "", "", "">>,
    <<"number", "B", "", "", "unseen", "freed">>,
    <<"number", "C", "", "", "", "">>,
    <<"number", "D", "", "", "unfilled", "unfilled">>,
    <<"number", "E", "", "freed", "freed", "freed">>,
    <<"number", "H", "", "", "", "unseen">>,
    <<"number", "I", "", "asleep", "asleep", "asleep">>,
    <<"phase", "A", "", "", "", "">>,
    <<"phase", "B", "", "", "", "">>,
    <<"phase", "C", "", "", "", "">>,
    <<"phase", "D", "", "", "unfilled", "unfilled">>,
    <<"phase", "E", "", "freed", "freed", "freed">>,
    <<"phase", "F", "", "", "", "">>,
    <<"phase", "G", "", "", "", "">>,
    <<"phase", "H", "", "", "unseen", "freed">>,
    <<"phase", "I", "", "asleep", "asleep", "asleep">> >>

(* Readers run fences: mb in each section, qsbr between sections.           *)
WhenReadersPay == <<
    <<"number", "A", "", "freed", "freed", "freed">>,
    <<"number", "B", "", "", "unseen", "freed">>,
    <<"number", "C", "", "asleep", "asleep", "asleep">>,
    <<"number", "D", "", "", "unfilled", "unfilled">>,
    <<"number", "E", "", "freed", "freed", "freed">>,
    <<"number", "H", "", "", "", "unseen">>,
    <<"number", "I", "", "asleep", "asleep", "asleep">>,
    <<"phase", "A", "", "freed", "freed", "freed">>,
    <<"phase", "B", "", "", "unseen", "freed">>,
    <<"phase", "C", "", "asleep", "asleep", "asleep">>,
    <<"phase", "D", "", "", "unfilled", "unfilled">>,
    <<"phase", "E", "", "freed", "freed", "freed">>,
    <<"phase", "F", "", "", "", "">>,
    <<"phase", "G", "", "", "", "">>,
    <<"phase", "H", "", "", "", "unseen">>,
    <<"phase", "I", "", "asleep", "asleep", "asleep">> >>

ExpectedOfHalves ==
  [f \in Flavours |-> IF ReadersFence(f) THEN WhenReadersPay
                                         ELSE WhenUpdatersPay]

(* Around the read side. On tso it takes a barrier where a thread that      *)
(* waits, or that leads, stores and then looks at what others have stored:  *)
(* J, S and T. P and Q have to hold the compiler alone, and M nothing.      *)
ExpectedOfAround == [membarrier |-> <<
    <<"number", "J", "", "freed", "freed", "freed">>,
    <<"number", "K", "", "", "", "freed">>,
    <<"number", "L", "", "", "unseen", "freed">>,
    <<"number", "M", "", "", "", "">>,
    <<"number", "N", "", "", "", "asleep">>,
    <<"number", "O", "", "", "asleep", "asleep">>,
    <<"number", "P", "", "", "", "">>,
    <<"number", "Q", "", "", "", "">>,
    <<"number", "R", "", "", "", "asleep">>,
    <<"number", "S", "", "asleep", "asleep", "asleep">>,
    <<"number", "T", "", "asleep", "asleep", "asleep">>,
    <<"number", "U", "", "", "freed", "freed">> >>]

(*-------------------------- a part, and a mutant --------------------------*)
NumberOnly == <<"number">>
EAlone(algorithm) == <<"E">>
ExpectedOfE == [f \in Flavours |-> <<WhenUpdatersPay[5]>>]

(* One cell says that the compiler is enough for E on tso.                  *)
ExpectedOfEWrongly ==
  [f \in Flavours |-> <<<<"number", "E", "", "", "freed", "freed">>>>]
==============================================================================
