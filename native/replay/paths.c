/* SPDX-License-Identifier: MIT */
/* One path after the other: a fresh world for each, and everything given back at its end. */
#include <string.h>

#include "drive.h"

/* At a path's end: is there anything that this lane has to finish or to give back? */
static bool undrained(struct driver *driver, int32_t lane)
{
	const struct qs_target *target = driver->target;
	return expected_at(driver, lane) != QS_IDLE || (target->holds && target->holds(driver->world, lane));
}

/*
 * Opens the gates. True when the caller has to drain, too. Which threads have to is settled before that: once the
 * last of the others has been given its turn, the next path may have begun.
 */
bool drive_end_path(struct driver *driver, struct worker *self)
{
	uint64_t all = 0, woken = 0;
	uint32_t count = 0;
	for (int32_t i = 0; i < driver->lanes; i++) {
		if (!undrained(driver, i))
			continue;
		count++;
		all |= (uint64_t)1 << i;
		/* The target itself has to wake those who are asleep. */
		if (i != self->id && !qs_load_relaxed(&driver->worker[i].asleep))
			woken |= (uint64_t)1 << i;
	}
	drive_progress(driver, qs_load_relaxed(&driver->progress->move) + 1, 0, QS_IDLE);
	if (count == 0)
		return drive_next_path(driver, self);
	qs_store_relaxed(&driver->undrained, count);
	qs_store_release(&driver->draining, 1);
	for (int32_t i = 0; woken >> i != 0; i++) {
		if (woken >> i & 1)
			qs_baton_give(&driver->worker[i].turn);
	}
	return all >> self->id & 1;
}

static void check_rest(struct driver *driver)
{
	const char *problem = driver->target->rest ? driver->target->rest(driver->world) : NULL;
	if (problem)
		drive_fail(driver, "state", "after the path's end all have finished, but %s", problem);
}

static bool start_path(struct driver *driver, struct worker *self)
{
	const struct qs_plan *plan = driver->plan;
	driver->move = plan->move + (size_t)plan->offset[driver->path] * 3;
	driver->last = plan->move + (size_t)plan->offset[driver->path + 1] * 3;
	driver->expected = plan->state + (size_t)plan->start[driver->path] * (size_t)plan->words;
	qs_store_relaxed(&driver->progress->path, driver->path);
	drive_progress(driver, -1, 0, QS_IDLE);
	driver->world = driver->target->create(&driver->setup);
	if (!driver->world)
		drive_fail(driver, "driver", "the target couldn't make a fresh world");
	memset(driver->actual, 0, (size_t)plan->words * sizeof(int32_t));
	driver->asleep = 0;
	driver->waking = 0;
	driver->fell_asleep = false;
	driver->target->observe(driver->world, driver->actual);
	drive_compare(driver);
	if (driver->move == driver->last)
		return drive_next_path(driver, self);
	return drive_next_move(driver, self);
}

bool drive_next_path(struct driver *driver, struct worker *self)
{
	int32_t limit = qs_load_relaxed(&driver->progress->limit);
	if (driver->world) {
		check_rest(driver);
		driver->target->destroy(driver->world);
		driver->world = NULL;
		driver->paths++;
		qs_store_relaxed(&driver->progress->paths, driver->paths);
		qs_store_relaxed(&driver->progress->probes, driver->probes);
		driver->path += driver->options->stride;
	}
	for (int32_t i = 0; i < driver->lanes; i++) {
		qs_store_relaxed(&driver->worker[i].asleep, 0);
		qs_store_relaxed(&driver->worker[i].expected_back, 0);
		driver->worker[i].moving = false;
	}
	qs_store_release(&driver->draining, 0);
	if (driver->path < driver->plan->paths && (limit < 0 || driver->path <= limit))
		return start_path(driver, self);
	qs_baton_give(&driver->over);
	return false;
}
