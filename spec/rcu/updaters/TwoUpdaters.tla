---------------------------- MODULE TwoUpdaters ------------------------------
(* Two updaters of the number algorithm at a time, and which grace periods  *)
(* an updater may rely on.                                                  *)
(*                                                                          *)
(* The one that is watched replaces a cell and frees the old one; the other *)
(* runs grace periods for reasons of its own. What the first does about its *)
(* own grace period, its Way, is one of                                     *)
(*                                                                          *)
(*   lock    It runs one when the other has run its own (a mutex). Those who*)
(*           lead in Urcu do so, one after the other.                       *)
(*   swap    Both run theirs at the same time, and each raises the number   *)
(*           in one step (an atomic addition).                              *)
(*   plain   The same, but raising is a load and a store. Two that raise    *)
(*           the number to the same value do no harm, since each has its    *)
(*           barrier E behind it. One that is slow to store does harm if it *)
(*           takes the number back: a reader may announce a number that the *)
(*           next updater thinks nobody has seen yet.                       *)
(*   share   It runs none: it relies on one that the other runs. Which one? *)
(*           One that begins after its update. In Urcu all who do not lead  *)
(*           do so. There are three words to tell from, Look (Urcu: begun): *)
(*             begun   the last grace period that has begun. The other      *)
(*                     stores it before its barrier E.                      *)
(*             gp      the number, which is raised after E.                 *)
(*             ended   the last grace period that has ended.                *)
(*           It waits until Later more than the word says have ended.       *)
(*                                                                          *)
(* One that shares runs no barrier E; it must be content with the other's.  *)
(* That one interrupts all threads, and the sharing updater among them, but *)
(* each at a time of its own: its publication must be seen before the first *)
(* is interrupted. So it needs a full fence before it looks (Pass). Its own *)
(* ordering points have names. In Urcu, Pass is letter J, Then is H, and    *)
(* Done is M:                                                               *)
(*                                                                          *)
(*     publish;  Pass;  look;  wait;  Then;  free                           *)
(*     the other:  begun = n;  E;  raise;  scan;  H;  (Done) ended = n      *)
(*                                                                          *)
(* Two flavours have a question of their own. In signal, a reader has a     *)
(* flag, which the updater raises before it sends the signal, and which the *)
(* handler clears. With one flag for both updaters (Flags), the handler may *)
(* clear it for the signal that the other has sent. The updater that then   *)
(* finds it clear must know that the reader's barrier came after its own    *)
(* publication: so it needs a full fence before it raises the flag, or a    *)
(* flag of its own; or a lock, as in liburcu.                               *)
(*                                                                          *)
(* In qsbr the updater may itself be a thread that owes quiescent states.   *)
(* Then it goes offline before it waits for the other. If it stays online,  *)
(* the other waits for it, and both for ever, in every Way (Itself).        *)
EXTENDS Machine

CONSTANTS
  Way,           \* "lock", "swap", "plain" or "share"
  Look,          \* share: the word that tells which to wait for
  Later,         \* share: how many more than it says must have ended
  Periods,       \* how many grace periods the other runs
  Earlier,       \* swap, plain: how many the watched one has run before
  Marks,         \* does the reader leave a mark, which is looked for when
                 \*   the grace period has ended?
  A, B, D, E, H, \* what stands at the letters of ReadSideProtocol
  Pass,          \* share: publish, then look
  Then,          \* share: seen the end, then free
  Done,          \* share, lock: the mode of the store that says it is over
  Flags,         \* signal: each updater has its "own" flag at the reader, or
                 \*   there is "one"; or one, raised after a fence, "fenced"
  Announce,      \* what readers announce, as in ReadSideProtocol
  Itself         \* the watched updater is "no reader"; or it is one that is
                 \*   online (qsbr), and "goes offline" or "stays online"
ASSUME WayIsKnown == Way \in {"lock", "swap", "plain", "share"}
ASSUME LookIsKnown == Look \in {"begun", "gp", "ended"} /\ Later \in 0..2
ASSUME PeriodsAreFew == Periods \in 1..2
ASSUME OnceWithoutLock == Way \in {"swap", "plain"} => Periods = 1
ASSUME EarlierIsFew == Earlier \in 0..2 /\ Marks \in BOOLEAN
ASSUME StrengthsAreKnown ==
  /\ {A, B, D, H, Pass, Then} \subseteq Fences \cup {"none"}
  /\ E \in Fences \cup {"none", "membarrier", "signal"}
  /\ Done \in Modes
ASSUME FlagsAreKnown == Flags \in {"own", "one", "fenced"}
ASSUME AnnounceIsKnown ==
  /\ Announce \in {"sections", "quiescent states"}
  /\ Itself \in {"no reader", "goes offline", "stays online"}
  /\ Announce = "sections" => Itself = "no reader"

Threads == {"updater", "other", "reader"}
Need(u) == IF Flags = "own" THEN "need_" \o u ELSE "need"
Words ==
  [head |-> 0, cell0 |-> 3, cell1 |-> 0, gp |-> 1, announced |-> 0]
  @@ (IF Marks THEN [mark |-> 0] ELSE <<>>)
  @@ (IF Way \in {"swap", "plain"} THEN <<>> ELSE [ended |-> 0])
  @@ (IF Way = "share" THEN [begun |-> 0] ELSE <<>>)
  @@ (IF E = "signal" THEN [n \in {Need("updater"), Need("other")} |-> 0]
                      ELSE <<>>)
  @@ (IF Itself = "no reader" THEN <<>> ELSE [itself |-> 1])
Fresh == 0
Live  == 1
Freed == 2
Old   == 3                        \* what is in the cell that will be freed

(*-------------------------------- the reader ------------------------------*)
Cells == <<"cell0", "cell1">>
Use(ptr, use) == <<Load(ptr, "head"), Deref(use, ptr, Cells)>>

(* In qsbr it goes on with a second section, after a quiescent state.       *)
Again ==
  <<Load("number2", "gp")>>
  \o Before("B", B, StoreReg("announced", "number2", 0)) \o Point("A", A)
  \o Use("ptr2", "use2")

Section ==
  <<Load("number", "gp"), StoreReg("announced", "number", 0)>>
  \o Point("A", A)
  \o Use("ptr", "use")
  \o (IF Marks THEN <<Store("mark", 1)>> ELSE <<>>)
  \o (IF Announce = "sections" THEN <<>> ELSE Again)
  \o Before("B", B, Store("announced", 0))

(*---------------------------- the grace period ----------------------------*)
Everywhere(u) ==
  IF E # "signal" THEN Point("E", E)
  ELSE Lettered("E", (IF Flags = "fenced" THEN <<Fence("mb")>> ELSE <<>>)
                     \o Signals(<<<<"reader", Need(u)>>>>))

(* The words in which threads announce themselves: the reader's and, in     *)
(* qsbr, that of the watched updater.                                       *)
Scan(Look1(_)) ==
  <<Look1("announced")>>
  \o (IF Itself = "no reader" THEN <<>> ELSE <<Look1("itself")>>)

(* With a lock, the updater that holds it knows the number; and no reader   *)
(* can announce a higher one.                                               *)
Highest == Periods + 2
Run(u, n) ==
  LET Passed(word) == Await(word, {0} \cup (n + 1)..Highest)
  IN  Everywhere(u) \o <<Store("gp", n + 1)>> \o Scan(Passed)
      \o Point("H", H)

(* Without one, it is one more than the number that was there, and the      *)
(* other may have gone further. One of them may be a number behind.         *)
ScanLater(old) ==
  LET Passed(word) ==
        When(<<"||", <<"==", <<"read">>, <<"num", 0>>>>,
                     <<">", <<"read">>, <<"reg", old>>>>>>,
             Await(word, {}))
  IN  Scan(Passed)
RunUnlocked(u, old) ==
  Everywhere(u)
  \o (IF Way = "swap"
      THEN <<Swap(old, "gp", <<"+", <<"read">>, <<"num", 1>>>>)>>
      ELSE <<Load(old, "gp"), StoreReg("gp", old, 1)>>)
  \o ScanLater(old) \o Point("H", H)

(*------------------------------ the updaters ------------------------------*)
Free == Store("cell0", Freed)
Start == IF Look = "gp" THEN 1 ELSE 0

(* What it sees first decides which one it waits for. If the other does not *)
(* run that many, it would have to run its own, which is not shown here.    *)
Shared ==
  LET enough == Start..(Start + Periods - Later)
      target(n) == n - Start + Later
      wait(n) == If("seen", {n}, Await("ended", target(n)..Periods))
  IN  Point("Pass", Pass) \o <<Load("seen", Look)>>
      \o [n \in 1..Cardinality(enough) |-> wait(Start + n - 1)]
      \o Point("Then", Then)
      \o <<If("seen", enough, Free)>>
      \o (IF Marks THEN <<If("seen", enough, Load("mark", "mark"))>>
                   ELSE <<>>)

Updater ==
  (CASE Earlier = 0 -> <<>>
     [] Earlier = 1 -> RunUnlocked("updater", "old1")
     [] Earlier = 2 -> RunUnlocked("updater", "old1")
                       \o RunUnlocked("updater", "old2"))
  \o <<Store("cell1", Live)>> \o Before("D", D, Store("head", 1))
  \o (IF Itself = "goes offline" THEN <<Store("itself", 0)>> ELSE <<>>)
  \o CASE Way = "share" -> Shared
       [] Way = "lock"  -> <<In("acquire", Await("ended", {Periods}))>>
                           \o Run("updater", Periods + 1) \o <<Free>>
       [] OTHER         -> RunUnlocked("updater", "old") \o <<Free>>

Nth(n) ==
  (IF Way = "share" THEN <<Store("begun", n)>> ELSE <<>>)
  \o Run("other", n) \o <<In(Done, Store("ended", n))>>
Other ==
  IF Way \in {"swap", "plain"} THEN RunUnlocked("other", "old")
  ELSE Nth(1) \o (IF Periods = 2 THEN Nth(2) ELSE <<>>)

Programs ==
  [t \in Threads |-> CASE t = "reader"  -> Section
                       [] t = "updater" -> Updater
                       [] t = "other"   -> Other]

(*------------------------------ the promises ------------------------------*)
Uses == {"use"} \cup (IF Announce = "sections" THEN {} ELSE {"use2"})
NoUseAfterFree == \A u \in Uses : register["reader"][u] # Freed
NoUseBeforeInitialised == \A u \in Uses : register["reader"][u] # Fresh

(* What a section that used the old cell has done is seen after the grace   *)
(* period.                                                                  *)
SectionsBeforeAreSeen ==
  Marks => ~ /\ register["reader"]["use"] = Old
             /\ register["updater"]["mark"] = 0

(* The old cell is freed in the end, even by an updater that shares and     *)
(* runs no grace period of its own, so this is violated.                    *)
NothingIsFreed == memory["cell0"] # Freed
==============================================================================
