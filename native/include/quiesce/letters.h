/* SPDX-License-Identifier: MIT */
/*
 * The ordering points of the protocol, by letter. A letter is the same in all rooms: FenceA in the TLA+
 * modules, fence_a() here and in the TypeScript, no-fence-a as a mutant. Beside each stands what it orders,
 * the letter it pairs with, and the claim that fails without it (its id in spec/).
 *
 * On x86-64 the read side's letters cost no instructions of their own when the domain's flavour is QS_MEMBARRIER.
 * In the flavour QS_MB, `fences` is true and A and C are full fences, as are E and I on the other side.
 *
 * F and G stand around the flip of the *phase* algorithm, which only the specification has.
 */
#ifndef QUIESCE_LETTERS_H
#define QUIESCE_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

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
 * fence_c(), reader: end of the announcement -> look at waiting. Pairs with I. Without it: a lost wake-up
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
static inline void fence_d(qs_atomic(void *) *pointer, void *fresh)
{
	qs_store_release(pointer, fresh);
}

/* The same letter where the caller also needs what was published before. */
static inline void *fence_d_exchange(qs_atomic(void *) *pointer, void *fresh)
{
	return qs_exchange_acq_rel(pointer, fresh);
}

/*
 * fence_h(), updater: scan -> free. Pairs with B. Without it: the reclaim misses what a reader did in its section
 * (rcu/read-side/number-no-fence-h).
 */
static inline void fence_h(void)
{
	qs_acquire_fence();
}

/*
 * fence_e(), updater: publish -> raise and scan. Pairs with A. Without it: use after free
 * (rcu/read-side/number-no-fence-e). fence_i(), updater: set waiting -> scan again. Pairs with C. Without it: a lost
 * wake-up (rcu/waiting/number-no-fence-i). Both are a membarrier, and both are in src/synchronize.c.
 */

#endif
