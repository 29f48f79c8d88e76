----------------------------- MODULE Instruction -----------------------------
(* A program is a sequence of instructions for one thread, and an instruc-  *)
(* tion is a record. This module has one operator for each kind, so that a  *)
(* program reads like the C that it stands for:                             *)
(*                                                                          *)
(*     <<Store("x", 1)>> \o Point("E", "membarrier") \o <<Load("r", "y")>>  *)
(*                                                                          *)
(* is "x = 1; membarrier(); r = y". What the instructions do, and in which  *)
(* order, is the business of module Machine.                                *)
(*                                                                          *)
(* A program has no jumps. A loop that waits for a word to take one of some *)
(* values is one instruction, `await`; a branch is an instruction under a   *)
(* condition on a register (If). Registers are written once: a second load  *)
(* takes a second register, as if the processor had already renamed them.   *)
LOCAL INSTANCE Sequences

(* `op`      what it is: an access (load, store, swap, await), a branch, an *)
(*           interrupt sent to others (ipi, kill), or a fence (Fences)      *)
(* `mode`    what an access promises by itself (Modes, below)               *)
(* `dst`     the register that a load, a swap, or an await, writes          *)
(* `addr`    the word accessed; "*" for one found through a pointer         *)
(* `base`    the words that such a pointer may point to: value n, word n+1  *)
(* `use`     the register that is stored, or that holds the pointer         *)
(* `val`     the value stored (added to the register's, when there is one)  *)
(* `ok`      the values that an await waits for                             *)
(* `guard`   the register of the condition it is under; "" when under none  *)
(* `given`   the values of that register for which it is carried out        *)
(* `expr`    the value stored as an expression (module Expression), where   *)
(*           it is more than a register and a number; else <<>>             *)
(* `test`    an expression that must not be 0 for it to be performed, or    *)
(*           <<>>. Both may speak of the value that it reads                *)
(* `past`    the numbers of branches that it stands under no more           *)
(* `target`  the thread that a signal is sent to                            *)
(* `scope`   the threads that an interrupt goes to; {} for every other one  *)
(* `letter`  the ordering point of the protocol that it stands for, or ""   *)
LOCAL Blank ==
  [op |-> "", mode |-> "relaxed", dst |-> "", addr |-> "", base |-> <<>>,
   use |-> "", val |-> 0, ok |-> {}, guard |-> "", given |-> {},
   expr |-> <<>>, test |-> <<>>, past |-> {}, target |-> "",
   scope |-> {}, letter |-> ""]

(* How an access may be moved by the compiler, and what it orders:          *)
(*   relaxed   plain data, and C11's relaxed atomics: may be moved over any *)
(*             access that it does not depend on                            *)
(*   once      READ_ONCE, WRITE_ONCE, volatile: not over another such       *)
(*   acquire   what follows it stays after it                               *)
(*   release   what precedes it stays before it                             *)
Modes == {"relaxed", "once", "acquire", "release"}

(*-------------------------------- accesses --------------------------------*)
Load(dst, addr)  == [Blank EXCEPT !.op = "load", !.dst = dst, !.addr = addr]
Store(addr, val) == [Blank EXCEPT !.op = "store", !.addr = addr,
                                  !.val = val]

(* Store what was loaded, or that and a number: addr = src + plus.          *)
StoreReg(addr, src, plus) == [Store(addr, plus) EXCEPT !.use = src]

(* Load through a pointer: dst = *ptr. The processor cannot do so before it *)
(* has the pointer: this is the dependency that rcu_dereference lives on.   *)
Deref(dst, ptr, base) == [Load(dst, "*") EXCEPT !.use = ptr, !.base = base]

(* Load a word again and again until its value is one of ok.                *)
Await(addr, ok)          == [Blank EXCEPT !.op = "await", !.addr = addr,
                                          !.ok = ok]
AwaitInto(dst, addr, ok) == [Await(addr, ok) EXCEPT !.dst = dst]


(* Store the value of an expression: addr = expr.                           *)
StoreExpr(addr, expr) == [Store(addr, 0) EXCEPT !.expr = expr]

(* Read a word and write it in one step: dst = addr; addr = expr.           *)
Swap(dst, addr, expr) == [Blank EXCEPT !.op = "swap", !.dst = dst,
                                       !.addr = addr, !.expr = expr]

(* A branch that goes as `test` says. The processor may predict that it     *)
(* does: what follows it may be performed before it, if it is a load. If it *)
(* goes the other way, this program is never finished. A thread with        *)
(* branches has a program for each way through them (module Batch).         *)
Branch(test) == [Blank EXCEPT !.op = "branch", !.mode = "once",
                              !.test = test]

(* Where the two ways of a branch have come together again, the compiler    *)
(* may have made it one that the processor does not know of, by selecting   *)
(* values. So what stands after that is not held back by it. Such branches  *)
(* have numbers, in `val`.                                                  *)
Numbered(n, branch)   == [branch EXCEPT !.val = n]
Past(numbers, access) == [access EXCEPT !.past = numbers]

(* An access that this program performs only if the test holds; else the    *)
(* program is never finished, as with a branch. Unlike a branch, it holds   *)
(* nothing else back. A compare-and-swap that succeeds is such a swap, one  *)
(* that fails is such a load; and an access through a pointer is one for    *)
(* each word that the pointer may hold the address of.                      *)
When(test, access) == [access EXCEPT !.test = test]

(* The same access with another promise; the same under a condition.        *)
In(mode, access)      == [access EXCEPT !.mode = mode]
If(reg, given, instr) == [instr EXCEPT !.guard = reg, !.given = given]

(*--------------------------------- fences ---------------------------------*)
(* barrier   the compiler moves nothing over it; the processor may          *)
(* acquire   reads before it, before all accesses after it                  *)
(* release   all accesses before it, before writes after it                 *)
(* rmb, wmb  reads before reads; writes before writes                       *)
(* mb        everything before everything                                   *)
(* All of them are also barriers to the compiler.                           *)
Fences == {"barrier", "acquire", "release", "rmb", "wmb", "mb"}

Fence(kind) == [Blank EXCEPT !.op = kind]

(* An interrupt to every other thread, complete when each has taken it.     *)
(* membarrier() is this between two full barriers of the caller: the first  *)
(* orders what the caller did before the interrupts, the second what it     *)
(* does after them.                                                         *)
Ipi        == [Blank EXCEPT !.op = "ipi"]
Membarrier == <<Fence("mb"), Ipi, Fence("mb")>>

(* The same for some of the other threads alone: those of one address       *)
(* space, say. With none in its scope, what is left is the caller's own.    *)
MembarrierOf(threads) ==
  IF threads = {} THEN <<Fence("mb")>>
  ELSE <<Fence("mb"), [Ipi EXCEPT !.scope = threads], Fence("mb")>>

(* A signal to one thread, whose handler clears a word. The instruction     *)
(* only sends it: the sender has to await the word.                         *)
Kill(target, word) == [Blank EXCEPT !.op = "kill", !.target = target,
                                    !.addr = word]

(* What liburcu's signal flavour did in place of membarrier() until 2023: a *)
(* need-barrier flag and a signal for each reader, then a wait until each   *)
(* handler has cleared its flag. `readers` is a sequence of <<thread,       *)
(* flag>>.                                                                  *)
RECURSIVE Concat(_)
Concat(s) == IF s = <<>> THEN <<>> ELSE Head(s) \o Concat(Tail(s))
Signals(readers) ==
  Concat([n \in DOMAIN readers |->
            <<Store(readers[n][2], 1), Fence("mb"),
              Kill(readers[n][1], readers[n][2])>>])
  \o [n \in DOMAIN readers |-> Await(readers[n][2], {0})]
  \o <<Fence("mb")>>

(*---------------------------- ordering points -----------------------------*)
(* A place where a protocol orders two accesses has a letter, the same one  *)
(* in this specification, in the C, in the TypeScript and in the mutants.   *)
(* What stands there, its strength, is "none", the kind of a fence, or      *)
(* "membarrier".                                                            *)
Lettered(letter, program) ==
  [n \in DOMAIN program |-> [program[n] EXCEPT !.letter = letter]]

Point(letter, strength) ==
  Lettered(letter, CASE strength = "none"       -> <<>>
                     [] strength = "membarrier" -> Membarrier
                     [] OTHER                   -> <<Fence(strength)>>)

(* An ordering point before a store. "release" is then the store's own      *)
(* mode, which asks for less than a release fence: of later stores it says  *)
(* nothing.                                                                 *)
Before(letter, strength, store) ==
  IF strength = "release"
  THEN Lettered(letter, <<In("release", store)>>)
  ELSE Point(letter, strength) \o <<store>>
==============================================================================
