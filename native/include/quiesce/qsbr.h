/* SPDX-License-Identifier: MIT */
/*
 * Readers that say when they are in no section, instead of when they are in one: for domains of the flavour QS_QSBR.
 * Their sections cost nothing at all. In exchange each of them has to pass a quiescent state often, and to go offline
 * before it waits for anything: a reader that forgets to holds every grace period up.
 *
 * Steps are those of spec/rcu/number-steps/qsbr/UrcuQsbr.tla; that one scan is enough for the *number* algorithm is
 * claim rcu/read-side/number-qsbr.
 * qs_synchronize() may be called by a reader that is online: it is offline meanwhile, so that what it has dereferenced
 * before may be gone when it returns.
 */
#ifndef QUIESCE_QSBR_SIDE_H
#define QUIESCE_QSBR_SIDE_H

#include "quiesce.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As qs_register(); the reader is online afterwards. -ENOTSUP: the domain's flavour isn't QS_QSBR. */
int qs_qsbr_register(struct qs_domain *domain, struct qs_reader **reader);

/* As qs_unregister(), online or offline. */
int qs_qsbr_unregister(struct qs_reader *reader);

/* Begins and ends a section of an online reader: nothing but a note to whoever reads the code, and to the compiler. */
static inline void qs_qsbr_read_lock(struct qs_reader *reader)
{
	(void)reader;
	qs_compiler_barrier();
}

/* Ends what qs_qsbr_read_lock() has begun. Nothing waits for it: qs_qsbr_quiescent_state() is what others see. */
static inline void qs_qsbr_read_unlock(struct qs_reader *reader)
{
	(void)reader;
	qs_compiler_barrier();
}

/* B, then C: announces that what was read so far is no longer used, and looks whether somebody waits for that. */
static inline void qs_qsbr_announce(struct qs_reader *reader, uint64_t number)
{
	fence_b(&reader->announced, number);
	fence_c(true);
	QS_STEP(LoadNotice);
	if (qs_unlikely(qs_load_relaxed(&reader->notice) != 0))
		qs_answer_notice(reader);
}

/*
 * The calling thread holds nothing that it has dereferenced. One load of a shared word that hardly ever changes, and a
 * full fence where it has. Async-signal-safe; not in a handler that interrupts a section.
 */
static inline void qs_qsbr_quiescent_state(struct qs_reader *reader)
{
	uint64_t number;
	QS_STEP(LoadGpAgain);
	number = qs_load_relaxed(reader->gp);
	if (qs_unlikely(qs_load_relaxed(&reader->announced) != number)) {
		QS_STEP(AnnounceAgain);
		qs_qsbr_announce(reader, number);
	}
	qs_compiler_barrier();
}

/* Before it waits: no grace period waits for it until it is online again. For very long, add qs_offline(). */
static inline void qs_qsbr_offline(struct qs_reader *reader)
{
	QS_STEP(GoOffline);
	qs_qsbr_announce(reader, 0);
}

/* A: announce -> use. */
static inline void qs_qsbr_online(struct qs_reader *reader)
{
	uint64_t number;
	QS_STEP(LoadGp);
	number = qs_load_relaxed(reader->gp);
	QS_STEP(Announce);
	qs_store_release(&reader->announced, number);
	fence_a(true);
}

#ifdef __cplusplus
}
#endif

#endif
