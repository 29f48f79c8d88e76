--------------------------- MODULE WaitWakeHistory ---------------------------
(* Two ways in which liburcu has lost a wake-up, or could have. Each takes  *)
(* the place of a letter of WaitWake in a claim's configuration.            *)
EXTENDS WaitWake

(* The reader's store was SEQ_CST, in place of a store and a full fence.    *)
(* But such a store is ordered only with other SEQ_CST accesses, and the    *)
(* load of the futex word was relaxed. On x86 nobody notices: there the     *)
(* store is an exchange, which is a full barrier. On ARM it is a release.   *)
SeqCstStore(store) ==
  IF Order \in {"sc", "tso"}
  THEN Lettered("B", <<Swap("left", store.addr, <<"num", store.val>>)>>)
  ELSE Lettered("B", <<In("release", store)>>)

(* The signal flavour asked all threads in its registry to run a barrier.   *)
(* In the second scan, those that it waits for are no longer there: the     *)
(* first scan has moved them to a list of its own. With nobody in the       *)
(* registry it asked nobody, and ran no barrier itself.                     *)
SignalsToRegistry == Lettered("I", <<Fence("barrier")>>)

(* Like the last one, with a thread in the registry for which nobody waits: *)
(* the updater runs a barrier, and the reader that it waits for does not.   *)
SignalsToOthers == Lettered("I", <<Fence("mb")>>)
==============================================================================
