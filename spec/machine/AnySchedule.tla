----------------------------- MODULE AnySchedule -----------------------------
(* Batch without its schedules. There, the compiler chooses one before the  *)
(* program runs, and n accesses that it may order as it likes have n!       *)
(* schedules to look at. Here the choice is put off: a program stays as it  *)
(* was written, and an access waits for those before it that the compiler   *)
(* must keep there *and* the processor does. It reaches the same ends:      *)
(*                                                                          *)
(* Let a thread have performed its accesses in some order. Is there a       *)
(* schedule that explains it? It must have x before y if the compiler keeps *)
(* that order, and also if x was performed first although the processor,    *)
(* had y stood before x, would have kept y first. Where these demands make  *)
(* no circle, there is one. So a circle has a pair that the compiler keeps  *)
(* and that was performed the other way round, j before k.                  *)
(*   sc    There is no such pair.                                           *)
(*   pso   The second demand is made only of a y that reads; and what reads *)
(*         is performed before all that the compiler keeps after it. So the *)
(*         reads of a circle would each be performed before the next.       *)
(*   weak  The order as it was written does, since a processor that keeps   *)
(*         two accesses does so for a reason that the compiler has, too.    *)
(*   tso   Here j stores, k loads, and the second demand is made unless x   *)
(*         loads and y stores. So from k back to j a circle needs a load    *)
(*         that the compiler keeps before a store, or a swap: a crossing.   *)
(*         Where there may be one, two accesses that may come in either     *)
(*         order are put in one order and in the other, and both are looked *)
(*         at, until there can't be one. This leaves some partial orders,   *)
(*         seldom many.                                                     *)
(*                                                                          *)
(* An interrupt is taken where everything before a point of the schedule is *)
(* performed, and nothing after. Such a point is where with each access all *)
(* are performed that the compiler keeps before it. Then those before it    *)
(* can all be scheduled before the others, and nothing above changes: a     *)
(* circle would have to come back over the point, and no demand does. (On   *)
(* weak: the order as it was written, of those before the point and then of *)
(* the others.)                                                             *)
(*                                                                          *)
(* A .cfg says AllSchedules <- PartialOrders, Built <- NoCode, Code <-      *)
(* CodeInAnyOrder and Precise <- PreciseInAnyOrder. A test compares with    *)
(* Batch as it is, on random programs. Two more things are new here: if     *)
(* nobody else can tell when something is done, it is done immediately      *)
(* (Quiet); and a batch stops by itself when MostSeconds have passed, so    *)
(* that the cases that were finished are decided.                           *)
EXTENDS Batch

CONSTANT MostSeconds   \* after so many no step is taken any more
ASSUME SecondsAreANumber == MostSeconds \in Nat

(*----------------------------- partial orders -----------------------------*)
(* For each position of program p those before it in every schedule.        *)
RECURSIVE KeptBefore(_, _)
KeptBefore(p, known) ==
  IF Len(known) = Len(p) THEN known
  ELSE LET k      == Len(known) + 1
           direct == {j \in 1..(k - 1) : CompilerKeeps(p[j], p[k])}
       IN  KeptBefore(p, Append(known,
                           direct \cup UNION {known[j] : j \in direct}))

(* The same with a before b.                                                *)
With(before, a, b) ==
  Table([k \in DOMAIN before |->
           IF k = b \/ b \in before[k] THEN before[k] \cup before[a] \cup {a}
                                       ELSE before[k]])

(* Does the processor perform j before k, which is after it in a partial    *)
(* order? Two that the program has the other way round it keeps for the     *)
(* memory order alone; only those of tso are ever put so.                   *)
Performs(order, p, j, k) ==
  IF j < k THEN ProcessorKeeps(order, p, j, k)
  ELSE order = "tso" /\ Access(p[j]) /\ Access(p[k])
       /\ (Reads(p[j]) \/ Writes(p[k]))

Loads(i)  == Reads(i) /\ ~Writes(i)
Stores(i) == Writes(i) /\ ~Reads(i)

(* Pairs that tso may perform the other way round; and the crossings.       *)
Turned(p, before) ==
  UNION {{<<j, k>> : j \in {j \in before[k] : /\ Stores(p[j])
                                              /\ ~Performs("tso", p, j, k)}} :
           k \in {k \in DOMAIN p : Loads(p[k])}}
Crossings(p, before) ==
  UNION {{<<y, x>> : y \in {y \in before[x] : Loads(p[y])}} :
           x \in {x \in DOMAIN p : Stores(p[x])}}
  \cup {<<s, s>> : s \in {s \in DOMAIN p : p[s].op = "swap"}}

(* Can a circle go on from a pair over a crossing; and from one to a pair?  *)
Enters(before, pair, crossing) == crossing[1] \notin before[pair[2]]
Leaves(before, crossing, pair) == pair[1] \notin before[crossing[2]]

(* From a pair to the next of a circle.                                     *)
Onward(before, pairs, crossings) ==
  Table([a \in pairs |->
     LET over == {c \in crossings : Enters(before, a, c)} IN
     {b \in pairs : \E c \in over : Leaves(before, c, b)}])
RECURSIVE Reachable(_, _)
Reachable(onward, S) ==
  LET more == S \cup UNION {onward[a] : a \in S}
  IN  IF more = S THEN S ELSE Reachable(onward, more)

(* Pairs of accesses that may come in either order and on which a circle    *)
(* depends. Without such a pair there is no circle.                         *)
Free(before, a, b) == a # b /\ a \notin before[b] /\ b \notin before[a]
OpenPairs(p, before) ==
  LET accesses  == {k \in DOMAIN p : Access(p[k])}
      settled   == \A j, k \in accesses :
                     j < k => j \in before[k] \/ k \in before[j]
      pairs     == IF settled THEN {} ELSE Turned(p, before)
      crossings == IF pairs = {} THEN {} ELSE Crossings(p, before)
      onward    == Onward(before, pairs, crossings)
      steps     == UNION {{<<a, b>> : b \in {b \in onward[a] :
                                             a \in Reachable(onward, {b})}} :
                            a \in pairs}
      over(s)   == {c \in crossings : /\ Enters(before, s[1], c)
                                      /\ Leaves(before, c, s[2])}
      chosen(s) == UNION {{<<c[1], s[1][2]>>, <<c[2], s[2][1]>>} :
                            c \in over(s)}
  IN  {pair \in UNION {chosen(s) : s \in steps} :
         Free(before, pair[1], pair[2])}

(* A pair of them is put in both orders, until there are none.              *)
RECURSIVE Divided(_, _)
Divided(p, all) ==
  LET open == Table([n \in DOMAIN all |-> OpenPairs(p, all[n])])
      halves(n) == IF open[n] = {} THEN <<all[n]>>
                   ELSE LET pair == CHOOSE pair \in open[n] : TRUE IN
                        <<With(all[n], pair[1], pair[2]),
                          With(all[n], pair[2], pair[1])>>
      next == TLCEval(Flat(Table([n \in DOMAIN all |-> halves(n)]),
                           1, Len(all)))
  IN  IF \A n \in DOMAIN all : open[n] = {} THEN all
      ELSE IF Len(next) > MostChoices THEN <<>>
      ELSE Divided(p, next)

(* The first one is for all memory orders but tso, and for tso, too, if it  *)
(* is the only one. None at all, if they would be too many.                 *)
PartialOrders(p) ==
  LET first == Table(KeptBefore(p, <<>>))
      all   == Divided(p, <<first>>)
  IN  IF Len(all) < 2 THEN all ELSE <<first>> \o all
IsFor(order, n, count) == (order = "tso" /\ count > 1) = (n > 1)

(*---------------------------------- code ----------------------------------*)
(* The words that test n's threads share: several access them, one writes.  *)
Uses(n, t, Kind(_)) ==
  UNION {LET q == Path(n, t)[p].program
         IN  {q[k].addr : k \in {k \in DOMAIN q : Kind(q[k])}} :
           p \in DOMAIN Path(n, t)}
SharedWords ==
  Table([n \in DOMAIN Given |->
    UNION {Uses(n, t, Writes) \cap UNION {Uses(n, u, Access) :
                                            u \in Threads(n) \ {t}} :
             t \in Threads(n)}])

(* As Assemble; and with each line                                          *)
(*   below  the positions that are before it in every schedule              *)
(*   quiet  nobody else can tell when it is performed                       *)
AssembleInAnyOrder(order, p, before, shared) ==
  LET lines    == Assemble(order, p)
      place    == Table(SelectSeq([k \in DOMAIN p |-> k],
                                  LAMBDA k : ~IsFence(p[k])))
      position == Table([k \in DOMAIN p |->
                           Cardinality({n \in DOMAIN place : place[n] <= k})])
  IN Table([n \in DOMAIN lines |->
       LET k     == place[n]
           below == {position[j] : j \in {j \in before[k] : ~IsFence(p[j])}}
           later == {position[j] : j \in {j \in before[k] : j > k
                                            /\ Performs(order, p, j, k)}}
       IN  [is     |-> lines[n].is,
            fences |-> lines[n].fences,
            after  |-> (lines[n].after \cap below) \cup later,
            from   |-> lines[n].from,
            uses   |-> lines[n].uses,
            below  |-> below,
            quiet  |-> \/ p[k].op = "branch"
                       \/ Access(p[k]) /\ p[k].addr \notin shared]])

BuiltInAnyOrder(path, order, all, shared) ==
  LET p == Table(path.program) IN
  Table([n \in DOMAIN all |->
    IF IsFor(order, n, Len(all))
    THEN Kept(AssembleInAnyOrder(order, p, all[n], shared), path.finals)
    ELSE <<>>])

AllCodeInAnyOrder ==
  Table([n \in DOMAIN Given |-> Table([o \in DOMAIN Orders |->
    Table([t \in Threads(n) |-> Table([p \in DOMAIN Path(n, t) |->
      BuiltInAnyOrder(Path(n, t)[p], Orders[o], SchedulesOf[n][t][p],
                      SharedWords[n])])])])])
CodeInAnyOrder(t) ==
  AllCodeInAnyOrder[case[1]][case[2]][t][code[t][1]][code[t][2]]

(* Batch's own AllCode must not be worked out.                              *)
NoCode(path, order, all) == <<>>

PreciseInAnyOrder(t) ==
  \A k \in performed[t] : Code(t)[k].below \subseteq performed[t]

(*------------------------------ the behaviour -----------------------------*)
(* One more register of TLC's for each case: was it stopped?                *)
Stopped(n, o) == Slot(Len(Given) + n, o)
ASSUME NoneIsStopped ==
  \A n \in DOMAIN Given, o \in DOMAIN Orders : TLCSet(Stopped(n, o), FALSE)

AnyInit ==
  \/ InitChain
  \/ /\ InitCase
     /\ \A t \in Running :
          LET all == SchedulesOf[case[1]][t][code[t][1]] IN
          IsFor(Orders[case[2]], code[t][2], Len(all))

InTime == IF InChain \/ TLCGet("duration") <= MostSeconds THEN TRUE
          ELSE TLCSet(Stopped(case[1], case[2]), TRUE) /\ FALSE

(* If nobody else can tell when something is performed, it is performed     *)
(* immediately, and alone: whatever else can be done can be done after it   *)
(* as well, and to the same end. What comes before it in every schedule is  *)
(* performed, so that it stands in no interrupt's way. If it can't be,      *)
(* because a branch goes another way, this path has no end.                 *)
Quiet(t) == {k \in Left(t) : LET line == Code(t)[k] IN
               /\ line.quiet
               /\ line.below \subseteq performed[t]
               /\ line.after \subseteq performed[t]}

AnyNext ==
  /\ InTime
  /\ IF InChain \/ \A t \in Running : Quiet(t) = {} THEN BatchNext
     ELSE LET t == CHOOSE t \in Running : Quiet(t) # {}
              k == CHOOSE k \in Quiet(t) : TRUE
          IN  /\ TLCGet(Slot(case[1], case[2])) <= MostStates
              /\ Perform(t, k)
              /\ UNCHANGED case

AnySpec == AnyInit /\ [][AnyNext]_<<vars, case>>

(* As in Batch, and whether it was stopped. The outcomes of a case that was *)
(* not followed to its end are of no use.                                   *)
TellAll ==
  /\ \A n \in DOMAIN Given, o \in DOMAIN Orders :
       LET states == TLCGet(Slot(n, o))
           whole  == states <= MostStates /\ ~TLCGet(Stopped(n, o)) IN
       PrintT(<<n, o, IF TooMany[n] THEN -1 ELSE states,
                IF whole THEN TLCGet(Slot(n, o) + 1) ELSE {},
                TLCGet(Stopped(n, o))>>)
  /\ PrintT(<<0, Last + 1>>)

ObserveAll == IF InChain THEN case[2] = Last => TellAll ELSE Note
==============================================================================
