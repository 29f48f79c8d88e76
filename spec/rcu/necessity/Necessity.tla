------------------------------ MODULE Necessity ------------------------------
(* What is each barrier, and each step, of the protocol for? Leave it out,  *)
(* under each memory order, and see what breaks: this is the barrier        *)
(* necessity matrix. One run of TLC decides all cells of a flavour.         *)
(*                                                                          *)
(* A row is an algorithm and what is missing from it: a letter, which is    *)
(* then neither a fence nor a compiler barrier, or a step. A cell is a row  *)
(* under a memory order. These questions are asked of it:                   *)
(*                                                                          *)
(*   use        module ReadSide: can a reader use a cell that is freed, or  *)
(*              not yet filled?                                             *)
(*   guarantee  module ReadSideGuarantee: does a section overlap a grace    *)
(*              period in part?                                             *)
(*   wait       module WaitWake: does an updater sleep for ever?            *)
(*   progress   module ReadSideProgress: does it wait for a section that    *)
(*              begins after the grace period has begun?                    *)
(*                                                                          *)
(* The letters from J on stand around that protocol. Each is asked about in *)
(* the modules where it stands, with everything else in place:              *)
(*                                                                          *)
(*   sharing    module TwoUpdaters: is a grace period that another updater  *)
(*              runs one for this update?                                   *)
(*   registry   module SkipAndMark: is a thread that comes and goes missed? *)
(*   lead       module Handover: do those who lead take a number back?      *)
(*   bell       module Doorbell: does a follower sleep for ever?            *)
(*   worker     module WorkerSleep: does the worker of call_rcu?            *)
(*   hand over  module HandOver: is what one thread unpublishes, and        *)
(*              another one frees, still in use?                            *)
(*                                                                          *)
(* The first one in this list that has a bad answer says what breaks, by    *)
(* the shortest behaviour, since TLC looks at shorter ones first:           *)
(*                                                                          *)
(*   freed     a reader uses a freed cell                                   *)
(*   unfilled  a reader uses a cell that is not yet filled                  *)
(*   early     a section that sees what came after the grace period misses  *)
(*             what came before it                                          *)
(*   unseen    after the grace period, the updater misses what a section    *)
(*             did that had begun before it                                 *)
(*   hang      a grace period never ends                                    *)
(*   asleep    a wake-up is lost, and whoever waits for it sleeps for ever  *)
(*   endless   the updater waits for a section that began after its grace   *)
(*             period did                                                   *)
(*   back      a number that only grows is taken back                       *)
(*                                                                          *)
(* Module NecessityExpected has what is expected. Modules NecessityUse,     *)
(* -Guarantee, -Wait, -Progress and so on are single cells, each with a     *)
(* counterexample: `quiesce matrix --cell` shows it.                        *)
EXTENDS Batch, Flavour, Loosening, NecessitySizes, NecessityExpected

CONSTANTS
  Examined,      \* the flavour whose rows these are
  Reduced        \* are quiet steps taken immediately (see there)?
ASSUME FlavourIsKnown   == Examined \in Flavours
ASSUME ReducedIsBoolean == Reduced \in BOOLEAN

(*------------------------------- the rows ---------------------------------*)
(* As sequences, so that they keep their order.                             *)
Algorithms == <<"number", "phase">>
Letters(algorithm) ==
  IF algorithm = "number"
  THEN <<"A", "B", "C", "D", "E", "H", "I">>
       \o <<"J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U">>
  ELSE <<"A", "B", "C", "D", "E", "F", "G", "H", "I">>
WaitSteps == <<"set waiting", "look again", "clear waiting">>
StepsOf(algorithm) ==
  <<"announce">>
  \o (IF Examined = "qsbr" THEN <<"quiescent state">> ELSE <<>>)
  \o <<"end announcement", "initialise", "publish">>
  \o (IF algorithm = "number" THEN <<"raise">> ELSE <<"first scan", "flip">>)
  \o <<"scan">> \o WaitSteps
Rows(algorithm) == <<"nothing">> \o Letters(algorithm) \o StepsOf(algorithm)

InSeq(x, s) == \E n \in DOMAIN s : s[n] = x
(* Only `use` has a cell to fill and publish. Without that, the other       *)
(* programs would be those in which nothing is missing. From J on, a letter *)
(* is asked about where it stands, and only the number algorithm has it.    *)
Around(missing) ==
  CASE missing = "J" -> <<"sharing", "registry", "hand over">>
    [] missing \in {"K", "L"} -> <<"registry">>
    [] missing = "M" -> <<"sharing", "lead", "bell">>
    [] missing = "P" -> <<"lead", "bell">>
    [] missing = "Q" -> <<"lead">>
    [] missing \in {"N", "O", "R"} -> <<"bell">>
    [] missing \in {"S", "T"} -> <<"worker">>
    [] missing = "U" -> <<"hand over">>
    [] OTHER -> <<>>
Questions(algorithm, missing) ==
  IF Around(missing) # <<>> THEN Around(missing)
  ELSE IF missing = "I" \/ InSeq(missing, WaitSteps) THEN <<"wait">>
  ELSE IF missing \in {"D", "initialise", "publish"} THEN <<"use">>
  ELSE <<"use", "guarantee">>
       \o (IF missing \in {"nothing", "B", "C"} THEN <<"wait">> ELSE <<>>)
       \o <<"progress">>
       \o (IF missing = "nothing" /\ algorithm = "number"
           THEN <<"sharing", "registry", "lead", "bell", "worker",
                  "hand over">>
           ELSE <<>>)

RECURSIVE Join(_)
Join(s) == IF s = <<>> THEN <<>> ELSE Head(s) \o Join(Tail(s))
Each1(s, Do(_)) == Join([n \in DOMAIN s |-> Do(s[n])])
Asked ==
  TLCEval(
    LET OfRow(a, m) ==
          LET q == Questions(a, m) IN
          [n \in DOMAIN q |->
             [algorithm |-> a, missing |-> m, question |-> q[n]]]
        OfAlgorithm(a) == LET Do(m) == OfRow(a, m) IN Each1(Rows(a), Do)
    IN  Each1(Algorithms, OfAlgorithm))

(*------------------------------- the programs -----------------------------*)
Of(letter, a, m) == Without(m, letter, a, Examined)
StepOf(m) == IF Len(m) > 1 THEN m ELSE "nothing"
Announces == AnnouncedIn(Examined)

Use(a, m) == INSTANCE ReadSide WITH
  Algorithm <- a, Readers <- CellReaders, Updates <- UseUpdates,
  Sections <- UseSections, Nesting <- UseNesting,
  A <- Of("A", a, m), B <- Of("B", a, m), C <- Of("C", a, m),
  D <- Of("D", a, m), E <- Of("E", a, m), F <- Of("F", a, m),
  G <- Of("G", a, m), H <- Of("H", a, m),
  Raise <- CellRaise, Scans <- CellScans,
  Volatile <- IsVolatileIn(a), Announce <- Announces, Missing <- StepOf(m)
Guarantee(a, m) == INSTANCE ReadSideGuarantee WITH
  Algorithm <- a, Readers <- CellReaders, Updates <- OtherUpdates,
  A <- Of("A", a, m), B <- Of("B", a, m), C <- Of("C", a, m),
  D <- Of("D", a, m), E <- Of("E", a, m), F <- Of("F", a, m),
  G <- Of("G", a, m), H <- Of("H", a, m),
  Raise <- CellRaise, Scans <- CellScans,
  Volatile <- IsVolatileIn(a), Announce <- Announces, Missing <- StepOf(m)
Progress(a, m) == INSTANCE ReadSideProgress WITH
  Algorithm <- a, Readers <- CellReaders, Updates <- OtherUpdates,
  A <- Of("A", a, m), B <- Of("B", a, m), C <- Of("C", a, m),
  D <- Of("D", a, m), E <- Of("E", a, m), F <- Of("F", a, m),
  G <- Of("G", a, m), H <- Of("H", a, m),
  Raise <- CellRaise, Scans <- CellScans,
  Volatile <- IsVolatileIn(a), Announce <- Announces, Missing <- StepOf(m)
Wait(a, m) == INSTANCE WaitWake WITH
  Readers <- CellReaders,
  B <- Of("B", a, m), C <- Of("C", a, m), I <- Of("I", a, m),
  Missing <- StepOf(m)
Registry(a, m) == INSTANCE SkipAndMark WITH
  Way <- "skip", For <- "itself", Raised <- "registers",
  MarkRead <- "after", First <- "slot",
  A <- Of("A", a, m), B <- Of("B", a, m), C <- Of("C", a, m),
  D <- Of("D", a, m), E <- Of("E", a, m), H <- Of("H", a, m),
  J <- Of("J", a, m), K <- Of("K", a, m), L <- Of("L", a, m)
Sharing(a, m) == INSTANCE TwoUpdaters WITH
  Way <- "share", Look <- "begun", Later <- 1, Periods <- 1, Earlier <- 0,
  Marks <- SharingMarks(m), Flags <- "own", Announce <- "sections",
  Itself <- "no reader",
  A <- Of("A", a, m), B <- Of("B", a, m), D <- Of("D", a, m),
  E <- Of("E", a, m), H <- Of("H", a, m),
  Pass <- Of("J", a, m), Then <- Of("H", a, m),
  Done <- ModeOf(Of("M", a, m))
Lead(a, m) == INSTANCE Handover WITH
  Updates <- LeaderUpdates,
  E <- AmongLeaders(Of("E", a, m)), H <- Of("H", a, m),
  J <- Of("J", a, m), M <- Of("M", a, m), P <- Of("P", a, m),
  Q <- Of("Q", a, m)
Bell(a, m) == INSTANCE Doorbell WITH
  Wants <- "ended", Rings <- TRUE,
  M <- Of("M", a, m), N <- Of("N", a, m), O <- Of("O", a, m),
  P <- Of("P", a, m), R <- Of("R", a, m)
OfWorker(a, m) == INSTANCE WorkerSleep WITH
  S <- Of("S", a, m), T <- Of("T", a, m)
Handed(a, m) == INSTANCE HandOver WITH
  U <- Of("U", a, m), J <- Of("J", a, m)

(*------------------------------- signals ----------------------------------*)
(* To make a reader run a barrier by a signal, an updater sets a flag of    *)
(* the reader's, sends the signal, and awaits that the handler has cleared  *)
(* the flag. The only thing that matters to anybody is when the reader      *)
(* handles it: between sending and awaiting the updater does nothing else,  *)
(* and nobody but these steps and the handler looks at the flag.            *)
(* Interleaving the setting, the sending and the awaiting with what the     *)
(* reader does multiplies the states, and shows nothing new. So there are   *)
(* two reductions. Both keep every end that a behaviour can come to; and    *)
(* what is seen to break on the way to an end can still be seen there. Runs *)
(* without them (Reduced = FALSE), with four times the states or more, have *)
(* decided that they change no cell (claims Necessity-interleaved and, for  *)
(* weak, Necessity-interleaved-weak). Both only take behaviours away: so a  *)
(* cell in which something breaks would still be one.                       *)
(*                                                                          *)
(* First, compiler and processor may set the flag early, before accesses    *)
(* that stand above it. It does not matter where it is set, so it is set    *)
(* last: by a release store.                                                *)
(*                                                                          *)
(* Second, while no signal is pending, if one of the three steps can be     *)
(* taken, it is taken immediately and alone (QuietSteps). Nothing that      *)
(* others can do before it touches what it touches, and it takes no step    *)
(* from them. In the words of partial order reduction, it is an ample set;  *)
(* no behaviour goes round, so no step is put off for ever.                 *)
FlagsOf(c) ==
  {c[k].addr : k \in {k \in DOMAIN c : c[k].op = "kill"}}
FlagsAtHome(program) ==
  LET flags == IF Reduced THEN FlagsOf(program) ELSE {} IN
  [n \in DOMAIN program |->
     IF program[n].op = "store" /\ program[n].addr \in flags
     THEN In("release", program[n]) ELSE program[n]]

TestOf(programs, words) ==
  [threads |-> [t \in DOMAIN programs |->
                  <<[program |-> FlagsAtHome(programs[t]),
                     finals  |-> <<>>]>>],
   words   |-> words,
   watched |-> <<>>]
NecessityTests ==
  LET asked == Asked IN
  TLCEval([n \in DOMAIN asked |->
    LET a == asked[n].algorithm
        m == asked[n].missing
    IN  CASE asked[n].question = "use" ->
               TestOf(Use(a, m)!Programs, Use(a, m)!Words)
          [] asked[n].question = "guarantee" ->
               TestOf(Guarantee(a, m)!Programs, Guarantee(a, m)!Words)
          [] asked[n].question = "wait" ->
               TestOf(Wait(a, m)!Programs, Wait(a, m)!Words)
          [] asked[n].question = "progress" ->
               TestOf(Progress(a, m)!Programs, Progress(a, m)!Words)
          [] asked[n].question = "registry" ->
               TestOf(Registry(a, m)!Programs, Registry(a, m)!Words)
          [] asked[n].question = "sharing" ->
               TestOf(Sharing(a, m)!Programs, Sharing(a, m)!Words)
          [] asked[n].question = "lead" ->
               TestOf(Loosened(m, Lead(a, m)!Programs), Lead(a, m)!Words)
          [] asked[n].question = "bell" ->
               TestOf(Loosened(m, Bell(a, m)!Programs), Bell(a, m)!Words)
          [] asked[n].question = "worker" ->
               TestOf(OfWorker(a, m)!Programs, OfWorker(a, m)!Words)
          [] asked[n].question = "hand over" ->
               TestOf(Handed(a, m)!Programs, Handed(a, m)!Words)])
NecessityOrders == <<"sc", "tso", "pso", "weak">>

Flags ==
  TLCEval([n \in DOMAIN Given |->
    UNION {FlagsOf(Path(n, t)[1].program) : t \in Threads(n)}])
QuietSteps ==
  IF ~Reduced \/ Flags[case[1]] = {} \/ pending # {} THEN {}
  ELSE UNION {{<<t, k>> : k \in {k \in Left(t) :
                 LET line == Code(t)[k] IN
                 /\ line.is.addr \in Flags[case[1]]
                 /\ line.after \subseteq performed[t]
                 /\ line.is.op = "await" =>
                      memory[line.is.addr] \in line.is.ok}} : t \in Running}

(*------------------------------ what breaks -------------------------------*)
(* Most states have an access that can be performed whatever it sees: that  *)
(* is looked at first, since ENABLED costs much.                            *)
CanAccess == \E t \in Running : \E k \in Left(t) :
               /\ Code(t)[k].is.op \in {"load", "store"}
               /\ Code(t)[k].after \subseteq performed[t]
Stuck == /\ ~Finished /\ ~CanAccess
         /\ ~ENABLED (SomePerform \/ SomeInterrupt \/ SomeHandle)
Saw(thread, r, value) == r \in DOMAIN register[thread]
                         /\ register[thread][r] = value

(* The promises of these modules. That a number is taken back is seen in a  *)
(* step, not in a state (NoteBack).                                         *)
Broken ==
  LET question == Asked[case[1]].question IN
  CASE question = "use" ->
         IF \E r \in {"use1", "use2"} : Saw("reader1", r, 2)
         THEN "freed"
         ELSE IF \E r \in {"use1", "use2"} : Saw("reader1", r, 0)
         THEN "unfilled"
         ELSE IF Stuck THEN "hang" ELSE ""
    [] question = "guarantee" ->
         IF Saw("reader1", "y", 1) /\ Saw("reader1", "x", 0)
         THEN "early"
         ELSE IF Saw("reader1", "x", 0) /\ Saw("updater", "mark", 0)
         THEN "unseen"
         ELSE IF Stuck THEN "hang" ELSE ""
    [] question = "wait" ->
         IF Stuck THEN "asleep" ELSE ""
    [] question = "progress" ->
         IF Stuck THEN "endless" ELSE ""
    [] question = "registry" ->
         IF Saw("comer", "use", 2) THEN "freed"
         ELSE IF Saw("comer", "use", 0) THEN "unfilled"
         ELSE IF /\ Saw("comer", "use", 3) /\ Saw("updater", "left", 0)
                 /\ performed["updater"] = Positions("updater")
         THEN "unseen"
         ELSE IF Stuck THEN "hang" ELSE ""
    [] question = "sharing" ->
         IF Saw("reader", "use", 2) THEN "freed"
         ELSE IF Saw("reader", "use", 0) THEN "unfilled"
         ELSE IF Saw("reader", "use", 3) /\ Saw("updater", "mark", 0)
         THEN "unseen"
         ELSE ""
    [] question = "lead" -> ""
    [] question \in {"bell", "worker"} ->
         IF Stuck THEN "asleep" ELSE ""
    [] question = "hand over" ->
         IF Saw("reader", "use", 9) THEN "freed"
         ELSE IF Stuck THEN "hang" ELSE ""

Undecided == TLCGet(Slot(case[1], case[2]) + 1) = {}
NoteBroken ==
  LET slot == Slot(case[1], case[2]) IN
  Undecided =>
    /\ TLCSet(slot, TLCGet(slot) + 1)
    /\ LET what == Broken IN
       what # "" => TLCSet(slot + 1, {<<what, TLCGet("level")>>})

NoteBack ==
  (/\ Asked[case[1]].question = "lead"
   /\ \E word \in {"begun", "gp", "ended"} : memory'[word] < memory[word])
  => TLCSet(Slot(case[1], case[2]) + 1, {<<"back", TLCGet("level") + 1>>})

NecessityNext ==
  IF InChain THEN /\ case[2] < Last
                  /\ case' = <<0, case[2] + 1>>
                  /\ UNCHANGED vars
  ELSE /\ Undecided
       /\ LET quiet == QuietSteps IN
          IF quiet = {} THEN SomePerform \/ SomeInterrupt \/ SomeHandle
          ELSE LET step == CHOOSE step \in quiet : TRUE
               IN  Perform(step[1], step[2])
       /\ NoteBack
       /\ UNCHANGED case
NecessitySpec == BatchInit /\ [][NecessityNext]_<<vars, case>>

(*----------------------------- what is printed ----------------------------*)
(* <<"cell", algorithm, missing, question, order, states, what, length>>    *)
TellBroken ==
  \A n \in DOMAIN Given, o \in DOMAIN Orders :
    LET seen == TLCGet(Slot(n, o) + 1)
        what == IF seen = {} THEN <<"", 0>> ELSE CHOOSE s \in seen : TRUE
    IN  PrintT(<<"cell", Asked[n].algorithm, Asked[n].missing,
                 Asked[n].question, Orders[o], TLCGet(Slot(n, o)),
                 what[1], what[2]>>)

(* What breaks first in each cell of a row.                                 *)
First(a, m) ==
  [o \in DOMAIN Orders |->
     LET broken == {n \in DOMAIN Asked :
                      /\ Asked[n].algorithm = a /\ Asked[n].missing = m
                      /\ TLCGet(Slot(n, o) + 1) # {}}
     IN  IF broken = {} THEN ""
         ELSE LET n == CHOOSE n \in broken : \A k \in broken : n <= k
              IN  (CHOOSE s \in TLCGet(Slot(n, o) + 1) : TRUE)[1]]
Seen ==
  LET OfAlgorithm(a) == [n \in DOMAIN Rows(a) |->
                           <<a, Rows(a)[n]>> \o First(a, Rows(a)[n])]
  IN  Each1(Algorithms, OfAlgorithm)

AllIsAsked == \A n \in DOMAIN Given : ~TooMany[n]
MatrixIsAsExpected ==
  IF InChain THEN case[2] = Last => /\ TellBroken
                                    /\ AllIsAsked
                                    /\ Seen = Expected[Examined]
  ELSE NoteBroken
==============================================================================
