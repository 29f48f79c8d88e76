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
#error "quiesce knows x86-64 and arm64 (arm64 untested); see quiesce/atomic.h for what another one must give"
#endif

/* Numbers of grace periods are 64 bits wide: a load or store of one must never be two. */
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "64-bit atomics must be lock-free");

#define qs_atomic(type) _Atomic(type)

#define qs_load_relaxed(address) atomic_load_explicit((address), memory_order_relaxed)
#define qs_load_acquire(address) atomic_load_explicit((address), memory_order_acquire)
#define qs_store_relaxed(address, value) atomic_store_explicit((address), (value), memory_order_relaxed)
#define qs_store_release(address, value) atomic_store_explicit((address), (value), memory_order_release)
#define qs_exchange_acq_rel(address, value) atomic_exchange_explicit((address), (value), memory_order_acq_rel)
#define qs_exchange_relaxed(address, value) atomic_exchange_explicit((address), (value), memory_order_relaxed)
#define qs_exchange_acquire(address, value) atomic_exchange_explicit((address), (value), memory_order_acquire)
#define qs_fetch_add(address, value) atomic_fetch_add_explicit((address), (value), memory_order_acq_rel)
#define qs_fetch_sub(address, value) atomic_fetch_sub_explicit((address), (value), memory_order_acq_rel)

/* One attempt that doesn't fail by chance; `expected` is updated when it fails. */
#define qs_compare_exchange(address, expected, value)                                                        \
	atomic_compare_exchange_strong_explicit((address), (expected), (value), memory_order_acq_rel,        \
						memory_order_relaxed)

/* Nothing is moved across by the compiler; the processor is not told. */
#define qs_compiler_barrier() atomic_signal_fence(memory_order_seq_cst)

/*
 * ThreadSanitizer doesn't know fences (gcc refuses them), and not address dependencies either. Under it the
 * loads around them are acquire loads; that is stronger, and it sees the same races otherwise.
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
#define qs_full_fence() atomic_thread_fence(memory_order_seq_cst)
#define qs_acquire_fence() atomic_thread_fence(memory_order_acquire)
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
