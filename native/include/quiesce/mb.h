/* SPDX-License-Identifier: MIT */
/*
 * The read side where every reader pays with full fences of its own, fixed when this is compiled. It needs nothing of
 * the kernel, and is right for domains of the flavours QS_MB, QS_MEMBARRIER, QS_GLOBAL and QS_SIGNAL: more than enough
 * in the last three. Promises as in read.h.
 */
#ifndef QUIESCE_MB_SIDE_H
#define QUIESCE_MB_SIDE_H

#include "quiesce.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As qs_read_lock(). */
static inline qs_token qs_mb_read_lock(struct qs_reader *reader)
{
	QS_CHECK(reader(reader, false));
	if (qs_likely(qs_load_relaxed(&reader->announced) == 0)) {
		qs_announce(reader, reader->gp);
		fence_a(true);
		return qs_token_outermost(reader);
	}
	return qs_token_nested(reader);
}

/* As qs_read_unlock(). */
static inline void qs_mb_read_unlock(qs_token token)
{
	struct qs_reader *reader = token.reader;
	if (qs_unlikely(!reader)) {
		qs_leave_nested();
		return;
	}
	QS_CHECK(unlock(reader));
	QS_STEP(Unlock);
	fence_b(&reader->announced, 0);
	fence_c(true);
	QS_STEP(LoadNotice);
	if (qs_unlikely((qs_load_relaxed(&reader->notice) & QS_WAIT) != 0))
		qs_answer_notice(reader);
}

#ifdef __cplusplus
}
#endif

#endif
