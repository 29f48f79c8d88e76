/* SPDX-License-Identifier: MIT */
/*
 * A reader, and the steps that the read sides of all flavours are made of (read.h, membarrier.h, mb.h, qsbr.h). Steps
 * and letters are those of spec/rcu/number-steps/Urcu.tla.
 *
 * A reader announces the number of the grace period that it sees when it enters its outermost section, and announces 0
 * when it leaves. Then it looks at a word beside its announcement, its notice: an updater that waits for this reader
 * has left one there.
 */
#ifndef QUIESCE_READER_H
#define QUIESCE_READER_H

#include <stddef.h>
#include <stdint.h>

#include "atomic.h"
#include "check.h"
#include "letters.h"
#include "step.h"

#ifdef __cplusplus
extern "C" {
#endif

#define QS_CACHE_LINE 64

struct qs_domain;

/* Bits of a notice. */
#define QS_WAIT 1u   /* an updater waits for this reader, and has to be woken when it leaves */
#define QS_FENCES 2u /* this reader pays with full fences of its own: its domain's flavour is QS_MB */

/*
 * A reader's slot. Slots never move. Only its reader writes `announced`; the updater that leads writes `notice`. What
 * registering writes, but for the constants behind, is kept elsewhere: no other thread disturbs this line.
 */
struct qs_reader {
	alignas(QS_CACHE_LINE) qs_atomic(uint64_t) announced; /* 0, or the number that the reader announced */
	qs_atomic(uint64_t) *gp;                              /* its domain's number of the current grace period */
	qs_atomic(uint32_t) notice;                           /* futex word of the updater that waits for this reader */
	uint32_t index;                                       /* which slot it is */
	struct qs_domain *domain;
	struct qs_reader *next; /* of the same thread, in any domain */
	uint32_t offline;       /* not 0: it isn't counted, or not announced (src/thread.h) */
};

/* What a lock returns and the unlock takes back, last in, first out: the reader, or NULL for an inner section. */
typedef struct qs_token {
	struct qs_reader *reader;
} qs_token;

/* The slow path of an unlock that has found a notice; not for you to call. */
void qs_answer_notice(struct qs_reader *reader);

/* Outermost lock: loads the number and announces it; A comes next. */
static inline void qs_announce(struct qs_reader *reader, qs_atomic(uint64_t) *gp)
{
	uint64_t number;
	QS_STEP(LoadGp);
	number = qs_load_relaxed(gp);
	QS_STEP(Announce);
	/*
	 * A release, for the letter of C++20: its release sequences end at the thread's next plain store, and a scan
	 * that reads this announcement, and not the 0 before it, has to see the section before, too. It costs nothing
	 * on x86-64.
	 */
	qs_store_release(&reader->announced, number);
}

/* An inner unlock: nothing to do. */
static inline void qs_leave_nested(void)
{
	QS_STEP(UnlockNested);
	QS_CHECK(unlock(NULL));
}

/* Outermost unlock: ends the announcement, and looks whether somebody waits for that. */
static inline void qs_leave(struct qs_reader *reader)
{
	QS_CHECK(unlock(reader));
	QS_STEP(Unlock);
	fence_b(&reader->announced, 0);
	fence_c(false); /* in QS_MB the notice is never 0, and qs_answer_notice() has the fence */
	QS_STEP(LoadNotice);
	if (qs_unlikely(qs_load_relaxed(&reader->notice) != 0))
		qs_answer_notice(reader);
}

/* The outermost lock's token. A reader is never NULL: so where both are inlined, the unlock needn't ask. */
static inline qs_token qs_token_outermost(struct qs_reader *reader)
{
	qs_token token;
	if (!reader)
		__builtin_unreachable();
	token.reader = reader;
	QS_CHECK(lock(reader, true));
	return token;
}

/* An inner lock: its reader has announced itself already. */
static inline qs_token qs_token_nested(struct qs_reader *reader)
{
	qs_token token;
	QS_STEP(LockNested);
	(void)reader;
	QS_CHECK(lock(reader, false));
	token.reader = NULL;
	return token;
}

/*
 * Reads a protected pointer, inside a section; of any pointer type. What it points to is initialised: the loads
 * through it depend on its value, and so come after it (the reader's half of D).
 *
 * Async-signal-safe; not affected by fork().
 */
#define qs_dereference(pointer) (QS_STEP(Dereference), qs_load_dependent(pointer))

/*
 * Publishes an object that is initialised; of any pointer type. The object it replaces may still be in use until a
 * grace period has passed (qs_synchronize(), qs_defer()); qs_replace() does all of this.
 *
 * Async-signal-safe; not affected by fork().
 */
#define qs_assign(pointer, fresh) (QS_STEP(Publish), fence_d((pointer), (fresh)))

/* Publishes `fresh` in the same way, and returns what was there before. */
#define qs_exchange(pointer, fresh) (QS_STEP(Publish), fence_d_exchange((pointer), (fresh)))

#ifdef __cplusplus
}
#endif

#endif
