------------------------------- MODULE Litmus --------------------------------
(* The shapes of the literature, two to four threads and two words each,    *)
(* that tell one memory order from another. They justify the machine: for   *)
(* each it is known what sc, tso, pso and weak allow, and the claims beside *)
(* this module check it. The names are those of the herd tools and of the   *)
(* kernel's tools/memory-model/litmus-tests.                                *)
(*                                                                          *)
(*   MP        x=1; y=1           | r0=y; r1=x          r0=1, r1=0          *)
(*   MP+dep    x=1; y=&x          | r0=y; r1=*r0        r0=&x, r1=0         *)
(*   LB        r0=x; y=1          | r0=y; x=1           both 1              *)
(*   LB+data   r0=x; y=r0+1       | r0=y; x=r0+1        neither reads 0     *)
(*   LB+ctrl   while (x!=1); y=1  | while (y!=1); x=1   both loops end      *)
(*   S         x=2; y=1           | r0=y; x=1           r0=1, x=2 last      *)
(*   R         x=1; y=1           | y=2; r0=x           r0=0, y=2 last      *)
(*   2+2W      x=1; y=2           | y=1; x=2            x=1, y=1 last       *)
(*   CoRR      x=1                | r0=x; r1=x          r0=1, r1=0          *)
(*   CoWR      x=1; r0=x          | x=2                 r0=0                *)
(*   CoRW      r0=x; x=1          | x=2                 r0=2, x=2 last      *)
(*   CoWW      x=1; x=2           | r0=x                x=1 last            *)
(*   CoWWR     x=1; x=2; r0=x     | x=3                 r0=0 or r0=1        *)
(*   CoSwap    x=x+1 in one step; r0=x   | x=3          r0=0                *)
(*   CoCas     if x=0, x=1 in one step; r0=x  | x=3     r0=0                *)
(*   CoCasFail if x#0, r0=x, a swap that fails; r1=x | x=1    r1=0          *)
(*   CoIf      r0=y; if (r0==1) x=1; r1=x | r2=y        r1=1                *)
(*   Fwd       r0=x; y=r0+1; r1=y | x=1             r1=0                    *)
(*   SB+rfi    x=1; r0=x; r1=y    | the same mirrored   both r1 miss        *)
(*   IRIW      x=1 | y=1 | r0=x; r1=y | r0=y; r1=x      readers disagree    *)
(*   WRC       x=1 | r0=x; y=1 | r0=y; r1=x             1, 1, 0             *)
(*   MP+ctrl   x=1; y=1           | while (y!=1); r1=x  r1=0                *)
(*   MP+branch x=1; y=1           | r0=y; if (r0==1) r1=x    r0=1, r1=0     *)
(*   LB+branch r0=x; if (r0==1) y=1  | the same mirrored     both 1         *)
(*   SB+swap   r0=swap(x,1); r1=y | the same mirrored   both r1=0           *)
(*   Inc       r0=x; x=r0+1       | the same            x=1 last            *)
(*   Inc+swap  x=x+1 in one step  | the same            x=1 last            *)
(*                                                                          *)
(* Accesses are volatile, so that only the processor decides, unless the    *)
(* claim lets the compiler decide as well (Volatile = FALSE).               *)
EXTENDS Machine

CONSTANTS
  Shape,         \* one of the names above
  One,           \* what stands between the accesses of the writing thread(s)
  Other,         \* and of the others, or "acquire-load" for that mode
  Volatile       \* does the compiler keep the order of the accesses?
ASSUME ShapeIsKnown ==
  Shape \in {"MP", "MP+dep", "LB", "LB+data", "LB+ctrl", "S", "R", "2+2W",
             "CoRR", "CoWR", "CoRW", "CoWW", "CoWWR", "CoSwap", "CoCas",
             "CoCasFail", "CoIf", "Fwd", "SB+rfi", "IRIW", "WRC", "MP+ctrl",
             "MP+branch", "LB+branch", "SB+swap", "Inc", "Inc+swap"}
ASSUME StrengthsAreKnown ==
  /\ One \in Fences \cup {"none", "release-store"}
  /\ Other \in Fences \cup {"none", "acquire-load"}
ASSUME VolatileIsBoolean == Volatile \in BOOLEAN

Own(access) == IF Volatile THEN In("once", access) ELSE access
W(addr, val)  == Own(Store(addr, val))
L(reg, addr)  == Own(Load(reg, addr))

Increment     == Own(Swap("", "x", <<"+", <<"read">>, <<"num", 1>>>>))
Is(reg, n)    == <<"==", <<"reg", reg>>, <<"num", n>>>>

(* Two accesses with what should order them. A mode belongs to one of them. *)
Pair(strength, first, second) ==
  CASE strength = "release-store" -> <<first, In("release", second)>>
    [] strength = "acquire-load"  -> <<In("acquire", first), second>>
    [] OTHER -> <<first>> \o Point("", strength) \o <<second>>

By1(first, second) == Pair(One, first, second)
By2(first, second) == Pair(Other, first, second)

Bodies ==
  CASE Shape = "MP" ->
         <<By1(W("x", 1), W("y", 1)), By2(L("r0", "y"), L("r1", "x"))>>
    [] Shape = "MP+dep" ->
         <<By1(W("x", 1), W("y", 1)),
           <<L("r0", "y"), Deref("r1", "r0", <<"z", "x">>)>>>>
    [] Shape = "LB" ->
         <<By1(L("r0", "x"), W("y", 1)), By2(L("r0", "y"), W("x", 1))>>
    [] Shape = "LB+data" ->
         <<<<L("r0", "x"), Own(StoreReg("y", "r0", 1))>>,
           <<L("r0", "y"), Own(StoreReg("x", "r0", 1))>>>>
    [] Shape = "LB+ctrl" ->
         <<<<Own(Await("x", {1})), W("y", 1)>>,
           <<Own(Await("y", {1})), W("x", 1)>>>>
    [] Shape = "S" ->
         <<By1(W("x", 2), W("y", 1)), By2(L("r0", "y"), W("x", 1))>>
    [] Shape = "R" ->
         <<By1(W("x", 1), W("y", 1)), By2(W("y", 2), L("r0", "x"))>>
    [] Shape = "2+2W" ->
         <<By1(W("x", 1), W("y", 2)), By2(W("y", 1), W("x", 2))>>
    [] Shape = "CoRR" ->
         <<<<W("x", 1)>>, <<L("r0", "x"), L("r1", "x")>>>>
    [] Shape = "CoWR" ->
         <<<<W("x", 1), L("r0", "x")>>, <<W("x", 2)>>>>
    [] Shape = "CoRW" ->
         <<<<L("r0", "x"), W("x", 1)>>, <<W("x", 2)>>>>
    [] Shape = "CoWW" ->
         <<<<W("x", 1), W("x", 2)>>, <<L("r0", "x")>>>>
    [] Shape = "CoWWR" ->
         <<<<W("x", 1), W("x", 2), L("r0", "x")>>, <<W("x", 3)>>>>
    [] Shape = "CoSwap" ->
         <<<<Increment, L("r0", "x")>>, <<W("x", 3)>>>>
    [] Shape = "CoCas" ->
         <<<<When(<<"==", <<"read">>, <<"num", 0>>>>, Increment),
             L("r0", "x")>>,
           <<W("x", 3)>>>>
    [] Shape = "CoCasFail" ->
         <<<<When(<<"!=", <<"read">>, <<"num", 0>>>>, L("r0", "x")),
             L("r1", "x")>>,
           <<W("x", 1)>>>>
    [] Shape = "CoIf" ->
         <<<<L("r0", "y"), If("r0", {1}, W("x", 1)), L("r1", "x")>>,
           <<L("r2", "y")>>>>
    [] Shape = "Fwd" ->
         <<<<L("r0", "x"), Own(StoreReg("y", "r0", 1)), L("r1", "y")>>,
           <<W("x", 1)>>>>
    [] Shape = "SB+rfi" ->
         <<<<W("x", 1), L("r0", "x"), L("r1", "y")>>,
           <<W("y", 1), L("r0", "y"), L("r1", "x")>>>>
    [] Shape = "IRIW" ->
         <<By2(L("r0", "x"), L("r1", "y")), By2(L("r0", "y"), L("r1", "x")),
           <<W("x", 1)>>, <<W("y", 1)>>>>
    [] Shape = "WRC" ->
         <<By1(L("r0", "x"), W("y", 1)), By2(L("r0", "y"), L("r1", "x")),
           <<W("x", 1)>>>>
    [] Shape = "MP+ctrl" ->
         <<By1(W("x", 1), W("y", 1)),
           Pair(Other, Own(Await("y", {1})), L("r1", "x"))>>
    [] Shape = "MP+branch" ->
         <<By1(W("x", 1), W("y", 1)),
           Pair(Other, L("r0", "y"), Branch(Is("r0", 1)))
             \o <<L("r1", "x")>>>>
    [] Shape = "LB+branch" ->
         <<<<L("r0", "x"), Branch(Is("r0", 1)), W("y", 1)>>,
           <<L("r0", "y"), Branch(Is("r0", 1)), W("x", 1)>>>>
    [] Shape = "SB+swap" ->
         <<<<Own(Swap("r0", "x", <<"num", 1>>)), L("r1", "y")>>,
           <<Own(Swap("r0", "y", <<"num", 1>>)), L("r1", "x")>>>>
    [] Shape = "Inc" ->
         <<<<L("r0", "x"), Own(StoreReg("x", "r0", 1))>>,
           <<L("r0", "x"), Own(StoreReg("x", "r0", 1))>>>>
    [] Shape = "Inc+swap" ->
         <<<<Increment>>, <<Increment>>>>

Threads  == {"P" \o ToString(n - 1) : n \in DOMAIN Bodies}
Programs ==
  [t \in Threads |->
     LET n == CHOOSE n \in DOMAIN Bodies : t = "P" \o ToString(n - 1)
     IN  Bodies[n]]
Words    == [a \in {"x", "y", "z"} |-> IF a = "z" THEN 9 ELSE 0]

P(n, reg) == register["P" \o ToString(n)][reg]
Outcome ==
  CASE Shape = "MP"      -> P(1, "r0") = 1 /\ P(1, "r1") = 0
    [] Shape = "MP+dep"  -> P(1, "r1") = 0        \* 9 through the old pointer
    [] Shape = "LB"      -> P(0, "r0") = 1 /\ P(1, "r0") = 1
    [] Shape = "LB+data" -> memory["y"] # 1 /\ memory["x"] # 1
    [] Shape = "LB+ctrl" -> TRUE
    [] Shape = "S"       -> P(1, "r0") = 1 /\ memory["x"] = 2
    [] Shape = "R"       -> P(1, "r0") = 0 /\ memory["y"] = 2
    [] Shape = "2+2W"    -> memory["x"] = 1 /\ memory["y"] = 1
    [] Shape = "CoRR"    -> P(1, "r0") = 1 /\ P(1, "r1") = 0
    [] Shape = "CoWR"    -> P(0, "r0") = 0
    [] Shape = "CoRW"    -> P(0, "r0") = 2 /\ memory["x"] = 2
    [] Shape = "CoWW"    -> memory["x"] = 1
    [] Shape = "CoWWR"   -> P(0, "r0") \in {0, 1}
    [] Shape \in {"CoSwap", "CoCas"} -> P(0, "r0") = 0
    [] Shape = "CoCasFail" -> P(0, "r1") = 0
    [] Shape = "CoIf"    -> P(0, "r1") = 1
    [] Shape = "Fwd"     -> P(0, "r1") = 0
    [] Shape = "SB+rfi"  -> P(0, "r1") = 0 /\ P(1, "r1") = 0
    [] Shape = "IRIW"    -> /\ P(0, "r0") = 1 /\ P(0, "r1") = 0
                            /\ P(1, "r0") = 1 /\ P(1, "r1") = 0
    [] Shape = "WRC"     -> P(0, "r0") = 1 /\ P(1, "r0") = 1
                            /\ P(1, "r1") = 0
    [] Shape = "MP+ctrl" -> P(1, "r1") = 0
    [] Shape = "MP+branch" -> P(1, "r1") = 0      \* the branch is r0 = 1
    [] Shape = "LB+branch" -> TRUE
    [] Shape = "SB+swap"   -> P(0, "r1") = 0 /\ P(1, "r1") = 0
    [] Shape \in {"Inc", "Inc+swap"} -> memory["x"] = 1

OutcomeDoesNotOccur == ~(Finished /\ Outcome)
==============================================================================
