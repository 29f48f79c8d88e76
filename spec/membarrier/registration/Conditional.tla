----------------------------- MODULE Conditional -----------------------------
(* Why a process registers before it uses PRIVATE_EXPEDITED. The caller     *)
(* misses a CPU that is about to switch to a thread of its process, so the  *)
(* switch has to have a full barrier after rq->curr = next. Most            *)
(* architectures have one there in any case. On powerpc and riscv it would  *)
(* be there only for membarrier(), which most processes never call. So      *)
(* switch_mm has it only if the next address space says so:                 *)
(*                                                                          *)
(*     register   set "intent"; wait for a grace period; set "ready"        *)
(*     switch     rq->curr = next; if next's "intent" is set, barrier       *)
(*     call       refused unless "ready"                                    *)
(*                                                                          *)
(* A switch that has found no intent may still be on its way, its store to  *)
(* rq->curr seen by nobody. Interrupts are off there, so it is over when a  *)
(* grace period is, and what it stored is seen. The wait may be left out    *)
(* only if nobody else can be switched to: when the address space has a     *)
(* single user.                                                             *)
(*                                                                          *)
(* The question is store buffering: the caller stores x, calls and loads y, *)
(* a thread on the other CPU stores y and loads x. Memory: that CPU stores  *)
(* through a buffer, as on tso, which is enough. The caller's side has all  *)
(* its barriers (Ordering asks about these). A kernel thread in between     *)
(* would bring a barrier of its own (mmdrop), so there is none.             *)
EXTENDS Naturals, Sequences

CONSTANTS
  SwitchBarrier, \* the switch has it if "intended", "always" or "never"
  Wait,          \* a registration waits for a grace period "always", "never",
                 \*   if the address space is "shared" (mm_users is not 1), or
                 \*   if the process has other "threads"
  Check,         \* a call is refused unless "ready", unless "intent" is set,
                 \*   or never ("none")
  Partner        \* who runs on the other CPU: a "thread" of the process, a
                 \*   process that shares the address space ("clone", by
                 \*   CLONE_VM), or a thread that is made "later", after
                 \*   the registration
ASSUME SwitchBarrier \in {"intended", "always", "never"}
ASSUME Wait \in {"always", "never", "shared", "threads"}
ASSUME Check \in {"ready", "intent", "none"}
ASSUME Partner \in {"thread", "clone", "later"}

None == 2                     \* a number, for TLC to compare with 0 and 1

VARIABLES
  running,       \* whom the other CPU runs: the "partner", or an "other"
                 \*   process's thread
  phase,         \* of that CPU: "user", "left" or "stored" (before and
                 \*   after rq->curr = next)
  next,          \* whom it is about to run
  buffer,        \* its stores that nobody sees: Seq(<<name, value>>)
  curr,          \* its rq->curr, as others see it
  y,             \* what the partner stores, as others see it: 0 or 1
  x,             \* what the caller stores: 0 or 1
  intent,        \* the two bits of the address space
  ready,
  registering,   \* the registration: "no", "grace" (intent is set; it waits),
                 \*   "over" (the wait is), "done"
  quiet,         \* has the CPU been quiescent since the wait began?
  at,            \* the caller: "user", "stored" (x), "wait" (for the
                 \*   interrupted CPU), "back", "done"
  partner,       \* the partner: "unborn", "user", "stored" (y), "done"
  rx, ry         \* what the partner, the caller has loaded: 0, 1 or None
\* Lanes: phase = CPU 1, partner = CPU 1, at = CPU 0, registering = CPU 0
cpu    == <<running, phase, next>>
memory == <<buffer, curr, y>>
bits   == <<intent, ready, registering>>
caller == <<x, at, ry>>
vars   == <<cpu, memory, bits, quiet, caller, partner, rx>>

Init ==
  /\ running = "other" /\ phase = "user" /\ next = "other"
  /\ buffer = <<>> /\ curr = "other" /\ y = 0 /\ x = 0
  /\ intent = FALSE /\ ready = FALSE /\ registering = "no"
  /\ quiet = TRUE
  /\ at = "user"
  /\ partner = IF Partner = "later" THEN "unborn" ELSE "user"
  /\ rx = None /\ ry = None

(*------------------------------ the other CPU -----------------------------*)
Show(name, value) ==
  /\ curr' = IF name = "curr" THEN value ELSE curr
  /\ y' = IF name = "y" THEN value ELSE y

Drain ==
  /\ buffer # <<>>
  /\ Show(Head(buffer)[1], Head(buffer)[2])
  /\ buffer' = Tail(buffer)
  /\ UNCHANGED <<cpu, bits, quiet, caller, partner, rx>>

(* A full barrier: all stores are seen. The youngest of each name stays.    *)
Stored(name) == {i \in DOMAIN buffer : buffer[i][1] = name}
Youngest(name, old) ==
  IF Stored(name) = {} THEN old
  ELSE buffer[CHOOSE i \in Stored(name) : \A j \in Stored(name) : j <= i][2]
Barrier ==
  /\ curr' = Youngest("curr", curr) /\ y' = Youngest("y", y)
  /\ buffer' = <<>>

(* A switch is a quiescent state, and so is an interrupt in user mode.      *)
Leave ==
  /\ phase = "user"
  /\ \E t \in {"partner", "other"} \ {running} :
       /\ t = "partner" => partner # "unborn"
       /\ next' = t
  /\ phase' = "left" /\ quiet' = TRUE
  /\ Barrier
  /\ UNCHANGED <<running, bits, caller, partner, rx>>

StoreCurr ==
  /\ phase = "left" /\ phase' = "stored"
  /\ running' = next
  /\ buffer' = Append(buffer, <<"curr", next>>)
  /\ UNCHANGED <<next, curr, y, bits, quiet, caller, partner, rx>>

Due == CASE SwitchBarrier = "always"   -> TRUE
         [] SwitchBarrier = "never"    -> FALSE
         [] SwitchBarrier = "intended" -> running = "partner" /\ intent
SwitchMm ==
  /\ phase = "stored" /\ phase' = "user"
  /\ IF Due THEN Barrier ELSE UNCHANGED memory
  /\ UNCHANGED <<running, next, bits, quiet, caller, partner, rx>>

Tick ==
  /\ phase = "user" /\ ~quiet
  /\ quiet' = TRUE
  /\ Barrier
  /\ UNCHANGED <<cpu, bits, caller, partner, rx>>

PartnerRuns == running = "partner" /\ phase = "user"
StoreY ==
  /\ PartnerRuns /\ partner = "user" /\ partner' = "stored"
  /\ buffer' = Append(buffer, <<"y", 1>>)
  /\ UNCHANGED <<cpu, curr, y, bits, quiet, caller, rx>>
LoadX ==
  /\ PartnerRuns /\ partner = "stored" /\ partner' = "done"
  /\ rx' = x
  /\ UNCHANGED <<cpu, memory, bits, quiet, caller>>

(*------------------------------ registration ------------------------------*)
Users   == IF Partner = "later" THEN 1 ELSE 2
Threads == IF Partner = "thread" THEN 2 ELSE 1
Waits   == CASE Wait = "always"  -> TRUE
             [] Wait = "never"   -> FALSE
             [] Wait = "shared"  -> Users # 1
             [] Wait = "threads" -> Threads # 1

Register ==
  /\ registering = "no"
  /\ registering' = IF Waits THEN "grace" ELSE "over"
  /\ intent' = TRUE
  /\ quiet' = ~Waits
  /\ UNCHANGED <<cpu, memory, ready, caller, partner, rx>>

GraceEnds ==
  /\ registering = "grace" /\ quiet
  /\ registering' = "over"
  /\ UNCHANGED <<cpu, memory, intent, ready, quiet, caller, partner, rx>>

SetReady ==
  /\ registering = "over" /\ registering' = "done"
  /\ ready' = TRUE
  /\ UNCHANGED <<cpu, memory, intent, quiet, caller, partner, rx>>

Clone ==
  /\ partner = "unborn" /\ registering = "done"
  /\ partner' = "user"
  /\ UNCHANGED <<cpu, memory, bits, quiet, caller, rx>>

(*-------------------------------- the call --------------------------------*)
StoreX ==
  /\ at = "user" /\ at' = "stored"
  /\ x' = 1
  /\ UNCHANGED <<cpu, memory, bits, quiet, ry, partner, rx>>

Permitted == CASE Check = "ready"  -> ready
               [] Check = "intent" -> intent
               [] Check = "none"   -> TRUE
Call ==
  /\ at = "stored" /\ Permitted
  /\ at' = IF curr = "partner" THEN "wait" ELSE "back"
  /\ UNCHANGED <<cpu, memory, bits, quiet, x, ry, partner, rx>>

(* Interrupts are off in the middle of a switch.                            *)
Interrupt ==
  /\ at = "wait" /\ phase = "user" /\ at' = "back"
  /\ Barrier
  /\ UNCHANGED <<cpu, bits, quiet, x, ry, partner, rx>>

LoadY ==
  /\ at = "back" /\ at' = "done"
  /\ ry' = y
  /\ UNCHANGED <<cpu, memory, bits, quiet, x, partner, rx>>

Next == \/ Drain \/ Leave \/ StoreCurr \/ SwitchMm \/ Tick
        \/ StoreY \/ LoadX
        \/ Register \/ GraceEnds \/ SetReady \/ Clone
        \/ StoreX \/ Call \/ Interrupt \/ LoadY
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ running \in {"partner", "other"} /\ next \in {"partner", "other"}
  /\ phase \in {"user", "left", "stored"}
  /\ Len(buffer) <= 2 /\ curr \in {"partner", "other"}
  /\ {x, y} \subseteq {0, 1} /\ {rx, ry} \subseteq {0, 1, None}
  /\ {intent, ready, quiet} \subseteq BOOLEAN
  /\ registering \in {"no", "grace", "over", "done"}
  /\ at \in {"user", "stored", "wait", "back", "done"}
  /\ partner \in {"unborn", "user", "stored", "done"}

OneSeesTheOther == ~(rx = 0 /\ ry = 0)

(* Those who have not registered do not pay: after the partner has been     *)
(* switched to without an intent, its store to rq->curr is still unseen.    *)
(* This states the opposite of what we want, so that TLC finds it.          *)
SwitchesArePaid ==
  ~(PartnerRuns /\ ~intent /\ Stored("curr") # {})

(* The opposite, to see that a call does miss a CPU that goes on to run the *)
(* partner; it is the switch that keeps the promise then.                   *)
EveryPartnerIsSeen ==
  ~(at = "back" /\ running = "partner" /\ curr = "other" /\ partner = "user")
==============================================================================
