--------------------------- MODULE ReadSideHistory ---------------------------
(* Ways in which libraries have got the read side wrong. Each takes the     *)
(* place of a step or a letter of ReadSide in a claim's configuration.      *)
EXTENDS ReadSide

(* Publishing is an exchange, since the updater needs the old pointer back. *)
(* On 32-bit ARM it was __sync_lock_test_and_set(), which the compiler does *)
(* not move anything over, but which only acquires.                         *)
Exchange(mode, store) ==
  Lettered("D", <<Fence("barrier"),
                  In(mode, Swap("old" \o ToString(store.val), store.addr,
                                <<"num", store.val>>))>>)
ExchangeAcquires(store) == Exchange("acquire", store)
ExchangeReleases(store) == Exchange("release", store)

(* Crossbeam's reader announced itself by a SEQ_CST store, in place of a    *)
(* store and a full fence, and loaded pointers after it. On x86 that is an  *)
(* exchange. On ARM it is a release, which later loads may precede.         *)
AnnounceSeqCst(r, n) ==
  <<Own(Load(Reg("gp", n), "gp"))>>
  \o (IF Order \in {"sc", "tso"}
      THEN <<Swap(Reg("was", n), Announced(r), <<"reg", Reg("gp", n)>>)>>
      ELSE <<In("release", StoreReg(Announced(r), Reg("gp", n), 0))>>)
  \o FenceA

(* liburcu's rcu_dereference(), where it is not inlined, loaded the pointer *)
(* in a plain access before the call. The compiler may then guess what it   *)
(* will be, use the guess and check it: the use no longer depends on the    *)
(* load, and the branch that checks holds back no loads, so it is left out. *)
(* Here the guess is the new cell. A fence mends this.                      *)
UseGuessed(s) == <<In("once", Load(Reg("use", s), Cell(1)))>>
UseGuessedFenced(s) == <<Fence("mb")>> \o UseGuessed(s)

(* When the pointer turns out to be the guess, what was read through it was *)
(* filled.                                                                  *)
GuessIsInitialised ==
  \A r \in 1..Readers, s \in 1..Sections :
    register[Reader(r)][Reg("ptr", s)] = 1
      => register[Reader(r)][Reg("use", s)] # Fresh
==============================================================================
