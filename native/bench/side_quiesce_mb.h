/* SPDX-License-Identifier: MIT */
/*
 * Ours, the flavour mb, fixed when compiled.
 *
 * Needs: qs_mb_read_lock in quiesce/mb.h
 */
#define SIDE_FLAVOUR QS_MB
#define SIDE_LOCK
#include "side_quiesce.h"

#include "quiesce/mb.h"

typedef qs_token side_token;

static inline side_token side_lock(side_reader *reader)
{
	return qs_mb_read_lock(reader);
}

static inline void side_unlock(side_reader *reader, side_token token)
{
	(void)reader;
	qs_mb_read_unlock(token);
}
