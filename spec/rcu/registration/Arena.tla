-------------------------------- MODULE Arena --------------------------------
(* Where liburcu's bp flavour keeps its readers: memory that grows, and     *)
(* never moves.                                                             *)
(*                                                                          *)
(* The idea. In bp a thread registers by itself when it first reads, and    *)
(* gets an entry in an arena of mapped memory. From then on it announces    *)
(* its sections there, through a pointer of its own and without a lock, so  *)
(* nobody could tell it that its entry is somewhere else now: a full arena  *)
(* may be made longer in place, or get one more chunk, but what is mapped   *)
(* stays where it is. And the arena may be unmapped only when no thread has *)
(* an entry: each holds a reference, and the library one more, which its    *)
(* destructor gives back, perhaps before the last thread has ended.         *)
(*                                                                          *)
(* Steps are those of liburcu, src/urcu-bp.c: urcu_bp_register,             *)
(* expand_arena, arena_alloc, urcu_bp_unregister and urcu_bp_exit. What     *)
(* happens under a lock (and that is all but a reader's announcements) is   *)
(* one step. An entry says only whether its reader is inside: Phase has the *)
(* grace period.                                                            *)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Threads,                 \* how many threads read
  Chunks,                  \* how many chunks there is room for
  Length                   \* how many entries each of them can grow to
ASSUME Threads \in Nat \ {0} /\ Chunks \in Nat \ {0} /\ Length \in Nat \ {0}

Thread  == 1..Threads
Chunk   == 1..Chunks
Index   == 1..Length
Address == Chunk \X Index
Nowhere == <<0, 0>>

VARIABLES
  mapped,                  \* [Chunk -> how many entries of it are mapped]
  listed,                  \* the chunks on the arena's list
  given,                   \* the entries that are allocated
  word,                    \* [Address -> is its reader inside?]
  pointer,                 \* [Thread -> its entry, or Nowhere]
  references,              \* how many threads hold the arena, and the library
  library,                 \* is the library's destructor yet to run?
  inside,                  \* the threads that are inside a section
  visit,                   \* the entries that the updater has yet to see
                           \* outside
  before,                  \* the threads inside since before the updater's
                           \* call (nobody computes this)
  updater                  \* its next step
\* Lanes: t = thread t, updater = updater, not = before
vars == <<mapped, listed, given, word, pointer, references, library, inside,
          visit, before, updater>>

arena == <<mapped, listed>>
call  == <<visit, before, updater>>
Mapped(a) == a[1] \in Chunk /\ a[2] <= mapped[a[1]]
Registry == given

(*-------------------------------- the reader ------------------------------*)
(* It announces through its pointer. A store where nothing is mapped would  *)
(* be a segmentation fault, and is lost here.                               *)
Announce(t, what) ==
  word' = IF Mapped(pointer[t]) THEN [word EXCEPT ![pointer[t]] = what]
                                ELSE word
Enter(t) ==
  /\ pointer[t] # Nowhere /\ t \notin inside
  /\ inside' = inside \cup {t}
  /\ Announce(t, TRUE)
  /\ UNCHANGED <<arena, given, pointer, references, library, call>>

Leave(t) ==
  /\ t \in inside
  /\ inside' = inside \ {t}
  /\ before' = before \ {t}
  /\ Announce(t, FALSE)
  /\ UNCHANGED <<arena, given, pointer, references, library, visit, updater>>

(*------------------------------ registration ------------------------------*)
(* The first free entry of the first chunk that has one.                    *)
Free == {a \in Address : a[1] \in listed /\ Mapped(a) /\ a \notin given}
Comes(a, b) == a[1] < b[1] \/ (a[1] = b[1] /\ a[2] <= b[2])
FirstFree == CHOOSE a \in Free : \A b \in Free : Comes(a, b)

Take(t, a) ==
  /\ given' = given \cup {a}
  /\ pointer' = [pointer EXCEPT ![t] = a]
  /\ references' = references + 1

Register(t) ==
  /\ pointer[t] = Nowhere /\ Free # {}
  /\ Take(t, FirstFree)
  /\ UNCHANGED <<arena, word, library, inside, call>>

(* If there is none, the last chunk grows where it is, should there be room *)
(* behind it, or a new one is mapped.                                       *)
Last == CHOOSE c \in listed : \A d \in listed : d <= c
Size == IF listed = {} THEN 1 ELSE 2 * mapped[Last]
GrowInPlace(t) ==
  /\ pointer[t] = Nowhere /\ Free = {} /\ listed # {}
  /\ Size <= Length
  /\ mapped' = [mapped EXCEPT ![Last] = Size]
  /\ Take(t, <<Last, mapped[Last] + 1>>)
  /\ UNCHANGED <<listed, word, library, inside, call>>

Unused == {c \in Chunk : mapped[c] = 0 /\ c \notin listed}
Fresh == CHOOSE c \in Unused : \A d \in Unused : c <= d
Map(t) ==
  /\ pointer[t] = Nowhere /\ Free = {} /\ Unused # {}
  /\ Size <= Length
  /\ mapped' = [mapped EXCEPT ![Fresh] = Size]
  /\ listed' = listed \cup {Fresh}
  /\ Take(t, <<Fresh, 1>>)
  /\ UNCHANGED <<word, library, inside, call>>

(* Whoever gives back the last reference unmaps all. The list is emptied,   *)
(* as a thread may still register after that.                               *)
GiveBack ==
  /\ references' = references - 1
  /\ IF references = 1
       THEN /\ mapped' = [c \in Chunk |-> 0]
            /\ listed' = {}
       ELSE UNCHANGED arena

(* A thread ends: the destructor of its key runs.                           *)
Unregister(t) ==
  /\ pointer[t] # Nowhere /\ t \notin inside
  /\ given' = given \ {pointer[t]}
  /\ visit' = visit \ {pointer[t]}
  /\ word' = [word EXCEPT ![pointer[t]] = FALSE]
  /\ pointer' = [pointer EXCEPT ![t] = Nowhere]
  /\ GiveBack
  /\ UNCHANGED <<library, inside, before, updater>>

(* The process ends, but its threads have not yet.                          *)
Destructor ==
  /\ library
  /\ library' = FALSE
  /\ GiveBack
  /\ UNCHANGED <<given, word, pointer, inside, call>>

(*-------------------------------- the updater -----------------------------*)
Publish ==
  /\ updater = "Publish"
  /\ before' = inside
  /\ visit' = Registry
  /\ updater' = "Scan"
  /\ UNCHANGED <<arena, given, word, pointer, references, library, inside>>

Scan ==
  /\ updater = "Scan"
  /\ \E a \in visit : ~word[a] /\ visit' = visit \ {a}
  /\ UNCHANGED <<arena, given, word, pointer, references, library, inside,
                 before, updater>>

Return ==
  /\ updater = "Scan" /\ visit = {}
  /\ before' = {}
  /\ updater' = "Publish"
  /\ UNCHANGED <<arena, given, word, pointer, references, library, inside,
                 visit>>

(*------------------------------- the whole --------------------------------*)
Init ==
  /\ mapped = [c \in Chunk |-> 0] /\ listed = {} /\ given = {}
  /\ word = [a \in Address |-> FALSE]
  /\ pointer = [t \in Thread |-> Nowhere]
  /\ references = 1 /\ library = TRUE
  /\ inside = {} /\ visit = {} /\ before = {}
  /\ updater = "Publish"

Next == \/ \E t \in Thread : \/ Enter(t) \/ Leave(t) \/ Register(t)
                             \/ GrowInPlace(t) \/ Map(t)
                             \/ Unregister(t)
        \/ Destructor
        \/ Publish \/ Scan \/ Return
Spec == Init /\ [][Next]_vars

(*------------------------------- what holds -------------------------------*)
TypeOK ==
  /\ mapped \in [Chunk -> 0..Length] /\ listed \subseteq Chunk
  /\ given \subseteq Address /\ word \in [Address -> BOOLEAN]
  /\ pointer \in [Thread -> Address \cup {Nowhere}]
  /\ references \in 0..(Threads + 1) /\ library \in BOOLEAN
  /\ inside \subseteq Thread /\ visit \subseteq Address
  /\ before \subseteq inside

(* Threads, the updater and the arena itself look only at mapped memory.    *)
NothingUnmappedIsUsed ==
  /\ \A t \in Thread : pointer[t] # Nowhere => Mapped(pointer[t])
  /\ \A a \in visit : Mapped(a)
  /\ \A c \in listed : mapped[c] > 0

(* Each thread has an entry of its own, which tells the truth.              *)
EntriesAreTheirOwn ==
  /\ \A t, u \in Thread : t # u /\ pointer[t] = pointer[u]
                            => pointer[t] = Nowhere
  /\ \A t \in inside : pointer[t] # Nowhere /\ word[pointer[t]]

(* Once nobody holds it, nothing is left of the arena.                      *)
NothingIsLeftMapped ==
  references = 0 => \A c \in Chunk : mapped[c] = 0

(* No call returns while a reader is inside that was inside at its start.   *)
Returns == updater = "Scan" /\ updater' = "Publish"
NoEarlyEnd == [][Returns => before = {}]_vars
Abstract == INSTANCE GracePeriod
              WITH Reader <- Thread, running <- updater = "Scan",
                   waits <- before
RefinesGracePeriod == Abstract!Spec

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* A full arena may be moved to where there is room: what is in it is       *)
(* copied, and the threads still point to where it was.                     *)
Moved(a, from, to) == IF a[1] = from THEN <<to, a[2]>> ELSE a
MapAndMove(t) ==
  /\ pointer[t] = Nowhere /\ Free = {} /\ Unused # {} /\ listed # {}
  /\ Size <= Length
  /\ LET new == <<Fresh, mapped[Last] + 1>> IN
       /\ mapped' = [mapped EXCEPT ![Fresh] = Size, ![Last] = 0]
       /\ listed' = {Fresh}
       /\ given' = {Moved(a, Last, Fresh) : a \in given} \cup {new}
       /\ visit' = {Moved(a, Last, Fresh) : a \in visit}
       /\ word' = [a \in Address |-> IF a[1] = Fresh
                                       THEN word[<<Last, a[2]>>]
                                       ELSE word[a]]
       /\ pointer' = [pointer EXCEPT ![t] = new]
  /\ references' = references + 1
  /\ UNCHANGED <<library, inside, before, updater>>

(* The destructor unmaps the arena whether threads have ended or not.       *)
DestructorUnmaps ==
  /\ library
  /\ library' = FALSE
  /\ references' = references - 1
  /\ mapped' = [c \in Chunk |-> 0]
  /\ listed' = {}
  /\ UNCHANGED <<given, word, pointer, inside, call>>

(* It is unmapped, and its list still names the chunks.                     *)
GiveBackKeepsList ==
  /\ references' = references - 1
  /\ mapped' = IF references = 1 THEN [c \in Chunk |-> 0] ELSE mapped
  /\ UNCHANGED listed

(* An arena with readers in it does grow, both ways: the claims that it     *)
(* does not are violated.                                                   *)
NeverGrowsInPlace == \A c \in Chunk : mapped[c] <= c
NeverTwoChunks == Cardinality(listed) < 2

(* A thread takes the first entry, whether or not it is allocated.          *)
AnyEntry == {a \in Address : a[1] \in listed /\ Mapped(a)}

(* Whoever gives back the last reference empties the list and unmaps none.  *)
GiveBackKeepsMemory ==
  /\ references' = references - 1
  /\ listed' = IF references = 1 THEN {} ELSE listed
  /\ UNCHANGED mapped
============================================================================
