--------------------------- MODULE SwitchingAcross ---------------------------
(* Switching's grace period, with membarrier's contract: a configuration is *)
(* filled for another rule while threads of other processes may still hit   *)
(* with the old one. In Switching the processes' steps take effect at once; *)
(* here a processor may keep back the store that announces a section, and   *)
(* so the controller's call has to reach whoever relies on it.              *)
(*                                                                          *)
(*     a hit:       announced = gp;  A;  load the word;  use what it names, *)
(*                  more than once;  B;  announced = 0                      *)
(*     controller:  fill the free configuration;  D;  write the word;  E;   *)
(*                  gp += 1;  scan;  H;  fill the old one for another rule  *)
(*                                                                          *)
(* A process says by its own registration which of two things stands at A.  *)
(* If the kernel has registered it for GLOBAL_EXPEDITED, the compiler alone *)
(* is held, and letter E is its barrier. If not, it has a full fence of its *)
(* own (Fenced), and needs no call. What no process may have is neither;    *)
(* and PRIVATE_EXPEDITED in place of the global command is just that, for   *)
(* everybody but the controller's own threads.                              *)
EXTENDS AcrossProcesses

CONSTANT
  Fenced         \* the readers whose process pays for a fence of its own
ASSUME FencedAreReaders == Fenced \subseteq 1..Readers

Configs == <<"off", "config1", "config2">>
Filled  ==
  [a \in {"word", "off", "config1", "config2"} \cup ProtocolWords |->
     CASE a = "word"    -> 1
       [] a = "config1" -> 1
       [] a \in {"off", "config2"} -> 0
       [] OTHER         -> Value0(a)]

FenceOf(r) == IF r \in Fenced THEN Point("A", "mb") ELSE FenceA
Hits(r) ==
  <<Own(Load("gp1", "gp")), Own(StoreReg(Announced(r), "gp1", 0))>>
  \o FenceOf(r)
  \o <<Own(Load("config", "word")),
       Deref("made", "config", Configs), Deref("again", "config", Configs)>>
  \o Unlock(r)

(* The first change fills the second configuration, and then frees the      *)
(* first one; the second change takes that.                                 *)
Changes(n) ==
  LET new == IF n = 1 THEN 2 ELSE 1
  IN  FenceD(Own(Store("word", new))) \o Synchronize(n)
      \o <<Store(Configs[3 - new + 1], n + 2)>>
Switches ==
  <<Store("config2", 2)>> \o Changes(1)
  \o (IF Updates = 1 THEN <<>> ELSE Changes(2))

Switching ==
  [t \in Threads |->
     IF t = "updater" THEN Switches
     ELSE LET r == CHOOSE r \in 1..Readers : t = Reader(r) IN Hits(r)]

(*------------------------------ the promises ------------------------------*)
(* What a hit has found in its configuration stays until it leaves.         *)
NoConfigChangesInUse ==
  \A r \in 1..Readers :
    LET found == register[Reader(r)]
    IN  performed[Reader(r)] = Positions(Reader(r))
          => found["made"] = found["again"]

(* After one change nobody may find what the old one is filled with then:   *)
(* no rule names that yet.                                                  *)
Another == 3
NoConfigIsAnothers ==
  \A r \in 1..Readers :
    LET found == register[Reader(r)]
    IN  Updates = 1 => Another \notin {found["made"], found["again"]}
==============================================================================
