/* SPDX-License-Identifier: MIT */
/* What the driver relies on in a plan. */
#include <stdbool.h>

#include "driver.h"

/* The words of the groups, and then one for each lane. */
static bool groups_fit(const struct qs_plan *plan)
{
	const struct qs_setup *setup = &plan->setup;
	int64_t next = 0;
	for (int32_t i = 0; i < setup->groups; i++) {
		if (setup->group[i].first != next || setup->group[i].count < 0)
			return false;
		next += setup->group[i].count;
	}
	return plan->positions == next && plan->words == next + setup->lanes;
}

const char *qs_plan_problem(const struct qs_plan *plan, const struct qs_plan_lengths *length)
{
	if (plan->setup.lanes < 1 || plan->setup.lanes > QS_REPLAY_LANES_MAX)
		return "it has no lanes, or too many";
	if (!groups_fit(plan))
		return "the number of words isn't that of a state";
	if (plan->steps < 1 || length->state % (size_t)plan->words != 0 || length->offset != length->start + 1 ||
	    length->move % 3 != 0 || plan->offset[0] != 0)
		return "the plan's arrays don't fit together";
	for (size_t i = 0; i < length->start; i++) {
		if (plan->start[i] < 0 || plan->start[i] >= plan->states || plan->offset[i + 1] < plan->offset[i])
			return "a path starts nowhere";
	}
	if ((size_t)plan->offset[length->start] != length->move / 3)
		return "the paths don't end where the moves do";
	for (size_t i = 0; i < length->move; i += 3) {
		if (plan->move[i] < 0 || plan->move[i] >= plan->setup.lanes || plan->move[i + 1] == QS_IDLE ||
		    plan->move[i + 1] <= -plan->steps || plan->move[i + 1] >= plan->steps ||
		    plan->move[i + 2] < 0 || plan->move[i + 2] >= plan->states)
			return "a move names a lane, a step or a state that isn't there";
	}
	return NULL;
}
