/* SPDX-License-Identifier: MIT */
/*
 * A step of the specification that is a barrier is one call of whatever has the readers of this flavour pass one, and
 * no other step makes such a call. Where readers have fences of their own, none does.
 */
#include <stdio.h>

#include "number_world.h"
#include "observed_calls.h"

struct calls world_calls(void)
{
	return (struct calls){
		.private = qs_observed_membarriers(QS_PRIVATE_EXPEDITED),
		.global = qs_observed_membarriers(QS_GLOBAL_EXPEDITED),
	};
}

const char *world_moved(void *object, int thread, int step)
{
	static char problem[160];
	static const char *const name[] = { "membarrier for its own process", "membarrier for all processes" };
	struct world *world = object;
	const struct calls before = world->calls, now = world_calls();
	const bool barrier = step == QS_STEP_Membarrier || step == QS_STEP_MembarrierNotice;
	const uint64_t calls[] = { now.private - before.private, now.global - before.global };
	const bool wanted[] = {
		barrier && (NUMBER_FLAVOUR == QS_MEMBARRIER || NUMBER_FLAVOUR == QS_GLOBAL),
		barrier && NUMBER_FLAVOUR == QS_GLOBAL,
	};
	(void)thread;
	world->calls = now;
	for (int i = 0; i < 2; i++) {
		if (calls[i] == wanted[i])
			continue;
		snprintf(problem, sizeof problem, "called %s %llu times, not %d", name[i],
			 (unsigned long long)calls[i], wanted[i]);
		return problem;
	}
	return NULL;
}
