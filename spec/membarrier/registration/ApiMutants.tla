----------------------------- MODULE ApiMutants ------------------------------
(* Api with one step changed, for promises that no mistake of Api's own     *)
(* list breaks. Each operator takes the place of one of Api's in a claim's  *)
(* configuration.                                                           *)
EXTENDS Api

(* A registration sets the bit that permits, and not the one that the       *)
(* scheduler looks at.                                                      *)
NoIntents(k) == {}

(* A registration for SYNC_CORE permits PRIVATE_EXPEDITED, too.             *)
LookedAlong(k) == {<<k, "ready">>}
                  \cup (IF k = "SC" THEN {<<"PE", "ready">>} ELSE {})

(* GET_REGISTRATIONS does not know one of the commands.                     *)
GetHides(s) == Mask({Register(b[1]) : b \in {b \in bits[s] : b[1] # "SC"}})

(* exec clears the address space that it leaves, which others may share.    *)
ExecClearsTheOld(t) ==
  /\ Runs(t)
  /\ LET g       == group[t]
         process == {u \in Task : group[u] = g}
         shared  == \E u \in Task \ process : space[u] = space[t]
         new     == IF shared THEN CHOOSE s \in Free : TRUE ELSE space[t]
     IN /\ group' = [u \in Task |-> IF u \in process \ {g} THEN None
                                                           ELSE group[u]]
        /\ space' = [u \in Task |-> IF u \notin process THEN space[u]
                                    ELSE IF u = g THEN new ELSE None]
        /\ bits' = [bits EXCEPT ![space[t]] = {}, ![new] = {}]
        /\ Tell(t, "exec", Nothing, g)
  /\ waits' = (waits /\ t # 2)
  /\ UNCHANGED has

(* The end of a thread ends the registrations of its process.               *)
WipedAtOnce(s, except) ==
  IF \E t \in except : space[t] = s THEN {} ELSE bits[s]

(* A command goes while the kernel runs: with a module, or since a CPU has  *)
(* lost its timer's tick (GLOBAL).                                          *)
ReturnAndLose ==
  /\ last # Quiet /\ last' = Quiet
  /\ has' \in {has, has \ {"GLOBAL"}}
  /\ UNCHANGED <<group, space, bits, waits>>

(* A use for which there is no memory ends the registration.                *)
FailsAndForgets(t, call) ==
  /\ Runs(t)
  /\ LET s == space[t]
         answer == AnswerTo(call, s)
     IN /\ answer = 0 /\ Collects(call)
        /\ Tell(t, "call", call, ENOMEM)
        /\ bits' = [bits EXCEPT ![s] = {}]
  /\ UNCHANGED <<has, group, space, waits>>
FailingAsks(t, call) ==
  \/ FailsAndForgets(t, call)
  \/ /\ Runs(t)
     /\ LET s == space[t]
            answer == AnswerTo(call, s)
            kinds  == IF answer = 0 THEN Registers(call.command) ELSE {}
        IN /\ Tell(t, "call", call, answer)
           /\ bits' = [bits EXCEPT ![s] =
                         @ \cup UNION {Intents(k) \cup Looked(k) :
                                       k \in kinds}]
     /\ UNCHANGED <<has, group, space, waits>>
==============================================================================
