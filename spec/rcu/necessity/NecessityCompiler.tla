-------------------------- MODULE NecessityCompiler --------------------------
(* The other face of the barrier necessity matrix. Module Necessity leaves  *)
(* a letter out altogether, so that the compiler may reorder as well as the *)
(* processor, and most letters are needed under every memory order. Here a  *)
(* letter keeps one half: it still holds the compiler, and no longer the    *)
(* processor. So a cell says what the processor alone would break, and the  *)
(* memory orders differ.                                                    *)
(*                                                                          *)
(* Module NecessityCompilerExpected has what is expected, and what there is *)
(* to notice.                                                               *)
(*                                                                          *)
(* Each operator takes the place of one of Necessity's in a configuration.  *)
(* A step has no halves, so the rows are letters.                           *)
EXTENDS Necessity, NecessityCompilerExpected, Halving

HalfOf(letter, a, m) == Halved(m, letter, a, Examined)

(* Around the read side, what a letter orders is volatile: that is all that *)
(* the compiler has to see, so nothing is loosened.                         *)
HeldByCompiler(letter, programs) == programs

(*-------------------------- a part, and a mutant --------------------------*)
NumberOnly == <<"number">>

(* The letters around the read side, which are the number algorithm's       *)
(* alone.                                                                   *)
AroundLetters(algorithm) ==
  <<"J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U">>
ExpectedOfAround ==
  LET IsAround(row) == InSeq(row[2], AroundLetters("number"))
  IN  [f \in Flavours |-> SelectSeq(ExpectedOfHalves[f], IsAround)]
EAlone(algorithm) == <<"E">>
ExpectedOfE == [f \in Flavours |-> <<ExpectedOfHalves[f][5]>>]

(* One cell says that the compiler is enough for E on tso.                  *)
ExpectedOfEWrongly ==
  [f \in Flavours |-> <<<<"number", "E", "", "", "freed", "freed">>>>]
==============================================================================
