----------------------------- MODULE Expression ------------------------------
(* Expressions over a thread's registers, as data: a number <<"num", n>>, a *)
(* register <<"reg", r>>, the value that the instruction itself has just    *)
(* read <<"read">>, or an operator of C with one or two operands, such as   *)
(* <<"+", e, f>>. <<"given", e, f>> is e, where a branch on f has chosen    *)
(* between this and another: it depends on both. C's rules for truth hold   *)
(* here, too: 0 is false, and comparisons give 1 or 0. && and || may have   *)
(* both operands worked out, since expressions have no effects.             *)
(*                                                                          *)
(* TLC's numbers have 32 bits. A value of C is the number that its bits are *)
(* when the highest is taken for a sign, whether its type has one or not:   *)
(* an unsigned -1 is -1. `+` and its like are those of an int, and wrap     *)
(* around; with `l` those of a long, which has no number here when it is    *)
(* large: TLC stops then, and nothing is said of the test. `u` and `U` are  *)
(* those without a sign, of an int and of a long.                           *)
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences
LOCAL INSTANCE TLC

LOCAL Truth(b) == IF b THEN 1 ELSE 0

(*------------------------------ 32 bits -----------------------------------*)
(* A number is two halves, high * 65536 + low; only the high one has a      *)
(* sign. No step goes beyond what TLC can count.                            *)
LOCAL Half    == 65536
LOCAL Low(a)  == a % Half
LOCAL High(a) == a \div Half
LOCAL Join(high, low) == (((high + 32768) % Half) - 32768) * Half + low

(* Small numbers need no halves.                                            *)
LOCAL IsSmall(a, most) == -most <= a /\ a <= most
LOCAL Plus(a, b) ==
  IF IsSmall(a, 1000000000) /\ IsSmall(b, 1000000000) THEN a + b
  ELSE LET low == Low(a) + Low(b)
       IN  Join(High(a) + High(b) + low \div Half, low % Half)
LOCAL Minus(a, b) ==
  IF IsSmall(a, 1000000000) /\ IsSmall(b, 1000000000) THEN a - b
  ELSE LET low == Low(a) - Low(b)
       IN  Join(High(a) - High(b) + low \div Half, low % Half)
LOCAL Times(a, b) ==
  IF IsSmall(a, 46340) /\ IsSmall(b, 46340) THEN a * b
  ELSE LET first  == Low(a) * (Low(b) % 256)
           second == Low(a) * (Low(b) \div 256)
           low    == (first % Half) + (second % 256) * 256
           high   == first \div Half + second \div 256 + low \div Half
       IN  Join(high + ((High(a) * Low(b)) % Half)
                      + ((Low(a) * High(b)) % Half),
                low % Half)

(* Bit by bit. All higher bits of a number are as its sign: 0, or 1 below 0.*)
RECURSIVE BitByBit(_, _, _)
LOCAL BitByBit(Bit(_, _), a, b) ==
  IF a \in {0, -1} /\ b \in {0, -1} THEN -Bit(a % 2, b % 2)
  ELSE Bit(a % 2, b % 2) + 2 * BitByBit(Bit, a \div 2, b \div 2)
LOCAL And(a, b) == a * b
LOCAL Or(a, b)  == IF a + b = 0 THEN 0 ELSE 1
LOCAL Xor(a, b) == (a + b) % 2

(*------------------- what C leaves open, and large longs ------------------*)
LOCAL OutOfRange == Assert(FALSE, "a long is too large for the machine")
LOCAL Divisor(b) == IF b = 0 THEN Assert(FALSE, "a division by zero") ELSE b
LOCAL Count(n, bits) ==
  IF 0 <= n /\ n < bits THEN n
  ELSE Assert(FALSE, "a shift by less than 0, or by all bits of the type")

(*------------------------ division, towards zero --------------------------*)
LOCAL Least == -2147483647 - 1
RECURSIVE Quotient(_, _)
LOCAL Quotient(a, b) ==
  IF b = Least THEN Truth(a = Least)
  ELSE IF b < 0 THEN IF b = -1 /\ a = Least THEN OutOfRange
                     ELSE -Quotient(a, -b)
  ELSE IF a >= 0 THEN a \div b ELSE (a + (b - 1)) \div b

(* Without a sign, a number below 0 is larger than one that is not.         *)
LOCAL Below(a, b) == IF (a < 0) = (b < 0) THEN a < b ELSE b < 0
LOCAL HalfOf(a)   == a \div 2 + 1073741824 + 1073741824
LOCAL BareQuotient(a, b) ==
  IF b < 0 THEN Truth(~Below(a, b))
  ELSE IF a >= 0 THEN a \div b
  ELSE LET about == Times(HalfOf(a) \div b, 2)
           rest  == Minus(a, Times(about, b))
       IN  IF Below(rest, b) THEN about ELSE Plus(about, 1)
LOCAL LongBareQuotient(a, b) ==
  IF b < 0 \/ a >= 0 THEN BareQuotient(a, b)
  ELSE IF b = 1 THEN a ELSE OutOfRange
LOCAL LongBareRest(a, b) ==
  IF b < 0 THEN IF Below(a, b) THEN a ELSE a - b
  ELSE IF a >= 0 THEN a % b ELSE IF b = 1 THEN 0 ELSE OutOfRange

(*-------------------------------- shifts ----------------------------------*)
LOCAL Left(a, n) == IF n = 31 THEN Times(Times(a, 1073741824), 2)
                              ELSE Times(a, 2^n)
LOCAL LongLeft(a, n) == IF a = 0 THEN 0
                        ELSE IF n > 30 THEN OutOfRange ELSE a * 2^n
LOCAL Right(a, n) == IF n > 30 THEN -Truth(a < 0) ELSE a \div 2^n
LOCAL BareRight(a, n) ==
  IF n = 0 \/ a >= 0 THEN Right(a, n)
  ELSE IF n = 1 THEN HalfOf(a)
  ELSE IF n = 31 THEN 1 ELSE a \div 2^n + 2^(32 - n)
LOCAL LongBareRight(a, n) ==
  IF n = 0 \/ a >= 0 THEN Right(a, n)
  ELSE IF n < 33 THEN OutOfRange ELSE (2^(63 - n) - 1) * 2 + 1

(*------------------------------ evaluation --------------------------------*)
RECURSIVE Evaluate(_, _, _)
Evaluate(e, reg, read) ==
  LET a == Evaluate(e[2], reg, read)
      b == Evaluate(e[3], reg, read)
  IN CASE e[1] = "num"  -> e[2]
       [] e[1] = "reg"  -> reg[e[2]]
       [] e[1] = "read" -> read
       [] e[1] = "given" -> a
       [] e[1] = "+"     -> Plus(a, b)
       [] e[1] = "-"     -> Minus(a, b)
       [] e[1] = "*"     -> Times(a, b)
       [] e[1] = "&"     -> BitByBit(And, a, b)
       [] e[1] = "|"     -> BitByBit(Or, a, b)
       [] e[1] = "^"     -> BitByBit(Xor, a, b)
       [] e[1] = "~"     -> -1 - a
       [] e[1] = "=="    -> Truth(a = b)
       [] e[1] = "!="    -> Truth(a # b)
       [] e[1] = "<"     -> Truth(a < b)
       [] e[1] = "<="    -> Truth(a <= b)
       [] e[1] = ">"     -> Truth(a > b)
       [] e[1] = ">="    -> Truth(a >= b)
       [] e[1] = "&&"    -> Truth(a # 0 /\ b # 0)
       [] e[1] = "||"    -> Truth(a # 0 \/ b # 0)
       [] e[1] = "!"     -> Truth(a = 0)
       [] e[1] = "<u"    -> Truth(Below(a, b))
       [] e[1] = "<=u"   -> Truth(~Below(b, a))
       [] e[1] = ">u"    -> Truth(Below(b, a))
       [] e[1] = ">=u"   -> Truth(~Below(a, b))
       [] e[1] = "+l"    -> a + b
       [] e[1] = "-l"    -> a - b
       [] e[1] = "*l"    -> a * b
       [] e[1] = "/"     -> Quotient(a, Divisor(b))
       [] e[1] = "%"     -> a - b * Quotient(a, Divisor(b))
       [] e[1] = "/u"    -> BareQuotient(a, Divisor(b))
       [] e[1] = "%u"    -> Minus(a, Times(b, BareQuotient(a, Divisor(b))))
       [] e[1] = "/U"    -> LongBareQuotient(a, Divisor(b))
       [] e[1] = "%U"    -> LongBareRest(a, Divisor(b))
       [] e[1] = "<<"    -> Left(a, Count(b, 32))
       [] e[1] = "<<l"   -> LongLeft(a, Count(b, 64))
       [] e[1] = ">>"    -> Right(a, Count(b, 32))
       [] e[1] = ">>l"   -> Right(a, Count(b, 64))
       [] e[1] = ">>u"   -> BareRight(a, Count(b, 32))
       [] e[1] = ">>U"   -> LongBareRight(a, Count(b, 64))
       [] e[1] = "s8"    -> (((a % 256) + 128) % 256) - 128
       [] e[1] = "u8"    -> a % 256
       [] e[1] = "s16"   -> (((a % Half) + 32768) % Half) - 32768
       [] e[1] = "u16"   -> a % Half
       [] e[1] = "zext"  -> IF a < 0 THEN OutOfRange ELSE a

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
