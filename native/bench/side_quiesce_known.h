/* SPDX-License-Identifier: MIT */
/*
 * Ours, the flavour membarrier fixed when compiled and the domain known when linked.
 *
 * Needs: qs_membarrier_read_lock_in in quiesce/membarrier.h
 */
#define SIDE_LOCK
#include "side_quiesce.h"

#include "quiesce/membarrier.h"

typedef qs_token side_token;

static inline side_token side_lock(side_reader *reader)
{
	return qs_membarrier_read_lock_in(&side_domain, reader);
}

static inline void side_unlock(side_reader *reader, side_token token)
{
	(void)reader;
	qs_membarrier_read_unlock(token);
}
