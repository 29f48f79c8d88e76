------------------------------- MODULE Batch ---------------------------------
(* Many small programs in one model, each under several memory orders, and  *)
(* what each can end with. TLC takes longer to start than to run a litmus   *)
(* test, so one run of TLC gets all of them.                                *)
(*                                                                          *)
(* A test is                                                                *)
(*   threads  for each thread, by name, a sequence of paths: its ways       *)
(*            through the branches. A path has the program of the machine   *)
(*            (`program`) and the expressions that are looked at when it is *)
(*            finished (`finals`)                                           *)
(*   words    the memory before the first instruction                       *)
(*   watched  the words that are looked at when all is finished             *)
(*                                                                          *)
(* A case is a test under one order. Its paths are chosen first; a path     *)
(* whose branches would have gone another way never ends, and only ends     *)
(* count.                                                                   *)
(*                                                                          *)
(* The machine is that of module Machine, with a different answer to what   *)
(* the code of a thread is: the .cfg says Code <- CodeOfCase. Its constants *)
(* Thread, Program and Memory0 get NoThreads, NoPrograms and NoMemory,      *)
(* since what is theirs is the case's here.                                 *)
(*                                                                          *)
(* What was seen of each case is in TLC's registers. This needs a single    *)
(* worker. The reader can check that nothing is missing: the states         *)
(* reported add up to those that TLC has counted.                           *)
EXTENDS Machine

CONSTANTS
  Tests,               \* a sequence of tests
  Orders,              \* a sequence of memory orders
  MostStates,          \* a case with more states than this is given up
  MostChoices          \* and one with more ways to begin is not begun

VARIABLE case          \* <<number of a test, number of an order>>

(* TLC works out what a definition without parameters means once, before    *)
(* the first state; what the .cfg puts in a constant's place, each time.    *)
Given == TLCEval(Tests)

NoThreads  == {"none", "nobody"}
NoPrograms == [t \in NoThreads |-> <<>>]
NoMemory   == [a \in {"none"} |-> 0]

Threads(n) == DOMAIN Given[n].threads
Path(n, t) == Given[n].threads[t]

ASSUME LimitsAreNumbers == MostStates \in Nat /\ MostChoices \in Nat
ASSUME TestsAreWellFormed ==
  \A n \in DOMAIN Given : \A t \in Threads(n) :
    \A p \in DOMAIN Path(n, t) : IsWellFormed(Path(n, t)[p].program)

(*---------------------------- computed once -------------------------------*)
(* The sequences f[low], ..., f[high], one after the other. It goes by      *)
(* halves, since Java's stack has no room for a thousand steps.             *)
RECURSIVE Flat(_, _, _)
Flat(f, low, high) ==
  IF low > high THEN <<>>
  ELSE IF low = high THEN f[low]
  ELSE LET middle == (low + high) \div 2
       IN  Flat(f, low, middle) \o Flat(f, middle + 1, high)

(* Like Schedules, as a sequence; but none at all when there are more than  *)
(* MostChoices: a program with many plain accesses may have millions. A     *)
(* beginning has at least one end, so there are never fewer later on.       *)
(* `before` has, for each position, those that the compiler keeps before    *)
(* it.                                                                      *)
RECURSIVE Grown(_, _)
Grown(before, begun) ==
  IF Len(begun) > MostChoices THEN <<>>
  ELSE IF Len(begun[1]) = Len(before) THEN begun
  ELSE LET Next1(out) ==
             LET done == {out[m] : m \in DOMAIN out}
                 free == Enumerate({k \in (DOMAIN before) \ done :
                                      before[k] \subseteq done})
             IN  [m \in DOMAIN free |-> Append(out, free[m])]
           more == Table([n \in DOMAIN begun |-> Next1(begun[n])])
       IN  Grown(before, TLCEval(Flat(more, 1, Len(more))))

AllSchedules(p) ==
  Grown(Table([k \in DOMAIN p |->
                 {j \in 1..(k - 1) : CompilerKeeps(p[j], p[k])}]), <<<<>>>>)

SchedulesOf ==
  Table([n \in DOMAIN Given |-> Table([t \in Threads(n) |->
    Table([p \in DOMAIN Path(n, t) |->
      AllSchedules(Table(Path(n, t)[p].program))])])])

(* A register that is looked at in the end is not forgotten before.         *)
Kept(lines, finals) ==
  LET wanted == UNION {RegistersOf(finals[n]) : n \in DOMAIN finals} IN
  Table([n \in DOMAIN lines |->
           [lines[n] EXCEPT !.uses = {u \in @ : u[1] \notin wanted}]])

Built(path, order, all) ==
  LET p == path.program IN
  Table([n \in DOMAIN all |->
    Kept(Assemble(order, Table([k \in DOMAIN p |-> p[all[n][k]]])),
         path.finals)])

(* The code of a thread: test, order, thread, path and schedule.            *)
AllCode ==
  Table([n \in DOMAIN Given |-> Table([o \in DOMAIN Orders |->
    Table([t \in Threads(n) |-> Table([p \in DOMAIN Path(n, t) |->
      Built(Path(n, t)[p], Orders[o], SchedulesOf[n][t][p])])])])])

CodeOfCase(t) == AllCode[case[1]][case[2]][t][code[t][1]][code[t][2]]

(* Every choice of a path and a schedule for each of the threads.           *)
OwnWays(n, t) ==
  UNION {{<<p, s>> : s \in DOMAIN SchedulesOf[n][t][p]} :
           p \in DOMAIN Path(n, t)}
RECURSIVE Ways(_, _)
Ways(n, S) ==
  IF S = {} THEN {<<>>}
  ELSE LET t == CHOOSE t \in S : TRUE
       IN  {[u \in S |-> IF u = t THEN way ELSE rest[u]] :
              way \in OwnWays(n, t), rest \in Ways(n, S \ {t})}

(* How many these are, or more than MostChoices.                            *)
RECURSIVE Product(_, _)
Product(n, S) ==
  IF S = {} THEN 1
  ELSE LET t    == CHOOSE t \in S : TRUE
           rest == Product(n, S \ {t})
       IN  IF rest > MostChoices THEN rest
           ELSE rest * Cardinality(OwnWays(n, t))
TooMany ==
  Table([n \in DOMAIN Given |->
    \/ \E t \in Threads(n) : \E p \in DOMAIN Path(n, t) :
         SchedulesOf[n][t][p] = <<>>
    \/ Product(n, Threads(n)) > MostChoices])

(*------------------------------ the behaviour -----------------------------*)
(* TLC searches level by level. So the last state of a chain that is longer *)
(* than any behaviour is the last one that it sees: there it reports what   *)
(* was seen before. The chain's case is <<0, its level>>. An instruction    *)
(* takes one step, or one for each of the other threads, if it is an        *)
(* interrupt.                                                               *)
RECURSIVE Sum(_, _)
Sum(Size(_), S) ==
  IF S = {} THEN 0
  ELSE LET x == CHOOSE x \in S : TRUE IN Size(x) + Sum(Size, S \ {x})
Longest(n) ==
  LET size(t) == Max({Len(Path(n, t)[p].program) : p \in DOMAIN Path(n, t)})
  IN  Sum(size, Threads(n)) * Cardinality(Threads(n)) + 2
Last == TLCEval(Max({Longest(n) : n \in DOMAIN Given}))
InChain == case[1] = 0

WrittenBy(program) == {program[k].dst : k \in DOMAIN program} \ {""}

InitChain ==
  /\ case = <<0, 0>>
  /\ code = <<>>
  /\ memory = <<>>
  /\ register = <<>>
  /\ performed = <<>>
  /\ taken = <<>>
  /\ pending = {}
InitCase ==
  \E n \in {n \in DOMAIN Given : ~TooMany[n]} : \E o \in DOMAIN Orders :
    /\ case = <<n, o>>
    /\ code \in Ways(n, Threads(n))
    /\ memory = Given[n].words
    /\ register = [t \in Threads(n) |->
         [r \in WrittenBy(Path(n, t)[code[t][1]].program) |-> Unread]]
    /\ performed = [t \in Threads(n) |-> {}]
    /\ taken = [t \in Threads(n) |-> {}]
    /\ pending = {}

BatchInit == InitChain \/ InitCase

(* Registers of TLC's: two a case, its distinct states and its outcomes so  *)
(* far.                                                                     *)
Slot(n, o) == 2 * ((n - 1) * Len(Orders) + o)
ASSUME Reset ==
  \A n \in DOMAIN Given, o \in DOMAIN Orders :
    TLCSet(Slot(n, o), 0) /\ TLCSet(Slot(n, o) + 1, {})

BatchNext ==
  IF InChain THEN /\ case[2] < Last
                  /\ case' = <<0, case[2] + 1>>
                  /\ UNCHANGED vars
  ELSE /\ TLCGet(Slot(case[1], case[2])) <= MostStates
       /\ SomePerform \/ SomeInterrupt \/ SomeHandle
       /\ UNCHANGED case

BatchSpec == BatchInit /\ [][BatchNext]_<<vars, case>>

(*------------------------------ what is seen ------------------------------*)
Outcome ==
  <<[t \in Running |->
       LET finals == Path(case[1], t)[code[t][1]].finals IN
       [n \in DOMAIN finals |-> Evaluate(finals[n], register[t], Unread)]],
    [n \in DOMAIN Given[case[1]].watched |->
       memory[Given[case[1]].watched[n]]]>>

(* TLC looks at an invariant once for each distinct state.                  *)
Note ==
  LET slot == Slot(case[1], case[2])
      seen == TLCGet(slot + 1)
  IN  /\ TLCSet(slot, TLCGet(slot) + 1)
      /\ Finished => LET outcome == Outcome IN
           outcome \notin seen => TLCSet(slot + 1, seen \cup {outcome})

(* <<test, order, states, outcomes>> for each case that was begun, and then *)
(* the length of the chain.                                                 *)
Tell ==
  /\ \A n \in DOMAIN Given, o \in DOMAIN Orders :
       PrintT(<<n, o, IF TooMany[n] THEN -1 ELSE TLCGet(Slot(n, o)),
                TLCGet(Slot(n, o) + 1)>>)
  /\ PrintT(<<0, Last + 1>>)

Observe == IF InChain THEN case[2] = Last => Tell ELSE Note
==============================================================================
