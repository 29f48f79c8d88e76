/* SPDX-License-Identifier: MIT */
/*
 * The read side, whole and inline. Steps and letters are those of spec/rcu/number-steps/Urcu.tla.
 *
 * A reader announces the number of the grace period that it sees when it enters its outermost section, and
 * announces 0 when it leaves. It runs no fence for that: an updater that wants to know whether readers have
 * left makes all of them pass one, with membarrier.
 */
#ifndef QUIESCE_READ_H
#define QUIESCE_READ_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomic.h"
#include "letters.h"
#include "step.h"

#define QS_CACHE_LINE 64

/* What all readers of a domain read and hardly anybody writes. */
struct qs_shared {
	alignas(QS_CACHE_LINE) qs_atomic(uint64_t) gp; /* number of the current grace period; starts at 1 */
	qs_atomic(uint32_t) waiting;                   /* futex word: 1 while an updater waits for readers */
};

/* A reader's slot. Only its reader writes `announced`, and slots never move. */
struct qs_reader {
	alignas(QS_CACHE_LINE) qs_atomic(uint64_t) announced; /* 0, or the number that the reader announced */
	struct qs_shared *shared;
	bool fences;              /* the domain's flavour is QS_MB */
	qs_atomic(int32_t) owner; /* id of the thread that registered, 0 when the slot is free */
};

/* What qs_read_lock() returns and qs_read_unlock() takes back, last in, first out. */
typedef struct qs_token {
	bool outermost;
} qs_token;

/* The slow path of qs_read_unlock(); not for you to call. */
void qs_wake_updater(struct qs_shared *shared);

/*
 * Enters a read-side section. What the reader finds through qs_dereference() stays until it leaves the
 * outermost section. Sections nest, to any depth. Wait-free.
 *
 * Async-signal-safe, also with the reader of the interrupted thread. After fork(), the child may go on with the
 * forking thread's reader once qs_after_fork_child() has been called.
 */
static inline qs_token qs_read_lock(struct qs_reader *reader)
{
	if (qs_likely(qs_load_relaxed(&reader->announced) == 0)) {
		QS_STEP(LoadGp);
		uint64_t number = qs_load_relaxed(&reader->shared->gp);
		QS_STEP(Announce);
		qs_store_relaxed(&reader->announced, number);
		fence_a(reader->fences);
		return (qs_token){ .outermost = true };
	}
	QS_STEP(LockNested);
	return (qs_token){ .outermost = false };
}

/*
 * Leaves the section that this token was returned for. Never blocks: at most it makes one system call, to wake an
 * updater.
 *
 * Async-signal-safe (errno is kept). Fork: as qs_read_lock().
 */
static inline void qs_read_unlock(struct qs_reader *reader, qs_token token)
{
	if (qs_unlikely(!token.outermost)) {
		QS_STEP(UnlockNested);
		return;
	}
	QS_STEP(Unlock);
	fence_b(&reader->announced, 0);
	fence_c(reader->fences);
	QS_STEP(LoadWaiting);
	if (qs_unlikely(qs_load_relaxed(&reader->shared->waiting) != 0))
		qs_wake_updater(reader->shared);
}

/*
 * Reads a protected pointer, inside a section. What it points to is initialised: the loads through it depend on
 * its value, and so come after it (the reader's half of D).
 *
 * Async-signal-safe; not affected by fork().
 */
static inline void *qs_dereference(qs_atomic(void *) *pointer)
{
	QS_STEP(Dereference);
	return qs_load_dependent(pointer);
}

/*
 * Publishes an object that is initialised. The object it replaces may still be in use until a grace period
 * has passed (qs_synchronize(), qs_defer()); qs_replace() does all of this.
 *
 * Async-signal-safe; not affected by fork().
 */
static inline void qs_publish(qs_atomic(void *) *pointer, void *fresh)
{
	QS_STEP(Publish);
	fence_d(pointer, fresh);
}

#endif
