/* SPDX-License-Identifier: MIT */
/* Whether a target is one for this plan: names on both sides, and numbers for them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drive.h"

static char problem[QS_MESSAGE_MAX];

/* The index of a name in a table; -1 when it isn't there. */
static int32_t find(const char *const *table, const char *name)
{
	for (int32_t i = 0; table[i]; i++) {
		if (strcmp(table[i], name) == 0)
			return i;
	}
	return -1;
}

static int32_t length_of(const char *const *table)
{
	int32_t length = 0;
	while (table[length])
		length++;
	return length;
}

static const char *match_steps(struct driver *driver)
{
	const struct qs_plan *plan = driver->plan;
	const char *const *names = driver->target->steps;
	int32_t *to_target = calloc((size_t)plan->steps, sizeof(int32_t));
	int32_t *to_plan;
	driver->target_steps = length_of(names);
	to_plan = calloc((size_t)driver->target_steps + 1, sizeof(int32_t));
	if (!to_target || !to_plan)
		return "out of memory";
	driver->setup = plan->setup;
	driver->setup.positions = plan->positions;
	driver->setup.step = to_target;
	driver->to_plan = to_plan;
	for (int32_t i = QS_IDLE + 1; i < plan->steps; i++) {
		to_target[i] = find(names, plan->step[i]);
		if (to_target[i] < 0) {
			snprintf(problem, sizeof problem, "the target %s has no step \"%s\"", driver->target->name,
				 plan->step[i]);
			return problem;
		}
		to_plan[to_target[i]] = i;
	}
	return NULL;
}

static const char *match_lanes(const struct driver *driver)
{
	const struct qs_setup *setup = &driver->plan->setup;
	for (int32_t i = 0; i < setup->lanes; i++) {
		if (find(driver->target->lanes, setup->lane[i].kind) < 0) {
			snprintf(problem, sizeof problem, "the target %s has no lanes of the kind \"%s\"",
				 driver->target->name, setup->lane[i].kind);
			return problem;
		}
	}
	return NULL;
}

static const char *match_words(const struct driver *driver)
{
	const struct qs_setup *setup = &driver->plan->setup;
	const char *const *names = driver->target->words;
	int32_t count = length_of(names);
	for (int32_t i = 0; i < setup->groups || i < count; i++) {
		const char *theirs = i < setup->groups ? setup->group[i].name : "nothing more";
		const char *own = i < count ? names[i] : "nothing more";
		if (strcmp(theirs, own) == 0)
			continue;
		snprintf(problem, sizeof problem,
			 "the words of the target %s aren't the plan's: where it has %s, the plan has %s",
			 driver->target->name, own, theirs);
		return problem;
	}
	return NULL;
}

const char *drive_match(struct driver *driver)
{
	const struct qs_target *target = driver->target;
	const char *found;
	if (target->abi != QS_TARGET_ABI) {
		snprintf(problem, sizeof problem, "the target was built for version %u of target.h, this is %d",
			 (unsigned)target->abi, QS_TARGET_ABI);
		return problem;
	}
	if (!target->name || !target->steps || !target->lanes || !target->words || !target->set_hook ||
	    !target->create || !target->destroy || !target->run || !target->observe)
		return "the target lacks a table or a function that target.h requires";
	found = match_steps(driver);
	if (!found)
		found = match_lanes(driver);
	if (!found)
		found = match_words(driver);
	if (!found && target->misfit)
		found = target->misfit(&driver->setup);
	return found;
}
