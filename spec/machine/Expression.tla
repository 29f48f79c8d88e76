----------------------------- MODULE Expression ------------------------------
(* Expressions over a thread's registers, as data: a number <<"num", n>>, a *)
(* register <<"reg", r>>, the value that the instruction itself has just    *)
(* read <<"read">>, or an operator of C with one or two operands, such as   *)
(* <<"+", e, f>>. <<"given", e, f>> is e, where a branch on f has chosen    *)
(* between this and another: it depends on both. C's rules for truth hold   *)
(* here, too: 0 is false, and comparisons give 1 or 0. && and || may have   *)
(* both operands worked out, since expressions have no effects.             *)
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences
LOCAL INSTANCE TLC

LOCAL Truth(b) == IF b THEN 1 ELSE 0

(* Bit by bit, for numbers from 0 on.                                       *)
RECURSIVE BitByBit(_, _, _)
LOCAL BitByBit(Bit(_, _), a, b) ==
  IF a = 0 /\ b = 0 THEN 0
  ELSE Bit(a % 2, b % 2) + 2 * BitByBit(Bit, a \div 2, b \div 2)
LOCAL And(a, b) == a * b
LOCAL Or(a, b)  == IF a + b = 0 THEN 0 ELSE 1
LOCAL Xor(a, b) == (a + b) % 2

RECURSIVE Evaluate(_, _, _)
Evaluate(e, reg, read) ==
  LET a == Evaluate(e[2], reg, read)
      b == Evaluate(e[3], reg, read)
  IN CASE e[1] = "num"  -> e[2]
       [] e[1] = "reg"  -> reg[e[2]]
       [] e[1] = "read" -> read
       [] e[1] = "given" -> a
       [] e[1] = "+"     -> a + b
       [] e[1] = "-"     -> a - b
       [] e[1] = "*"     -> a * b
       [] e[1] = "&"     -> BitByBit(And, a, b)
       [] e[1] = "|"     -> BitByBit(Or, a, b)
       [] e[1] = "^"     -> BitByBit(Xor, a, b)
       [] e[1] = "=="    -> Truth(a = b)
       [] e[1] = "!="    -> Truth(a # b)
       [] e[1] = "<"     -> Truth(a < b)
       [] e[1] = "<="    -> Truth(a <= b)
       [] e[1] = ">"     -> Truth(a > b)
       [] e[1] = ">="    -> Truth(a >= b)
       [] e[1] = "&&"    -> Truth(a # 0 /\ b # 0)
       [] e[1] = "||"    -> Truth(a # 0 \/ b # 0)
       [] e[1] = "!"     -> Truth(a = 0)

(* The registers in an expression; none in the empty one.                   *)
RECURSIVE RegistersOf(_)
RegistersOf(e) ==
  IF e = <<>> \/ e[1] \in {"num", "read"} THEN {}
  ELSE IF e[1] = "reg" THEN {e[2]}
  ELSE UNION {RegistersOf(e[n]) : n \in 2..Len(e)}

(* For people: with an operator between its operands, or before its one.    *)
RECURSIVE InWords(_)
InWords(e) ==
  CASE e[1] = "num"  -> ToString(e[2])
    [] e[1] = "reg"  -> e[2]
    [] e[1] = "read" -> "what it reads"
    [] Len(e) = 2    -> e[1] \o InWords(e[2])
    [] OTHER         -> "(" \o InWords(e[2]) \o " " \o e[1] \o " "
                            \o InWords(e[3]) \o ")"
==============================================================================
