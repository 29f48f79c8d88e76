/* SPDX-License-Identifier: MIT */
/*
 * A step of the specification that is a barrier is one call of whatever has the readers of this flavour pass one, and
 * no other step makes such a call. In the flavour QS_SIGNAL it is a signal to each reader, who has answered when the
 * step is over, though the driver holds it before a step of its own. Where readers have fences of their own, there is
 * no call at all.
 */
#include <stdio.h>

#include "number_world.h"
#include "observed_calls.h"

struct calls world_calls(void)
{
	return (struct calls){
		.private = qs_observed_membarriers(QS_PRIVATE_EXPEDITED),
		.global = qs_observed_membarriers(QS_GLOBAL_EXPEDITED),
		.signals = qs_observed_signals(),
	};
}

/* Those whom the signal of a barrier is for: the owners of slots below the mark. */
static uint64_t readers_to_ask(const struct world *world)
{
	const struct qs_domain *domain = &world->domain;
	const uint32_t used = qs_load_relaxed(&domain->used);
	uint64_t count = 0;
	for (uint32_t i = 0; i < used; i++)
		count += qs_load_relaxed(&domain->owners[i].thread) != 0;
	return count;
}

static bool all_have_answered(const struct world *world)
{
	const struct qs_domain *domain = &world->domain;
	const uint32_t used = qs_load_relaxed(&domain->used);
	const uint64_t asked = qs_load_relaxed(&domain->asked);
	for (uint32_t i = 0; i < used; i++) {
		if (qs_load_relaxed(&domain->owners[i].thread) != 0 &&
		    qs_load_acquire(&domain->owners[i].answered) < asked)
			return false;
	}
	return true;
}

const char *world_moved(void *object, int thread, int step)
{
	static char problem[160];
	static const char *const name[] = { "membarrier for its own process", "membarrier for all processes",
					    "tgkill for its readers" };
	struct world *world = object;
	const struct calls before = world->calls, now = world_calls();
	const bool barrier = step == QS_STEP_Membarrier || step == QS_STEP_MembarrierNotice;
	const uint64_t calls[] = { now.private - before.private, now.global - before.global,
				   now.signals - before.signals };
	const uint64_t wanted[] = {
		barrier && (NUMBER_FLAVOUR == QS_MEMBARRIER || NUMBER_FLAVOUR == QS_GLOBAL),
		barrier && NUMBER_FLAVOUR == QS_GLOBAL,
		barrier && NUMBER_FLAVOUR == QS_SIGNAL ? readers_to_ask(world) : 0,
	};
	(void)thread;
	world->calls = now;
	for (int i = 0; i < 3; i++) {
		if (calls[i] == wanted[i])
			continue;
		snprintf(problem, sizeof problem, "called %s %llu times, not %llu", name[i],
			 (unsigned long long)calls[i], (unsigned long long)wanted[i]);
		return problem;
	}
	if (barrier && NUMBER_FLAVOUR == QS_SIGNAL && !all_have_answered(world))
		return "went on before all readers had answered its signal";
	return NULL;
}
