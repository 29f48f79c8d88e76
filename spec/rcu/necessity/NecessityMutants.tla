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

(*------------------------------ two readers -------------------------------*)
(* Necessity has one reader. With two, each enters one section, and what    *)
(* either of them uses is looked at: the other questions have too many      *)
(* states.                                                                  *)
TwoReaders == 2
OneSection == 1
UseAlone(missing) == <<"use">>
BrokenForEither ==
  LET Either(value) ==
        \E r \in {"reader1", "reader2"} : Saw(r, "use1", value)
  IN  IF Either(2) THEN "freed"
      ELSE IF Either(0) THEN "unfilled"
      ELSE IF Stuck THEN "hang" ELSE ""

SmallRows(algorithm) == <<"scan", "publish">>
ExpectedOfSmall ==
  [f \in {"membarrier", "signal"} |-> <<
    <<"number", "scan", "freed", "freed", "freed", "freed">>,
    <<"number", "publish", "freed", "freed", "freed", "freed">> >>]

LargeRows(algorithm) == <<"nothing", "B", "D", "E">>
ExpectedOfLarge ==
  [f \in {"membarrier", "signal"} |-> <<
    <<"number", "nothing", "", "", "", "">>,
    <<"number", "B", "freed", "freed", "freed", "freed">>,
    <<"number", "D", "unfilled", "unfilled", "unfilled", "unfilled">>,
    <<"number", "E", "freed", "freed", "freed", "freed">> >>]
==============================================================================
