------------------------------- MODULE Library -------------------------------
(* What an RCU library promises to the threads that call it, and nothing    *)
(* about how it does that.                                                  *)
(*                                                                          *)
(* The idea. A call that never waits is one step. One that may wait is two: *)
(* it begins, and it returns. It MAY return as soon as nobody is inside any *)
(* more who was inside when it began; it MUST return when nobody is inside  *)
(* at all. In between, readers are inside who came later, and a library     *)
(* that can't tell them apart waits for them, too.                          *)
(*                                                                          *)
(* No library offers everything, so a claim says what it asks for. A driver *)
(* takes these steps on a real library: see conformance/drive.              *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Readers,                 \* the threads that read
  Updaters,                \* the threads that replace what is read; some of
                           \* them may read, too
  Deepest,                 \* so deep may sections nest
  Cells,                   \* how many places there are to publish in
  Offers                   \* what is asked of the library
Everything == {"register", "read", "qsbr", "offline", "synchronize", "call",
               "barrier", "poll", "fork", "stop", "end"}
ASSUME Cells \in Nat \ {0} /\ Deepest \in Nat /\ Offers \subseteq Everything

Threads == Readers \cup Updaters
Cell == 1..Cells
Nothing == 0
Qsbr == "qsbr" \in Offers

VARIABLES
  registered,              \* the readers that the library knows
  offline,                 \* those of them that don't read until they are
                           \* back
  depth,                   \* [Readers -> how many sections they are in]
  holds,                   \* [Readers -> the cell that they have found]
  published,               \* the cell that readers find
  cell,                    \* [Cell -> what has become of it: "free", "live",
                           \* "old" (replaced), or "called": a callback will
                           \* free it]
  mine,                    \* [Updaters -> what they have replaced]
  op,                      \* [Threads -> the call that they are in]
  must,                    \* [Threads -> the readers that it has to wait for]
  due,                     \* [Cell -> the readers that its callback has to
                           \* wait for]
  barred,                  \* [Threads -> the cells that a barrier waits for]
  owed,                    \* [Updaters -> the readers that stand between a
                           \* question and a yes]
  answer                   \* [Updaters -> 0: hasn't asked, 1: no, 2: yes]
\* Lanes: p = thread p, not = must due barred owed
readers == <<registered, offline, depth, holds>>
cells   == <<published, cell, mine>>
waiting == <<must, due, owed>>
polls   == <<owed, answer>>
vars == <<registered, offline, depth, holds, published, cell, mine, op, must,
          due, barred, owed, answer>>

(*------------------------------ who is inside -----------------------------*)
(* Readers of the flavour qsbr say when they are outside: all others that   *)
(* are online count as inside, whatever they do.                            *)
IsInside(r) ==
  IF Qsbr THEN r \in registered \ offline
               /\ op[r] \notin {"synchronize", "barrier"}
          ELSE depth[r] > 0
Inside == {r \in Readers : IsInside(r)}

(* A grace period that begins now, on behalf of t. A caller that is online  *)
(* does not wait for itself.                                                *)
WaitsFor(t) == IF Qsbr THEN Inside \ {t} ELSE Inside

(* Nobody has to wait for r any more.                                       *)
Without(set, r) == set \ {r}
Gone(r) == /\ must' = [t \in Threads |-> Without(must[t], r)]
           /\ due' = [c \in Cell |-> Without(due[c], r)]
           /\ owed' = [u \in Updaters |-> Without(owed[u], r)]

(*--------------------------------- readers --------------------------------*)
Idle(t)   == op[t] = "none"
Online(r) == r \in registered \ offline /\ Idle(r)

Registers == "register" \in Offers
Register(r) == /\ Registers /\ r \notin registered /\ Idle(r)
               /\ registered' = registered \cup {r}
               /\ UNCHANGED <<offline, depth, holds, cells, op, waiting,
                              barred, answer>>

Unregister(r) == /\ Registers /\ r \in registered /\ Idle(r) /\ depth[r] = 0
                 /\ registered' = registered \ {r}
                 /\ offline' = offline \ {r}
                 /\ Gone(r)
                 /\ UNCHANGED <<depth, holds, cells, op, barred, answer>>

Lock(r) == /\ Online(r) /\ depth[r] < Deepest
           /\ depth' = [depth EXCEPT ![r] = @ + 1]
           /\ UNCHANGED <<registered, offline, holds, cells, op, waiting,
                          barred, answer>>

(* Only the outermost unlock ends the section.                              *)
Ends(r) == depth[r] = 1
Unlock(r) == /\ Idle(r) /\ depth[r] > 0
             /\ depth' = [depth EXCEPT ![r] = @ - 1]
             /\ holds' = IF depth[r] = 1 THEN [holds EXCEPT ![r] = Nothing]
                                         ELSE holds
             /\ IF Ends(r) /\ ~Qsbr THEN Gone(r) ELSE UNCHANGED waiting
             /\ UNCHANGED <<registered, offline, cells, op, barred, answer>>

Dereference(r) == /\ "read" \in Offers /\ Online(r) /\ depth[r] > 0
                  /\ holds' = [holds EXCEPT ![r] = published]
                  /\ UNCHANGED <<registered, offline, depth, cells, op,
                                 waiting, barred, answer>>

(* What it has found is still there: see NoUseAfterFree.                    *)
Use(r) == /\ Idle(r) /\ holds[r] # Nothing
          /\ UNCHANGED vars

Quiescent(r) == /\ Qsbr /\ Online(r) /\ depth[r] = 0
                /\ Gone(r)
                /\ UNCHANGED <<readers, cells, op, barred, answer>>

GoOffline(r) == /\ "offline" \in Offers /\ Online(r) /\ depth[r] = 0
                /\ offline' = offline \cup {r}
                /\ Gone(r)
                /\ UNCHANGED <<registered, depth, holds, cells, op, barred,
                               answer>>

GoOnline(r) == /\ r \in offline /\ Idle(r)
               /\ offline' = offline \ {r}
               /\ UNCHANGED <<registered, depth, holds, cells, op, waiting,
                              barred, answer>>

(* The thread ends, and gives nothing back. Another one takes its place.    *)
End(r) == /\ "end" \in Offers
          /\ r \in registered \ Updaters /\ Idle(r)
          /\ registered' = registered \ {r}
          /\ offline' = offline \ {r}
          /\ depth' = [depth EXCEPT ![r] = 0]
          /\ holds' = [holds EXCEPT ![r] = Nothing]
          /\ Gone(r)
          /\ UNCHANGED <<cells, op, barred, answer>>

(*--------------------------------- updaters -------------------------------*)
(* Outside of sections: a call that waits for its own caller never returns. *)
MayWait(t) == Idle(t) /\ (t \in Readers => depth[t] = 0)

Publish(u) ==
  /\ Idle(u) /\ mine[u] = Nothing
  /\ \E c \in Cell :
       /\ cell[c] = "free" /\ \A d \in 1..c-1 : cell[d] # "free"
       /\ cell' = [cell EXCEPT ![published] = "old", ![c] = "live"]
       /\ published' = c
  /\ mine' = [mine EXCEPT ![u] = published]
  /\ UNCHANGED <<readers, op, waiting, barred, answer>>

(* A caller that is online leaves while it waits, and comes back.           *)
Deferred == {c \in Cell : cell[c] = "called"}
Begins(t, what) ==
  /\ MayWait(t)
  /\ op' = [op EXCEPT ![t] = what]
  /\ IF Qsbr /\ t \in Readers /\ what \in {"synchronize", "barrier"}
     THEN /\ must' = [s \in Threads |-> IF s = t THEN WaitsFor(t)
                                        ELSE Without(must[s], t)]
          /\ due' = [c \in Cell |-> Without(due[c], t)]
          /\ owed' = [u \in Updaters |-> Without(owed[u], t)]
     ELSE /\ must' = [must EXCEPT ![t] = WaitsFor(t)]
          /\ UNCHANGED <<due, owed>>
  /\ barred' = [barred EXCEPT ![t] = IF what = "barrier" THEN Deferred
                                                           ELSE {}]
  /\ UNCHANGED <<readers, cells, answer>>

(* It frees what its caller has replaced.                                   *)
Synchronize(u) == /\ "synchronize" \in Offers /\ mine[u] # Nothing
                  /\ Begins(u, "synchronize")

(* Somebody frees it later. Callable inside sections.                       *)
Call(u) == /\ "call" \in Offers
           /\ Idle(u) /\ mine[u] # Nothing /\ (u \in Readers => Online(u))
           /\ cell' = [cell EXCEPT ![mine[u]] = "called"]
           /\ due' = [due EXCEPT ![mine[u]] = Inside]
           /\ mine' = [mine EXCEPT ![u] = Nothing]
           /\ UNCHANGED <<readers, published, op, must, owed, barred, answer>>

MayRun(c) == due[c] = {}
Callback(c) == /\ cell[c] = "called" /\ MayRun(c)
               /\ cell' = [cell EXCEPT ![c] = "free"]
               /\ barred' = [t \in Threads |-> barred[t] \ {c}]
               /\ UNCHANGED <<readers, published, mine, op, waiting, answer>>

(* All callbacks have run that were asked for before.                       *)
Barrier(u) == "barrier" \in Offers /\ Begins(u, "barrier")

(* Is the grace period over? A no is always allowed, but a yes stays.       *)
AskedAbout == Inside
StartPoll(u) == /\ "poll" \in Offers /\ Idle(u) /\ answer[u] # 1
                /\ answer' = [answer EXCEPT ![u] = 1]
                /\ owed' = [owed EXCEPT ![u] = AskedAbout]
                /\ UNCHANGED <<readers, cells, op, must, due, barred>>

MaySayYes(u) == answer[u] = 2 \/ owed[u] = {}
MaySayNo(u)  == answer[u] # 2
Poll(u) == /\ Idle(u) /\ answer[u] # 0
           /\ \/ MaySayYes(u) /\ answer' = [answer EXCEPT ![u] = 2]
              \/ MaySayNo(u) /\ answer' = [answer EXCEPT ![u] = 1]
           /\ UNCHANGED <<readers, cells, op, waiting, barred>>

(*------------------------ processes and the worker ------------------------*)
(* A process is made in which only its caller is left. What that process    *)
(* does (a section, a grace period, a barrier) is over when this returns,   *)
(* whoever is inside here.                                                  *)
Fork(u) == "fork" \in Offers /\ Begins(u, "fork")

(* Whoever runs callbacks ends; somebody else will run what is left.        *)
Stop(u) == "stop" \in Offers /\ Begins(u, "stop")

(* Both may wait for callbacks that wait, and for others who wait.          *)
Quiet(t) == /\ \A c \in Cell : cell[c] # "called"
            /\ \A s \in Threads \ {t} : op[s] = "none"

(*------------------------- the calls that may wait ------------------------*)
MayReturn(t) ==
  CASE op[t] = "synchronize" -> must[t] = {}
    [] op[t] = "barrier"     -> barred[t] = {}
    [] OTHER                 -> op[t] # "none"

(* Where readers say when they are outside, each has to say so once; unless *)
(* grace periods follow each other: of several callers, or of the worker    *)
(* that runs callbacks and sees to polls.                                   *)
WorkerIsBusy == \/ \E u \in Updaters : answer[u] = 1
                \/ \E c \in Cell : cell[c] = "called"
EachHasSaidSo(t) == /\ Qsbr /\ op[t] = "synchronize" /\ must[t] = {}
                    /\ \A s \in Threads \ {t} : op[s] = "none"
                    /\ ~WorkerIsBusy
MustReturn(t) ==
  CASE op[t] \in {"synchronize", "barrier"} -> \/ Inside \ {t} = {}
                                              \/ EachHasSaidSo(t)
    [] op[t] = "none"                       -> FALSE
    [] OTHER -> Quiet(t) \/ Inside \ {t} = {}

(* A synchronize frees what its caller has replaced; a barrier nothing, but *)
(* where it must return, the last callbacks may run just before.            *)
Returns(t, freed) ==
  /\ op' = [op EXCEPT ![t] = "none"]
  /\ cell' = [c \in Cell |-> IF c \in freed THEN "free" ELSE cell[c]]
  /\ mine' = IF op[t] = "synchronize" THEN [mine EXCEPT ![t] = Nothing]
                                      ELSE mine
  /\ must' = [must EXCEPT ![t] = {}]
  /\ barred' = [s \in Threads |-> IF s = t THEN {} ELSE barred[s] \ freed]
  /\ UNCHANGED <<readers, published, due, owed, answer>>

Replaced(t)  == IF op[t] = "synchronize" THEN {mine[t]} ELSE {}
Return(t)    == MayReturn(t) /\ Returns(t, Replaced(t))
ReturnNow(t) == MustReturn(t) /\ Returns(t, Replaced(t) \cup barred[t])

(*--------------------------------- the whole ------------------------------*)
Init == /\ registered = IF Registers THEN {} ELSE Readers
        /\ offline = {}
        /\ depth = [r \in Readers |-> 0]
        /\ holds = [r \in Readers |-> Nothing]
        /\ published = 1
        /\ cell = [c \in Cell |-> IF c = 1 THEN "live" ELSE "free"]
        /\ mine = [u \in Updaters |-> Nothing]
        /\ op = [t \in Threads |-> "none"]
        /\ must = [t \in Threads |-> {}]
        /\ due = [c \in Cell |-> {}]
        /\ barred = [t \in Threads |-> {}]
        /\ owed = [u \in Updaters |-> {}]
        /\ answer = [u \in Updaters |-> 0]

ReaderStep(r) == \/ Register(r) \/ Unregister(r) \/ Lock(r) \/ Unlock(r)
                 \/ Dereference(r) \/ Use(r) \/ Quiescent(r)
                 \/ GoOffline(r) \/ GoOnline(r) \/ End(r)
UpdaterStep(u) == \/ Publish(u) \/ Synchronize(u) \/ Call(u) \/ Barrier(u)
                  \/ StartPoll(u) \/ Poll(u) \/ Fork(u) \/ Stop(u)
Next == \/ \E r \in Readers : ReaderStep(r)
        \/ \E u \in Updaters : UpdaterStep(u)
        \/ \E t \in Threads : Return(t) \/ ReturnNow(t)
        \/ \E c \in Cell : Callback(c)
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ registered \subseteq Readers /\ offline \subseteq registered
  /\ depth \in [Readers -> 0..Deepest]
  /\ holds \in [Readers -> Cell \cup {Nothing}]
  /\ published \in Cell
  /\ cell \in [Cell -> {"free", "live", "old", "called"}]
  /\ mine \in [Updaters -> Cell \cup {Nothing}]
  /\ op \in [Threads -> {"none", "synchronize", "barrier", "fork", "stop"}]
  /\ must \in [Threads -> SUBSET Readers]
  /\ due \in [Cell -> SUBSET Readers]
  /\ barred \in [Threads -> SUBSET Cell]
  /\ owed \in [Updaters -> SUBSET Readers]
  /\ answer \in [Updaters -> 0..2]

(* The promise that all others are for.                                     *)
NoUseAfterFree == \A r \in Readers : holds[r] # Nothing
                                       => cell[holds[r]] # "free"

(* When a barrier returns, the callbacks before it have run.                *)
BarrierWaits == [][\A t \in Threads :
  op[t] = "barrier" /\ op'[t] = "none"
    => \A c \in barred[t] : cell'[c] = "free"]_vars

(* A yes means that a grace period has passed, and that is not taken back.  *)
NoEarlyYes == [][\A u \in Updaters :
  answer[u] # 2 /\ answer'[u] = 2 => owed[u] = {}]_vars
YesStays == [][\A u \in Updaters :
  answer[u] = 2 /\ answer'[u] = 1 => StartPoll(u)]_vars

(* Both are about all that there was when they were asked for.              *)
BarrierTakesAll == [][\A t \in Threads :
  op[t] = "none" /\ op'[t] = "barrier"
    => \A c \in Cell : cell[c] = "called" => c \in barred'[t]]_vars
PollTakesAll == [][\A u \in Updaters :
  answer[u] # 1 /\ answer'[u] = 1 => Inside \subseteq owed'[u]]_vars

(* Where nobody is inside any more, a yes may be said.                      *)
YesIsPossible ==
  \A u \in Updaters : answer[u] = 1 /\ Inside = {} => MaySayYes(u)

(* Seen by one of its updaters, this is a grace period.                     *)
TheUpdater == CHOOSE u \in Updaters : TRUE
Abstract == INSTANCE GracePeriod WITH
              Reader <- Readers, inside <- Inside,
              running <- op[TheUpdater] = "synchronize",
              waits <- must[TheUpdater]
RefinesGracePeriod == Abstract!Spec

(* Who waits comes back, provided that readers leave; and what is deferred  *)
(* is done.                                                                 *)
LastUnlock(r) == Ends(r) /\ Unlock(r)
Goes == /\ \A t \in Threads : WF_vars(Return(t) \/ ReturnNow(t))
        /\ \A c \in Cell : WF_vars(Callback(c))
FairSpec == Spec /\ Goes /\ \A r \in Readers : /\ WF_vars(Unlock(r))
                                               /\ SF_vars(LastUnlock(r))
                                               /\ SF_vars(Quiescent(r))
ComesBack == \A t \in Threads : op[t] # "none" ~> op[t] = "none"
IsDone    == \A c \in Cell : cell[c] = "called" ~> cell[c] = "free"

(* A new process waits for nobody who isn't in it, and neither does the one *)
(* that made it, where nothing is deferred: nobody needs to leave.          *)
UnfairSpec == Spec /\ Goes
ForkReturns == \A t \in Threads : op[t] = "fork" /\ Quiet(t)
                                    ~> op[t] = "none"

(*--------------------------------- mutants --------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* A grace period waits for nobody.                                         *)
WaitsForNobody(t) == {}

(* Any unlock ends the section.                                             *)
EndsAtOnce(r) == TRUE

(* Whoever leaves is waited for all the same.                               *)
Remains(set, r) == set

(* A call returns when it likes.                                            *)
ReturnsEarly(t) == op[t] # "none"

(* A callback runs when it likes.                                           *)
RunsEarly(c) == TRUE

(* A poll says yes when it likes; or takes it back.                         *)
SaysYesEarly(u) == TRUE
SaysAnything(u) == TRUE

(* A barrier leaves out what could run at once; a question asks about       *)
(* nobody.                                                                  *)
DeferredDue  == {c \in Cell : cell[c] = "called" /\ due[c] # {}}
AsksForNobody == {}

(* A new process waits for the readers of the old one.                      *)
MayReturnLate(t) ==
  CASE op[t] = "synchronize" -> must[t] = {}
    [] op[t] = "barrier"     -> barred[t] = {}
    [] op[t] = "none"        -> FALSE
    [] OTHER                 -> Inside \ {t} = {}
MustReturnLate(t) == op[t] # "none" /\ Inside \ {t} = {}
==============================================================================
