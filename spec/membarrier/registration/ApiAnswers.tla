----------------------------- MODULE ApiAnswers ------------------------------
(* Promises about single answers of Api's, and about who waits for whom.    *)
(* What is permitted, and to whom, is Api's own business. Below them stand  *)
(* mutants: each takes the place of one of Api's operators in a claim's     *)
(* configuration.                                                           *)
EXTENDS Api

(* Who calls vfork() waits until its child has another address space, or is *)
(* gone, and no longer.                                                     *)
VforkWaits ==
  /\ last.step = "vfork" => waits
  /\ last.step \in {"exec", "exit"} /\ last.by = 2 => ~waits
  /\ waits /\ last # Quiet => last.step = "vfork" \/ last.by = 2

(* GET_REGISTRATIONS answers with what has been begun, at least (Api says   *)
(* what that is where memory runs out).                                     *)
Asked(c) == last.step = "call" /\ last.command = c
GetTellsTheTruth ==
  Asked(GET) /\ last.answer >= 0 =>
    \A k \in Permits : (last.answer \div Register(k)) % 2 = 1
                         <=> \E b \in bits[space[last.by]] : b[1] = k

(* GLOBAL_EXPEDITED needs no registration of the caller's.                  *)
GlobalIsOpen ==
  \A t \in There : "GE" \in has => Permitted("GE", space[t])

(* Nothing is left of an address space that nobody has any more.            *)
GoneIsForgotten == \A s \in Free : bits[s] = {}

(* A kernel that has no such call says so, whatever is asked.               *)
AbsentIsTold ==
  "QUERY" \notin has =>
    \A call \in Calls, t \in There : AnswerTo(call, space[t]) = ENOSYS

(*-------------------------------- mutants ---------------------------------*)
(* The parent goes on beside its child.                                     *)
VforkGoesOn ==
  /\ Runs(1) /\ 2 \in Task /\ space[2] = None
  /\ group' = [group EXCEPT ![2] = 2]
  /\ space' = [space EXCEPT ![2] = space[1]]
  /\ waits' = FALSE
  /\ Tell(1, "vfork", Nothing, 2)
  /\ UNCHANGED <<has, bits>>

(* It waits for ever.                                                       *)
ExitUnseen(t) ==
  /\ t # 1 /\ Runs(t)
  /\ group' = [group EXCEPT ![t] = None]
  /\ space' = [space EXCEPT ![t] = None]
  /\ bits' = [s \in Space |-> Wiped(s, {t})]
  /\ Tell(t, "exit", Nothing, 0)
  /\ UNCHANGED <<has, waits>>

(* An address space outlives those who had it.                              *)
NeverWiped(s, except) == bits[s]

(* GET_REGISTRATIONS has nothing to say.                                    *)
GetSaysNothing(s) == 0

(* Each command needs a registration.                                       *)
NeedsRegistration(call, s) ==
  IF "QUERY" \notin has THEN ENOSYS
  ELSE IF ~FlagsAreGood(call) \/ ~IsCommand(call.command) THEN EINVAL
  ELSE IF \E k \in Uses(call.command) : ~Ready(k, s) THEN EPERM
  ELSE 0

(* A kernel without the call says that the command is invalid.              *)
AbsentIsInvalid(call, s) ==
  IF "QUERY" \in has /\ FlagsAreGood(call) /\ IsCommand(call.command)
  THEN 0 ELSE EINVAL
==============================================================================
