---------------------------- MODULE SkipAndMark ------------------------------
(* Readers that an updater need not look at: none, if nobody is registered  *)
(* (it skips the grace period), and those in slots that nobody has ever had *)
(* (it scans up to a mark). A thread that registers says both, first:       *)
(*                                                                          *)
(*     register:    used = max(used, slot);  registered += 1;  K            *)
(*     a section:   announced = gp;  A;  use;  B;  announced = 0;  C        *)
(*     unregister:  L;  registered -= 1;  owner = 0                         *)
(*                                                                          *)
(*     updater:     publish;  J;  if registered == 0 { H;  return }         *)
(*                  E;  raise;  mark = used;  scan 1..mark;  H              *)
(*                                                                          *)
(* To skip is store buffering: publish, then look at the count, against     *)
(* count, then load the pointer. No barrier E is run on that way, so J and  *)
(* K must be full fences, in each flavour whose readers run none: where A   *)
(* is a full fence, it stands between the count and the use, and does what  *)
(* K is for. The thread that has unregistered is the other half: to see     *)
(* that it has, and to acquire (H), is to see what it did, if it releases   *)
(* (L). Here, too, C does it where it is a full fence. B does not: it holds *)
(* the use before the end of the announcement, and the count is another     *)
(* word.                                                                    *)
(*                                                                          *)
(* The mark asks for less. It is read after E. A thread that E finds inside *)
(* a section has A behind it, and so has raised the mark. A thread that has *)
(* not will see what was published. So A and E do it, and K has no part in  *)
(* it. Read before E, the mark leaves J and K to do the work: enough for    *)
(* the updater's own update; but not for that of another, a follower, which *)
(* has only seen that this grace period had not begun.                      *)
(*                                                                          *)
(* The scan and the load of the mark may come in either order: both are     *)
(* after E. So the load of the announcement is under no condition here, as  *)
(* if the processor had predicted that the slot is below the mark.          *)
EXTENDS Machine

CONSTANTS
  Way,           \* "skip": nobody is registered; "mark": the updater scans
  For,           \* mark: it runs for "itself", or for a "follower"
  Raised,        \* mark: a thread raises it when it "registers", or "late",
                 \*   when it has announced itself
  MarkRead,      \* mark: the updater reads it "after" E, or "before" it
  First,         \* skip: a thread that goes takes itself off the "count" or
                 \*   gives the "slot" back first
  A, B, C, D, E, H,  \* what stands at the letters of ReadSideProtocol
  J,             \* updater: publish, then look at the count (or at begun)
  K,             \* reader: counted and marked, then announce and use
  L              \* reader: use, then off the count
ASSUME WayIsKnown == Way \in {"skip", "mark"}
ASSUME ForIsKnown == For \in {"itself", "follower"}
ASSUME FollowersNeedAScan == For = "follower" => Way = "mark"
ASSUME OrdersAreKnown ==
  /\ Raised \in {"registers", "late"}
  /\ MarkRead \in {"after", "before"}
  /\ First \in {"count", "slot"}
ASSUME StrengthsAreKnown ==
  /\ {A, B, C, D, H, J, K, L} \subseteq Fences \cup {"none"}
  /\ E \in Fences \cup {"none", "membarrier", "signal"}

Threads == {"updater", "comer"}
           \cup (IF For = "follower" THEN {"follower"} ELSE {})
Fresh == 0
Live  == 1
Freed == 2
Old   == 3                        \* what is in the cell that will be freed
Words ==
  [head |-> 0, cell0 |-> Old, cell1 |-> Fresh, left |-> 0, gp |-> 1,
   announced |-> 0]
  @@ (IF Way = "skip" THEN [registered |-> 0, owner |-> 0]
                      ELSE [used |-> 0])
  @@ (IF For = "follower" THEN [begun |-> 0, ended |-> 0] ELSE <<>>)
  @@ (IF E = "signal" THEN [need |-> 0] ELSE <<>>)

(*-------------------------------- the reader ------------------------------*)
(* Each way has the words that it is about. Claiming the slot is the        *)
(* business of module SlotReuse.                                            *)
Add(word, n) == Swap("", word, <<"+", <<"read">>, <<"num", n>>>>)
Raise == <<Swap("", "used", <<"num", 1>>)>>

Register ==
  (IF Way = "skip" THEN <<Store("owner", 1), Add("registered", 1)>>
   ELSE IF Raised = "registers" THEN Raise ELSE <<>>)
  \o Point("K", K)

Cells == <<"cell0", "cell1">>
Section ==
  <<Load("number", "gp"), StoreReg("announced", "number", 0)>>
  \o Point("A", A)
  \o (IF Way = "mark" /\ Raised = "late" THEN Raise ELSE <<>>)
  \o <<Load("ptr", "head"), Deref("use", "ptr", Cells), Store("left", 1)>>
  \o Before("B", B, Store("announced", 0)) \o Point("C", C)

Unregister ==
  LET uncount == Before("L", L, Add("registered", -1))
      give    == <<In("release", Store("owner", 0))>>
  IN  IF Way = "mark" THEN <<>>
      ELSE IF First = "count" THEN uncount \o give ELSE give \o uncount

(*------------------------------- the updater ------------------------------*)
Update == <<Store("cell1", Live)>> \o Before("D", D, Store("head", 1))
Reclaim == Point("H", H) \o <<Store("cell0", Freed), Load("left", "left")>>

Everywhere ==
  IF E = "signal"
  THEN Lettered("E", Signals(<<<<"comer", "need">>>>))
  ELSE Point("E", E)

(* One look at the announcement. If the slot is below the mark and its      *)
(* reader late, the updater would look on; here it goes no further.         *)
Quiet ==
  <<"||", <<"==", <<"reg", "mark">>, <<"num", 0>>>>,
          <<"!=", <<"reg", "seen">>, <<"num", 1>>>>>>
GracePeriod ==
  LET mark == <<Load("mark", "used")>> IN
  (IF MarkRead = "before" THEN mark ELSE <<>>) \o Everywhere
  \o <<Store("gp", 2)>> \o (IF MarkRead = "after" THEN mark ELSE <<>>)
  \o <<Load("seen", "announced"), Branch(Quiet)>>

Updater ==
  CASE Way = "skip" ->
         Update \o Point("J", J) \o <<Await("registered", {0})>> \o Reclaim
    [] For = "itself" -> Update \o Point("J", J) \o GracePeriod \o Reclaim
    [] OTHER ->
         <<Store("begun", 1)>> \o GracePeriod \o Point("H", H)
         \o <<In("release", Store("ended", 1))>>
Follower ==
  Update \o Point("J", J) \o <<Await("begun", {0}), Await("ended", {1})>>
  \o Reclaim

Programs ==
  [t \in Threads |-> CASE t = "updater"  -> Updater
                       [] t = "follower" -> Follower
                       [] t = "comer"    -> Register \o Section \o Unregister]

(*------------------------------ the promises ------------------------------*)
Reclaimer == IF For = "follower" THEN "follower" ELSE "updater"
NoUseAfterFree == register["comer"]["use"] # Freed
NoUseBeforeInitialised == register["comer"]["use"] # Fresh

(* What a section that used the old cell has done is seen afterwards, if    *)
(* the updater gets there (Quiet).                                          *)
SectionsBeforeAreSeen ==
  ~ /\ register["comer"]["use"] = Old
    /\ register[Reclaimer]["left"] = 0
    /\ performed[Reclaimer] = Positions(Reclaimer)

(* A cell is freed when a thread that is still inside came too late for it; *)
(* and after a thread has used it, and gone. So both are violated.          *)
NobodyComesInBetween == ~(memory["announced"] # 0 /\ memory["cell0"] = Freed)
NobodyHasBeenThere ==
  ~(register["comer"]["use"] = Old /\ memory["cell0"] = Freed)
==============================================================================
