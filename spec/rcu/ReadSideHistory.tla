--------------------------- MODULE ReadSideHistory ---------------------------
(* Ways in which libraries have got the read side wrong. Each takes the     *)
(* place of a step or a letter of ReadSide in a claim's configuration.      *)
EXTENDS ReadSide

(* To publish is an exchange, since the updater wants the old pointer back. *)
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
==============================================================================
