-------------------------------- MODULE Api ---------------------------------
(* What membarrier() answers: its error codes, and the registrations that   *)
(* they depend on. A process registers for a command before it may use it;  *)
(* the kernel keeps two bits for each, in the address space:                *)
(*                                                                          *)
(*     intent   set first, for the scheduler to see                         *)
(*     ready    set when every CPU has been told. This one permits          *)
(*                                                                          *)
(* So registrations belong to everything that shares the address space. A   *)
(* fork copies them; a thread, a clone with CLONE_VM and a vfork share      *)
(* them; exec begins without any. Nothing unregisters.                      *)
(*                                                                          *)
(* Which commands there are depends on the kernel's version and             *)
(* configuration, and QUERY tells. A state is what this kernel has, who is  *)
(* there, the registrations, and the answer just given; a step is one       *)
(* system call of one task, or its return. What a command does to other     *)
(* CPUs is the subject of the other modules. Commands have the numbers of   *)
(* the man page, answers are the system call's own: a mask, 0, or an        *)
(* error's negated number. `quiesce kernel` walks this graph on the real    *)
(* system call.                                                             *)
EXTENDS Integers, FiniteSets

CONSTANTS
  Kinds,         \* commands in play, out of "GLOBAL", "GE"
                 \*   (GLOBAL_EXPEDITED), "PE" (PRIVATE_EXPEDITED), "SC" and
                 \*   "RS" (that with _SYNC_CORE, with _RSEQ) and "GET"
                 \*   (GET_REGISTRATIONS)
  Kernels,       \* the "latest" one, which has them all, or "every" one
  Tasks,         \* 1, or 2: a task and another that it may start
  Arguments,     \* "good", or "any": also flags, commands and CPUs that are
                 \*   not there
  NoMemory,      \* may the kernel run out of memory? Then a registration
                 \*   fails half way, and a use before it has begun
  ReadyMask,     \* what a registration for SC looks at to see whether it is
                 \*   there already: the "own" bit, or "both" its own and
                 \*   that of PE, which it sets along
  ReadyTest,     \* and how: "all" bits of the mask are set, or "any"
  Mistake        \* "none", or what the kernel does wrong, see below

AllKinds == {"GLOBAL", "GE", "PE", "SC", "RS", "GET"}
ASSUME Kinds \subseteq AllKinds
ASSUME Kernels \in {"latest", "every"} /\ Tasks \in 1..2
ASSUME Arguments \in {"good", "any"} /\ NoMemory \in BOOLEAN
ASSUME ReadyMask \in {"own", "both"} /\ ReadyTest \in {"all", "any"}
ASSUME Mistake \in
  {"none", "flags accepted", "numbers accepted", "cpu looked at",
   "offline refused", "query hides", "registered at birth", "fork loses",
   "thread alone", "vfork alone", "exec keeps"}

EPERM  == -1
ENOMEM == -12
EINVAL == -22
ENOSYS == -38

Task    == 1..Tasks
None    == 0
Space   == Task            \* enough: each has one of its own at most
Permits == Kinds \cap {"GE", "PE", "SC", "RS"}
Bit     == (Permits \cup {"PE"}) \X {"intent", "ready"}

VARIABLES
  has,           \* what this kernel has: "QUERY" (else it has no such system
                 \*   call) and kinds
  group,         \* [Task -> the task that its process is named after, None
                 \*   if it is not there]
  space,         \* [Task -> its address space, or None]
  bits,          \* [Space -> set of <<kind, "intent" or "ready">>]
  waits,         \* does task 1 wait for the end of its vfork?
  last           \* [by, step, command, flags, cpu, answer] until it is
                 \*   returned, then Quiet
\* Lanes: t = task t, not = last bits
vars == <<has, group, space, bits, waits, last>>

(*-------------------------------- kernels ---------------------------------*)
(* Linux 4.3, 4.14, 4.16, 5.10 and 6.3, and one without the call. GLOBAL    *)
(* goes where CPUs may have no timer's tick; SC and RS depend on the        *)
(* architecture and the configuration.                                      *)
Versions ==
  LET four3 == {"QUERY", "GLOBAL"} IN
  {{}, four3, four3 \cup {"PE"}, four3 \cup {"PE", "GE", "SC"},
   four3 \cup {"PE", "GE", "SC", "RS"}, {"QUERY"} \cup AllKinds}
EveryKernel == {v \ less : v \in Versions,
                           less \in SUBSET {"GLOBAL", "SC", "RS"}}
KernelSets ==
  {k \cap ({"QUERY"} \cup Kinds) :
     k \in IF Kernels = "every" THEN EveryKernel
                                ELSE {{"QUERY"} \cup AllKinds}}

Quiet == [by |-> 1, step |-> "none", command |-> 0, flags |-> 0,
          cpu |-> "own", answer |-> 0]

Init == /\ has \in KernelSets
        /\ group = [t \in Task |-> IF t = 1 THEN 1 ELSE None]
        /\ space = group
        /\ bits = [s \in Space |-> {}]
        /\ waits = FALSE
        /\ last = Quiet

(*--------------------------------- calls ----------------------------------*)
QUERY     == 0
GLOBAL    == 1
GET       == 512
FLAG_CPU  == 1
Number(k) == CASE k = "GLOBAL" -> GLOBAL  [] k = "GE" -> 2  [] k = "PE" -> 8
               [] k = "SC" -> 32  [] k = "RS" -> 128  [] k = "GET" -> GET
Register(k) == 2 * Number(k)
Uses(c)      == {k \in Permits : Number(k) = c}
Registers(c) == {k \in Permits : Register(k) = c}

(* A mask of some of the commands would not be the kernel's.                *)
Commands == (IF Kinds = AllKinds THEN {QUERY} ELSE {})
            \cup {Number(k) : k \in Kinds} \cup {Register(k) : k \in Permits}
(* Numbers that are no command: the next bit, two bits at once (GLOBAL and  *)
(* GLOBAL_EXPEDITED; PRIVATE_EXPEDITED and its registration), all bits.     *)
Strange == {1024, 3, 24, -1}

Call(c, f, cpu) == [command |-> c, flags |-> f, cpu |-> cpu]
Good == {Call(c, 0, "own") : c \in Commands}
Bad  ==
  \* Without the flag, the number of a CPU means nothing.
  {Call(c, 0, "beyond") : c \in Commands}
  \cup {Call(c, f, "own") : c \in Commands, f \in {1, 2}}
  \cup {Call(c, f, "own") : c \in Strange, f \in {0, 1}}
  \cup (IF "RS" \notin Kinds THEN {} ELSE
          {Call(Number("RS"), FLAG_CPU, cpu) :
             cpu \in {"other", "offline", "beyond", "negative"}}
          \cup {Call(Number("RS"), 3, "own")})
Calls == Good \cup (IF Arguments = "any" THEN Bad ELSE {})

(*--------------------------------- answers --------------------------------*)
RECURSIVE MaskUpTo(_, _)
MaskUpTo(S, n) == IF n < 0 THEN 0
                  ELSE (IF 2^n \in S THEN 2^n ELSE 0) + MaskUpTo(S, n - 1)
Mask(S) == MaskUpTo(S, 9)

Shown == IF Mistake = "query hides" THEN has \ {"GET"} ELSE has
QueryAnswer == Mask({Number(k) : k \in Shown \ {"QUERY"}}
                    \cup {Register(k) : k \in Permits \cap Shown})

(* It reports a registration by either of its bits.                         *)
GetAnswer(s) == Mask({Register(b[1]) : b \in bits[s]})

Ready(k, s) == \/ <<k, "ready">> \in bits[s]
               \/ Mistake = "registered at birth" /\ k = "PE"

(* Only RSEQ has a flag, for the number of one CPU. What that number is     *)
(* does not matter: where there is no such CPU, nobody has to be told.      *)
FlagsAreGood(call) ==
  \/ call.flags = 0
  \/ call.flags = FLAG_CPU /\ call.command \in {Number(k) :
                                                k \in Permits \cap {"RS"}}
  \/ Mistake = "flags accepted"
CpuIsGood(call) ==
  /\ Mistake = "cpu looked at" => call.cpu \in {"own", "other", "negative"}
  /\ Mistake = "offline refused" => call.cpu # "offline"
IsCommand(c) ==
  \/ c = QUERY
  \/ \E k \in has \ {"QUERY"} : c = Number(k)
  \/ \E k \in has \cap Permits : c = Register(k)
  \/ Mistake = "numbers accepted"

(* Flags first, then whether there is such a command, then the permission.  *)
(* GLOBAL_EXPEDITED is open to all. A registration answers 0, if it does    *)
(* not run out of memory.                                                   *)
AnswerTo(call, s) ==
  IF "QUERY" \notin has          THEN ENOSYS
  ELSE IF ~FlagsAreGood(call)    THEN EINVAL
  ELSE IF ~IsCommand(call.command) \/ ~CpuIsGood(call) THEN EINVAL
  ELSE IF call.command = QUERY   THEN QueryAnswer
  ELSE IF call.command = GET     THEN GetAnswer(s)
  ELSE IF \E k \in Uses(call.command) \ {"GE"} : ~Ready(k, s) THEN EPERM
  ELSE 0

(*-------------------------------- one call --------------------------------*)
Runs(t) == space[t] # None /\ ~(t = 1 /\ waits) /\ last = Quiet
Tell(t, step, call, answer) ==
  last' = [by |-> t, step |-> step, command |-> call.command,
           flags |-> call.flags, cpu |-> call.cpu, answer |-> answer]

(* SYNC_CORE and RSEQ are PRIVATE_EXPEDITED to the scheduler, so they set   *)
(* its intent along, but not its ready.                                     *)
Intents(k) == {<<k, "intent">>}
              \cup (IF k \in {"SC", "RS"} THEN {<<"PE", "intent">>} ELSE {})
Looked(k)  == {<<k, "ready">>}
              \cup (IF ReadyMask = "both" /\ k = "SC"
                    THEN {<<"PE", "ready">>} ELSE {})
IsReady(k, s) == IF ReadyTest = "all" THEN Looked(k) \subseteq bits[s]
                                      ELSE Looked(k) \cap bits[s] # {}

(* To interrupt several CPUs the kernel collects their numbers, for which   *)
(* it needs memory; a single CPU that is named it interrupts directly.      *)
Collects(call) == Uses(call.command) # {} /\ call.flags = 0

Asks(t, call) ==
  /\ Runs(t)
  /\ LET s == space[t]
         answer == AnswerTo(call, s)
         kinds  == IF answer = 0 THEN Registers(call.command) ELSE {}
         new    == {k \in kinds : ~IsReady(k, s)}
     IN \/ /\ Tell(t, "call", call, answer)
           /\ bits' = [bits EXCEPT ![s] =
                         @ \cup UNION {Intents(k) \cup Looked(k) : k \in new}]
        \/ /\ NoMemory /\ new # {}
           /\ Tell(t, "call", call, ENOMEM)
           /\ bits' = [bits EXCEPT ![s] = @ \cup UNION {Intents(k) :
                                                        k \in new}]
        \/ /\ NoMemory /\ answer = 0 /\ Collects(call)
           /\ Tell(t, "call", call, ENOMEM)
           /\ UNCHANGED bits
  /\ UNCHANGED <<has, group, space, waits>>

(*--------------------------- those who are there --------------------------*)
Nothing == Call(QUERY, 0, "own")
Free    == {s \in Space : \A t \in Task : space[t] # s}
Wiped(s, except) == IF \E t \in Task \ except : space[t] = s THEN bits[s]
                                                             ELSE {}

Begins(how, g, s, copied) ==
  /\ Runs(1) /\ 2 \in Task /\ space[2] = None
  /\ group' = [group EXCEPT ![2] = g]
  /\ space' = [space EXCEPT ![2] = s]
  /\ bits' = [bits EXCEPT ![s] = copied]
  /\ waits' = (how = "vfork")
  /\ Tell(1, how, Nothing, 2)
  /\ UNCHANGED has

Alone == CHOOSE s \in Space : s # space[1]
Thread == IF Mistake = "thread alone" THEN Begins("thread", 1, Alone, {})
          ELSE Begins("thread", 1, space[1], bits[space[1]])
CloneVm == Begins("clone", 2, space[1], bits[space[1]])
Vfork == IF Mistake = "vfork alone"
         THEN Begins("vfork", 2, Alone, bits[space[1]])
         ELSE Begins("vfork", 2, space[1], bits[space[1]])
Fork == Begins("fork", 2, Alone,
               IF Mistake = "fork loses" THEN {} ELSE bits[space[1]])

(* The other threads of the process end, and who runs goes on under its     *)
(* name. Other processes keep the address space that it shared with them.   *)
Exec(t) ==
  /\ Runs(t)
  /\ LET g       == group[t]
         process == {u \in Task : group[u] = g}
         shared  == \E u \in Task \ process : space[u] = space[t]
         new     == IF shared THEN CHOOSE s \in Free : TRUE ELSE space[t]
     IN /\ group' = [u \in Task |-> IF u \in process \ {g} THEN None
                                                           ELSE group[u]]
        /\ space' = [u \in Task |-> IF u \notin process THEN space[u]
                                    ELSE IF u = g THEN new ELSE None]
        /\ bits' = [s \in Space |->
                      IF s # new THEN Wiped(s, process)
                      ELSE IF Mistake = "exec keeps" THEN bits[space[t]]
                      ELSE {}]
        /\ Tell(t, "exec", Nothing, g)
  /\ waits' = (waits /\ t # 2)
  /\ UNCHANGED has

Exit(t) ==
  /\ t # 1 /\ Runs(t)
  /\ group' = [group EXCEPT ![t] = None]
  /\ space' = [space EXCEPT ![t] = None]
  /\ bits' = [s \in Space |-> Wiped(s, {t})]
  /\ waits' = FALSE
  /\ Tell(t, "exit", Nothing, 0)
  /\ UNCHANGED has

Return == last # Quiet /\ last' = Quiet
          /\ UNCHANGED <<has, group, space, bits, waits>>

Next == \/ \E t \in Task : \/ \E call \in Calls : Asks(t, call)
                           \/ Exec(t) \/ Exit(t)
        \/ Thread \/ CloneVm \/ Vfork \/ Fork \/ Return
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ has \subseteq {"QUERY"} \cup Kinds
  /\ group \in [Task -> Task \cup {None}]
  /\ space \in [Task -> Space \cup {None}]
  /\ bits \in [Space -> SUBSET Bit]
  /\ waits \in BOOLEAN /\ (waits => 2 \in Task /\ space[2] # None)
  /\ last.by \in Task /\ last.answer \in -38..1023

There == {t \in Task : space[t] # None}
Use(k)          == Call(Number(k), 0, "own")
Permitted(k, s) == AnswerTo(Use(k), s) = 0

ReadyIsIntended == \A s \in Space, k \in Permits :
                     <<k, "ready">> \in bits[s] => <<k, "intent">> \in bits[s]

(* A process that was told that it is registered may use the command.       *)
RegistrationPermits ==
  last.step = "call" /\ last.answer = 0 =>
    \A k \in Registers(last.command) : Permitted(k, space[last.by])

(* Out of memory, a call has done nothing for others: who may use a command *)
(* may still.                                                               *)
FailureTakesNothing ==
  [][last'.answer = ENOMEM => \A t \in Task : space[t] # None =>
       bits[space[t]] \subseteq bits'[space[t]]]_vars

(* And only that process, those that it shares the address space with, and  *)
(* their child.                                                             *)
NobodyIsBornRegistered ==
  \A t \in There, k \in Permits \ {"GE"} :
    bits[space[t]] = {} => ~Permitted(k, space[t])
OnlyRegisteredMayUse ==
  [][\A t \in Task, k \in Permits \ {"GE"} :
       /\ space[t] # None /\ space'[t] = space[t]
       /\ ~Permitted(k, space[t]) /\ Permitted(k, space[t])'
       => /\ last'.step = "call" /\ last'.command = Register(k)
          /\ last'.answer = 0 /\ space[last'.by] = space[t]]_vars

(* What GET_REGISTRATIONS reports, is it permitted?                         *)
Reported(k, s) == (GetAnswer(s) \div Register(k)) % 2 = 1
ReportedIsPermitted ==
  \A t \in There, k \in Permits :
    Reported(k, space[t]) => <<k, "ready">> \in bits[space[t]]

(* What is permitted is reported.                                           *)
PermittedIsReported ==
  \A t \in There, k \in Permits :
    <<k, "ready">> \in bits[space[t]] => Reported(k, space[t])

ForkCopies ==
  last.step = "fork" => bits[space[last.answer]] = bits[space[last.by]]
Sharing == {"thread", "clone", "vfork"}
ThoseWhoShareShare ==
  last.step \in Sharing => space[last.answer] = space[last.by]
ExecClears == last.step = "exec" => bits[space[last.answer]] = {}

(* Nothing takes bits away from a task that keeps its address space, but    *)
(* its own exec, which may give it the same one, empty. An exec of another, *)
(* with which it shares, does not.                                          *)
NothingUnregisters ==
  [][\A t \in Task :
       /\ space[t] # None /\ space'[t] = space[t]
       /\ ~(last'.step = "exec" /\ last'.answer = t)
       => bits[space[t]] \subseteq bits'[space[t]]]_vars

(* The man page: an answer of EINVAL is the same until reboot. One of EPERM *)
(* is not.                                                                  *)
InvalidStaysInvalid ==
  [][\A t \in There, call \in Calls : space'[t] # None =>
       (AnswerTo(call, space[t]) = EINVAL
          <=> AnswerTo(call, space[t])' = EINVAL)]_vars
DeniedStaysDenied ==
  [][\A t \in There, k \in Permits :
       space'[t] # None /\ AnswerTo(Use(k), space[t]) = EPERM
         => AnswerTo(Use(k), space[t])' = EPERM]_vars

(* QUERY shows a command exactly when that is not invalid.                  *)
QueryTellsTheTruth ==
  last = Quiet /\ "QUERY" \in has =>
    \A call \in Good : call.command # QUERY =>
      (AnswerTo(call, space[1]) = EINVAL
         <=> (QueryAnswer \div call.command) % 2 = 0)

(* What has no meaning is refused, so that it can be given one later; but   *)
(* not the number of a CPU, which matters with its flag alone, and may be   *)
(* out of date by the time that it arrives.                                 *)
MeaninglessIsRefused ==
  last = Quiet /\ "QUERY" \in has =>
    \A call \in Calls :
      \/ call.flags # 0 /\ call.command # Number("RS")
      \/ call.flags \notin {0, FLAG_CPU}
      \/ call.command \in Strange
      => AnswerTo(call, space[1]) = EINVAL
CpuNeverMatters ==
  last = Quiet => \A call \in Calls, t \in There :
    AnswerTo(call, space[t]) = AnswerTo([call EXCEPT !.cpu = "own"], space[t])
==============================================================================
