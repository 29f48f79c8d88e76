/* SPDX-License-Identifier: MIT */
/*
 * The read side where the updaters pay, fixed when this is compiled: for domains whose flavour is QS_MEMBARRIER,
 * QS_GLOBAL or QS_SIGNAL. It has no fence, and doesn't ask whether it should. So it must not be used where the domain
 * has fallen back to QS_MB: qs_membarrier_register() refuses that.
 *
 * Promises as in read.h. The functions that end in _in take the domain as well; where its address is known when the
 * program is linked (a static domain), they save one more load.
 */
#ifndef QUIESCE_MEMBARRIER_SIDE_H
#define QUIESCE_MEMBARRIER_SIDE_H

#include "quiesce.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As qs_register(). -ENOTSUP: the domain's readers have to run fences (its flavour is QS_MB or QS_QSBR). */
int qs_membarrier_register(struct qs_domain *domain, struct qs_reader **reader);

/* As qs_read_lock(). */
static inline qs_token qs_membarrier_read_lock(struct qs_reader *reader)
{
	QS_CHECK(reader(reader, false));
	if (qs_likely(qs_load_relaxed(&reader->announced) == 0)) {
		qs_announce(reader, reader->gp);
		fence_a(false);
		return qs_token_outermost(reader);
	}
	return qs_token_nested(reader);
}

/* As qs_read_lock(), with a domain whose address may be a constant. */
static inline qs_token qs_membarrier_read_lock_in(struct qs_domain *domain, struct qs_reader *reader)
{
	QS_CHECK(reader(reader, false));
	if (qs_likely(qs_load_relaxed(&reader->announced) == 0)) {
		qs_announce(reader, &domain->gp);
		fence_a(false);
		return qs_token_outermost(reader);
	}
	return qs_token_nested(reader);
}

/* As qs_read_unlock(). */
static inline void qs_membarrier_read_unlock(qs_token token)
{
	if (qs_unlikely(!token.reader)) {
		qs_leave_nested();
		return;
	}
	qs_leave(token.reader);
}

/*
 * Sections that don't nest, and that no signal handler enters with the same reader meanwhile: what is left is one load
 * and one store in, one store and one load out.
 */
static inline void qs_membarrier_enter(struct qs_reader *reader)
{
	QS_CHECK(reader(reader, true));
	qs_announce(reader, reader->gp);
	fence_a(false);
	QS_CHECK(lock(reader, true));
}

/* As qs_membarrier_enter(), with a domain whose address may be a constant. */
static inline void qs_membarrier_enter_in(struct qs_domain *domain, struct qs_reader *reader)
{
	QS_CHECK(reader(reader, true));
	qs_announce(reader, &domain->gp);
	fence_a(false);
	QS_CHECK(lock(reader, true));
}

/* Leaves what qs_membarrier_enter() or qs_membarrier_enter_in() has entered, as qs_read_unlock() does. */
static inline void qs_membarrier_leave(struct qs_reader *reader)
{
	qs_leave(reader);
}

#ifdef __cplusplus
}
#endif

#endif
