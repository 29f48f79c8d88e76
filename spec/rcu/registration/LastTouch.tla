------------------------------ MODULE LastTouch ------------------------------
(* A domain is destroyed (qs_domain_destroy) when its last readers have     *)
(* unregistered. Whoever does so refuses while anybody is still registered, *)
(* and nobody registers meanwhile: that is up to the user. But a thread     *)
(* that is unregistering just now may be about to store to its slot, or to  *)
(* count itself out, when the slots are unmapped and the domain is freed:   *)
(*                                                                          *)
(*     leaver:     use;  B;  announced = 0;  owner = 0 (Give);              *)
(*                 registered -= 1 (L)                                      *)
(*     destroyer:  owner == 0?  registered == 0?  unmap                     *)
(*                                                                          *)
(* So both words must be seen at rest. One that is counted touches          *)
(* `registered` last; one that is not, since it is offline, touches `owner` *)
(* last. What each stores last releases: then everything before is over.    *)
(* Only the way is shown on which the destroyer is not refused.             *)
EXTENDS Machine

CONSTANTS
  Counted,       \* is the leaver counted? (One that is offline is not.)
  Looks,         \* the words that the destroyer looks at
  B,             \* reader: use, then the end of the announcement
  Give,          \* the mode of the store that gives the slot back
  L,             \* the mode of the subtraction
  Sees           \* the mode of the destroyer's loads
ASSUME CountedIsBoolean == Counted \in BOOLEAN
ASSUME LooksAreWords    == Looks \subseteq {"owner", "registered"}
ASSUME StrengthsAreKnown ==
  B \in Fences \cup {"none"} /\ {Give, L, Sees} \subseteq Modes

Threads == {"leaver", "destroyer"}
Words   == [announced |-> 1, cell |-> 1, owner |-> 1, mapped |-> 1,
            registered |-> IF Counted THEN 1 ELSE 0]

FenceL(swap) == Lettered("L", <<In(L, swap)>>)
OneLess == <<"-", <<"read">>, <<"num", 1>>>>
Leaver ==
  <<Load("use", "cell")>> \o Before("B", B, In("once", Store("announced", 0)))
  \o <<In(Give, Store("owner", 0))>>
  \o (IF Counted THEN FenceL(Swap("was", "registered", OneLess)) ELSE <<>>)

LookAt(word) == IF word \in Looks THEN <<In(Sees, Await(word, {0}))>>
                                  ELSE <<>>
Destroyer ==
  LookAt("owner") \o LookAt("registered") \o <<Store("mapped", 0)>>

Programs ==
  [t \in Threads |-> IF t = "leaver" THEN Leaver ELSE Destroyer]

(* The leaver does nothing to a domain that is not there any more.          *)
NothingIsTouched ==
  [][memory["mapped"] = 0 =>
       performed'["leaver"] = performed["leaver"]]_vars

(* It does come to that.                                                    *)
NeverUnmapped == memory["mapped"] = 1
==============================================================================
