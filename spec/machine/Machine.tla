------------------------------- MODULE Machine -------------------------------
(* A multiprocessor with one shared memory, whose processors perform the    *)
(* accesses of their programs out of order and take interrupts precisely.   *)
(*                                                                          *)
(* Two things reorder a program, one after the other. The compiler does so  *)
(* once, before the program runs: it picks a schedule, any order of the     *)
(* instructions that keeps what CompilerKeeps says. The processor does so   *)
(* while the program runs: it performs any instruction of the schedule      *)
(* whose predecessors, by ProcessorKeeps, are performed. The four memory    *)
(* orders differ in one line of ProcessorKeeps.                             *)
(*                                                                          *)
(* There are no store buffers and no caches. A store that is not yet        *)
(* performed is what a store buffer would hold: nobody else sees it, and a  *)
(* later load of its own thread reads from it (store forwarding). Once it   *)
(* is performed, all threads see it. Fences are not performed at all: they  *)
(* are edges between the accesses around them.                              *)
(*                                                                          *)
(* What the model leaves out, to bear in mind when a claim holds:           *)
(*   - A store reaches all other threads at once (multi-copy atomic, as on  *)
(*     x86, ARMv8 and RISC-V; not on POWER).                                *)
(*   - Stores are not speculated: one that a branch decides about waits for *)
(*     it. Loads are: one after a branch may be performed before it.        *)
(*   - A swap reads and writes in one step. Where it acquires, its write is *)
(*     held before what follows, too, and where it releases, its read.      *)
(*   - A load through a pointer follows the load of the pointer (all but    *)
(*     Alpha), and the compiler keeps this dependency.                      *)
(*   - `weak` lets a bit more happen than ARMv8: it does not hold a store   *)
(*     back until earlier addresses are known, nor an acquire load behind   *)
(*     an earlier release store. What holds here, holds there.              *)
(*   - Two loads through different pointers may be performed in either      *)
(*     order, even if they turn out to load the same word.                  *)
(*   - The compiler moves accesses. It neither invents, drops, fuses nor    *)
(*     tears them.                                                          *)
(*   - Each thread has a processor of its own.                              *)
(*                                                                          *)
(* Each order allows what the one before it allows, and more: sc, tso, pso, *)
(* weak. So what holds on weak holds on all, and what is violated on sc is  *)
(* violated on all: by the compiler, or because the algorithm is wrong.     *)
(*                                                                          *)
(* TLC computes what does not change while a program runs once, before its  *)
(* first state, into Compiled; a state holds only the number of the         *)
(* schedule. This is why a model EXTENDS this module and gives the          *)
(* constants in its .cfg: under INSTANCE, TLC would compile again in every  *)
(* state.                                                                   *)
EXTENDS Instruction, Expression, Integers, Sequences, FiniteSets, TLC

CONSTANTS
  Thread,              \* the threads, each on a processor of its own
  Program,             \* [Thread -> Seq(instruction)]
  Memory0,             \* [address -> value], before the first instruction
  Order,               \* the memory order of the processors
  HandlerHasBarrier    \* does an interrupt's handler have a full barrier?

ASSUME ThreadsAreSeveral == IsFiniteSet(Thread) /\ Cardinality(Thread) > 1
ASSUME OrderIsKnown      == Order \in {"sc", "tso", "pso", "weak"}
ASSUME BarrierIsBoolean  == HandlerHasBarrier \in BOOLEAN
ASSUME MemoryHasNumbers  == \A a \in DOMAIN Memory0 : Memory0[a] \in Int

VARIABLES
  memory,              \* [address -> value], what all threads see
  register,            \* [Thread -> [register -> value]], Unread before
                       \*   its load and again after its last use
  performed,           \* [Thread -> positions of its code performed so far]
  taken,               \* [Thread -> threads that have taken the interrupt it
                       \*   is sending; {} while it is sending none]
  pending,             \* signals sent and not yet handled, <<thread, word>>
  code                 \* [Thread -> number of its schedule], chosen at first
vars == <<memory, register, performed, taken, pending, code>>

(*-------------------------- kinds of instruction --------------------------*)
Reads(i)   == i.op \in {"load", "await", "swap"}
Writes(i)  == i.op \in {"store", "swap"}
Access(i)  == Reads(i) \/ Writes(i)
IsFence(i) == i.op \in Fences

(* The registers that an instruction takes.                                 *)
Takes(i) == ({i.use, i.guard} \ {""}) \cup RegistersOf(i.expr)
                                      \cup RegistersOf(i.test)

(* What b takes from a: the value it stores, its address, or its condition. *)
Depends(a, b)  == a.dst # "" /\ a.dst \in Takes(b)

(* An await is a loop around a load. What comes after is done only if the   *)
(* loop ends. A store, or an interrupt sent, waits for that; a load need    *)
(* not. The same for a branch, as far as it reaches.                        *)
Reaches(a, b)  == \/ a.op = "await"
                  \/ a.op = "branch" /\ a.val \notin b.past
Controls(a, b) == Reaches(a, b) /\ (Writes(b) \/ ~Reads(b))

(* Addresses found through pointers count as the same only when the pointer *)
(* is the same. No program may store where it also dereferences             *)
(* (WellFormed).                                                            *)
SameAddr(a, b) == /\ Access(a) /\ Access(b)
                  /\ a.addr = b.addr
                  /\ a.addr = "*" => a.use = b.use

(*------------------------------ the compiler ------------------------------*)
(* Calls into the kernel are barriers to the compiler, as fences are. It    *)
(* also moves no store, and no other loop, over a loop that may never end,  *)
(* nor over a branch. A branch keeps its place among volatile accesses, as  *)
(* its mode says, so only plain loads move over it.                         *)
Opaque(i) == ~Access(i) /\ i.op # "branch"

CompilerKeeps(a, b) ==
  \/ Opaque(a) \/ Opaque(b)
  \/ a.mode = "acquire" \/ b.mode = "release"
  \/ a.mode # "relaxed" /\ b.mode # "relaxed"
  \/ Depends(a, b) \/ SameAddr(a, b)
  \/ Reaches(a, b) /\ b.op # "load"
  \/ b.op \in {"await", "branch"} /\ a.op # "load"

(* All orders of the positions of program p that the compiler may choose,   *)
(* grown one instruction at a time.                                         *)
RECURSIVE Schedules(_, _, _)
Schedules(p, emitted, out) ==
  IF emitted = DOMAIN p THEN {out}
  ELSE LET left == (DOMAIN p) \ emitted
           free == {k \in left : \A j \in left :
                      j < k => ~CompilerKeeps(p[j], p[k])}
       IN  UNION {Schedules(p, emitted \cup {k}, Append(out, k)) :
                    k \in free}

(*----------------------------- the processor ------------------------------*)
(* Coherence: accesses of one word stay in order. Only a load may overtake  *)
(* a store, since it reads from it; then it may overtake loads before the   *)
(* store, too. It does not read from a store under a condition, and a swap  *)
(* reads from, and is read from, memory alone.                              *)
CoherenceKeeps(c, j, k) ==
  LET a == c[j]
      b == c[k]
      between == (j + 1)..(k - 1)
  IN
  /\ SameAddr(a, b)
  /\ CASE "swap" \in {a.op, b.op} -> TRUE
       [] Writes(a) /\ Reads(b) -> a.guard # ""
       [] Reads(a) /\ Reads(b)  ->
            ~ \E m \in between : Writes(c[m]) /\ SameAddr(c[m], b)
       [] OTHER                 -> TRUE

(* A mutant of the machine puts something else here (LitmusMutants).        *)
Coherent(c, j, k) == CoherenceKeeps(c, j, k)

(* Does the processor perform position j of schedule c before position k,   *)
(* j < k? Here: because of the two instructions themselves.                 *)
PairKeeps(order, c, j, k) ==
  LET a == c[j]
      b == c[k]
      between == (j + 1)..(k - 1)
  IN
  \/ Depends(a, b) \/ Controls(a, b)
  \/ a.mode = "acquire" \/ b.mode = "release"
  \/ a.op \in {"ipi", "kill"} /\ b.op \in {"ipi", "kill"}
  \/ Coherent(c, j, k)
  \* What a load reads from must have its own value.
  \/ /\ Reads(b)
     /\ \E m \in between : /\ Writes(c[m]) /\ SameAddr(c[m], b)
                           /\ Depends(a, c[m])
  \* The memory order. A swap is both a read and a write.
  \/ /\ Access(a) /\ Access(b)
     /\ CASE order = "sc"   -> TRUE
          [] order = "tso"  -> Reads(a) \/ Writes(b)
          [] order = "pso"  -> Reads(a)
          [] order = "weak" -> FALSE

(* And here: because of a fence that stands between them.                   *)
FenceKeeps(c, j, k) ==
  \E m \in (j + 1)..(k - 1) :
    LET kind == c[m].op IN
    \/ kind = "mb"
    \/ kind = "acquire" /\ Reads(c[j])
    \/ kind = "release" /\ Writes(c[k])
    \/ kind = "rmb" /\ Reads(c[j]) /\ Reads(c[k])
    \/ kind = "wmb" /\ Writes(c[j]) /\ Writes(c[k])

ProcessorKeeps(order, c, j, k) ==
  PairKeeps(order, c, j, k) \/ FenceKeeps(c, j, k)

(*------------------------- what is computed once --------------------------*)
(* TLC works functions out at each application, unless TLCEval tells it to  *)
(* make a table of this one.                                                *)
Table(f) == TLCEval(f)

(* A schedule without its fences. Each instruction comes with               *)
(*   is     the instruction                                                 *)
(*   fences the fences that stood just before it, to show them to people    *)
(*   after  the positions that must be performed before it                  *)
(*   from   the positions of earlier stores to its word                     *)
(*   uses   for each register it takes: <<it, the positions that take it>>  *)
Assemble(order, c) ==
  LET kept        == {k \in DOMAIN c : ~IsFence(c[k])}
      position(k) == Cardinality({j \in kept : j <= k})
      takers(r)   == {position(j) : j \in {j \in kept :
                                             r \in Takes(c[j])}}
      before(k)   == {j \in kept : j < k}
      fences(k)   == SelectSeq([n \in 1..(k - 1) |->
                       IF \A j \in before(k) : j < n THEN c[n]
                                                     ELSE [op |-> ""]],
                       LAMBDA f : f.op # "")
  IN Table([n \in 1..Cardinality(kept) |->
        LET k == CHOOSE k \in kept : position(k) = n IN
        [is     |-> c[k],
         fences |-> fences(k),
         after  |-> {position(j) : j \in {j \in before(k) :
                                            ProcessorKeeps(order, c, j, k)}},
         from   |-> {position(j) : j \in {j \in before(k) :
                                            /\ Writes(c[j])
                                            /\ SameAddr(c[j], c[k])}},
         uses   |-> {<<r, takers(r)>> : r \in Takes(c[k])}]])

RECURSIVE Enumerate(_)
Enumerate(S) == IF S = {} THEN <<>>
                ELSE LET x == CHOOSE x \in S : TRUE
                     IN  <<x>> \o Enumerate(S \ {x})

Compiled ==
  Table([t \in Thread |->
    LET p   == Table(Program[t])
        all == Enumerate(Schedules(p, {}, <<>>))
    IN  Table([n \in DOMAIN all |->
          Assemble(Order, Table([k \in DOMAIN p |-> p[all[n][k]]]))])])

(* The code of thread t in this behaviour, and the threads that have one.   *)
(* What a machine does is about these alone: module Batch, which runs many  *)
(* programs in one model, has its own Code.                                 *)
Code(t)  == Compiled[t][code[t]]
Running  == DOMAIN code
Positions(t) == DOMAIN Code(t)

(* Every choice of one schedule per thread. TLC would enumerate a filtered  *)
(* set of functions in full, the impossible ones too.                       *)
RECURSIVE ChoicesOf(_)
ChoicesOf(S) ==
  IF S = {} THEN {<<>>}
  ELSE LET t == CHOOSE t \in S : TRUE
       IN  {[u \in S |-> IF u = t THEN n ELSE rest[u]] :
              n \in DOMAIN Compiled[t], rest \in ChoicesOf(S \ {t})}
Choices == ChoicesOf(Thread)

Unread == -1
Written ==
  Table([t \in Thread |-> LET p == Program[t] IN
                         {p[k].dst : k \in DOMAIN p} \ {""}])
Register0 == Table([t \in Thread |-> Table([r \in Written[t] |-> Unread])])

(* Registers are written once; one that is taken is written before; and no  *)
(* thread stores to a word that it also finds through a pointer.            *)
IsWellFormed(p) ==
  \A j, k \in DOMAIN p :
    /\ j < k => p[j].dst = "" \/ p[j].dst # p[k].dst
    /\ \A r \in Takes(p[k]) : \E m \in 1..(k - 1) : p[m].dst = r
    /\ Writes(p[j]) => \A n \in DOMAIN p[k].base : p[k].base[n] # p[j].addr
    /\ p[k].mode \in Modes
ASSUME WellFormed == \A t \in Thread : IsWellFormed(Program[t])

(*------------------------------- performing -------------------------------*)
Max(S) == CHOOSE x \in S : \A y \in S : x >= y

(* Thread t performs position k of its code. A load, or an await, sees the  *)
(* latest store of its own thread to the word that is not performed yet,    *)
(* and the memory when there is none. A register whose last use this was is *)
(* forgotten, so that states that differ in it alone become one.            *)
Perform(t, k) ==
  LET c         == Code(t)
      i         == c[k].is
      reg       == register[t]
      goes      == i.guard = "" \/ reg[i.guard] \in i.given
      address   == IF i.addr = "*" THEN i.base[reg[i.use] + 1] ELSE i.addr
      value(j)  == IF j.expr # <<>> THEN Evaluate(j.expr, reg, Unread)
                   ELSE IF j.use = "" THEN j.val ELSE reg[j.use] + j.val
      unwritten == c[k].from \ performed[t]
      seen      == IF unwritten # {} THEN value(c[Max(unwritten)].is)
                                     ELSE memory[address]
      dead      == {u[1] : u \in {u \in c[k].uses :
                                    u[2] \ performed[t] = {k}}}
      kept      == [r \in DOMAIN reg |-> IF r \in dead THEN Unread
                                                       ELSE reg[r]]
      left      == IF dead = {} THEN reg ELSE kept
  IN
  /\ i.op # "ipi"
  /\ c[k].after \subseteq performed[t]
  /\ IF i.test # <<>>
     THEN Evaluate(i.test, reg, IF Reads(i) THEN seen ELSE Unread) # 0
     ELSE i.op = "await" /\ goes => seen \in i.ok
  /\ memory' = CASE i.op = "store" /\ goes ->
                      [memory EXCEPT ![address] = value(i)]
                 [] i.op = "swap" ->
                      [memory EXCEPT ![address] = Evaluate(i.expr, reg, seen)]
                 [] OTHER -> memory
  /\ register' = [register EXCEPT ![t] =
                    IF i.dst # "" /\ goes THEN [left EXCEPT ![i.dst] = seen]
                                          ELSE left]
  /\ pending' = IF i.op = "kill" THEN pending \cup {<<i.target, i.addr>>}
                                 ELSE pending
  /\ performed' = [performed EXCEPT ![t] = @ \cup {k}]
  /\ UNCHANGED <<taken, code>>

(*------------------------------- interrupts -------------------------------*)
(* An interrupt is taken between two instructions of the code as compiled.  *)
(* With a full barrier in its handler there is a moment when everything     *)
(* before that point is performed and nothing after it has begun. Without   *)
(* one, taking the interrupt promises nothing about the accesses.           *)
Precise(t) == performed[t] = 1..Cardinality(performed[t])
MayHandle(t) == HandlerHasBarrier => Precise(t)

(* Thread t takes the interrupt that s sends by position k of its code. The *)
(* last one to take it completes the instruction. Sending it is not a step  *)
(* of its own: it may as well have been sent just before the first one took *)
(* it.                                                                      *)
Reached(i, s) == IF i.scope = {} THEN Running \ {s} ELSE i.scope
Interrupt(s, k, t) ==
  LET c    == Code(s)
      done == taken[s] \cup {t}
  IN
  /\ c[k].is.op = "ipi"
  /\ t \in Reached(c[k].is, s)
  /\ c[k].after \subseteq performed[s]
  /\ MayHandle(t)
  /\ IF done = Reached(c[k].is, s)
     THEN /\ taken' = [taken EXCEPT ![s] = {}]
          /\ performed' = [performed EXCEPT ![s] = @ \cup {k}]
     ELSE /\ taken' = [taken EXCEPT ![s] = done]
          /\ UNCHANGED performed
  /\ UNCHANGED <<memory, register, pending, code>>

(* A thread handles a signal: barrier, clear the word, barrier.             *)
Handle(signal) ==
  /\ MayHandle(signal[1])
  /\ memory' = [memory EXCEPT ![signal[2]] = 0]
  /\ pending' = pending \ {signal}
  /\ UNCHANGED <<register, performed, taken, code>>

(*--------------------------- the whole machine ----------------------------*)
Finished == /\ \A t \in Running : performed[t] = Positions(t)
            /\ pending = {}

Init == /\ memory = Memory0
        /\ register = Register0
        /\ performed = [t \in Thread |-> {}]
        /\ taken = [t \in Thread |-> {}]
        /\ pending = {}
        /\ code \in Choices

Left(t) == Positions(t) \ performed[t]

SomePerform   == \E t \in Running : \E k \in Left(t) : Perform(t, k)
SomeInterrupt == \E s \in Running : \E k \in Left(s) :
                   \E t \in Running \ ({s} \cup taken[s]) : Interrupt(s, k, t)
SomeHandle    == \E signal \in pending : Handle(signal)

(* A finished machine stays as it is, so that only a hang is a deadlock.    *)
Rest          == Finished /\ UNCHANGED vars

Next == SomePerform \/ SomeInterrupt \/ SomeHandle \/ Rest

Spec == Init /\ [][Next]_vars

TypeOK ==
  /\ DOMAIN memory = DOMAIN Memory0
  /\ \A a \in DOMAIN memory : memory[a] \in Int
  /\ \A t \in Thread :
       /\ DOMAIN register[t] = Written[t]
       /\ \A r \in Written[t] : register[t][r] \in Int
       /\ performed[t] \subseteq Positions(t)
       /\ taken[t] \subseteq Thread \ {t}
       /\ code[t] \in DOMAIN Compiled[t]
  /\ \A signal \in pending : signal \in Thread \X DOMAIN memory

(* Nothing is performed before what must precede it.                        *)
OrderIsKept ==
  \A t \in Running : \A k \in performed[t] :
    Code(t)[k].after \subseteq performed[t]

(*------------------------------- for people -------------------------------*)
(* The code of every thread in every schedule, in words. A tool prints it   *)
(* once (ASSUME PrintT(Listing)) and can then show a trace as a table.      *)
Wording(i) ==
  LET sum == IF i.val = 0 THEN i.use
             ELSE i.use \o " + (" \o ToString(i.val) \o ")"
      plain ==
        CASE i.op = "load"  -> IF i.addr = "*" THEN "load *" \o i.use
                                               ELSE "load " \o i.addr
          [] i.op = "store" -> i.addr \o " <- " \o
                               (IF i.expr # <<>> THEN InWords(i.expr)
                                ELSE IF i.use = "" THEN ToString(i.val)
                                                   ELSE sum)
          [] i.op = "swap"  -> "swap " \o i.addr \o " <- " \o
                               InWords(i.expr)
          [] i.op = "await" -> "await " \o i.addr \o
                               (IF i.test # <<>> THEN ""
                                ELSE " in " \o ToString(i.ok))
          [] i.op = "ipi"   -> IF i.scope = {} THEN "interrupt all"
                               ELSE "interrupt " \o ToString(i.scope)
          [] i.op = "kill"  -> "signal " \o i.target
          [] OTHER          -> i.op
      mode == IF i.mode \in {"acquire", "release"}
              THEN " (" \o i.mode \o ")" ELSE ""
      given == IF i.guard = "" THEN ""
               ELSE " if " \o i.guard \o " in " \o ToString(i.given)
      when == IF i.test = <<>> THEN "" ELSE " when " \o InWords(i.test)
  IN  plain \o mode \o given \o when

Listing ==
  [t \in Thread |-> [n \in DOMAIN Compiled[t] |->
     [k \in DOMAIN Compiled[t][n] |->
        LET line == Compiled[t][n][k]
            i    == line.is
        IN  [text   |-> Wording(i),
             letter |-> i.letter,
             op     |-> i.op,
             addr   |-> i.addr,
             base   |-> i.base,
             dst    |-> i.dst,
             use    |-> i.use,
             val    |-> i.val,
             guard  |-> i.guard,
             given  |-> i.given,
             scope  |-> i.scope,
             after  |-> line.after,
             from   |-> line.from,
             fences |-> [m \in DOMAIN line.fences |->
                           [text |-> line.fences[m].op,
                            letter |-> line.fences[m].letter]]]]]]
==============================================================================
