-------------------------------- MODULE Ring ---------------------------------
(* A thread's events go into a ring in shared memory, and a recorder brings *)
(* them into a file, step by step. Anybody may be interrupted, and anybody  *)
(* may be killed, between any two steps. Still no record is torn, or comes  *)
(* twice. While its process lives, an event that is over is recorded in the *)
(* end, counted as lost, or was turned away by its filter; in overwrite     *)
(* mode, a recording has all that lay in the ring between its ends.         *)
(*                                                                          *)
(* Positions only grow; position p lies at place p % Size.                  *)
(*                                                                          *)
(*     tail, consumed  <=  committed  <=  reserved                          *)
(*                                                                          *)
(* Signal handlers hit tracepoints, too. A handler comes between two steps  *)
(* of its thread and returns before the next, so it reserves above what its *)
(* thread has reserved, and must not commit: what lies below may not be     *)
(* written yet. The outermost section commits for all. Three things follow: *)
(*                                                                          *)
(*   - A position is reserved by compare-and-swap, since a handler may have *)
(*     reserved it after the look for room. `tail`, too, is only ever       *)
(*     raised, and the thread relies on that only when all can see it.      *)
(*   - A handler that comes between the outermost's last look at `reserved` *)
(*     and its end would be committed by nobody. So the outermost leaves,   *)
(*     looks again, and begins anew if there is more. It must have left by  *)
(*     then: who comes later commits by itself. And it commits nothing once *)
(*     it has left, since somebody else may have committed more.            *)
(*   - An event that is lost, or that its filter turns away, ends like any  *)
(*     other. There may be a handler's record to commit.                    *)
(*                                                                          *)
(* A ring outlives its thread. The next one takes it and goes on where the  *)
(* last has ended. `use` says whose the records from `begin` on are. The    *)
(* next one stores begin first, and the recorder looks at use first: so it  *)
(* never has the new use with the old begin.                                *)
(*                                                                          *)
(* The recorder writes a packet, with the position that it goes up to, and  *)
(* only then moves `consumed`. Killed between the two, it would record      *)
(* again; so the next recorder believes the file and not the ring. (A torn  *)
(* packet at the end of the file is as good as none: it is cut off.) And it *)
(* first moves `consumed` to where the file ends: a ring that was full then *)
(* would stay full, since nobody can commit anything that makes it look.    *)
(*                                                                          *)
(* In overwrite mode the recorder copies without consuming, looks at `tail` *)
(* again, and keeps what lies above. A record that isn't committed is never *)
(* overwritten, not even by its own thread's handler.                       *)
(*                                                                          *)
(* Everybody sees each step immediately here; what a processor may do to    *)
(* that is in RingOrder. Records have the size of one place here, and two   *)
(* halves, so that a torn one can be told.                                  *)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
  Size,                \* how many records the ring has room for
  Hits,                \* how many times a tracepoint is hit
  Depth,               \* 1, or 2 with a handler that interrupts its thread
  Threads,             \* how many threads have the ring, one after the other
  Overwrite,           \* a full ring loses the oldest record, not the newest
  Filters,             \* a filter may turn away what has been written
  Mortal,              \* the process may be killed
  Crashes              \* how many times the recorder is killed
ASSUME SizesArePositive ==
  Size \in Nat \ {0} /\ Hits \in Nat \ {0} /\ Threads \in Nat \ {0}
ASSUME DepthIsSmall   == Depth \in {1, 2}
ASSUME ModesAreKnown  == {Overwrite, Filters, Mortal} \subseteq BOOLEAN
ASSUME CrashesAreMany == Crashes \in Nat

Event   == 1..Hits
Thread  == 1..Threads
Place   == 0..(Size - 1)
Padding == -1
Nobody  == 0
At(p)   == p % Size

VARIABLES
  half,                \* [Place -> the two halves of what lies there]
  committed,           \* what lies below is complete
  tail,                \* what lies below has been overwritten
  consumed,            \* what lies below has been recorded
  lost,                \* events that found no room
  owner,               \* the thread that has the ring, or Nobody
  use,                 \* grows with each thread that takes it
  begin,               \* where the records of this use begin
  alive,               \* the process of these threads lives
  reserved,            \* the next position: the process's own
  known,               \* the tail as the process itself knows it
  missed,              \* events that found no room, as it knows
  inside,              \* somebody is inside and will commit: its own, too
  stack,               \* the tracepoint that is being hit, and above it the
                       \*   one of the handler that interrupts it
  taking,              \* the step at which the next thread is, that takes
                       \*   the ring; or ""
  hits,                \* events so far
  made,                \* for each position, the event that was put there
  away,                \* events that a filter has turned away
  by,                  \* [event -> the thread that it happened in]
  step,                \* the recorder's next step
  from, upto,          \* the positions that it copies
  seen,                \* the use that it takes them for
  copied,              \* what it has copied
  file,                \* the records written down
  journal,             \* the position that the file goes up to
  crashes              \* how many times it has been killed
ring     == <<half, committed, tail, lost>>
handed   == <<owner, use, begin, taking>>
private  == <<reserved, known, missed, inside, stack>>
story    == <<hits, made, away, by>>
process  == <<half, committed, tail, lost, alive, handed, private, story>>
recorder == <<consumed, step, from, upto, seen, copied, file, journal,
              crashes>>
vars     == <<process, recorder>>
\* Lanes: else = the recorder, not = half made

(*--------------------------------- a hit ----------------------------------*)
Top == stack[Len(stack)]
Comes(s) == alive /\ stack # <<>> /\ Top.at = s
Then(s)  == stack' = [stack EXCEPT ![Len(stack)].at = s]
Busy     == UNCHANGED <<alive, known, missed, handed, recorder>>

(* A thread comes to its tracepoint, or a handler of the thread does.       *)
Hit ==
  /\ alive /\ owner # Nobody /\ taking = ""
  /\ hits < Hits /\ Len(stack) < Depth
  /\ hits' = hits + 1
  /\ by' = Append(by, owner)
  /\ inside' = TRUE
  /\ stack' = Append(stack, [at |-> "Look", event |-> hits + 1, place |-> 0,
                             outermost |-> ~inside])
  /\ UNCHANGED <<ring, reserved, made, away>> /\ Busy

(* Is there room? What an event that is lost does next is what all do that  *)
(* are done with the ring (End).                                            *)
End == IF Top.outermost THEN "LoadReserved" ELSE "Return"
Full ==
  IF Overwrite THEN reserved - committed >= Size
               ELSE reserved - consumed >= Size
Look ==
  /\ Comes("Look")
  /\ missed' = IF Full THEN missed + 1 ELSE missed
  /\ stack' = [stack EXCEPT ![Len(stack)].place = reserved,
                 ![Len(stack)].at =
                   IF Full THEN "LoadMissed"
                   ELSE IF Overwrite /\ reserved - known >= Size
                   THEN "Raise" ELSE "Reserve"]
  /\ UNCHANGED <<ring, reserved, known, inside, story>>
  /\ UNCHANGED <<alive, handed, recorder>>

(* All are told how many were lost. A handler may have lost one meanwhile.  *)
LoadMissed ==
  /\ Comes("LoadMissed")
  /\ stack' = [stack EXCEPT ![Len(stack)].place = missed,
                            ![Len(stack)].at = "Tell"]
  /\ UNCHANGED <<ring, reserved, inside, story>> /\ Busy
Tell ==
  /\ Comes("Tell")
  /\ lost' = Top.place
  /\ Then(IF missed = Top.place THEN End ELSE "LoadMissed")
  /\ UNCHANGED <<half, committed, tail, reserved, inside, story>> /\ Busy

(* Everybody is told, and then the thread itself may rely on it: a handler  *)
(* that comes between the two finds that it has to tell everybody.          *)
Larger(a, b) == IF a > b THEN a ELSE b
Needed       == Top.place + 1 - Size
Raise ==
  /\ Comes("Raise")
  /\ tail' = Larger(tail, Needed)
  /\ Then("Know")
  /\ UNCHANGED <<half, committed, lost, reserved, inside, story>> /\ Busy
Know ==
  /\ Comes("Know")
  /\ known' = Larger(known, Needed)
  /\ Then("Reserve")
  /\ UNCHANGED <<ring, reserved, inside, story>>
  /\ UNCHANGED <<alive, missed, handed, recorder>>

Reserve ==
  /\ Comes("Reserve")
  /\ IF reserved = Top.place
     THEN /\ reserved' = reserved + 1
          /\ made' = Append(made, Top.event)
          /\ Then("WriteFirst")
     ELSE Then("Look") /\ UNCHANGED <<reserved, made>>
  /\ UNCHANGED <<ring, inside, hits, away, by>> /\ Busy

Put(n, value) ==
  half' = [half EXCEPT ![At(Top.place)] = [@ EXCEPT ![n] = value]]
WriteFirst ==
  /\ Comes("WriteFirst")
  /\ Put(1, Top.event)
  /\ Then("WriteLast")
  /\ UNCHANGED <<committed, tail, lost, reserved, inside, story>> /\ Busy
WriteLast ==
  /\ Comes("WriteLast")
  /\ Put(2, Top.event)
  /\ Then(IF Filters THEN "Filter" ELSE End)
  /\ UNCHANGED <<committed, tail, lost, reserved, inside, story>> /\ Busy

(* The filter looks at what has been written. What doesn't pass is given    *)
(* back; it stays as padding where a handler's record lies above it.        *)
Pass ==
  /\ Comes("Filter")
  /\ Then(End)
  /\ UNCHANGED <<ring, reserved, inside, story>> /\ Busy
Unmade == [made EXCEPT ![Top.place + 1] = Padding]
TurnAway ==
  /\ Comes("Filter")
  /\ IF reserved = Top.place + 1
     THEN /\ reserved' = Top.place
          /\ made' = SubSeq(made, 1, Top.place)
          /\ UNCHANGED half
     ELSE /\ half' = [half EXCEPT ![At(Top.place)] = <<Padding, Padding>>]
          /\ made' = Unmade
          /\ UNCHANGED reserved
  /\ away' = away \cup {Top.event}
  /\ Then(End)
  /\ UNCHANGED <<committed, tail, lost, inside, hits, by>> /\ Busy

(* The outermost commits what it and its handlers have written.             *)
LoadReserved ==
  /\ Comes("LoadReserved")
  /\ stack' = [stack EXCEPT ![Len(stack)].place = reserved,
                            ![Len(stack)].at = "Commit"]
  /\ UNCHANGED <<ring, reserved, inside, story>> /\ Busy
Commit ==
  /\ Comes("Commit")
  /\ committed' = Top.place
  /\ Then("Leave")
  /\ UNCHANGED <<half, tail, lost, reserved, inside, story>> /\ Busy
Leave ==
  /\ Comes("Leave")
  /\ inside' = FALSE
  /\ Then("LookAgain")
  /\ UNCHANGED <<ring, reserved, story>> /\ Busy
Popped == SubSeq(stack, 1, Len(stack) - 1)
LookAgain ==
  /\ Comes("LookAgain")
  /\ IF reserved = Top.place THEN stack' = Popped /\ UNCHANGED inside
                             ELSE Then("LoadReserved") /\ inside' = TRUE
  /\ UNCHANGED <<ring, reserved, story>> /\ Busy

(* A handler inside of somebody else's section leaves the rest to that.     *)
Return ==
  /\ Comes("Return")
  /\ stack' = Popped
  /\ UNCHANGED <<ring, reserved, inside, story>> /\ Busy

(*--------------------------- threads come and go --------------------------*)
ThreadEnds ==
  /\ alive /\ owner # Nobody /\ taking = "" /\ stack = <<>>
  /\ owner < Threads
  /\ owner' = Nobody
  /\ UNCHANGED <<ring, alive, use, begin, taking, private, story, recorder>>

(* In discard mode a ring is free when all of it has been recorded.         *)
MayTake == Overwrite \/ consumed = committed
Claim ==
  /\ alive /\ owner = Nobody /\ MayTake
  /\ owner' = use + 1
  /\ taking' = "StoreBegin"
  /\ UNCHANGED <<ring, alive, use, begin, private, story, recorder>>
StoreBegin ==
  /\ alive /\ taking = "StoreBegin"
  /\ begin' = committed
  /\ taking' = "StoreUse"
  /\ UNCHANGED <<ring, alive, owner, use, private, story, recorder>>
StoreUse ==
  /\ alive /\ taking = "StoreUse"
  /\ use' = use + 1
  /\ taking' = ""
  /\ UNCHANGED <<ring, alive, owner, begin, private, story, recorder>>

(* SIGKILL, at whichever step.                                              *)
Die ==
  /\ Mortal /\ alive
  /\ alive' = FALSE
  /\ UNCHANGED <<ring, handed, private, story, recorder>>

(*------------------------------ the recorder ------------------------------*)
Stands(s)  == step = s
Watched    == UNCHANGED process
Position   == from + Len(copied)

LookCommitted ==
  /\ Stands("LookCommitted")
  /\ committed > (IF Overwrite THEN -1 ELSE from)
  /\ upto' = committed
  /\ step' = "LookUse"
  /\ UNCHANGED <<consumed, from, seen, copied, file, journal, crashes>>
  /\ Watched
LookUse ==
  /\ Stands("LookUse")
  /\ seen' = use
  /\ step' = "LookBegin"
  /\ UNCHANGED <<consumed, from, upto, copied, file, journal, crashes>>
  /\ Watched

(* What was committed under an earlier use has been recorded (discard), or  *)
(* is nobody's any more (overwrite).                                        *)
LookBegin ==
  /\ Stands("LookBegin")
  /\ LET low == Larger(Larger(from, begin), tail)
     IN  /\ from' = IF low > upto THEN upto ELSE low
         /\ step' = IF low >= upto THEN "Keep" ELSE "CopyFirst"
  /\ UNCHANGED <<consumed, upto, seen, copied, file, journal, crashes>>
  /\ Watched

Source == At(Position)
CopyFirst ==
  /\ Stands("CopyFirst")
  /\ copied' = Append(copied, <<half[Source][1], 0>>)
  /\ step' = "CopyLast"
  /\ UNCHANGED <<consumed, from, upto, seen, file, journal, crashes>>
  /\ Watched
CopyLast ==
  /\ Stands("CopyLast")
  /\ LET n == Len(copied)
     IN  copied' = [copied EXCEPT ![n][2] = half[At(from + n - 1)][2]]
  /\ step' = IF Position < upto THEN "CopyFirst" ELSE "Keep"
  /\ UNCHANGED <<consumed, from, upto, seen, file, journal, crashes>>
  /\ Watched

(* What has been overwritten meanwhile isn't kept.                          *)
Intact ==
  LET first == IF Overwrite THEN Larger(tail - from, 0) ELSE 0
  IN  SubSeq(copied, first + 1, Len(copied))
Records(kept) ==
  LET real == SelectSeq(kept, LAMBDA r : r[1] # Padding)
  IN  [n \in DOMAIN real |-> [halves |-> real[n], use |-> seen]]

(* One write: it is in the file with its position, or it isn't.             *)
Keep ==
  /\ Stands("Keep")
  /\ file' = (IF Overwrite THEN <<>> ELSE file) \o Records(Intact)
  /\ journal' = upto
  /\ from' = upto - Len(Intact)
  /\ step' = "Consume"
  /\ UNCHANGED <<consumed, upto, seen, copied, crashes>> /\ Watched
Consume ==
  /\ Stands("Consume") /\ ~Overwrite
  /\ consumed' = upto
  /\ from' = upto
  /\ copied' = <<>> /\ seen' = 0
  /\ step' = "LookCommitted"
  /\ UNCHANGED <<upto, file, journal, crashes>> /\ Watched

Crash ==
  /\ step # "dead" /\ crashes < Crashes
  /\ crashes' = crashes + 1
  /\ step' = "dead"
  /\ copied' = <<>> /\ seen' = 0 /\ from' = 0 /\ upto' = 0
  /\ UNCHANGED <<consumed, file, journal>> /\ Watched
GoesOnFrom == Larger(journal, consumed)
IsBehind   == ~Overwrite /\ consumed < GoesOnFrom
Succeed ==
  /\ Stands("dead")
  /\ from' = GoesOnFrom /\ upto' = GoesOnFrom
  /\ step' = IF IsBehind THEN "Consume" ELSE "LookCommitted"
  /\ UNCHANGED <<consumed, seen, copied, file, journal, crashes>> /\ Watched

(*-------------------------------- the whole -------------------------------*)
Init ==
  /\ half = [p \in Place |-> <<0, 0>>]
  /\ committed = 0 /\ tail = 0 /\ consumed = 0 /\ lost = 0
  /\ owner = 1 /\ use = 1 /\ begin = 0
  /\ alive = TRUE
  /\ reserved = 0 /\ known = 0 /\ missed = 0
  /\ inside = FALSE /\ stack = <<>> /\ taking = ""
  /\ hits = 0 /\ made = <<>> /\ away = {} /\ by = <<>>
  /\ step = "LookCommitted"
  /\ from = 0 /\ upto = 0 /\ seen = 0 /\ copied = <<>>
  /\ file = <<>> /\ journal = 0 /\ crashes = 0

InHit ==
  \/ Look \/ LoadMissed \/ Tell \/ Raise \/ Know \/ Reserve
  \/ WriteFirst \/ WriteLast \/ Pass \/ TurnAway
  \/ LoadReserved \/ Commit \/ Leave \/ LookAgain \/ Return
Take == Claim \/ StoreBegin \/ StoreUse
Recording ==
  \/ LookCommitted \/ LookUse \/ LookBegin \/ CopyFirst \/ CopyLast
  \/ Keep \/ Consume
Next ==
  \/ Hit \/ InHit \/ ThreadEnds \/ Take \/ Die
  \/ Recording \/ Crash \/ Succeed

Spec == Init /\ [][Next]_vars

(* A hit that has begun goes on, unless its process dies; the recorder goes *)
(* on, and somebody starts another when it has been killed.                 *)
FairSpec == Spec /\ WF_vars(InHit) /\ WF_vars(Take)
                 /\ WF_vars(Recording) /\ WF_vars(Succeed)

TypeOK ==
  /\ half \in [Place -> Seq(Event \cup {0, Padding})]
  /\ {committed, tail, consumed, reserved, known} \subseteq 0..Hits
  /\ {lost, missed, hits} \subseteq 0..Hits
  /\ {owner, use, seen} \subseteq 0..Threads /\ begin \in 0..Hits
  /\ {alive, inside} \subseteq BOOLEAN
  /\ Len(stack) <= Depth
  /\ taking \in {"", "StoreBegin", "StoreUse"}
  /\ Len(made) = reserved /\ away \subseteq Event
  /\ Len(by) = hits /\ \A e \in DOMAIN by : by[e] \in Thread
  /\ {from, upto, journal} \subseteq 0..Hits
  /\ crashes \in 0..Crashes

(*------------------------------ the promises ------------------------------*)
(* Two halves of one record.                                                *)
NoTornRecord == \A n \in DOMAIN file : file[n].halves[1] = file[n].halves[2]

(* Nothing is recorded twice, nor before what lay below it in the ring.     *)
Events(records) == [n \in DOMAIN records |-> records[n].halves[1]]
PlaceOf(e) == CHOOSE p \in DOMAIN made : made[p] = e
RecordedOnce ==
  \A m, n \in DOMAIN file :
    m < n => file[m].halves[1] # file[n].halves[1]
RecordedInOrder ==
  LET real == SelectSeq(Events(file), LAMBDA e : \E p \in DOMAIN made :
                                                   made[p] = e)
  IN  \A m, n \in DOMAIN real :
        m < n => PlaceOf(real[m]) <= PlaceOf(real[n])

(* A record is taken for that of the thread whose event it is.              *)
GivenToItsThread ==
  \A n \in DOMAIN file : file[n].use = by[file[n].halves[1]]

Idle == stack = <<>> /\ step = "LookCommitted"

(* When all is quiet, each event is in the file, or counted as lost, or was *)
(* turned away by its filter.                                               *)
LostIsMissing ==
  (/\ ~Overwrite /\ alive /\ Idle /\ from = committed)
    => hits = Len(file) + lost + Cardinality(away)

(* A snapshot has all that lay in the ring between its ends.                *)
SnapshotIsWhole ==
  (Overwrite /\ step = "Consume")
    => Events(file) = SelectSeq(SubSeq(made, from + 1, upto),
                                LAMBDA e : e # Padding)

(* An event that is over has been committed, whoever was interrupted.       *)
WhatIsOverIsCommitted == (alive /\ stack = <<>>) => committed = reserved

PositionsOnlyGrow ==
  [][/\ committed' >= committed /\ tail' >= tail
     /\ consumed' >= consumed]_<<committed, tail, consumed>>

(* What was committed is in the file in the end, whoever dies.              *)
CommittedIsRecorded ==
  \A p \in 1..Hits : (committed >= p) ~> (journal >= p)

(* And what is in the file gives back its room in the ring, whoever dies.   *)
RecordedMakesRoom ==
  \A p \in 1..Hits : (~Overwrite /\ journal >= p) ~> (consumed >= p)
==============================================================================
