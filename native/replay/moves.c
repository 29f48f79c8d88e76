/* SPDX-License-Identifier: MIT */
/* One move: who has to arrive where, what is compared then, and who has the turn next. */
#include <sched.h>
#include <string.h>

#include "drive.h"

_Thread_local struct worker *drive_current;

void drive_progress(struct driver *driver, int32_t move, int32_t thread, int32_t step)
{
	qs_store_relaxed(&driver->progress->move, move);
	qs_store_relaxed(&driver->progress->thread, thread);
	qs_store_relaxed(&driver->progress->step, step);
}

/* Publishes the move in progress, and what has to arrive for it to be complete. Returns whom to give the turn to. */
static struct worker *prepare(struct driver *driver)
{
	uint32_t pending = 1;
	driver->before = driver->expected;
	driver->expected = driver->plan->state + (size_t)driver->move[2] * (size_t)driver->plan->words;
	for (int32_t i = 0; driver->asleep > 0 && i < driver->threads; i++) {
		struct worker *worker = &driver->worker[i];
		if (qs_load_relaxed(&worker->asleep) && expected_at(driver, i) != ASLEEP) {
			qs_store_relaxed(&worker->expected_back, 1);
			pending++;
		}
	}
	driver->waking = (int32_t)pending - 1;
	qs_store_release(&driver->pending, pending);
	drive_progress(driver, qs_load_relaxed(&driver->progress->move) + 1, driver->move[0], driver->move[1]);
	return &driver->worker[driver->move[0]];
}

/* Looks at every thread that the plan has asleep: it must sit in a futex. */
static void probe_sleepers(struct driver *driver, struct worker *self)
{
	for (int32_t i = 0; i < driver->threads; i++) {
		struct worker *worker = &driver->worker[i];
		int64_t since;
		if (worker == self || !qs_load_acquire(&worker->asleep))
			continue;
		driver->probes++;
		if (qs_blocked(worker->blocked, &worker->turn))
			continue;
		/* It may be on its way into the futex; or it is on its way out, and will say so itself. */
		since = drive_milliseconds();
		do {
			sched_yield();
			if (drive_milliseconds() - since > driver->options->hang_ms / 2)
				drive_fail(driver, "not-blocked", "thread %d should sleep, and isn't in a futex", i);
		} while (!qs_blocked(worker->blocked, &worker->turn));
	}
}

/*
 * Looks at the target's state as a plan sees it. Numbers of grace periods are relative there, since the specification's
 * graph comes back to where it was after each update: gp is taken less the raises of the path so far, the numbers that
 * have begun and ended by how far they are from it, and an announcement by its age: 0 nothing, 1 older than gp, 2 as
 * young as gp, 3 a number that there hasn't been yet. The doorbell is taken less the rings.
 */
void drive_observe(struct driver *driver)
{
	int32_t *words = driver->actual;
	int32_t *announced = words + WORD(driver, ANNOUNCED);
	int32_t gp;
	driver->target->observe(driver->world, words);
	gp = words[WORD(driver, GP)];
	words[WORD(driver, GP)] = gp - driver->raises;
	words[WORD(driver, BEGUN)] -= gp;
	words[WORD(driver, ENDED)] = gp - words[WORD(driver, ENDED)];
	words[WORD(driver, DOORBELL)] -= driver->rings;
	for (int32_t i = 0; i < driver->plan->readers; i++) {
		if (announced[i] != 0)
			announced[i] = announced[i] < gp ? 1 : announced[i] == gp ? 2 : 3;
	}
}

static void check_membarriers(struct driver *driver)
{
	uint64_t calls = driver->target->membarriers() - driver->membarriers;
	uint64_t wanted = driver->move[1] == QS_STEP_Membarrier || driver->move[1] == QS_STEP_MembarrierNotice;
	if (calls != wanted)
		drive_fail(driver, "membarrier", "%s called membarrier %llu times, not %llu",
			   drive_step_name(driver->move[1]), (unsigned long long)calls,
			   (unsigned long long)wanted);
	driver->membarriers += calls;
}

/* Between the beginning of an operation and its first step point nothing may have changed. */
static void check_beginning(struct driver *driver, struct worker *self, int step)
{
	drive_observe(driver);
	if (memcmp(driver->actual, driver->before, (size_t)driver->plan->words * sizeof(int32_t)) == 0)
		return;
	driver->failure.expected = driver->before;
	driver->failure.actual = driver->actual;
	drive_fail(driver, "state", "thread %d has changed the state before it came to %s", self->id,
		   drive_step_name(step));
}

bool drive_next_move(struct driver *driver, struct worker *self)
{
	struct worker *next = prepare(driver);
	if (next == self)
		return true;
	qs_baton_give(&next->turn);
	return false;
}

/* All have arrived. True when the next turn is the caller's own. */
static bool complete(struct driver *driver, struct worker *self)
{
	driver->raises += driver->move[1] == QS_STEP_Raise;
	driver->rings += driver->move[1] == QS_STEP_Ring;
	driver->asleep -= driver->waking;
	drive_observe(driver);
	drive_compare(driver);
	check_membarriers(driver);
	if (driver->asleep > 0)
		probe_sleepers(driver, self);
	driver->steps++;
	qs_store_relaxed(&driver->progress->steps, driver->steps);
	driver->move += 3;
	if (driver->move == driver->last)
		return drive_end_path(driver, self);
	return drive_next_move(driver, self);
}

bool drive_arrive(struct worker *self, int step)
{
	struct driver *driver = self->driver;
	if (qs_load_relaxed(&self->asleep)) {
		if (!qs_exchange_acquire(&self->expected_back, 0))
			drive_fail(driver, "not-blocked", "thread %d should be asleep, and has arrived at %s",
				   self->id, drive_step_name(step));
		qs_store_relaxed(&self->asleep, 0);
	}
	self->moving = false;
	*at(driver, driver->actual, self->id) = step;
	return qs_fetch_sub(&driver->pending, 1) == 1 && complete(driver, self);
}

/* The calling thread has the turn, and stands before the step of the move in progress. */
static void begin(struct worker *self, int step)
{
	struct driver *driver = self->driver;
	if (step != driver->move[1])
		drive_fail(driver, "step", "thread %d is at %s, the specification lets it do %s", self->id,
			   drive_step_name(step), drive_step_name(driver->move[1]));
	if (driver->fell_asleep) {
		/* Before this step does anything: it may be the very one that should wake the sleeper. */
		driver->fell_asleep = false;
		probe_sleepers(driver, self);
	}
	self->moving = true;
	if (expected_at(driver, self->id) != ASLEEP)
		return;
	*at(driver, driver->actual, self->id) = ASLEEP;
	qs_store_release(&self->asleep, 1);
	driver->asleep++;
	driver->fell_asleep = true;
	if (qs_fetch_sub(&driver->pending, 1) == 1 && complete(driver, self) && !qs_load_relaxed(&driver->draining))
		drive_fail(driver, "step", "the plan moves thread %d, which it has asleep", self->id);
}

void drive_hook(int step)
{
	struct worker *self = drive_current;
	if (!self || is_draining(self->driver))
		return;
	if (self->moving || qs_load_relaxed(&self->asleep)) {
		if (!drive_arrive(self, step))
			qs_baton_take(&self->turn);
		if (is_draining(self->driver))
			return;
	} else {
		check_beginning(self->driver, self, step);
	}
	begin(self, step);
}
