/* SPDX-License-Identifier: MIT */
/*
 * Ours, with the worker that frees what was deferred. As call_rcu(), qs_defer() holds nobody back.
 *
 * Needs: qs_barrier in quiesce/defer.h
 */
#define SIDE_WORKER
#include "side_quiesce.h"

typedef struct qs_head side_head;

static inline void side_defer(side_head *head, void (*reclaim)(side_head *head))
{
	qs_defer(&side_domain, head, reclaim);
}

static inline void side_barrier(void)
{
	qs_barrier(&side_domain);
}
