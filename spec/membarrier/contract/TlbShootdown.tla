---------------------------- MODULE TlbShootdown -----------------------------
(* What served as membarrier() before there was one: mprotect(). A CPU      *)
(* keeps translations of pages in its TLB. When a page loses a permission,  *)
(* no CPU may go on with the old translation; where the kernel sees to that *)
(* by an interrupt, every CPU that runs the process takes one, and with it  *)
(* passes a full barrier. So libraries kept a page for this alone:          *)
(*                                                                          *)
(*     touch the page;  take a permission away;  allow it again             *)
(*                                                                          *)
(* But mprotect() promises that no CPU uses the old permission, and nothing *)
(* else. There are three ways to keep that without an interrupt:            *)
(*                                                                          *)
(*   broadcast   An instruction invalidates the entries of all CPUs, as on  *)
(*               arm64. No thread is interrupted, and no store buffer is    *)
(*               emptied.                                                   *)
(*   grant       A page that gains a permission needs no invalidation: an   *)
(*               old translation causes a fault at worst. So allowing is    *)
(*               not a barrier, only taking away is.                        *)
(*   untouched   A page that nobody has touched since it was mapped has no  *)
(*               translation, so it is in no TLB.                           *)
(*                                                                          *)
(* The question is store buffering: the caller stores x, calls mprotect()   *)
(* and loads y; a thread on the other CPU stores y and loads x, and has a   *)
(* compiler barrier between. The other CPU stores through a buffer, as on   *)
(* tso, which is enough. The caller's own accesses are in order. Which      *)
(* threads an interrupt may spare because their CPU switches is a question  *)
(* for module Kernel (variant "loaded"): here nobody is switched.           *)
EXTENDS Naturals, Sequences

CONSTANTS
  Invalidate,    \* by "interrupt", or by "broadcast"
  Change,        \* the permission is taken away ("revoke") or given ("grant")
  Touch          \* does the caller touch the page before?
ASSUME Invalidate \in {"interrupt", "broadcast"}
ASSUME Change \in {"revoke", "grant"} /\ Touch \in BOOLEAN

None == 2                     \* a number, for TLC to compare with 0 and 1

VARIABLES
  mapped,        \* does the page have a translation?
  table,         \* what the page table allows: "more" or "less"
  tlb,           \* the other CPU's translation: "none", "more" or "less"
  buffer,        \* that CPU's stores that nobody sees: Seq({"y"})
  x, y,          \* what the caller, the thread has stored, as others see it
  at,            \* the caller: "user", "stored" (x), "touched", "wait" (for
                 \*   the invalidation), "back", "done"
  thread,        \* the thread: "user", "stored" (y), "done"
  rx, ry         \* what the thread, the caller has loaded: 0, 1 or None
\* Lanes: tlb = CPU 1, thread = CPU 1, buffer = CPU 1, at = CPU 0
pages == <<mapped, table>>
other == <<tlb, buffer, thread, rx>>
vars  == <<pages, other, x, y, at, ry>>

Init ==
  /\ mapped = FALSE
  /\ table = IF Change = "revoke" THEN "more" ELSE "less"
  /\ tlb = "none" /\ buffer = <<>>
  /\ x = 0 /\ y = 0
  /\ at = "user" /\ thread = "user"
  /\ rx = None /\ ry = None

(*------------------------------ the other CPU -----------------------------*)
(* It may take up a translation at any time.                                *)
Fill ==
  /\ mapped /\ tlb = "none"
  /\ tlb' = table
  /\ UNCHANGED <<pages, buffer, thread, rx, x, y, at, ry>>

Drain ==
  /\ buffer # <<>>
  /\ buffer' = <<>> /\ y' = 1
  /\ UNCHANGED <<pages, tlb, thread, rx, x, at, ry>>

StoreY ==
  /\ thread = "user" /\ thread' = "stored"
  /\ buffer' = <<"y">>
  /\ UNCHANGED <<pages, tlb, rx, x, y, at, ry>>
LoadX ==
  /\ thread = "stored" /\ thread' = "done"
  /\ rx' = x
  /\ UNCHANGED <<pages, tlb, buffer, x, y, at, ry>>

(*-------------------------------- the caller ------------------------------*)
StoreX ==
  /\ at = "user" /\ at' = "stored"
  /\ x' = 1
  /\ UNCHANGED <<pages, other, y, ry>>

TouchPage ==
  /\ at = "stored" /\ at' = "touched"
  /\ mapped' = (mapped \/ Touch)
  /\ UNCHANGED <<table, other, x, y, ry>>

Protect ==
  /\ at = "touched"
  /\ table' = IF Change = "revoke" THEN "less" ELSE "more"
  /\ at' = IF mapped /\ Change = "revoke" THEN "wait" ELSE "back"
  /\ UNCHANGED <<mapped, other, x, y, ry>>

(* The handler drops the entry, and is a full barrier.                      *)
Interrupt ==
  /\ at = "wait" /\ Invalidate = "interrupt"
  /\ at' = "back"
  /\ tlb' = "none"
  /\ buffer' = <<>> /\ y' = IF buffer # <<>> THEN 1 ELSE y
  /\ UNCHANGED <<pages, thread, rx, x, ry>>

Broadcast ==
  /\ at = "wait" /\ Invalidate = "broadcast"
  /\ at' = "back"
  /\ tlb' = "none"
  /\ UNCHANGED <<pages, buffer, thread, rx, x, y, ry>>

LoadY ==
  /\ at = "back" /\ at' = "done"
  /\ ry' = y
  /\ UNCHANGED <<pages, other, x, y>>

Done == at = "done" /\ thread = "done" /\ UNCHANGED vars

Next == \/ Fill \/ Drain \/ StoreY \/ LoadX
        \/ StoreX \/ TouchPage \/ Protect \/ Interrupt \/ Broadcast \/ LoadY
        \/ Done
Spec == Init /\ [][Next]_vars

(*------------------------------ the promises ------------------------------*)
TypeOK ==
  /\ mapped \in BOOLEAN /\ table \in {"more", "less"}
  /\ tlb \in {"none", "more", "less"}
  /\ buffer \in {<<>>, <<"y">>} /\ {x, y} \subseteq {0, 1}
  /\ at \in {"user", "stored", "touched", "wait", "back", "done"}
  /\ thread \in {"user", "stored", "done"}
  /\ {rx, ry} \subseteq {0, 1, None}

(* What is asked of mprotect(): membarrier's promise.                       *)
OneSeesTheOther == ~(rx = 0 /\ ry = 0)

(* What it does promise, and keeps in each of the four ways.                *)
NoOldPermission ==
  at \in {"back", "done"} /\ Change = "revoke" => tlb # "more"

(*-------------------------------- mutants ---------------------------------*)
(* Each takes the place of an operator above in a claim's configuration.    *)

(* The invalidation is sent, and not waited for.                            *)
BroadcastUnawaited ==
  /\ at = "wait" /\ Invalidate = "broadcast"
  /\ at' = "back"
  /\ UNCHANGED <<pages, other, x, y, ry>>
==============================================================================
