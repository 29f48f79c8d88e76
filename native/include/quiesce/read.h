/* SPDX-License-Identifier: MIT */
/*
 * The read side, whole and inline, for domains of any flavour but QS_QSBR: which one is found out at run time. Those
 * who know it when they compile save a load: membarrier.h, mb.h, qsbr.h.
 */
#ifndef QUIESCE_READ_H
#define QUIESCE_READ_H

#include "reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Enters a read-side section. What the reader finds through qs_dereference() stays until it leaves the
 * outermost section. Sections nest, to any depth. Wait-free.
 *
 * Async-signal-safe, also with the reader of the interrupted thread. After fork(), the child may go on with the
 * forking thread's readers.
 */
static inline qs_token qs_read_lock(struct qs_reader *reader)
{
	QS_CHECK(reader(reader, false));
	if (qs_likely(qs_load_relaxed(&reader->announced) == 0)) {
		qs_announce(reader, reader->gp);
		fence_a((qs_load_relaxed(&reader->notice) & QS_FENCES) != 0);
		return qs_token_outermost(reader);
	}
	return qs_token_nested(reader);
}

/*
 * Leaves the section that this token was returned for. Never blocks: at most it makes one system call, to wake an
 * updater that waits for this very reader.
 *
 * Async-signal-safe (errno is kept). Fork: as qs_read_lock().
 */
static inline void qs_read_unlock(qs_token token)
{
	if (qs_unlikely(!token.reader)) {
		qs_leave_nested();
		return;
	}
	qs_leave(token.reader);
}

#ifdef __cplusplus
}
#endif

#endif
