-------------------------- MODULE NecessityMutants ---------------------------
(* A few rows of the matrix, so that a claim about them is small; the same  *)
(* with a wrong cell, so that the comparison can be seen to fail; and with  *)
(* two readers. Each operator takes the place of one of Necessity's in a    *)
(* configuration.                                                           *)
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

(*------------------------- around the read side ---------------------------*)
(* A row of each question that is asked about the letters from J on, but    *)
(* for the registry, whose states are many; and P alone, for those who do   *)
(* not see that a number is taken back.                                     *)
AroundRows(algorithm) == <<"J", "O", "P", "T", "U">>
AroundAsked(algorithm, missing) ==
  IF missing = "J" THEN <<"sharing", "hand over">> ELSE Around(missing)
ExpectedAround == [
  membarrier |-> <<
    <<"number", "J", "freed", "freed", "freed", "freed">>,
    <<"number", "O", "asleep", "asleep", "asleep", "asleep">>,
    <<"number", "P", "back", "back", "back", "back">>,
    <<"number", "T", "asleep", "asleep", "asleep", "asleep">>,
    <<"number", "U", "freed", "freed", "freed", "freed">> >>]

PAlone(algorithm) == <<"P">>
ExpectedOfP == [membarrier |->
  <<<<"number", "P", "back", "back", "back", "back">>>>]
SeesNothing == TRUE
NothingLoosened(letter, programs) == programs

(*------------------------------- one column -------------------------------*)
(* The rows of one algorithm under one memory order. Where signals are      *)
(* interleaved (Reduced = FALSE) the whole would be too large.              *)
PhaseAlone == <<"phase">>
OnSc   == <<"sc">>
OnTso  == <<"tso">>
OnPso  == <<"pso">>
OnWeak == <<"weak">>
Whole  == INSTANCE NecessityExpected
ExpectedInColumns ==
  LET place(order) == CHOOSE n \in DOMAIN NecessityOrders :
                        NecessityOrders[n] = order
      InColumns(row) == <<row[1], row[2]>> \o
                        [n \in DOMAIN Orders |-> row[2 + place(Orders[n])]]
      OfAlgorithms(row) == InSeq(row[1], Algorithms)
      rows == SelectSeq(Whole!Expected[Examined], OfAlgorithms)
  IN  [f \in {Examined} |-> [n \in DOMAIN rows |-> InColumns(rows[n])]]

(*------------------------------ two readers -------------------------------*)
(* Necessity has one reader. With two, each enters one section, and what    *)
(* either of them uses is looked at, or whether the updater sleeps for      *)
(* ever. The other rows are not here. The guarantee and the progress, by    *)
(* which H and raise break, are about one reader. A row of C, A, set        *)
(* waiting or look again has more than 12,500 states in a cell, and one of  *)
(* I more than 1,000 schedules. And the modules around the read side have   *)
(* one reader.                                                              *)
TwoReaders == 2
OneSection == 1
UseAlone(algorithm, missing) == <<"use">>
UseOrWait(algorithm, missing) ==
  IF InSeq(missing, WaitSteps) THEN <<"wait">> ELSE <<"use">>
BrokenForEither ==
  LET Either(value) ==
        \E r \in {"reader1", "reader2"} : Saw(r, "use1", value)
  IN  IF Either(2) THEN "freed"
      ELSE IF Either(0) THEN "unfilled"
      ELSE IF Stuck THEN "hang" ELSE ""

BrokenForTwo ==
  IF Asked[case[1]].question = "use" THEN BrokenForEither
  ELSE IF Stuck THEN "asleep" ELSE ""

SmallRows(algorithm) ==
  <<"announce", "end announcement", "initialise", "publish", "scan",
    "clear waiting">>
ExpectedOfSmall ==
  [f \in {"membarrier", "signal"} |-> <<
    <<"number", "announce", "freed", "freed", "freed", "freed">>,
    <<"number", "end announcement", "hang", "hang", "hang", "hang">>,
    <<"number", "initialise",
      "unfilled", "unfilled", "unfilled", "unfilled">>,
    <<"number", "publish", "freed", "freed", "freed", "freed">>,
    <<"number", "scan", "freed", "freed", "freed", "freed">>,
    <<"number", "clear waiting", "asleep", "asleep", "asleep", "asleep">> >>]

LargeRows(algorithm) == <<"nothing", "B", "D", "E">>
ExpectedOfLarge ==
  [f \in {"membarrier", "signal"} |-> <<
    <<"number", "nothing", "", "", "", "">>,
    <<"number", "B", "freed", "freed", "freed", "freed">>,
    <<"number", "D", "unfilled", "unfilled", "unfilled", "unfilled">>,
    <<"number", "E", "freed", "freed", "freed", "freed">> >>]
==============================================================================
