/* SPDX-License-Identifier: MIT */
/*
 * The words of a litmus test, and the kernel's functions on them as C for user space. A program made from a test
 * includes this file. quiesce's machine decides which outcomes a test may have from what the kernel promises, so each
 * function here has to keep at least that promise; README.md beside it has the table.
 *
 * A word is as wide as a pointer, whatever its type in the test, since it may hold the address of another one.
 */
#ifndef QUIESCE_SILICON_WORD_H
#define QUIESCE_SILICON_WORD_H

#include <stdbool.h>
#include <stdint.h>

#include "quiesce/atomic.h"

typedef intptr_t qs_value;

/*
 * A marked access is an atomic one and volatile, too: compilers may neither tear nor drop it, nor exchange it with
 * another marked one. A plain one is as plain as C has it: compilers may do with it what they do.
 */
typedef union qs_word {
	qs_value plain;
	volatile qs_atomic(qs_value) marked;
} qs_word;

/* A word's address as another word's value, and back. */
#define QS_ADDRESS(word) ((qs_value)(word))
#define QS_AT(value) ((qs_word *)(value))

/* Fences */

static inline void qs_smp_mb(void)
{
	qs_full_fence();
}

/* Loads before it come before loads after it: an acquire fence orders stores after it, too. */
static inline void qs_smp_rmb(void)
{
	qs_acquire_fence();
}

/* Stores before it come before stores after it: a release fence orders loads before it, too. */
static inline void qs_smp_wmb(void)
{
	QS_STD(atomic_thread_fence)(QS_ORDER(release));
}

static inline void qs_barrier_of_compiler(void)
{
	qs_compiler_barrier();
}

/* Marked loads and stores */

static inline qs_value qs_read_once(qs_word *word)
{
	return qs_load_relaxed(&word->marked);
}

static inline void qs_write_once(qs_word *word, qs_value value)
{
	qs_store_relaxed(&word->marked, value);
}

static inline qs_value qs_smp_load_acquire(qs_word *word)
{
	return qs_load_acquire(&word->marked);
}

static inline void qs_smp_store_release(qs_word *word, qs_value value)
{
	qs_store_release(&word->marked, value);
}

static inline void qs_smp_store_mb(qs_word *word, qs_value value)
{
	qs_write_once(word, value);
	qs_smp_mb();
}

/* What reads and writes in one step: with each order, and (a name without one) between two full fences. */

#define QS_IN_ONE_STEP(order)                                                                                          \
	static inline qs_value qs_xchg_##order(qs_word *word, qs_value value)                                          \
	{                                                                                                              \
		return QS_EXCHANGE(&word->marked, value, order);                                                       \
	}                                                                                                              \
	static inline qs_value qs_add_##order(qs_word *word, qs_value value)                                           \
	{                                                                                                              \
		return QS_FETCH(add, &word->marked, value, order);                                                     \
	}                                                                                                              \
	static inline qs_value qs_and_##order(qs_word *word, qs_value value)						\
	{														\
		return QS_FETCH(and, &word->marked, value, order);							\
	}														\
	static inline qs_value qs_or_##order(qs_word *word, qs_value value)						\
	{														\
		return QS_FETCH(or, &word->marked, value, order);							\
	}														\
	static inline qs_value qs_xor_##order(qs_word *word, qs_value value)						\
	{														\
		return QS_FETCH(xor, &word->marked, value, order);							\
	}														\
	static inline qs_value qs_cmpxchg_##order(qs_word *word, qs_value old, qs_value fresh)                         \
	{                                                                                                              \
		(void)QS_STD(atomic_compare_exchange_strong_explicit)(&word->marked, &old, fresh, QS_ORDER(order),     \
								      QS_ORDER(relaxed));                              \
		return old;                                                                                            \
	}

QS_IN_ONE_STEP(relaxed)
QS_IN_ONE_STEP(acquire)
QS_IN_ONE_STEP(release)

/* One that returns the value that the word had is between two barriers. */
#define QS_BETWEEN_BARRIERS(op)                                                                                        \
	static inline qs_value qs_##op##_full(qs_word *word, qs_value value)                                           \
	{                                                                                                              \
		qs_smp_mb();                                                                                           \
		value = qs_##op##_relaxed(word, value);                                                                \
		qs_smp_mb();                                                                                           \
		return value;                                                                                          \
	}

QS_BETWEEN_BARRIERS(xchg)
QS_BETWEEN_BARRIERS(add)
QS_BETWEEN_BARRIERS(and)
QS_BETWEEN_BARRIERS(or)
QS_BETWEEN_BARRIERS(xor)

/* One that fails need order nothing; here it does all the same. */
static inline qs_value qs_cmpxchg_full(qs_word *word, qs_value old, qs_value fresh)
{
	qs_smp_mb();
	old = qs_cmpxchg_relaxed(word, old, fresh);
	qs_smp_mb();
	return old;
}

/* Adds unless the word has a value; returns what the word was, or whether it was another. */
static inline qs_value qs_fetch_add_unless(qs_word *word, qs_value value, qs_value but)
{
	qs_value seen = qs_read_once(word);
	while (seen != but) {
		qs_value old = qs_cmpxchg_full(word, seen, seen + value);
		if (old == seen)
			break;
		seen = old;
	}
	return seen;
}

static inline qs_value qs_add_unless(qs_word *word, qs_value value, qs_value but)
{
	return qs_fetch_add_unless(word, value, but) != but;
}

/* Locks: a word that is 1 while somebody has it */

/* The caller goes on spinning; from time to time it lets others run, of whom one may have the lock (run.c). */
void qs_let_others_run(void);

static inline void qs_spin_lock(qs_word *word)
{
	while (qs_cmpxchg_acquire(word, 0, 1) != 0)
		qs_let_others_run();
}

static inline qs_value qs_spin_trylock(qs_word *word)
{
	return qs_cmpxchg_acquire(word, 0, 1) == 0;
}

static inline void qs_spin_unlock(qs_word *word)
{
	qs_smp_store_release(word, 0);
}

static inline qs_value qs_spin_is_locked(qs_word *word)
{
	return qs_read_once(word) != 0;
}

/* Locks of readers and writers: how many readers there are, or -1 while somebody writes */

static inline qs_value qs_down_read_trylock(qs_word *word)
{
	qs_value readers = qs_read_once(word);
	while (readers >= 0) {
		qs_value old = qs_cmpxchg_acquire(word, readers, readers + 1);
		if (old == readers)
			return 1;
		readers = old;
	}
	return 0;
}

static inline void qs_down_read(qs_word *word)
{
	while (!qs_down_read_trylock(word))
		qs_let_others_run();
}

static inline qs_value qs_down_write_trylock(qs_word *word)
{
	return qs_cmpxchg_acquire(word, 0, -1) == 0;
}

static inline void qs_down_write(qs_word *word)
{
	while (!qs_down_write_trylock(word))
		qs_let_others_run();
}

#endif
