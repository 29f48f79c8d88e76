------------------------------ MODULE Switching ------------------------------
(* A controller changes what is traced, in every process of a user, and     *)
(* knows when the old is over: step by step, with processes that come and   *)
(* die at any moment, and controllers that are killed between any two       *)
(* steps, each with a successor.                                            *)
(*                                                                          *)
(* Everybody can read the rules. A rule names a configuration (how an event *)
(* is to be recorded), and each process has a word for its event: 0, or the *)
(* number of the configuration. Who hits the tracepoint announces itself,   *)
(* loads the word, and uses what it names.                                  *)
(*                                                                          *)
(* A process that comes applies the rules by itself, the controller changes *)
(* the words of those that are there. It must not fall between the two:     *)
(*                                                                          *)
(*     process:     name its file;  K;  read generation, and the rules;     *)
(*                  write its word;  generation as before? else once more;  *)
(*                  AH;  applied = generation                               *)
(*     controller:  write the other copy of the rules;  flip;               *)
(*                  generation += 1;  J;  list;  await applied of each;     *)
(*                  write its word;  grace period;  free the old            *)
(*                                                                          *)
(* If the list lacks the process, the process reads the new rules. If the   *)
(* process has read the old ones, it is on the list, and has not applied    *)
(* them yet, or its word is about to be written. A process that gets to     *)
(* know another module, later on, begins again, with applied = 0.           *)
(*                                                                          *)
(* A killed controller leaves rules that nobody has carried out. Two things *)
(* keep that harmless. A configuration is free only if it says so itself,   *)
(* and it does so after a grace period of somebody who has written all      *)
(* words: that no rule names it is not enough. And the generation is raised *)
(* before the inactive copy is written, too: who reads that copy began      *)
(* before the flip, and the one who flipped may have died before it raised. *)
(*                                                                          *)
(* The lock of the controllers is the kernel's, who gives it to the next    *)
(* when its holder is dead. Death of a process is known by its lease, and   *)
(* is certain (Gone); a process that is stopped only takes no step. The     *)
(* orders are in SwitchingOrder, the grace period's own steps in Tracing.   *)
EXTENDS Integers, FiniteSets

CONSTANTS
  Processes,           \* how many processes there ever are
  Configs,             \* how many configurations there is room for
  Changes,             \* how many times the rules are changed
  Kills,               \* how many controllers are killed
  Modules,             \* how many modules come later, in each process
  Mortal               \* processes die
ASSUME SizesArePositive ==
  Processes \in Nat \ {0} /\ Configs \in Nat \ {0} /\ Changes \in Nat
ASSUME NumbersAreNumbers == {Kills, Modules} \subseteq Nat
ASSUME MortalIsBoolean   == Mortal \in BOOLEAN

Process == 1..Processes
Config  == 1..Configs
Copies  == {0, 1}
Off     == 0
Torn    == -1              \* what is in a copy of the rules that is being
                           \*   written
Nothing == [config |-> Off, made |-> 0]

VARIABLES
  rules,                   \* [Copies -> Off, a configuration, or Torn]
  active,                  \* the copy that holds
  generation,              \* is raised with each change
  gp,                      \* the number of the current grace period
  made,                    \* [Config -> the change that it was filled for]
  busy,                    \* [Config -> it may be in use]
  life,                    \* [Process -> "unborn", "lives" or "dead"]
  named,                   \* [Process -> its file has its name]
  applied,                 \* [Process -> the generation that it has applied,
                           \*   or 0]
  word,                    \* [Process -> its tracepoint's]
  announced,               \* [Process -> 0, or the number announced]
  at,                      \* [Process -> the step of applying rules]
  read,                    \* [Process -> the generation and the copy, then
                           \*   the rule, that it has read]
  inside,                  \* [Process -> the step of its hit]
  uses,                    \* [Process -> the configuration that it uses, and
                           \*   what that had been made for]
  later,                   \* [Process -> modules that are still to come]
  step,                    \* the controller's next step
  config,                  \* the configuration that it has filled, or Off
  todo,                    \* the processes that it has still to visit
  change,                  \* how many changes were begun
  clean,                   \* the last one was finished by who began it
  kills                    \* how many controllers were killed
control    == <<rules, active, generation, gp, made, busy>>
applying   == <<named, applied, at, read, later>>
hitting    == <<announced, inside, uses>>
processes  == <<life, applying, hitting>>
controller == <<step, config, todo, change, clean, kills>>
vars       == <<control, processes, word, controller>>
\* Lanes: p = process p, else = the controller, not = rules made busy

(*------------------------- a process applies rules ------------------------*)
Lives(p) == life[p] = "lives"
Gone(p)  == life[p] = "dead"
Can(p, s)  == Lives(p) /\ at[p] = s
Goto(p, s) == at' = [at EXCEPT ![p] = s]
Reads(p, field, value) == read' = [read EXCEPT ![p][field] = value]
Apart(p) == UNCHANGED <<control, life, hitting, controller>>

Start(p) ==
  /\ life[p] = "unborn" /\ \A q \in 1..(p - 1) : life[q] # "unborn"
  /\ life' = [life EXCEPT ![p] = "lives"]
  /\ UNCHANGED <<control, applying, hitting, word, controller>>

Name(p) ==
  /\ Can(p, "Name")
  /\ named' = [named EXCEPT ![p] = TRUE]
  /\ Goto(p, "LoadGeneration")
  /\ UNCHANGED <<applied, read, later, word>> /\ Apart(p)
LoadGeneration(p) ==
  /\ Can(p, "LoadGeneration")
  /\ Reads(p, "generation", generation)
  /\ Goto(p, "LoadActive")
  /\ UNCHANGED <<named, applied, later, word>> /\ Apart(p)
LoadActive(p) ==
  /\ Can(p, "LoadActive")
  /\ Reads(p, "copy", active)
  /\ Goto(p, "ReadRules")
  /\ UNCHANGED <<named, applied, later, word>> /\ Apart(p)
ReadRules(p) ==
  /\ Can(p, "ReadRules")
  /\ Reads(p, "rule", rules[read[p].copy])
  /\ Goto(p, "WriteWord")
  /\ UNCHANGED <<named, applied, later, word>> /\ Apart(p)
WriteWord(p) ==
  /\ Can(p, "WriteWord")
  /\ word' = [word EXCEPT ![p] = read[p].rule]
  /\ Goto(p, "LookAgain")
  /\ UNCHANGED <<named, applied, read, later>> /\ Apart(p)
LookAgain(p) ==
  /\ Can(p, "LookAgain")
  /\ Goto(p, IF generation = read[p].generation THEN "Apply"
                                                ELSE "LoadGeneration")
  /\ UNCHANGED <<named, applied, read, later, word>> /\ Apart(p)
Unread == [generation |-> 0, copy |-> 0, rule |-> Off]
Apply(p) ==
  /\ Can(p, "Apply")
  /\ applied' = [applied EXCEPT ![p] = read[p].generation]
  /\ read' = [read EXCEPT ![p] = Unread]
  /\ Goto(p, "Open")
  /\ UNCHANGED <<named, later, word>> /\ Apart(p)

(* Another module comes. Its word is the process's word here.               *)
Meet(p) ==
  /\ Can(p, "Open") /\ later[p] > 0
  /\ later' = [later EXCEPT ![p] = @ - 1]
  /\ applied' = [applied EXCEPT ![p] = 0]
  /\ Goto(p, "LoadGeneration")
  /\ UNCHANGED <<named, read, word>> /\ Apart(p)

(*---------------------------------- a hit ---------------------------------*)
(* Whose file a process announces itself in: its own.                       *)
File(p) == p
Alone(p) == UNCHANGED <<control, life, applying, word, controller>>
Hits(p, s)  == Lives(p) /\ inside[p] = s
Comes(p, s) == inside' = [inside EXCEPT ![p] = s]

Announce(p) ==
  /\ Hits(p, "") /\ named[File(p)] /\ word[File(p)] # Off
  /\ announced' = [announced EXCEPT ![File(p)] = gp]
  /\ Comes(p, "LoadWord")
  /\ UNCHANGED uses /\ Alone(p)
LoadWord(p) ==
  /\ Hits(p, "LoadWord")
  /\ LET c == word[File(p)]
     IN  uses' = [uses EXCEPT ![p] = IF c \in Config
                    THEN [config |-> c, made |-> made[c]] ELSE Nothing]
  /\ Comes(p, "Leave")
  /\ UNCHANGED announced /\ Alone(p)

(* From LoadWord to Leave it records the event.                             *)
Leave(p) ==
  /\ Hits(p, "Leave")
  /\ announced' = [announced EXCEPT ![File(p)] = 0]
  /\ uses' = [uses EXCEPT ![p] = Nothing]
  /\ Comes(p, "")
  /\ Alone(p)

Die(p) ==
  /\ Mortal /\ Lives(p)
  /\ life' = [life EXCEPT ![p] = "dead"]
  /\ uses' = [uses EXCEPT ![p] = Nothing]
  /\ UNCHANGED <<control, applying, announced, inside, word, controller>>

(*------------------------------ the controller ----------------------------*)
Stands(s) == step = s
Then(s)   == step' = s
Watch     == UNCHANGED processes

(* It turns the event off, or over to a configuration that is free. Where   *)
(* none is, or the last one was killed, it first carries out what the rules *)
(* say already (Refresh), which frees all but one.                          *)
Free == {c \in Config : ~busy[c]}
Change(c) ==
  /\ Stands("Change") /\ change < Changes
  /\ c # Off => c \in Free /\ \A d \in Free : c <= d
  /\ c = Off => rules[active] # Off
  /\ change' = change + 1
  /\ clean' = FALSE
  /\ config' = c
  /\ Then(IF c = Off THEN "RaiseFirst" ELSE "Fill")
  /\ busy' = IF c = Off THEN busy ELSE [busy EXCEPT ![c] = TRUE]
  /\ UNCHANGED <<rules, active, generation, gp, made, word, todo, kills>>
  /\ Watch
Refresh ==
  /\ Stands("Change")
  /\ ~clean \/ (change < Changes /\ Free = {})
  /\ clean' = FALSE
  /\ Then("List")
  /\ UNCHANGED <<control, word, config, todo, change, kills>> /\ Watch
Fill ==
  /\ Stands("Fill")
  /\ made' = [made EXCEPT ![config] = change]
  /\ Then("RaiseFirst")
  /\ UNCHANGED <<rules, active, generation, gp, busy, word>>
  /\ UNCHANGED <<config, todo, change, clean, kills>> /\ Watch

Other == 1 - active
Raised(from, to) ==
  /\ Stands(from)
  /\ generation' = generation + 1
  /\ Then(to)
  /\ UNCHANGED <<rules, active, gp, made, busy, word>>
  /\ UNCHANGED <<config, todo, change, clean, kills>> /\ Watch
Written(from, value, to) ==
  /\ Stands(from)
  /\ rules' = [rules EXCEPT ![Other] = value]
  /\ Then(to)
  /\ UNCHANGED <<active, generation, gp, made, busy, word>>
  /\ UNCHANGED <<config, todo, change, clean, kills>> /\ Watch
RaiseFirst == Raised("RaiseFirst", "WriteFirst")
WriteFirst == Written("WriteFirst", Torn, "WriteLast")
WriteLast  == Written("WriteLast", config, "Flip")
Flip ==
  /\ Stands("Flip")
  /\ active' = Other
  /\ Then("RaiseLast")
  /\ UNCHANGED <<rules, generation, gp, made, busy, word>>
  /\ UNCHANGED <<config, todo, change, clean, kills>> /\ Watch
RaiseLast  == Raised("RaiseLast", "List")

Listed == {p \in Process : named[p]}
List ==
  /\ Stands("List")
  /\ todo' = Listed
  /\ Then("Await")
  /\ UNCHANGED <<control, word, config, change, clean, kills>> /\ Watch

(* One after the other, when it has applied the rules by itself.            *)
Applied(p) == applied[p] # 0
Least      == CHOOSE p \in todo : \A q \in todo : p <= q
Await ==
  /\ Stands("Await")
  /\ IF todo = {} THEN Then("RaiseGp") /\ UNCHANGED todo
     ELSE IF Gone(Least) THEN todo' = todo \ {Least} /\ UNCHANGED step
     ELSE Applied(Least) /\ Then("Switch") /\ UNCHANGED todo
  /\ UNCHANGED <<control, word, config, change, clean, kills>> /\ Watch
Switch ==
  /\ Stands("Switch")
  /\ word' = [word EXCEPT ![Least] = rules[active]]
  /\ todo' = todo \ {Least}
  /\ Then("Await")
  /\ UNCHANGED <<control, config, change, clean, kills>> /\ Watch

RaiseGp ==
  /\ Stands("RaiseGp")
  /\ gp' = gp + 1
  /\ todo' = Listed
  /\ Then("Scan")
  /\ UNCHANGED <<rules, active, generation, made, busy, word>>
  /\ UNCHANGED <<config, change, clean, kills>> /\ Watch
Quiescent(p) == announced[p] = 0 \/ announced[p] >= gp
Scan ==
  /\ Stands("Scan")
  /\ IF todo = {} THEN Then("Free") /\ UNCHANGED todo
     ELSE /\ Gone(Least) \/ Quiescent(Least)
          /\ todo' = todo \ {Least}
          /\ UNCHANGED step
  /\ UNCHANGED <<control, word, config, change, clean, kills>> /\ Watch
FreeOld ==
  /\ Stands("Free")
  /\ busy' = [c \in Config |-> c = rules[active]]
  /\ config' = Off
  /\ clean' = TRUE
  /\ Then("Change")
  /\ UNCHANGED <<rules, active, generation, gp, made, word>>
  /\ UNCHANGED <<todo, change, kills>> /\ Watch

(* Its successor gets the lock, and knows nothing.                          *)
Killed ==
  /\ kills < Kills /\ ~Stands("Change")
  /\ kills' = kills + 1
  /\ config' = Off /\ todo' = {}
  /\ Then("Change")
  /\ UNCHANGED <<control, word, change, clean>> /\ Watch

(*-------------------------------- the whole -------------------------------*)
Init ==
  /\ rules = [n \in Copies |-> Off] /\ active = 0
  /\ generation = 1 /\ gp = 1
  /\ made = [c \in Config |-> 0] /\ busy = [c \in Config |-> FALSE]
  /\ life = [p \in Process |-> "unborn"]
  /\ named = [p \in Process |-> FALSE]
  /\ applied = [p \in Process |-> 0]
  /\ word = [p \in Process |-> Off]
  /\ announced = [p \in Process |-> 0]
  /\ at = [p \in Process |-> "Name"]
  /\ read = [p \in Process |-> Unread]
  /\ inside = [p \in Process |-> ""]
  /\ uses = [p \in Process |-> Nothing]
  /\ later = [p \in Process |-> Modules]
  /\ step = "Change" /\ config = Off /\ todo = {}
  /\ change = 0 /\ clean = TRUE /\ kills = 0

Opening(p) ==
  \/ Name(p) \/ LoadGeneration(p) \/ LoadActive(p) \/ ReadRules(p)
  \/ WriteWord(p) \/ LookAgain(p) \/ Apply(p)
InHit(p) == LoadWord(p) \/ Leave(p)
Going ==
  \/ Fill \/ RaiseFirst \/ WriteFirst \/ WriteLast \/ Flip \/ RaiseLast
  \/ List \/ Await \/ Switch \/ RaiseGp \/ Scan \/ FreeOld
Next ==
  \/ \E p \in Process :
       \/ Start(p) \/ Opening(p) \/ Meet(p)
       \/ Announce(p) \/ InHit(p) \/ Die(p)
  \/ \E c \in Config \cup {Off} : Change(c)
  \/ Refresh \/ Going \/ Killed

Spec == Init /\ [][Next]_vars

(* Who has begun something goes on with it, or dies; a controller that is   *)
(* killed has a successor.                                                  *)
FairSpec ==
  /\ Spec
  /\ \A p \in Process : WF_vars(Opening(p)) /\ WF_vars(InHit(p))
  /\ WF_vars(Refresh) /\ WF_vars(Going)

TypeOK ==
  /\ rules \in [Copies -> Config \cup {Off, Torn}] /\ active \in Copies
  /\ {generation, gp} \subseteq Nat
  /\ made \in [Config -> 0..Changes] /\ busy \in [Config -> BOOLEAN]
  /\ life \in [Process -> {"unborn", "lives", "dead"}]
  /\ named \in [Process -> BOOLEAN]
  /\ word \in [Process -> Config \cup {Off, Torn}]
  /\ inside \in [Process -> {"", "LoadWord", "Leave"}]
  /\ \A p \in Process :
       /\ applied[p] \in 0..generation /\ announced[p] \in 0..gp
       /\ uses[p].config \in Config \cup {Off}
       /\ later[p] \in 0..Modules
  /\ config \in Config \cup {Off} /\ todo \subseteq Process
  /\ change \in 0..Changes /\ clean \in BOOLEAN /\ kills \in 0..Kills

(*------------------------------ the promises ------------------------------*)
(* No configuration is taken for another rule while somebody uses it.       *)
NoConfigChangesInUse ==
  \A p \in Process :
    uses[p] # Nothing => made[uses[p].config] = uses[p].made

(* When a change returns, the old is over: what is recorded from then on is *)
(* recorded as the rules say, or not at all if they say so.                 *)
Finished == Stands("Change") /\ clean
NothingOldIsRecorded ==
  Finished => \A p \in Process :
    uses[p] # Nothing => uses[p].config = rules[active]

(* And whoever is open by then is switched as the rules say.                *)
WordsFollowTheRules ==
  Finished => \A p \in Process : Can(p, "Open") => word[p] = rules[active]

(* Nobody acts upon rules of which it has read the half.                    *)
NoTornRules == \A p \in Process : Can(p, "Open") => word[p] # Torn

(* A change returns, whoever dies; or its controller is killed, and then    *)
(* somebody finishes it.                                                    *)
ChangesEnd == ~clean ~> clean
==============================================================================
