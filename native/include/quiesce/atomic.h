/* SPDX-License-Identifier: MIT */
/*
 * The one door to <stdatomic.h> and to fence instructions. Everything else in this room goes through these
 * names, so that a checker, a sanitizer or another platform can be put behind them in one place.
 *
 * Tested on x86-64. The arm64 code that these make (ldr, str, stlr, dmb) is untested here.
 */
#ifndef QUIESCE_ATOMIC_H
#define QUIESCE_ATOMIC_H

#include <stdatomic.h>

#if !defined(__x86_64__) && !defined(__aarch64__)
#error "quiesce knows x86-64 and arm64 (arm64 untested); see quiesce/atomic.h for what another one must provide"
#endif

/* Numbers of grace periods are 64 bits wide: a load or store of one must never be two. */
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "64-bit atomics must be lock-free");

#define qs_atomic(type) _Atomic(type)

/*
 * A checker that wants to see each access just before it happens defines this before it includes this file. It
 * gets the access in words, with its memory order, and the address; NULL for a fence.
 */
#ifndef QS_ON_ACCESS
#define QS_ON_ACCESS(what, address) ((void)0)
#endif

#define QS_LOAD(address, order)                                                                              \
	(QS_ON_ACCESS("load " #order, (address)), atomic_load_explicit((address), memory_order_##order))
#define QS_STORE(address, value, order)                                                                      \
	(QS_ON_ACCESS("store " #order, (address)),                                                           \
	 atomic_store_explicit((address), (value), memory_order_##order))
#define QS_EXCHANGE(address, value, order)                                                                   \
	(QS_ON_ACCESS("exchange " #order, (address)),                                                        \
	 atomic_exchange_explicit((address), (value), memory_order_##order))

#define qs_load_relaxed(address) QS_LOAD(address, relaxed)
#define qs_load_acquire(address) QS_LOAD(address, acquire)
#define qs_store_relaxed(address, value) QS_STORE(address, value, relaxed)
#define qs_store_release(address, value) QS_STORE(address, value, release)
#define qs_exchange_acq_rel(address, value) QS_EXCHANGE(address, value, acq_rel)
#define qs_exchange_relaxed(address, value) QS_EXCHANGE(address, value, relaxed)
#define qs_exchange_acquire(address, value) QS_EXCHANGE(address, value, acquire)
#define qs_fetch_add(address, value)                                                                         \
	(QS_ON_ACCESS("fetch-add acq_rel", (address)),                                                       \
	 atomic_fetch_add_explicit((address), (value), memory_order_acq_rel))
#define qs_fetch_sub(address, value)                                                                         \
	(QS_ON_ACCESS("fetch-sub acq_rel", (address)),                                                       \
	 atomic_fetch_sub_explicit((address), (value), memory_order_acq_rel))

/* One attempt that doesn't fail by chance; `expected` is updated when it fails. */
#define qs_compare_exchange(address, expected, value)                                                        \
	(QS_ON_ACCESS("compare-exchange acq_rel", (address)),                                                \
	 atomic_compare_exchange_strong_explicit((address), (expected), (value), memory_order_acq_rel,       \
						 memory_order_relaxed))

/* The compiler moves nothing across it; the processor may. */
#define qs_compiler_barrier()                                                                                \
	(QS_ON_ACCESS("compiler barrier", NULL), atomic_signal_fence(memory_order_seq_cst))

/*
 * ThreadSanitizer knows neither fences (gcc refuses them) nor address dependencies. Under it the loads
 * around them are acquire loads; that is stronger, but otherwise it sees the same races.
 */
#if defined(__SANITIZE_THREAD__)
#define QS_KNOWS_FENCES 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define QS_KNOWS_FENCES 0
#endif
#endif
#ifndef QS_KNOWS_FENCES
#define QS_KNOWS_FENCES 1
#endif

#if QS_KNOWS_FENCES
#define qs_full_fence() (QS_ON_ACCESS("full fence", NULL), atomic_thread_fence(memory_order_seq_cst))
#define qs_acquire_fence() (QS_ON_ACCESS("acquire fence", NULL), atomic_thread_fence(memory_order_acquire))
#define qs_load_before_fence(address) qs_load_relaxed(address)
#define qs_load_dependent(address) qs_load_relaxed(address)
#else
#define qs_full_fence() __sync_synchronize()
#define qs_acquire_fence() qs_compiler_barrier()
#define qs_load_before_fence(address) qs_load_acquire(address)
#define qs_load_dependent(address) qs_load_acquire(address)
#endif

#define qs_likely(condition) __builtin_expect(!!(condition), 1)
#define qs_unlikely(condition) __builtin_expect(!!(condition), 0)

#endif
