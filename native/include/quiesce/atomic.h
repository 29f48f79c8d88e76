/* SPDX-License-Identifier: MIT */
/*
 * The one door to the language's atomics and to fence instructions. Everything else in this room goes through these
 * names, so that a checker, a sanitizer or another platform can be put behind them in one place. In C++ they are
 * std::atomic, which has the same layout.
 *
 * Tested on x86-64; arm64, riscv64 and ppc64le are built and run under emulation, never on silicon.
 */
#ifndef QUIESCE_ATOMIC_H
#define QUIESCE_ATOMIC_H

#include <stdint.h>

#ifdef __cplusplus
#include <atomic>
#define QS_STD(name) std::name
#define qs_atomic(type) std::atomic<type>
#define QS_STATIC_ASSERT(condition, message) static_assert(condition, message)
#else
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#define QS_STD(name) name
#define qs_atomic(type) _Atomic(type)
#define QS_STATIC_ASSERT(condition, message) _Static_assert(condition, message)
#endif

/* Numbers of grace periods are 64 bits wide: a load or store of one must never be two. */
QS_STATIC_ASSERT(ATOMIC_LLONG_LOCK_FREE == 2 && sizeof(void *) == 8, "quiesce needs a processor of 64 bits");
QS_STATIC_ASSERT(sizeof(qs_atomic(uint64_t)) == 8 && sizeof(qs_atomic(uint32_t)) == 4, "atomics are plain words");

/*
 * A checker that wants to see each access just before it happens defines this before it includes this file. It
 * gets the access in words, with its memory order, and the address; NULL for a fence.
 */
#ifndef QS_ON_ACCESS
#define QS_ON_ACCESS(what, address) ((void)0)
#endif

#define QS_ORDER(order) QS_STD(memory_order_##order)
#define QS_LOAD(address, order)                                                                                        \
	(QS_ON_ACCESS("load " #order, (address)), QS_STD(atomic_load_explicit)((address), QS_ORDER(order)))
#define QS_STORE(address, value, order)                                                                                \
	(QS_ON_ACCESS("store " #order, (address)),                                                                     \
	 QS_STD(atomic_store_explicit)((address), (value), QS_ORDER(order)))
#define QS_EXCHANGE(address, value, order)                                                                             \
	(QS_ON_ACCESS("exchange " #order, (address)),                                                                  \
	 QS_STD(atomic_exchange_explicit)((address), (value), QS_ORDER(order)))
#define QS_FETCH(operation, address, value, order)                                                                     \
	(QS_ON_ACCESS("fetch-" #operation " " #order, (address)),                                                      \
	 QS_STD(atomic_fetch_##operation##_explicit)((address), (value), QS_ORDER(order)))

#define qs_load_relaxed(address) QS_LOAD(address, relaxed)
#define qs_load_acquire(address) QS_LOAD(address, acquire)
#define qs_load_seq_cst(address) QS_LOAD(address, seq_cst)
#define qs_store_relaxed(address, value) QS_STORE(address, value, relaxed)
#define qs_store_release(address, value) QS_STORE(address, value, release)
#define qs_exchange_acq_rel(address, value) QS_EXCHANGE(address, value, acq_rel)
#define qs_exchange_relaxed(address, value) QS_EXCHANGE(address, value, relaxed)
#define qs_exchange_acquire(address, value) QS_EXCHANGE(address, value, acquire)
#define qs_fetch_add(address, value) QS_FETCH(add, address, value, acq_rel)
#define qs_fetch_sub(address, value) QS_FETCH(sub, address, value, acq_rel)
#define qs_fetch_add_seq_cst(address, value) QS_FETCH(add, address, value, seq_cst)
#define qs_fetch_sub_release(address, value) QS_FETCH(sub, address, value, release)
#define qs_fetch_or_relaxed(address, value) QS_FETCH(or, address, value, relaxed)

/* One attempt that doesn't fail by chance; `expected` is updated when it fails. */
#define qs_compare_exchange(address, expected, value)                                                                  \
	(QS_ON_ACCESS("compare-exchange acq_rel", (address)),                                                          \
	 QS_STD(atomic_compare_exchange_strong_explicit)((address), (expected), (value), QS_ORDER(acq_rel),            \
							 QS_ORDER(relaxed)))

/* The same, in the order that all threads agree on. */
#define qs_compare_exchange_seq_cst(address, expected, value)                                                          \
	(QS_ON_ACCESS("compare-exchange seq_cst", (address)),                                                          \
	 QS_STD(atomic_compare_exchange_strong_explicit)((address), (expected), (value), QS_ORDER(seq_cst),            \
							 QS_ORDER(relaxed)))

/* The compiler moves nothing across it; the processor may. */
#define qs_compiler_barrier()                                                                                          \
	(QS_ON_ACCESS("compiler barrier", NULL), QS_STD(atomic_signal_fence)(QS_ORDER(seq_cst)))

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
#define qs_full_fence() (QS_ON_ACCESS("full fence", NULL), QS_STD(atomic_thread_fence)(QS_ORDER(seq_cst)))
#define qs_acquire_fence() (QS_ON_ACCESS("acquire fence", NULL), QS_STD(atomic_thread_fence)(QS_ORDER(acquire)))
#define qs_release_fence() (QS_ON_ACCESS("release fence", NULL), QS_STD(atomic_thread_fence)(QS_ORDER(release)))
#define qs_load_before_fence(address) qs_load_relaxed(address)
#define qs_load_dependent(address) qs_load_relaxed(address)
#else
#define qs_full_fence() __sync_synchronize()
#define qs_acquire_fence() qs_compiler_barrier()
#define qs_release_fence() __sync_synchronize()
#define qs_load_before_fence(address) qs_load_acquire(address)
#define qs_load_dependent(address) qs_load_acquire(address)
#endif

/* In a loop that waits for another processor. */
#if defined(__x86_64__)
#define qs_pause() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define qs_pause() __asm__ __volatile__("yield")
#elif defined(__riscv)
#define qs_pause() __asm__ __volatile__(".4byte 0x0100000f") /* pause, which not every assembler knows */
#elif defined(__powerpc64__)
#define qs_pause() __asm__ __volatile__("or 1,1,1; or 2,2,2") /* low priority, and back to medium */
#else
#define qs_pause() __asm__ __volatile__("")
#endif

#define qs_likely(condition) __builtin_expect(!!(condition), 1)
#define qs_unlikely(condition) __builtin_expect(!!(condition), 0)

#endif
