-------------------------- MODULE NecessityMutants ---------------------------
(* Two rows of the matrix, so that a claim about them is small; and the     *)
(* same with a wrong cell, so that the comparison can be seen to fail. Each *)
(* operator takes the place of one of Necessity's in a configuration.       *)
EXTENDS Necessity

NumberAlone == <<"number">>
TwoRows(algorithm) == <<"D", "publish">>

ExpectedOfTwo == [
  membarrier |-> <<
    <<"number", "D", "unfilled", "unfilled", "unfilled", "unfilled">>,
    <<"number", "publish", "freed", "freed", "freed", "freed">> >>]

(* One cell says that nothing breaks without D on weak.                     *)
ExpectedWrongly == [
  membarrier |-> <<
    <<"number", "D", "unfilled", "unfilled", "unfilled", "">>,
    <<"number", "publish", "freed", "freed", "freed", "freed">> >>]
==============================================================================
