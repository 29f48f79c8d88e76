-------------------------- MODULE ReadSideProgress ---------------------------
(* A grace period waits for the sections that began before it, and for no   *)
(* other. A section that begins when the grace period has begun may go on   *)
(* for ever, and the updater must finish all the same:                      *)
(*                                                                          *)
(*     updater:  first half of synchronize_rcu();  begun = 1;  second half  *)
(*     reader:   lock;  await begun;  unlock;  lock;  (never unlocks)       *)
(*                                                                          *)
(* This is why there is a number to raise, or a phase to flip: an updater   *)
(* that waited until nobody is inside could wait for ever, because somebody *)
(* may always be. An updater that hangs is a deadlock of this model.        *)
EXTENDS ReadSideProtocol
ASSUME OneOfEach == Readers = 1 /\ Updates = 1

Words == [a \in {"begun"} \cup ProtocolWords |-> Value0(a)]

(* The reader has seen that the grace period has begun before it begins its *)
(* second section. This order belongs to the question, not to the protocol, *)
(* and so has no letter.                                                    *)
Programs ==
  [t \in Threads |->
     IF t = "updater"
     THEN Begin(1) \o <<In("release", Store("begun", 1))>> \o End(1)
     ELSE Lock(1, 1) \o <<In("acquire", Await("begun", {1}))>>
          \o Between(1, 2)]
==============================================================================
