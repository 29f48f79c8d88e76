-------------------------- MODULE SwitchingMutants ---------------------------
(* Switching with one step changed: what is easily done instead.            *)
EXTENDS Switching

(* The controller doesn't wait until a process has applied the rules.       *)
AppliedOrNot(p) == TRUE

(* A process reads the rules, and then makes itself known.                  *)
ReadFirst(p) ==
  /\ Can(p, "Name")
  /\ Goto(p, "LoadGeneration")
  /\ UNCHANGED <<named, applied, read, later, word>> /\ Apart(p)
NameLast(p) ==
  /\ Can(p, "Apply")
  /\ named' = [named EXCEPT ![p] = TRUE]
  /\ applied' = [applied EXCEPT ![p] = read[p].generation]
  /\ read' = [read EXCEPT ![p] = Unread]
  /\ Goto(p, "Open")
  /\ UNCHANGED <<later, word>> /\ Apart(p)

(* A process that comes leaves its word to the controller.                  *)
WriteNoWord(p) ==
  /\ Can(p, "WriteWord")
  /\ Goto(p, "LookAgain")
  /\ UNCHANGED <<named, applied, read, later, word>> /\ Apart(p)

(* The controller lists the processes, and then changes the rules.          *)
ListFirst ==
  /\ Stands("RaiseFirst")
  /\ generation' = generation + 1
  /\ todo' = Listed
  /\ Then("WriteFirst")
  /\ UNCHANGED <<rules, active, gp, made, busy, word>>
  /\ UNCHANGED <<config, change, clean, kills>> /\ Watch
ListNothing ==
  /\ Stands("List")
  /\ Then("Await")
  /\ UNCHANGED <<control, word, config, todo, change, clean, kills>> /\ Watch

(* A process reads the rules once.                                          *)
LookNoMore(p) ==
  /\ Can(p, "LookAgain")
  /\ Goto(p, "Apply")
  /\ UNCHANGED <<named, applied, read, later, word>> /\ Apart(p)

(* The generation is raised after the flip alone.                           *)
RaiseOnce ==
  /\ Stands("RaiseFirst")
  /\ Then("WriteFirst")
  /\ UNCHANGED <<control, word, config, todo, change, clean, kills>> /\ Watch

(* The generation is raised before the copy is written alone.               *)
FlipLast ==
  /\ Stands("Flip")
  /\ active' = Other
  /\ Then("List")
  /\ UNCHANGED <<rules, generation, gp, made, busy, word>>
  /\ UNCHANGED <<config, todo, change, clean, kills>> /\ Watch

(* A module that comes later is switched without a word to the controller.  *)
MeetSilently(p) ==
  /\ Can(p, "Open") /\ later[p] > 0
  /\ later' = [later EXCEPT ![p] = @ - 1]
  /\ Goto(p, "LoadGeneration")
  /\ UNCHANGED <<named, applied, read, word>> /\ Apart(p)

(* There is no grace period.                                                *)
EverybodyIsQuiescent(p) == TRUE

(* A configuration is free when no rule names it.                           *)
FreeIfUnnamed == {c \in Config : c # rules[active]}

(* A process is taken for dead that has taken no step for a while.          *)
GoneIfSilent(p) == TRUE

(* The successor of a killed controller takes its change for finished.      *)
KilledAndForgotten ==
  /\ kills < Kills /\ ~Stands("Change")
  /\ kills' = kills + 1
  /\ config' = Off /\ todo' = {} /\ clean' = TRUE
  /\ Then("Change")
  /\ UNCHANGED <<control, word, change>> /\ Watch

(* Nobody is ever taken for dead.                                           *)
GoneNever(p) == FALSE

(* A child of fork() goes on in its parent's file, which dies with that.    *)
FileOfTheParent(p) == 1

(* The word is loaded outside of the section.                               *)
LoadWordFirst(p) ==
  /\ Hits(p, "") /\ named[File(p)] /\ word[File(p)] \in Config
  /\ uses' = [uses EXCEPT ![p] = [config |-> word[File(p)],
                                  made |-> made[word[File(p)]]]]
  /\ Comes(p, "LoadWord")
  /\ UNCHANGED announced /\ Alone(p)
AnnounceLast(p) ==
  /\ Hits(p, "LoadWord")
  /\ announced' = [announced EXCEPT ![File(p)] = gp]
  /\ Comes(p, "Leave")
  /\ UNCHANGED uses /\ Alone(p)
==============================================================================
