/* SPDX-License-Identifier: MIT */
/*
 * The traced process's ordering points, by letter, beside the reader's A and B (quiesce/letters.h) and K. The claims
 * that
 * fail without them stand in spec/tracing; the recorder's and the controller's are on their side.
 */
#ifndef QUIESCE_TRACED_LETTERS_H
#define QUIESCE_TRACED_LETTERS_H

#include "quiesce/letters.h"

/*
 * Letter A where the controller runs no barrier: the store that announces, and a full fence behind it. On x86-64 an
 * exchange is both.
 */
static inline void fence_a_announce(qs_atomic(uint64_t) *announced, uint64_t number, bool fences)
{
#if defined(__x86_64__)
	if (fences)
		(void)qs_exchange_acq_rel(announced, number);
	else
		qs_store_relaxed(announced, number);
	fence_a(false);
#else
	qs_store_relaxed(announced, number);
	fence_a(fences);
#endif
}

/* fence_k(): ring named, and module known -> announce, and read the generation. A full fence. Pairs with J. */
static inline void fence_k(void)
{
	qs_full_fence();
}

/* fence_aa(): a record is written -> committed. Pairs with AB. It is the release of the store itself. */
static inline void fence_aa(qs_atomic(uint64_t) *committed, uint64_t position)
{
	qs_store_release(committed, position);
}

/* fence_ad(): the tail has moved -> what lies below is overwritten. A release fence. Pairs with AE. */
static inline void fence_ad(void)
{
	qs_release_fence();
}

/* fence_af(): last use of a ring -> nobody's. Pairs with AG. It is the release of the store itself. */
static inline void fence_af(qs_atomic(uint32_t) *owner)
{
	qs_store_release(owner, 0);
}

/* fence_ag(): a ring is this thread's -> its positions. Pairs with AF. It is the acquire of the swap itself. */
static inline bool fence_ag(qs_atomic(uint32_t) *owner, uint32_t self)
{
	uint32_t nobody = 0;
	return qs_compare_exchange(owner, &nobody, self);
}

/* fence_ah(): own words -> applied. It is the release of the store itself. */
static inline void fence_ah(qs_atomic(uint64_t) *applied, uint64_t generation)
{
	qs_store_release(applied, generation);
}

#endif
