------------------------------ MODULE Successor ------------------------------
(* Processes trace each other through memory that they share, and whoever   *)
(* controls the tracing is killed, between any two instructions. Readers go *)
(* on, and a successor takes over. What must it find, in which order must   *)
(* it have been written, and what may it conclude?                          *)
(*                                                                          *)
(*   controller:  state = gp;  X;  tracepoint = off;  E;  gp += 1;          *)
(*                scan;  H;  free the probe;  Y;  state = free;  P;         *)
(*                leader = nobody                                           *)
(*   reader:      announced = gp;  A;  p = tracepoint;  use *p;  B;         *)
(*                announced = 0                                             *)
(*   successor:   leader = itself, if nobody leads or the leader has died   *)
(*                (Q);  state >= 1?  then all of the above once more        *)
(*                                                                          *)
(* What stands in shared memory, and why:                                   *)
(*   leader  a robust lock. The kernel says that its owner has died when    *)
(*           everything is performed that the owner had come to. Nobody     *)
(*           else can say so.                                               *)
(*   state   what is unpublished and not yet freed. With nothing written,   *)
(*           the thing is lost. It says "retired" before the thing is       *)
(*           unpublished (X), and "free" when it is freed (Y).              *)
(*   gp      it is never taken back: readers have announced it.             *)
(*                                                                          *)
(* X and Y order what only a leader reads. A living one hands over by P and *)
(* Q, and for one that is killed, the kernel's word orders everything up to *)
(* the instruction that it had come to. So X and Y only bind the compiler.  *)
(*                                                                          *)
(* A successor may always begin anew. It need not: `state` is the number at *)
(* which the thing was retired, and gp is raised after E. Where gp is       *)
(* larger, the dead leader's membarrier was over, and the successor goes on *)
(* with the scan. That membarrier counts for the processes that it has      *)
(* reached, whoever called it.                                              *)
(*                                                                          *)
(* A free that is an act of its own, followed by a note, may be done twice: *)
(* its leader was killed in between. Where the note *is* the free, as with  *)
(* a cell in shared memory that is free when it says so, it is done once.   *)
(*                                                                          *)
(* That readers die is the business of SharedMemory.                        *)
EXTENDS Machine

CONSTANTS
  Leaders,       \* how many lead, one after the other; all but the last may
                 \*   be killed
  Until,         \* the first leads to the "end", or is killed before it has
                 \*   "scanned"
  Then,          \* the others begin "anew", or one goes "onward" where gp
                 \*   says that a membarrier was over
  FirstCalls,    \* what the first calls at E: "global" reaches processes
                 \*   that have registered, "all" reaches every one, and
                 \*   "private" none but the caller's own
  OthersCall,    \* and what the others call
  Registers,     \* is the reader's process registered for "global" "before"
                 \*   all this, "meanwhile", or "never"?
  Gap,           \* may the kernel overlook a registered process?
  WithReader,    \* does the reader enter a section?
  Free,          \* freeing is an "act", or the "note" itself
  Raise,         \* the first raises the number "after" E, or "before"
  A, B, E, H,    \* as in RCU (letters.json)
  P, Q,          \* as in Handover
  X,             \* leader: note that it is retired, then unpublish
  Y              \* leader: free, then note that it is free
ASSUME LeadersAreFew  == Leaders \in 2..3
ASSUME UntilIsKnown   == Until \in {"end", "scanned"}
ASSUME ThenIsKnown    == Then \in {"anew", "onward"}
ASSUME CommandsAreKnown ==
  {FirstCalls, OthersCall} \subseteq {"global", "all", "private"}
ASSUME RegistersIsKnown == Registers \in {"before", "meanwhile", "never"}
ASSUME AreBoolean     == {Gap, WithReader} \subseteq BOOLEAN
ASSUME FreeIsKnown    == Free \in {"act", "note"}
ASSUME RaiseIsKnown   == Raise \in {"after", "before"}
ASSUME StrengthsAreKnown ==
  {A, B, E, H, P, Q, X, Y} \subseteq Fences \cup {"none", "membarrier"}

VARIABLES
  dead,          \* the leaders that have been killed
  missed         \* those whose call at E has reached nobody, so that people
                 \*   can be told (Alike leaves it out)
both == <<dead, missed>>

(*---------------------------- threads and words ---------------------------*)
Leader(n) == "leader" \o ToString(n)
Threads   == {"reader"} \cup {Leader(n) : n \in 1..Leaders}
Id(t)     == CHOOSE n \in 1..Leaders : t = Leader(n)
IsLast(t) == t = Leader(Leaders)

Nobody  == 0       \* of the lock
Died    == 9
Off     == 0       \* of the tracepoint: it leads to nothing
On      == 1
Live    == 0       \* of the state, and of the probe
Retired == 1..8    \* of the state: at this number of a grace period
Freed   == 9       \* of both

(* Where freeing is the note, the state is what a reader runs into.         *)
Thing == IF Free = "act" THEN "probe" ELSE "state"

(* There have been grace periods before. The first leads already.           *)
Words ==
  [leader |-> 1, gp |-> 2, tracepoint |-> On, state |-> Live, probe |-> Live,
   nothing |-> 0, announced |-> 0,
   registered |-> IF Registers = "before" THEN 1 ELSE 0]

(*------------------------------- the letters ------------------------------*)
Command(n)    == IF n = 1 THEN FirstCalls ELSE OthersCall
Asked(n)      == IF Command(n) = "private" THEN {} ELSE {"reader"}
FenceA        == Point("A", A)
FenceB(store) == Before("B", B, store)
FenceE(n)     == IF E = "membarrier"
                 THEN Lettered("E", MembarrierOf(Asked(n)))
                 ELSE Point("E", E)
FenceH        == Point("H", H)
FenceP(store) == Before("P", P, store)
FenceQ(swap)  == IF Q = "acquire" THEN Lettered("Q", <<In("acquire", swap)>>)
                                  ELSE <<swap>> \o Point("Q", Q)
FenceX(store) == Before("X", X, store)
FenceY(store) == Before("Y", Y, store)

(*-------------------------------- the reader ------------------------------*)
Registration ==
  IF Registers = "meanwhile" THEN <<Store("registered", 1), Fence("mb")>>
                             ELSE <<>>
Section ==
  <<Load("number", "gp"), StoreReg("announced", "number", 0)>>
  \o FenceA
  \o <<Load("ptr", "tracepoint"), Deref("use", "ptr", <<"nothing", Thing>>)>>
  \o FenceB(Store("announced", 0))
Reader == IF WithReader THEN Registration \o Section ELSE <<>>

(*-------------------------------- a leader --------------------------------*)
(* It waits for readers that have announced the number in the register, or  *)
(* an older one.                                                            *)
Scan(reg) ==
  <<When(<<"||", <<"==", <<"read">>, <<"num", 0>>>>,
                 <<">", <<"read">>, <<"reg", reg>>>>>>,
         Await("announced", {}))>>

Begin(n) ==
  LET raise == <<StoreReg("gp", "number", 1)>> IN
  IF n = 1 /\ Raise = "before" THEN raise \o FenceE(n)
                                ELSE FenceE(n) \o raise

(* What a successor does, it does if something is retired.                  *)
Given(n, access) == IF n = 1 THEN access ELSE If("state", Retired, access)

Act(n)    == Given(n, Store("probe", Freed))
Note(n)   == Given(n, Store("state", Freed))
Finish(n) ==
  FenceH
  \o (IF Free = "act" THEN <<Act(n)>> \o FenceY(Note(n)) ELSE <<Note(n)>>)
  \o FenceP(Store("leader", Nobody))

First ==
  <<Load("number", "gp"), StoreReg("state", "number", 0)>>
  \o FenceX(Store("tracepoint", Off))
  \o Begin(1)
  \o (IF Until = "end" THEN Scan("number") \o Finish(1) ELSE <<>>)

(* A loop around trylock.                                                   *)
MayTake(lock) == <<"||", <<"==", lock, <<"num", Nobody>>>>,
                         <<"==", lock, <<"num", Died>>>>>>
TakeLead(n) ==
  FenceQ(When(MayTake(<<"read">>), Swap("lead", "leader", <<"num", n>>)))
  \o <<Branch(MayTake(<<"reg", "lead">>))>>

Anew(n) ==
  TakeLead(n)
  \o <<Load("state", "state"), Load("number", "gp"),
       Given(n, Store("tracepoint", Off))>>
  \o Begin(n) \o Scan("number") \o Finish(n)

(* Only the way is shown on which it finds a larger number.                 *)
WasOver == <<"&&", <<">", <<"reg", "state">>, <<"num", Live>>>>,
                   <<"&&", <<"<", <<"reg", "state">>, <<"num", Freed>>>>,
                      <<">", <<"reg", "number">>, <<"reg", "state">>>>>>>>
GoesOn(n) ==
  TakeLead(n)
  \o <<Load("state", "state"), Load("number", "gp"), Branch(WasOver)>>
  \o Scan("state") \o Finish(n)

Succeed(n) == IF Then = "anew" THEN Anew(n) ELSE GoesOn(n)
Programs ==
  [t \in Threads |-> IF t = "reader" THEN Reader
                     ELSE IF t = Leader(1) THEN First ELSE Succeed(Id(t))]

(*---------------------------------- death ---------------------------------*)
(* A thread is killed between two instructions of the code as compiled. Its *)
(* kernel then says so of the lock that it held, if any. The barriers on    *)
(* the way there see to it that everything before is performed.             *)
Alive == Running \ dead
Lead  == Alive \ {"reader"}
MayDie(t) ==
  /\ t \in Lead \ {Leader(Leaders)}
  /\ Precise(t)
  /\ performed[t] # Positions(t) \/ memory["leader"] = Id(t)
Die(t) ==
  /\ MayDie(t)
  /\ dead' = dead \cup {t}
  /\ memory' = IF memory["leader"] = Id(t)
               THEN [memory EXCEPT !["leader"] = Died] ELSE memory
  /\ register' = [register EXCEPT ![t] = Register0[t]]
  /\ taken' = [taken EXCEPT ![t] = {}]
  /\ UNCHANGED <<performed, pending, code, missed>>

(*-------------------------------- membarrier ------------------------------*)
(* The call reaches the reader, or overlooks it.                            *)
Is(t, k, op) == k \in Left(t) /\ Code(t)[k].is.op = op
Reach(t, k) ==
  /\ Is(t, k, "ipi")
  /\ Command(Id(t)) = "all" \/ memory["registered"] = 1
  /\ Interrupt(t, k, "reader")
  /\ UNCHANGED both
Overlook(t, k) ==
  /\ Is(t, k, "ipi")
  /\ Command(Id(t)) = "global" /\ (memory["registered"] = 0 \/ Gap)
  /\ Code(t)[k].after \subseteq performed[t]
  /\ performed' = [performed EXCEPT ![t] = @ \cup {k}]
  /\ missed' = missed \cup {t}
  /\ UNCHANGED <<memory, register, taken, pending, code, dead>>

(*--------------------------------- the whole ------------------------------*)
Over == \A t \in Alive : performed[t] = Positions(t)

Run  == \E t \in Alive : \E k \in Left(t) : Perform(t, k) /\ UNCHANGED both
Call == \E t \in Lead : \E k \in Left(t) : Reach(t, k) \/ Overlook(t, k)
Fate == \E t \in Lead : Die(t)
Stay == Over /\ UNCHANGED <<vars, both>>

Begins      == Init /\ dead = {} /\ missed = {}
SucceedNext == Run \/ Call \/ Fate \/ Stay
SucceedSpec == Begins /\ [][SucceedNext]_<<vars, both>>
FairSpec    == SucceedSpec /\ WF_<<vars, both>>(Run \/ Call)

(* What a thread has done that takes no more steps, and in which schedule,  *)
(* makes no difference: such states are one.                                *)
Stands(t) == t \in dead \/ performed[t] = Positions(t)
Alike == <<memory, register, taken, dead,
           [t \in Threads |-> IF Stands(t) THEN "stands" ELSE "runs"],
           [t \in Threads |-> IF Stands(t) THEN {} ELSE performed[t]],
           [t \in Threads |-> IF Stands(t) THEN 0 ELSE code[t]]>>

(*-------------------------------- the promises ----------------------------*)
NoUseAfterFree == WithReader => register["reader"]["use"] # Freed

(* Nothing is freed that is free already.                                   *)
Frees(t, k) ==
  LET i == Code(t)[k].is IN
  /\ i.op = "store" /\ i.addr = Thing /\ i.val = Freed /\ i.use = ""
  /\ i.guard = "" \/ register[t][i.guard] \in i.given
FreedOnce ==
  [][\A t \in Lead : \A k \in performed'[t] \ performed[t] :
       Frees(t, k) => memory[Thing] # Freed]_<<vars, both>>

(* What is unpublished is freed, when all who live are done.                *)
NothingIsLost == Over /\ memory["tracepoint"] = Off => memory[Thing] = Freed

(* And it comes to that.                                                    *)
UpdatesEnd == <>Over

(* For claims that must not be empty.                                       *)
NobodySucceeds == ~(Over /\ dead # {} /\ memory[Thing] = Freed)

(*--------------------------------- mutants --------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The controller keeps in its own memory what it has to free.              *)
FirstKeepsIt ==
  <<Load("number", "gp"), Store("tracepoint", Off)>>
  \o Begin(1) \o Scan("number") \o Finish(1)

(* A successor takes no notice of what is retired.                          *)
LeavesIt(n) == TakeLead(n) \o FenceP(Store("leader", Nobody))

(* It frees what nobody can find, whether or not it is said to be retired.  *)
Eliminates(n) ==
  TakeLead(n)
  \o <<Load("on", "tracepoint"), If("on", {Off}, Store("state", Freed))>>
  \o FenceP(Store("leader", Nobody))

(* It takes the grace period of the dead for over...                        *)
FreesAtOnce(n) ==
  TakeLead(n) \o <<Load("state", "state")>>
  \o <<Given(n, Store("tracepoint", Off))>> \o Finish(n)

(* ... or its membarrier, without a look at gp...                           *)
GoesOnUnasked(n) ==
  TakeLead(n)
  \o <<Load("state", "state"), Given(n, Store("tracepoint", Off))>>
  \o Scan("state") \o Finish(n)

(* ... or what is retired for unpublished.                                  *)
UnpublishesNothing(n) ==
  TakeLead(n)
  \o <<Load("state", "state"), Load("number", "gp")>>
  \o Begin(n) \o Scan("number") \o Finish(n)

(* It does not ask whether there is something to do.                        *)
GivenNothing(n, access) == access

(* It numbers grace periods by itself.                                      *)
Renumbers(n) ==
  TakeLead(n)
  \o <<Load("state", "state"), Given(n, Store("tracepoint", Off))>>
  \o FenceE(n)
  \o <<Store("gp", 2), Await("announced", {0, 2})>> \o Finish(n)

(* It takes the lead from one that lives.                                   *)
MayAlwaysTake(lock) == <<"num", 1>>

(* It waits until the lead is given back, which the dead don't do.          *)
MayTakeFree(lock) == <<"==", lock, <<"num", Nobody>>>>

(* Threads end anywhere, also with stores that are late and then never      *)
(* come. No processor does this to a program, and no kernel.                *)
DiesAnywhere(t) ==
  /\ t \in Lead \ {Leader(Leaders)}
  /\ performed[t] # Positions(t) \/ memory["leader"] = Id(t)
==============================================================================
