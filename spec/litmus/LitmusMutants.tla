---------------------------- MODULE LitmusMutants ----------------------------
(* Machines that lose one piece of coherence each, so that one shape of     *)
(* module Litmus ends as it must not, and the shapes beside it do not. A    *)
(* .cfg puts one of these in the place of Coherent, or of Max, by which a   *)
(* load finds the youngest of its own thread's stores.                      *)
EXTENDS Litmus

(* CoherenceKeeps, except for the pairs that are lost.                      *)
Losing(Lost(_, _), c, j, k) == CoherenceKeeps(c, j, k) /\ ~Lost(c[j], c[k])

Plain(i, op) == i.op = op /\ i.test = <<>>

(* A store is performed before a load of its word that stands before it.    *)
LoadThenStore(a, b)     == a.op = "load" /\ b.op = "store"
StoresPassLoads(c, j, k)  == Losing(LoadThenStore, c, j, k)

(* Two stores to one word change places.                                    *)
StoreThenStore(a, b)    == a.op = "store" /\ b.op = "store"
StoresPassStores(c, j, k) == Losing(StoreThenStore, c, j, k)

(* A load does not wait for its own thread's swap; or for one that          *)
(* succeeds only on a condition.                                            *)
SwapThenLoad(a, b)      == Plain(a, "swap") /\ b.op = "load"
LoadsPassSwaps(c, j, k)   == Losing(SwapThenLoad, c, j, k)
CasThenLoad(a, b)       == a.op = "swap" /\ a.test # <<>> /\ b.op = "load"
LoadsPassCas(c, j, k)     == Losing(CasThenLoad, c, j, k)

(* A load does not wait for what its own thread's swap saw when it failed.  *)
FailedThenLoad(a, b)    == a.op = "load" /\ a.test # <<>> /\ b.op = "load"
LoadsPassFailed(c, j, k)  == Losing(FailedThenLoad, c, j, k)

(* A load reads from a store that is not carried out.                       *)
IfThenLoad(a, b)        == a.op = "store" /\ a.guard # "" /\ b.op = "load"
LoadsPassIf(c, j, k)      == Losing(IfThenLoad, c, j, k)

(* A load reads from the oldest of its own thread's stores.                 *)
Oldest(S) == CHOOSE x \in S : \A y \in S : x <= y
==============================================================================
