----------------------------- MODULE RingMutants -----------------------------
(* Ring with one step changed: what is easily done instead.                 *)
EXTENDS Ring

(* The outermost commits, leaves, and doesn't look again.                   *)
LookNoMore ==
  /\ Comes("LookAgain")
  /\ stack' = Popped
  /\ UNCHANGED <<ring, reserved, inside, story>> /\ Busy

(* It leaves before it commits: a handler has committed more meanwhile.     *)
LoadThenLeave ==
  /\ Comes("LoadReserved")
  /\ stack' = [stack EXCEPT ![Len(stack)].place = reserved,
                            ![Len(stack)].at = "Commit"]
  /\ inside' = FALSE
  /\ UNCHANGED <<ring, reserved, story>> /\ Busy

(* An event that is lost returns at once, without the handlers' records.    *)
LostReturns ==
  /\ Comes("Tell")
  /\ lost' = missed
  /\ stack' = Popped
  /\ inside' = IF Top.outermost THEN FALSE ELSE inside
  /\ UNCHANGED <<half, committed, tail, reserved, story>> /\ Busy

(* An event that is lost isn't counted.                                     *)
LostUncounted ==
  /\ Comes("Tell")
  /\ Then(End)
  /\ UNCHANGED <<ring, reserved, inside, story>> /\ Busy

(* How many were lost is told once, though a handler has lost one more.     *)
TellOnce ==
  /\ Comes("Tell")
  /\ lost' = Top.place
  /\ Then(End)
  /\ UNCHANGED <<half, committed, tail, reserved, inside, story>> /\ Busy

(* It looks for room, and then takes what comes next, as if no handler had  *)
(* taken that.                                                              *)
ReserveBlindly ==
  /\ Comes("Reserve")
  /\ reserved' = Top.place + 1
  /\ made' = Append(SubSeq(made, 1, Top.place), Top.event)
  /\ Then("WriteFirst")
  /\ UNCHANGED <<ring, inside, hits, away, by>> /\ Busy

(* A handler commits what it has written, and what lies below it, too.      *)
EverybodyCommits == "LoadReserved"

(* The event that its filter turns away is given back, and a handler's      *)
(* record above it, too.                                                    *)
GiveBackBlindly ==
  /\ Comes("Filter")
  /\ reserved' = Top.place
  /\ made' = SubSeq(made, 1, Top.place)
  /\ away' = away \cup {Top.event}
  /\ Then(End)
  /\ UNCHANGED <<ring, inside, hits, by>> /\ Busy

(* The writer doesn't look at what has been consumed.                       *)
NeverFull == FALSE

(* In overwrite mode: a full ring is overwritten, committed or not.         *)
FullOfTheCommitted == ~Overwrite /\ reserved - consumed >= Size

(* Where the recorder makes no difference, it rests.                        *)
RecorderRests == FALSE

(* `tail` is set to what it should have been before the handler came. It is *)
(* set right afterwards, which is too late for a recorder that looks now.   *)
RaiseBlindly ==
  /\ Comes("Raise")
  /\ tail' = Needed
  /\ Then("Know")
  /\ UNCHANGED <<half, committed, lost, reserved, inside, story>> /\ Busy
KnowAndMend ==
  /\ Comes("Know")
  /\ known' = Larger(known, Needed)
  /\ tail' = known'
  /\ Then("Reserve")
  /\ UNCHANGED <<half, committed, lost, reserved, inside, story>>
  /\ UNCHANGED <<alive, missed, handed, recorder>>

(* The thread relies on it, and then tells everybody.                       *)
KnowFirst ==
  /\ Comes("Raise")
  /\ known' = Larger(known, Needed)
  /\ Then("Know")
  /\ UNCHANGED <<ring, reserved, inside, story>>
  /\ UNCHANGED <<alive, missed, handed, recorder>>
RaiseNext ==
  /\ Comes("Know")
  /\ tail' = Larger(tail, Needed)
  /\ Then("Reserve")
  /\ UNCHANGED <<half, committed, lost, reserved, inside, story>> /\ Busy

(* `tail` is raised when the record has been written.                       *)
RaiseLater ==
  /\ Comes("Raise")
  /\ Then("Know")
  /\ UNCHANGED <<ring, reserved, inside, story>> /\ Busy
WriteThenRaise ==
  /\ Comes("WriteLast")
  /\ Put(2, Top.event)
  /\ tail' = Larger(tail, Needed)
  /\ Then(IF Filters THEN "Filter" ELSE End)
  /\ UNCHANGED <<committed, lost, reserved, inside, story>> /\ Busy

(* The recorder keeps what it has copied without a second look at `tail`.   *)
AllIsIntact == copied

(* The ring is taken while it still has records of the last thread.         *)
TakeEarly == TRUE

(* The next thread says that the ring is its own, and then since when.      *)
ClaimUse ==
  /\ alive /\ owner = Nobody /\ MayTake
  /\ owner' = use + 1
  /\ taking' = "StoreUse"
  /\ UNCHANGED <<ring, alive, use, begin, private, story, recorder>>
UseThenBegin ==
  /\ alive /\ taking = "StoreUse"
  /\ use' = use + 1
  /\ taking' = "StoreBegin"
  /\ UNCHANGED <<ring, alive, owner, begin, private, story, recorder>>
BeginLast ==
  /\ alive /\ taking = "StoreBegin"
  /\ begin' = committed
  /\ taking' = ""
  /\ UNCHANGED <<ring, alive, owner, use, private, story, recorder>>

(* The recorder looks at begin before it looks at use.                      *)
BeginBeforeUse ==
  /\ Stands("LookUse")
  /\ LET low == Larger(Larger(from, begin), tail)
     IN  from' = IF low > upto THEN upto ELSE low
  /\ step' = "LookBegin"
  /\ UNCHANGED <<consumed, upto, seen, copied, file, journal, crashes>>
  /\ Watched
UseAfterBegin ==
  /\ Stands("LookBegin")
  /\ seen' = use
  /\ step' = IF from >= upto THEN "Keep" ELSE "CopyFirst"
  /\ UNCHANGED <<consumed, from, upto, copied, file, journal, crashes>>
  /\ Watched

(* The recorder moves `consumed`, and then writes what it has copied.       *)
KeepLast ==
  /\ Stands("Keep")
  /\ consumed' = upto
  /\ step' = "Consume"
  /\ UNCHANGED <<from, upto, seen, copied, file, journal, crashes>>
  /\ Watched
ConsumeFirst ==
  /\ Stands("Consume")
  /\ file' = file \o Records(Intact)
  /\ journal' = upto
  /\ from' = upto
  /\ copied' = <<>> /\ seen' = 0
  /\ step' = "LookCommitted"
  /\ UNCHANGED <<consumed, upto, crashes>> /\ Watched

(* The next recorder goes on from where the ring says, not the file.        *)
BelievesTheRing == consumed

(* The recorder copies the places of the ring from the first to the last.   *)
ByPlaces ==
  /\ Stands("Keep")
  /\ LET places == SelectSeq([p \in 1..Size |-> p - 1],
                     LAMBDA q : \E p \in from..(upto - 1) : At(p) = q)
         inPlace == [n \in DOMAIN places |-> half[places[n]]]
     IN  file' = file \o Records(inPlace)
  /\ journal' = upto
  /\ from' = upto
  /\ step' = "Consume"
  /\ UNCHANGED <<consumed, upto, seen, copied, crashes>> /\ Watched

(* What a process has left when it died is not looked at.                   *)
OnlyTheLiving ==
  /\ alive /\ Stands("LookCommitted")
  /\ committed > from
  /\ upto' = committed
  /\ step' = "LookUse"
  /\ UNCHANGED <<consumed, from, seen, copied, file, journal, crashes>>
  /\ Watched
(* It moves consumed to where it began to copy.                             *)
ConsumeLate ==
  /\ Stands("Consume") /\ ~Overwrite
  /\ consumed' = from - Len(copied)
  /\ from' = upto
  /\ copied' = <<>> /\ seen' = 0
  /\ step' = "LookCommitted"
  /\ UNCHANGED <<upto, file, journal, crashes>> /\ Watched

(* One that goes on after another looks for something new, and only then    *)
(* moves consumed.                                                          *)
NeverBehind == FALSE

==============================================================================
