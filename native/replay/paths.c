/* SPDX-License-Identifier: MIT */
/* One path after the other: a fresh world for each, and everything given back at its end. */
#include <string.h>

#include "drive.h"

/* At a path's end: is there anything that this thread has to finish or to give back? */
static bool undrained(struct driver *driver, int32_t thread)
{
	const int32_t *slot = driver->expected + WORD(driver, SLOT);
	int32_t reader = thread - driver->plan->updaters;
	return expected_at(driver, thread) != QS_STEP_Idle || (reader >= 0 && slot[reader] != 0);
}

/*
 * Opens the gates. True when the caller has to drain, too. Which threads have to is settled before that: once the
 * last of the others has been given its turn, the next path may have begun.
 */
bool drive_end_path(struct driver *driver, struct worker *self)
{
	uint64_t all = 0, woken = 0;
	uint32_t count = 0;
	for (int32_t i = 0; i < driver->threads; i++) {
		if (!undrained(driver, i))
			continue;
		count++;
		all |= (uint64_t)1 << i;
		/* The target itself has to wake those who are asleep. */
		if (i != self->id && !qs_load_relaxed(&driver->worker[i].asleep))
			woken |= (uint64_t)1 << i;
	}
	drive_progress(driver, qs_load_relaxed(&driver->progress->move) + 1, 0, QS_STEP_Idle);
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

/* What has to be 0 once everything has been given back. */
struct rest {
	int32_t word, count;
	const char *problem;
};

/* Nobody is registered, announces, leads or sleeps, and every grace period that has begun has ended. */
static void check_drained(struct driver *driver)
{
	int32_t readers = driver->plan->readers;
	const struct rest rests[] = {
		{ WORD(driver, BEGUN), 1, "a grace period has begun that isn't the current one" },
		{ WORD(driver, ENDED), 1, "a grace period hasn't ended" },
		{ WORD(driver, LEADER), 1, "somebody still leads" },
		{ WORD(driver, SLEEPERS), 1, "somebody is still counted as a sleeper" },
		{ WORD(driver, REGISTERED), 1, "a reader is still counted as registered" },
		{ WORD(driver, ANNOUNCED), readers, "a slot still announces" },
		{ WORD(driver, NOTICE), readers, "a slot still has a notice" },
		{ WORD(driver, OWNER), readers, "a slot still has an owner" },
	};
	drive_observe(driver);
	for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
		for (int32_t k = 0; k < rests[i].count; k++) {
			if (driver->actual[rests[i].word + k] != 0)
				drive_fail(driver, "state", "after the path's end all have finished, but %s",
					   rests[i].problem);
		}
	}
}

static bool start_path(struct driver *driver, struct worker *self)
{
	const struct qs_plan *plan = driver->plan;
	driver->move = plan->move + (size_t)plan->offset[driver->path] * 3;
	driver->last = plan->move + (size_t)plan->offset[driver->path + 1] * 3;
	driver->expected = plan->state + (size_t)plan->start[driver->path] * (size_t)plan->words;
	qs_store_relaxed(&driver->progress->path, driver->path);
	drive_progress(driver, -1, 0, QS_STEP_Idle);
	driver->world = driver->target->create(plan->updaters, plan->readers, plan->cells);
	if (!driver->world)
		drive_fail(driver, "state", "the target couldn't make a fresh world");
	memset(driver->actual, 0, (size_t)plan->words * sizeof(int32_t));
	driver->asleep = 0;
	driver->waking = 0;
	driver->fell_asleep = false;
	driver->membarriers = driver->target->membarriers();
	driver->raises = 0;
	driver->rings = 0;
	drive_observe(driver);
	drive_compare(driver);
	if (driver->move == driver->last)
		return drive_next_path(driver, self);
	return drive_next_move(driver, self);
}

bool drive_next_path(struct driver *driver, struct worker *self)
{
	int32_t limit = qs_load_relaxed(&driver->progress->limit);
	if (driver->world) {
		check_drained(driver);
		driver->target->destroy(driver->world);
		driver->world = NULL;
		driver->paths++;
		qs_store_relaxed(&driver->progress->paths, driver->paths);
		qs_store_relaxed(&driver->progress->probes, driver->probes);
		driver->path += driver->options->stride;
	}
	for (int32_t i = 0; i < driver->threads; i++) {
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
