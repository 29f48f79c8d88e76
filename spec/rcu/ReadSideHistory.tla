--------------------------- MODULE ReadSideHistory ---------------------------
(* A way in which liburcu has published what was not yet initialised. It    *)
(* takes the place of letter D of ReadSide in a claim's configuration.      *)
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
==============================================================================
