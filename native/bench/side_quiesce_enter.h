/* SPDX-License-Identifier: MIT */
/*
 * Ours, the flavour membarrier fixed when compiled, with sections that do not nest.
 *
 * Needs: qs_membarrier_enter in quiesce/membarrier.h
 */
#define SIDE_LOCK
#include "side_quiesce.h"

#include "quiesce/membarrier.h"

typedef struct {
	char nothing;
} side_token;

static inline side_token side_lock(side_reader *reader)
{
	qs_membarrier_enter(reader);
	return (side_token){0};
}

static inline void side_unlock(side_reader *reader, side_token token)
{
	(void)token;
	qs_membarrier_leave(reader);
}
