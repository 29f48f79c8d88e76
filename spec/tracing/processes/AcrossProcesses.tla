--------------------------- MODULE AcrossProcesses ---------------------------
(* A controller in one process switches tracepoints in others, through      *)
(* memory that they share. When a traced thread comes to its tracepoint it  *)
(* enters a section, loads the pointer to the probe, and runs what it finds *)
(* there. To switch off, the controller clears the pointer, waits for a     *)
(* grace period, and frees the probe; to switch on again, it fills the same *)
(* memory once more. So a reader sees the old state or the new one, but it  *)
(* never runs a probe that has been freed.                                  *)
(*                                                                          *)
(* The grace period is that of ReadSideProtocol, with its fence-free        *)
(* readers. What is new is who runs the barrier when the controller calls   *)
(* membarrier():                                                            *)
(*                                                                          *)
(*   PRIVATE_EXPEDITED  the threads that share the caller's address space.  *)
(*                      Memory shared between processes does not make their *)
(*                      address spaces one: no traced process is reached.   *)
(*   GLOBAL_EXPEDITED   the threads of every process that has registered    *)
(*                      for it. Registering is up to the *reader*: any      *)
(*                      process may call, and the call succeeds even if     *)
(*                      nobody is registered.                               *)
(*                                                                          *)
(* A claim puts Commanded in place of Membarrier.                           *)
EXTENDS ReadSideProtocol

CONSTANTS
  Command,       \* "private" or "global"
  Traced,        \* the readers that are in processes of their own; the others
                 \*   are threads of the controller's process
  Registered     \* the readers whose process has registered for "global"
ASSUME CommandIsKnown == Command \in {"private", "global"}
ASSUME ReadersAreKnown == Traced \cup Registered \subseteq 1..Readers

Commanded ==
  MembarrierOf({Reader(r) : r \in IF Command = "global" THEN Registered
                                  ELSE (1..Readers) \ Traced})
ASSUME CommandTakesEffect == Membarrier = Commanded

(*--------------------------- tracepoint and probe -------------------------*)
(* A pointer of 0 leads to a word that is never freed: nothing is traced.   *)
Off   == 0
On    == 1
Probe == <<"nothing", "probe">>
Live  == 1
Freed == 2

Words ==
  [a \in {"tracepoint", "nothing", "probe"} \cup ProtocolWords |->
     CASE a = "tracepoint"           -> On
       [] a \in {"nothing", "probe"} -> Live
       [] OTHER                      -> Value0(a)]

Hit(r) == Lock(r, 1)
          \o <<Own(Load("ptr", "tracepoint")), Deref("ran", "ptr", Probe)>>
          \o Unlock(r)

SwitchOff(n) == <<Own(Store("tracepoint", Off))>>
                \o Synchronize(n)
                \o <<Store("probe", Freed)>>
SwitchOn     == <<Store("probe", Live)>>
                \o FenceD(Own(Store("tracepoint", On)))

Control ==
  SwitchOff(1) \o (IF Updates = 1 THEN <<>> ELSE SwitchOn \o SwitchOff(2))
ASSUME SwitchedOffOnceOrTwice == Updates \in {1, 2}

Programs ==
  [t \in Threads |->
     IF t = "updater" THEN Control
     ELSE LET r == CHOOSE r \in 1..Readers : t = Reader(r) IN Hit(r)]

(*------------------------------ the promises ------------------------------*)
NoFreedProbeRuns ==
  \A r \in 1..Readers : register[Reader(r)]["ran"] # Freed
==============================================================================
