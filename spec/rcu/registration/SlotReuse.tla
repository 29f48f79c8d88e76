----------------------------- MODULE SlotReuse -------------------------------
(* Threads that register and unregister while a grace period is under way.  *)
(*                                                                          *)
(* A thread announces itself in a slot. It claims one that nobody owns, by  *)
(* a compare-and-swap of its word `owner`, and gives it back by storing 0.  *)
(* There is no lock: the updater's scan visits every slot, owned or not,    *)
(* and one that nobody owns announces 0. So a thread that registers behind  *)
(* the scan is like a reader that begins a section behind it, and needs no  *)
(* more: letters A and E see to it.                                         *)
(*                                                                          *)
(* What is new is that two threads store to the same announcement, one      *)
(* after the other:                                                         *)
(*                                                                          *)
(*     leaver:  ...;  B;  announced = 0;  Give;  owner = 0                  *)
(*     comer:   if owner == 0: owner = 2 (Claim);  announced = gp;  A; ...  *)
(*                                                                          *)
(* If the leaver's last announcement may arrive after it has given the slot *)
(* back, it wipes out the one of the next owner, who then reads without     *)
(* protection. So giving back is a release, and claiming an acquire.        *)
(*                                                                          *)
(* A flavour whose updater looks at `owner` to tell whom to ask (Asks) must *)
(* ask every owner. The signal flavour does; a thread that registers when   *)
(* the updater has looked runs no barrier for it, but has seen what the     *)
(* updater has published, since it claimed the slot after that: if, again,  *)
(* the claim acquires. One that has given its slot back since, and lives    *)
(* on, still runs the barrier it was asked for (module ExitRegistered is    *)
(* about one that does not live on).                                        *)
(*                                                                          *)
(* In qsbr a thread owes quiescent states from the moment it claims the     *)
(* slot until it goes offline. If it gives the slot back before it does     *)
(* (Leaves), what it has announced last stands there, and an updater waits  *)
(* for nobody.                                                              *)
EXTENDS Machine

CONSTANTS
  Fate,          \* "reused": a leaver has the slot first; "fresh": nobody
                 \*   has; "left": a leaver has it, and nobody claims it then
  Asks,          \* does letter E interrupt the owners alone? (a signal)
  Scans,         \* "all" slots, or only those that are "owned"
  A, B, E, H,    \* what stands at the letters of ReadSideProtocol
  Look,          \* Asks: publish, then see who is an owner
  Give,          \* the mode of the store that gives the slot back
  Claim,         \* the mode of the swap that claims it
  Announce,      \* what threads announce, as in ReadSideProtocol
  Leaves         \* qsbr: when it gives the slot back, the thread is "offline"
                 \*   or still "online"
ASSUME FateIsKnown == Fate \in {"reused", "fresh", "left"}
ASSUME AsksIsBoolean == Asks \in BOOLEAN /\ Scans \in {"all", "owned"}
ASSUME OneQuestionAtATime == Asks => Scans = "all"
ASSUME AnnounceIsKnown ==
  /\ Announce \in {"sections", "quiescent states"}
  /\ Leaves \in {"offline", "online"}
ASSUME StrengthsAreKnown ==
  /\ {A, B, H, Look} \subseteq Fences \cup {"none"}
  /\ E \in Fences \cup {"none", "membarrier"}
  /\ {Give, Claim} \subseteq Modes

Comes == Fate \in {"reused", "fresh"}
Went  == Fate \in {"reused", "left"}
Threads == {"updater"} \cup (IF Comes THEN {"comer"} ELSE {})
                       \cup (IF Went THEN {"leaver"} ELSE {})
Words ==
  [head |-> 0, cell0 |-> 1, cell1 |-> 0, gp |-> 1, announced |-> 0,
   owner |-> IF Went THEN 1 ELSE 0]
  @@ (IF Asks /\ Comes THEN [need |-> 0] ELSE <<>>)
  @@ (IF Asks /\ Went THEN [needLeaver |-> 0] ELSE <<>>)
Fresh == 0
Live  == 1
Freed == 2

Cells == <<"cell0", "cell1">>
Use(ptr, use) == <<Load(ptr, "head"), Deref(use, ptr, Cells)>>

(* In qsbr it goes on with a second section, after a quiescent state.       *)
Again ==
  <<Load("number2", "gp")>>
  \o Before("B", B, StoreReg("announced", "number2", 0)) \o Point("A", A)
  \o Use("ptr2", "use2")

Enter ==
  <<Load("number", "gp"), StoreReg("announced", "number", 0)>>
  \o Point("A", A)
  \o Use("ptr", "use")
  \o (IF Announce = "sections" THEN <<>> ELSE Again)
Section == Enter \o Before("B", B, Store("announced", 0))

(* A loop around a compare-and-swap, as one instruction that waits until    *)
(* nobody owns the slot: a swap that is performed only then.                *)
Comer ==
  <<In(Claim, When(<<"==", <<"read">>, <<"num", 0>>>>,
                   Swap("claimed", "owner", <<"num", 2>>)))>>
  \o Section
Leaver == (IF Leaves = "offline" THEN Section ELSE Enter)
          \o <<In(Give, Store("owner", 0))>>

(* The updater asks a thread that owns a slot by a signal. A thread that    *)
(* owns none has no flag raised, and nobody waits for it. (The machine      *)
(* sends a signal under any condition, so such a thread may run the handler *)
(* all the same, sooner or later: this makes it do more, and never less.)   *)
Asked(number, thread, flag) ==
  [raise |-> <<If("who", {number}, Store(flag, 1))>>,
   send  |-> <<If("who", {number}, Kill(thread, flag))>>,
   wait  |-> <<If("who", {number}, Await(flag, {0}))>>]
Ask ==
  LET none == [raise |-> <<>>, send |-> <<>>, wait |-> <<>>]
      new  == IF Comes THEN Asked(2, "comer", "need") ELSE none
      old  == IF Went THEN Asked(1, "leaver", "needLeaver") ELSE none
  IN  <<Load("who", "owner")>> \o new.raise \o old.raise
      \o <<Fence("mb")>> \o new.send \o old.send
      \o new.wait \o old.wait \o <<Fence("mb")>>
Everywhere == IF Asks THEN Point("Look", Look) \o Lettered("E", Ask)
                      ELSE Point("E", E)

(* A scan that skips a slot when nobody owns it.                            *)
Scan ==
  IF Scans = "all" THEN <<Await("announced", {0, 2})>>
  ELSE <<Load("who", "owner"), If("who", {1, 2}, Await("announced", {0, 2}))>>

Updater ==
  <<Store("cell1", Live), In("release", Store("head", 1))>>
  \o Everywhere \o <<Store("gp", 2)>> \o Scan \o Point("H", H)
  \o <<Store("cell0", Freed)>>

Programs ==
  [t \in Threads |-> CASE t = "updater" -> Updater
                       [] t = "comer"   -> Comer
                       [] t = "leaver"  -> Leaver]

(*------------------------------ the promises ------------------------------*)
Readers == Threads \ {"updater"}
Uses == {"use"} \cup (IF Announce = "sections" THEN {} ELSE {"use2"})
NoUseAfterFree ==
  \A t \in Readers : \A u \in Uses : register[t][u] # Freed
NoUseBeforeInitialised ==
  \A t \in Readers : \A u \in Uses : register[t][u] # Fresh

(* A slot has an owner, or announces nothing, once the stores are done.     *)
UnownedIsQuiescent == memory["owner"] = 0 => memory["announced"] = 0

(* A thread that registers while the grace period is under way, and uses    *)
(* the new cell when the old one is not yet freed, so this is violated.     *)
NobodyComesInBetween ==
  ~ /\ memory["owner"] = 2
    /\ memory["gp"] = 2
    /\ memory["announced"] # 0
    /\ memory["cell0"] = Live

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* It publishes the cell before it has filled it.                           *)
UpdaterPublishesFirst ==
  <<In("release", Store("head", 1)), Store("cell1", Live)>>
  \o Everywhere \o <<Store("gp", 2)>> \o Scan \o Point("H", H)
  \o <<Store("cell0", Freed)>>

(*----------------------------- the first look -----------------------------*)
(* In the code, a reader looks at its own announcement first: what stands   *)
(* there is an outer section's, and then it announces nothing. What the     *)
(* last owner has left must not be taken for that.                          *)
EnterLooking ==
  <<Load("look", "announced"), Load("number", "gp"),
    If("look", {0}, StoreReg("announced", "number", 0))>>
  \o Point("A", A)
  \o Use("ptr", "use")
==============================================================================
