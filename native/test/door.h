/* SPDX-License-Identifier: MIT */
/*
 * A checker behind the one door to atomics (quiesce/atomic.h): each access, fence and barrier of the library says
 * what it is just before it happens. The compiler is given this file before all others (-include).
 */
#ifndef QUIESCE_DOOR_H
#define QUIESCE_DOOR_H

#include <stddef.h>

#include "quiesce/atomic.h"

/* Who listens: `what` in words, with its memory order, and which address; NULL for a fence. NULL: nobody. */
extern void (*door_hook)(const char *what, const volatile void *address);

static inline void door_passed(const char *what, const volatile void *address)
{
	if (door_hook)
		door_hook(what, address);
}

#undef qs_load_relaxed
#undef qs_load_acquire
#undef qs_store_relaxed
#undef qs_store_release
#undef qs_exchange_acq_rel
#undef qs_exchange_relaxed
#undef qs_exchange_acquire
#undef qs_fetch_add
#undef qs_fetch_sub
#undef qs_compare_exchange
#undef qs_compiler_barrier

#define qs_load_relaxed(address)                                                                             \
	(door_passed("load relaxed", (address)), atomic_load_explicit((address), memory_order_relaxed))
#define qs_load_acquire(address)                                                                             \
	(door_passed("load acquire", (address)), atomic_load_explicit((address), memory_order_acquire))
#define qs_store_relaxed(address, value)                                                                     \
	(door_passed("store relaxed", (address)),                                                            \
	 atomic_store_explicit((address), (value), memory_order_relaxed))
#define qs_store_release(address, value)                                                                     \
	(door_passed("store release", (address)),                                                            \
	 atomic_store_explicit((address), (value), memory_order_release))
#define qs_exchange_acq_rel(address, value)                                                                  \
	(door_passed("exchange acq_rel", (address)),                                                         \
	 atomic_exchange_explicit((address), (value), memory_order_acq_rel))
#define qs_exchange_relaxed(address, value)                                                                  \
	(door_passed("exchange relaxed", (address)),                                                         \
	 atomic_exchange_explicit((address), (value), memory_order_relaxed))
#define qs_exchange_acquire(address, value)                                                                  \
	(door_passed("exchange acquire", (address)),                                                         \
	 atomic_exchange_explicit((address), (value), memory_order_acquire))
#define qs_fetch_add(address, value)                                                                         \
	(door_passed("fetch-add acq_rel", (address)),                                                        \
	 atomic_fetch_add_explicit((address), (value), memory_order_acq_rel))
#define qs_fetch_sub(address, value)                                                                         \
	(door_passed("fetch-sub acq_rel", (address)),                                                        \
	 atomic_fetch_sub_explicit((address), (value), memory_order_acq_rel))
#define qs_compare_exchange(address, expected, value)                                                        \
	(door_passed("compare-exchange acq_rel", (address)),                                                 \
	 atomic_compare_exchange_strong_explicit((address), (expected), (value), memory_order_acq_rel,       \
						 memory_order_relaxed))

#define qs_compiler_barrier() (door_passed("compiler barrier", NULL), atomic_signal_fence(memory_order_seq_cst))

#if QS_KNOWS_FENCES
#undef qs_full_fence
#undef qs_acquire_fence
#define qs_full_fence() (door_passed("full fence", NULL), atomic_thread_fence(memory_order_seq_cst))
#define qs_acquire_fence() (door_passed("acquire fence", NULL), atomic_thread_fence(memory_order_acquire))
#endif

#endif
