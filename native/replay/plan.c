/* SPDX-License-Identifier: MIT */
/* What the driver relies on in a plan. */
#include <stdbool.h>

#include "driver.h"
#include "generated/steps.h"
#include "generated/words.h"

const char *qs_plan_problem(const struct qs_plan *plan, const struct qs_plan_lengths *length)
{
	if (plan->updaters < 1 || plan->updaters > QS_REPLAY_THREADS_MAX || plan->readers < 1 ||
	    plan->readers > QS_REPLAY_THREADS_MAX - plan->updaters)
		return "it has too many threads, or none of a kind";
	if (plan->cells < 1 || plan->cells > QS_REPLAY_CELLS_MAX ||
	    plan->words != QS_WORDS(plan->updaters, plan->readers, plan->cells))
		return "the number of words isn't that of a state";
	if (length->state % (size_t)plan->words != 0 || length->offset != length->start + 1 ||
	    length->move % 3 != 0 || plan->offset[0] != 0)
		return "the plan's arrays don't fit together";
	for (size_t i = 0; i < length->start; i++) {
		if (plan->start[i] < 0 || plan->start[i] >= plan->states || plan->offset[i + 1] < plan->offset[i])
			return "a path starts nowhere";
	}
	if ((size_t)plan->offset[length->start] != length->move / 3)
		return "the paths don't end where the moves do";
	for (size_t i = 0; i < length->move; i += 3) {
		if (plan->move[i] < 0 || plan->move[i] >= plan->updaters + plan->readers || plan->move[i + 1] < 0 ||
		    plan->move[i + 1] >= QS_STEP_COUNT || plan->move[i + 2] < 0 || plan->move[i + 2] >= plan->states)
			return "a move names a thread, a step or a state that isn't there";
	}
	return NULL;
}
