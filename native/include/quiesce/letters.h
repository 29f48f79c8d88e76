/* SPDX-License-Identifier: MIT */
/*
 * The ordering points of the protocol, by letter. A letter is the same in all rooms: FenceA in the TLA+
 * modules, fence_a() here and in the TypeScript, no-fence-a as a mutant. Beside each stands what it orders,
 * the letter it pairs with, and the claim that fails without it (its id in spec/).
 *
 * Here are the reader's letters and D; the updater's are in src/letters.h. Where updaters run a barrier on every
 * processor (QS_MEMBARRIER, QS_GLOBAL, QS_SIGNAL), the reader's cost no instruction of their own on x86-64. Where
 * readers pay for themselves (QS_MB), A and C are full fences.
 *
 * F and G stand around the flip of the *phase* algorithm, which only the specification has.
 */
#ifndef QUIESCE_LETTERS_H
#define QUIESCE_LETTERS_H

#include "atomic.h"

/*
 * fence_a(), reader: announce -> use. Pairs with E. Without it: use after free (rcu/read-side/number-no-fence-a). Where
 * readers have fences of their own it is a full fence; elsewhere it only holds the compiler, and E does the rest.
 */
static inline void fence_a(bool fences)
{
	if (qs_unlikely(fences))
		qs_full_fence();
	qs_compiler_barrier();
}

/*
 * fence_b(), reader: use -> end of the announcement. Pairs with H. Without it: use after free
 * (rcu/read-side/number-no-fence-b). It is the release of the store itself: on arm64 that is one stlr, which costs less
 * than a fence before a plain store.
 */
static inline void fence_b(qs_atomic(uint64_t) *announced, uint64_t value)
{
	qs_store_release(announced, value);
}

/*
 * fence_c(), reader: end of the announcement -> look at the notice. Pairs with I. Without it: a lost wake-up
 * (rcu/waiting/number-no-fence-c).
 */
static inline void fence_c(bool fences)
{
	if (qs_unlikely(fences))
		qs_full_fence();
	qs_compiler_barrier();
}

/*
 * fence_d(), updater: initialise -> publish. Pairs with the address dependency of qs_dereference(). Without it:
 * a reader sees an uninitialised object (rcu/read-side/number-no-fence-d). It is the release of the store itself.
 */
#define fence_d(pointer, fresh) qs_store_release((pointer), (fresh))

/* The same letter where the caller also needs what was published before. */
#define fence_d_exchange(pointer, fresh) qs_exchange_acq_rel((pointer), (fresh))

#endif
