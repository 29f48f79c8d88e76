-------------------------------- MODULE Api ---------------------------------
(* What membarrier() answers: its error codes, and the registrations that   *)
(* they depend on. A process registers for a command before it may use it;  *)
(* the kernel keeps two bits for each, in the address space:                *)
(*                                                                          *)
(*     intent   set first, for the scheduler to see                         *)
(*     ready    set when every CPU has been told. This one permits          *)
(*                                                                          *)
(* So registrations belong to everything that shares the address space. A   *)
(* fork copies them, a clone with CLONE_VM shares them, exec begins without *)
(* any. Nothing unregisters.                                                *)
(*                                                                          *)
(* A state is the registrations, and the last command with its answer; a    *)
(* step is one command of one process. What a command does to other CPUs is *)
(* the subject of the other modules. Names are those of the man page        *)
(* without MEMBARRIER_CMD_, answers are the system call's own: a mask, 0,   *)
(* or an error's negated number.                                            *)
EXTENDS Integers, FiniteSets

CONSTANTS
  Kinds,         \* commands in play, out of "GE" (GLOBAL_EXPEDITED), "PE"
                 \*   (PRIVATE_EXPEDITED), "SC" and "RS" (that with
                 \*   _SYNC_CORE, with _RSEQ)
  Processes,     \* 1, or 2: a process and another that it may start
  NoMemory,      \* may a registration fail half way?
  NohzFull,      \* are there CPUs without a timer's tick?
  Unsupported,   \* kinds that the architecture or configuration lacks
  ReadyMask,     \* what a registration for SC looks at to see whether it is
                 \*   there already: the "own" bit, or "both" its own and
                 \*   that of PE, which it sets along
  ReadyTest      \* and how: "all" bits of the mask are set, or "any"

ASSUME Kinds \subseteq {"GE", "PE", "SC", "RS"}
ASSUME Processes \in 1..2
ASSUME {NoMemory, NohzFull} \subseteq BOOLEAN
ASSUME Unsupported \subseteq {"SC", "RS"}
ASSUME ReadyMask \in {"own", "both"} /\ ReadyTest \in {"all", "any"}

EPERM  == -1
ENOMEM == -12
EINVAL == -22

Process == 1..Processes
None    == 0
Space   == Process         \* enough: each has one of its own at most
Bit     == (Kinds \cup {"PE"}) \X {"intent", "ready"}

VARIABLES
  space,         \* [Process -> its address space, None if it is not there]
  bits,          \* [Space -> set of <<kind, "intent" or "ready">>]
  last           \* the last command: [by, command, kind, flags, answer]
\* Lanes: p = process p, not = last bits
vars == <<space, bits, last>>

Init == /\ space = [p \in Process |-> IF p = 1 THEN 1 ELSE None]
        /\ bits = [s \in Space |-> {}]
        /\ last = [by |-> 1, command |-> "boot", kind |-> "", flags |-> 0,
                   answer |-> 0]

(*--------------------------------- answers --------------------------------*)
Command(k)  == CASE k = "GE" -> 2  [] k = "PE" -> 8
                 [] k = "SC" -> 32 [] k = "RS" -> 128
Register(k) == 2 * Command(k)

RECURSIVE Sum(_, _)
Sum(F(_), S) == IF S = {} THEN 0
                ELSE LET x == CHOOSE x \in S : TRUE
                     IN  F(x) + Sum(F, S \ {x})

(* QUERY: 0, GLOBAL: 1, GET_REGISTRATIONS: 512.                             *)
QueryAnswer ==
  LET Both(k) == Command(k) + Register(k)
  IN  (IF NohzFull THEN 0 ELSE 1) + 512
      + Sum(Both, {"GE", "PE", "SC", "RS"} \ Unsupported)

(* It reports a registration by either of its bits.                         *)
GetAnswer(s) ==
  Sum(Register, {k \in Kinds \cup {"PE"} : \E b \in bits[s] : b[1] = k})

GlobalAnswer == IF NohzFull THEN EINVAL ELSE 0

(* Flags first, then whether there is such a command, then the permission.  *)
(* Only RSEQ has a flag. GLOBAL_EXPEDITED is open to all.                   *)
UseAnswer(k, flags, s) ==
  CASE flags # 0 /\ k # "RS"                     -> EINVAL
    [] flags \notin {0, 1}                       -> EINVAL
    [] k \in Unsupported                         -> EINVAL
    [] k # "GE" /\ <<k, "ready">> \notin bits[s] -> EPERM
    [] OTHER                                     -> 0

(*-------------------------------- commands --------------------------------*)
Alive(p) == space[p] # None
Answer(p, command, kind, flags, answer) ==
  last' = [by |-> p, command |-> command, kind |-> kind, flags |-> flags,
           answer |-> answer]

Query(p) == /\ Alive(p) /\ Answer(p, "QUERY", "", 0, QueryAnswer)
            /\ UNCHANGED <<space, bits>>
Get(p)   == /\ Alive(p)
            /\ Answer(p, "GET_REGISTRATIONS", "", 0, GetAnswer(space[p]))
            /\ UNCHANGED <<space, bits>>
Global(p) == /\ Alive(p) /\ Answer(p, "GLOBAL", "", 0, GlobalAnswer)
             /\ UNCHANGED <<space, bits>>

Use(p, k, flags) ==
  /\ Alive(p)
  /\ Answer(p, "use", k, flags, UseAnswer(k, flags, space[p]))
  /\ UNCHANGED <<space, bits>>

(* SYNC_CORE and RSEQ are PRIVATE_EXPEDITED to the scheduler, so they set   *)
(* its intent along, but not its ready.                                     *)
Intents(k) == {<<k, "intent">>}
              \cup (IF k \in {"SC", "RS"} THEN {<<"PE", "intent">>} ELSE {})
Mask(k)    == {<<k, "ready">>}
              \cup (IF ReadyMask = "both" /\ k = "SC"
                    THEN {<<"PE", "ready">>} ELSE {})
IsReady(k, s) == IF ReadyTest = "all" THEN Mask(k) \subseteq bits[s]
                                      ELSE Mask(k) \cap bits[s] # {}

Registers(p, k, flags, answer) ==
  /\ Alive(p)
  /\ LET s == space[p] IN
     CASE flags # 0 \/ k \in Unsupported ->
            answer = EINVAL /\ UNCHANGED bits
       [] flags = 0 /\ k \notin Unsupported /\ IsReady(k, s) ->
            answer = 0 /\ UNCHANGED bits
       [] flags = 0 /\ k \notin Unsupported /\ ~IsReady(k, s) ->
            \/ /\ answer = 0
               /\ bits' = [bits EXCEPT ![s] = @ \cup Intents(k) \cup Mask(k)]
            \/ /\ NoMemory /\ answer = ENOMEM
               /\ bits' = [bits EXCEPT ![s] = @ \cup Intents(k)]
  /\ Answer(p, "register", k, flags, answer)
  /\ UNCHANGED space

(*----------------------------- fork and exec ------------------------------*)
Free == {s \in Space : \A p \in Process : space[p] # s}

Fork(p, q) ==
  /\ Alive(p) /\ ~Alive(q)
  /\ \E s \in Free : /\ space' = [space EXCEPT ![q] = s]
                     /\ bits' = [bits EXCEPT ![s] = bits[space[p]]]
  /\ Answer(p, "fork", "", 0, q)

CloneVm(p, q) ==
  /\ Alive(p) /\ ~Alive(q)
  /\ space' = [space EXCEPT ![q] = space[p]]
  /\ Answer(p, "clone(CLONE_VM)", "", 0, q)
  /\ UNCHANGED bits

(* A process that shares its address space leaves it to the others.         *)
Exec(p) ==
  /\ Alive(p)
  /\ \E s \in Free \cup {space[p]} :
       /\ s = space[p] => \A q \in Process \ {p} : space[q] # s
       /\ space' = [space EXCEPT ![p] = s]
       /\ bits' = [bits EXCEPT ![s] = {}]
  /\ Answer(p, "exec", "", 0, 0)

Exit(p) ==
  /\ p # 1 /\ Alive(p)
  /\ space' = [space EXCEPT ![p] = None]
  /\ bits' = [s \in Space |->
                IF \E q \in Process \ {p} : space[q] = s THEN bits[s] ELSE {}]
  /\ Answer(p, "exit", "", 0, 0)

Next == \E p \in Process :
          \/ Query(p) \/ Get(p) \/ Global(p) \/ Exec(p) \/ Exit(p)
          \/ \E k \in Kinds, flags \in 0..2 : Use(p, k, flags)
          \/ \E k \in Kinds, flags \in 0..1, answer \in {0, EINVAL, ENOMEM} :
               Registers(p, k, flags, answer)
          \/ \E q \in Process : Fork(p, q) \/ CloneVm(p, q)
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ space \in [Process -> Space \cup {None}]
  /\ bits \in [Space -> SUBSET Bit]
  /\ last.by \in Process /\ last.answer \in -22..1023

ReadyIsIntended == \A s \in Space, k \in Kinds :
                     <<k, "ready">> \in bits[s] => <<k, "intent">> \in bits[s]

(* A process that was told that it is registered may use the command.       *)
RegistrationPermits ==
  last.command = "register" /\ last.answer = 0 =>
    UseAnswer(last.kind, 0, space[last.by]) = 0

(* And only that process, one that it shares the address space with, or     *)
(* their child.                                                             *)
Permitted(k, s) == UseAnswer(k, 0, s) = 0
OnlyRegisteredMayUse ==
  [][\A p \in Process, k \in Kinds \ {"GE"} :
       /\ space[p] # None /\ space'[p] = space[p]
       /\ ~Permitted(k, space[p]) /\ Permitted(k, space[p])'
       => /\ last'.command = "register" /\ last'.kind = k
          /\ last'.answer = 0 /\ space[last'.by] = space[p]]_vars

(* What GET_REGISTRATIONS reports, is it permitted?                         *)
ReportedIsPermitted ==
  \A p \in Process, k \in Kinds :
    Alive(p) /\ (GetAnswer(space[p]) \div Register(k)) % 2 = 1
      => <<k, "ready">> \in bits[space[p]]

(* What is permitted is reported.                                           *)
PermittedIsReported ==
  \A p \in Process, k \in Kinds :
    Alive(p) /\ <<k, "ready">> \in bits[space[p]]
      => (GetAnswer(space[p]) \div Register(k)) % 2 = 1

ForkCopies ==
  last.command = "fork" => bits[space[last.answer]] = bits[space[last.by]]
CloneShares ==
  [][last'.command = "clone(CLONE_VM)" =>
       space'[last'.answer] = space'[last'.by]]_vars
ExecClears == last.command = "exec" => bits[space[last.by]] = {}

(* Nothing but exec (and the end of an address space) takes bits away.      *)
NothingUnregisters ==
  [][last'.command \notin {"exec", "exit", "fork"} =>
       \A s \in Space : bits[s] \subseteq bits'[s]]_vars

(* The man page: an answer of EINVAL is the same until reboot. One of EPERM *)
(* is not.                                                                  *)
InvalidStaysInvalid ==
  [][\A p \in Process, k \in Kinds, flags \in 0..2 :
       Alive(p) /\ Alive(p)' =>
         (UseAnswer(k, flags, space[p]) = EINVAL
            <=> UseAnswer(k, flags, space[p])' = EINVAL)]_vars
DeniedStaysDenied ==
  [][\A p \in Process, k \in Kinds :
       Alive(p) /\ UseAnswer(k, 0, space[p]) = EPERM
         => UseAnswer(k, 0, space[p])' = EPERM]_vars
==============================================================================
