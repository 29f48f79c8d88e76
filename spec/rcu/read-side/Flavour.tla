------------------------------- MODULE Flavour -------------------------------
(* A flavour of RCU is a way of paying for the reader's barriers.           *)
(*                                                                          *)
(*   mb          the reader runs full fences itself                         *)
(*   membarrier  it runs compiler barriers, and the updater makes all       *)
(*               threads run a full barrier by the system call              *)
(*   signal      the same, by a signal to each reader (liburcu until 2023)  *)
(*   qsbr        the reader runs full fences in its quiescent states, which *)
(*               are rare, and nothing at all around a section              *)
(*                                                                          *)
(* Here is what stands at each letter in each of them. ReadSideProtocol and *)
(* WaitWake explain the letters; only the phase algorithm has F and G. That *)
(* algorithm is as in liburcu, with full barriers where the number          *)
(* algorithm has a release store (B) and an acquire fence (H), as in        *)
(* native/.                                                                 *)
Flavours == {"mb", "membarrier", "signal", "qsbr"}

ReadersFence(flavour) == flavour \in {"mb", "qsbr"}
Fast(flavour) == IF ReadersFence(flavour) THEN "mb" ELSE "barrier"
Slow(flavour) == IF ReadersFence(flavour) THEN "mb" ELSE flavour

Strength(letter, algorithm, flavour) ==
  CASE letter \in {"A", "C"} -> Fast(flavour)
    [] letter = "B" -> IF algorithm = "number" THEN "release"
                                               ELSE Fast(flavour)
    [] letter = "D" -> "release"
    [] letter \in {"E", "I"} -> Slow(flavour)
    [] letter \in {"F", "G"} -> IF algorithm = "number" THEN "none" ELSE "mb"
    [] letter = "H" -> IF algorithm = "number" THEN "acquire"
                                               ELSE Slow(flavour)
    [] letter \in {"J", "K", "N", "O", "S", "T"} -> "mb"
    [] letter \in {"L", "M", "P", "U"} -> "release"
    [] letter \in {"Q", "R"} -> "acquire"

(* The same where one thing, a letter or a step, is missing.                *)
Without(missing, letter, algorithm, flavour) ==
  IF missing = letter THEN "none" ELSE Strength(letter, algorithm, flavour)
==============================================================================
