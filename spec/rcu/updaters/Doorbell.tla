------------------------------ MODULE Doorbell -------------------------------
(* A follower sleeps until the leader rings. It needs the leader's grace    *)
(* period to have ended, or else the lead for itself, and takes no lock to  *)
(* find out:                                                                *)
(*                                                                          *)
(*     follower:  bell = doorbell;  R;  if ended >= want { return }         *)
(*                if leader == 0 { take the lead }                          *)
(*                sleepers += 1;  N;  sleep while doorbell == bell          *)
(*                sleepers -= 1;  again                                     *)
(*     leader:    ended = n (M);  leader = 0 (P);  doorbell += 1 (O);       *)
(*                if sleepers { wake all }                                  *)
(*                                                                          *)
(* Two things can go wrong. The leader rings and looks at `sleepers`, while *)
(* the follower counts itself and looks at the doorbell: store buffering    *)
(* again, with full fences at O and N. And the follower may read the bell   *)
(* that has rung for what it did not see: so it reads the bell first (R,    *)
(* an acquire), and the leader rings last (O, which releases, too). A       *)
(* leader that finds that somebody else has ended its grace period steps    *)
(* down at once, and must ring all the same.                                *)
(*                                                                          *)
(* futex_wait() compares and queues in one step. It is a swap of the        *)
(* doorbell here: the bell counts in twos, and 1 more says that the         *)
(* follower is queued. A kernel also has a full fence before it compares,   *)
(* in its own code; this model does without, so N is what user space can    *)
(* rely on. A follower that nobody wakes is a deadlock.                     *)
EXTENDS Machine

CONSTANTS
  Wants,         \* the follower wants the grace period in progress to have
                 \*   "ended", or (it began too early) to "lead" the next one
  Rings,         \* does the leader ring?
  M,             \* leader: grace period, then ended
  N,             \* follower: count as a sleeper, then look at the bell
  O,             \* leader: step down, ring, then look at the sleepers
  P,             \* leader: ended, then step down
  R              \* follower: read the bell, then look at ended and leader
ASSUME WantsIsKnown == Wants \in {"ended", "lead"} /\ Rings \in BOOLEAN
ASSUME StrengthsAreKnown == {M, N, O, P, R} \subseteq Fences \cup {"none"}

Threads == {"leader", "follower"}
Words == [ended |-> 0, leader |-> 1, doorbell |-> 0, sleepers |-> 0]
Want  == IF Wants = "ended" THEN 1 ELSE 2
Reg(name, n) == name \o ToString(n)

(* The compiler keeps the accesses in order here: whatever it could do, the *)
(* processor does on weak.                                                  *)
Volatile(program) ==
  [n \in DOMAIN program |->
     IF program[n].mode = "relaxed" THEN In("once", program[n])
                                    ELSE program[n]]

(* An atomic addition that is ordered as its letter says. One that is a     *)
(* full fence has everything before it, and everything after.               *)
Whole(letter, strength, swap) ==
  CASE strength \in {"acquire", "release"} ->
         Lettered(letter, <<In(strength, swap)>>)
    [] OTHER -> Point(letter, strength) \o <<swap>> \o Point(letter, strength)

(*------------------------------- the follower -----------------------------*)
Bell(n) ==
  IF R = "acquire"
  THEN Lettered("R", <<In("acquire", Load(Reg("bell", n), "doorbell"))>>)
  ELSE <<Load(Reg("bell", n), "doorbell")>> \o Point("R", R)

(* What it has seen leaves it nothing but to sleep: 1, or else 0.           *)
Stays(n) == <<"&&", <<"<", <<"reg", Reg("ended", n)>>, <<"num", Want>>>>,
                    <<"!=", <<"reg", Reg("leader", n)>>, <<"num", 0>>>>>>
Queue(n) ==
  LET same == <<"==", <<"read">>, <<"reg", Reg("bell", n)>>>>
  IN  Swap("", "doorbell", <<"+", <<"read">>, <<"&&", Stays(n), same>>>>)
Asleep(word) == <<"&", word, <<"num", 1>>>>

Round(n) ==
  Bell(n)
  \o <<Load(Reg("ended", n), "ended"), Load(Reg("leader", n), "leader")>>
  \o Whole("N", N, Swap("", "sleepers", <<"+", <<"read">>, Stays(n)>>))
  \o <<Queue(n),
       When(<<"!", Asleep(<<"read">>)>>, Await("doorbell", {})),
       Swap("", "sleepers", <<"-", <<"read">>, Stays(n)>>)>>

(* The leader rings once, so a follower that sleeps twice is not woken.     *)
Follower == Round(1) \o Round(2) \o <<Branch(<<"!", Stays(2)>>)>>

(*-------------------------------- the leader ------------------------------*)
Ring == Swap("", "doorbell", <<"+", <<"read">>, <<"num", 2>>>>)
Wake ==
  Swap("", "doorbell",
       <<"-", <<"read">>, <<"&&", Asleep(<<"read">>),
                                  <<"reg", "sleepers">>>>>>)
Leader ==
  Before("M", M, Store("ended", 1)) \o Before("P", P, Store("leader", 0))
  \o (IF Rings THEN Whole("O", O, Ring) ELSE <<>>)
  \o <<Load("sleepers", "sleepers"), Wake>>

Programs ==
  [t \in Threads |-> Volatile(IF t = "leader" THEN Leader ELSE Follower)]

(*------------------------------- what happens -----------------------------*)
(* The follower is queued in some run, so this is violated.                 *)
NeverAsleep == memory["doorbell"] % 2 = 0
==============================================================================
