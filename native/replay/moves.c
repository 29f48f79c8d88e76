/* SPDX-License-Identifier: MIT */
/* One move: who has to arrive where, what is compared then, and who has the turn next. */
#include <sched.h>
#include <string.h>

#include "drive.h"

_Thread_local struct worker *drive_current;

void drive_progress(struct driver *driver, int32_t move, int32_t lane, int32_t step)
{
	qs_store_relaxed(&driver->progress->move, move);
	qs_store_relaxed(&driver->progress->lane, lane);
	qs_store_relaxed(&driver->progress->step, step);
}

/* Publishes the move in progress, and what has to arrive for it to be complete. Returns whom to give the turn to. */
static struct worker *prepare(struct driver *driver)
{
	uint32_t pending = 1;
	driver->before = driver->expected;
	driver->expected = driver->plan->state + (size_t)driver->move[2] * (size_t)driver->plan->words;
	for (int32_t i = 0; driver->asleep > 0 && i < driver->lanes; i++) {
		struct worker *worker = &driver->worker[i];
		if (qs_load_relaxed(&worker->asleep) && expected_at(driver, i) != QS_ASLEEP) {
			qs_store_relaxed(&worker->expected_back, 1);
			pending++;
		}
	}
	driver->waking = (int32_t)pending - 1;
	qs_store_release(&driver->pending, pending);
	drive_progress(driver, qs_load_relaxed(&driver->progress->move) + 1, driver->move[0], moved_step(driver));
	return &driver->worker[driver->move[0]];
}

/* In so many different milliseconds, at least: who is stopped as a whole, or gets no processor, has not waited. */
enum { LEAST_LOOKS = 50 };

/* Looks at every lane that the plan has asleep: it must sit in a futex. */
static void probe_sleepers(struct driver *driver, struct worker *self)
{
	for (int32_t i = 0; i < driver->lanes; i++) {
		struct worker *worker = &driver->worker[i];
		int64_t since, now;
		int looks = 0;
		if (worker == self || !qs_load_acquire(&worker->asleep))
			continue;
		driver->probes++;
		if (qs_blocked(worker->blocked, &worker->turn))
			continue;
		/* It may be on its way into the futex; or it is on its way out, and will say so itself. */
		now = since = drive_milliseconds();
		do {
			const int64_t before = now;
			sched_yield();
			now = drive_milliseconds();
			looks += now != before;
			if (looks > LEAST_LOOKS && now - since > driver->options->hang_ms / 2)
				drive_fail(driver, "not-blocked", "%s should sleep, and isn't in a futex",
					   lane_name(driver, i));
		} while (!qs_blocked(worker->blocked, &worker->turn));
	}
}

/* What the target alone knows of the move that is complete. */
static void check_move(struct driver *driver)
{
	const struct qs_target *target = driver->target;
	const char *problem = NULL;
	if (target->moved)
		problem = target->moved(driver->world, driver->move[0], driver->setup.step[driver->move[1]]);
	if (problem)
		drive_fail(driver, "call", "%s %s", drive_step_name(driver, driver->move[1]), problem);
}

/* Between the beginning of an operation and its first step point nothing may have changed. */
static void check_beginning(struct driver *driver, struct worker *self, int32_t step)
{
	driver->target->observe(driver->world, driver->actual);
	if (memcmp(driver->actual, driver->before, (size_t)driver->plan->words * sizeof(int32_t)) == 0)
		return;
	driver->failure.expected = driver->before;
	driver->failure.actual = driver->actual;
	drive_fail(driver, "state", "%s has changed the state before it came to %s", lane_name(driver, self->id),
		   drive_step_name(driver, step));
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
	driver->asleep -= driver->waking;
	driver->target->observe(driver->world, driver->actual);
	drive_compare(driver);
	if (!is_asked(driver))
		check_move(driver);
	if (driver->asleep > 0)
		probe_sleepers(driver, self);
	if (is_asked(driver))
		qs_store_relaxed(&driver->progress->probes, ++driver->probes);
	else
		qs_store_relaxed(&driver->progress->steps, ++driver->steps);
	driver->move += 3;
	if (driver->move == driver->last)
		return drive_end_path(driver, self);
	return drive_next_move(driver, self);
}

bool drive_arrive(struct worker *self, int32_t step)
{
	struct driver *driver = self->driver;
	if (qs_load_relaxed(&self->asleep)) {
		if (!qs_exchange_acquire(&self->expected_back, 0))
			drive_fail(driver, "not-blocked", "%s should be asleep, and has arrived at %s",
				   lane_name(driver, self->id), drive_step_name(driver, step));
		qs_store_relaxed(&self->asleep, 0);
	}
	self->moving = false;
	*at(driver, driver->actual, self->id) = step;
	return qs_fetch_sub(&driver->pending, 1) == 1 && complete(driver, self);
}

/* The calling thread is let into the futex. Another has the turn then, but for a plan that moves the sleeper. */
static void fall_asleep(struct worker *self)
{
	struct driver *driver = self->driver;
	*at(driver, driver->actual, self->id) = QS_ASLEEP;
	qs_store_release(&self->asleep, 1);
	driver->asleep++;
	driver->fell_asleep = true;
	if (qs_fetch_sub(&driver->pending, 1) == 1 && complete(driver, self) && !qs_load_relaxed(&driver->draining))
		drive_fail(driver, "step", "the plan moves %s, which it has asleep", lane_name(driver, self->id));
}

/* The calling thread has the turn, and stands before the step of the move in progress. */
static void begin(struct worker *self, int32_t step)
{
	struct driver *driver = self->driver;
	if (step != moved_step(driver))
		drive_fail(driver, "step", "%s is at %s, the specification lets it do %s",
			   lane_name(driver, self->id), drive_step_name(driver, step),
			   drive_step_name(driver, moved_step(driver)));
	if (driver->fell_asleep) {
		/* Before this step does anything: it may be the very one that should wake the sleeper. */
		driver->fell_asleep = false;
		probe_sleepers(driver, self);
	}
	self->moving = true;
	if (expected_at(driver, self->id) == QS_ASLEEP && !driver->target->announces_sleep)
		fall_asleep(self);
}

/* A step point's number in the plan. */
static int32_t in_plan(struct driver *driver, int step)
{
	if (step < 0 || step >= driver->target_steps)
		drive_fail(driver, "driver", "the target has come to its step %d, which it doesn't name", step);
	if (driver->to_plan[step] == QS_IDLE)
		drive_fail(driver, "step", "the target has come to %s, which the plan doesn't know",
			   driver->target->steps[step]);
	return driver->to_plan[step];
}

/* The target says that the calling thread is about to sleep. */
static void announced_sleep(struct worker *self)
{
	struct driver *driver = self->driver;
	if (!self->moving || !driver->target->announces_sleep)
		drive_fail(driver, "driver", "the target has %s sleep outside of a step", lane_name(driver, self->id));
	self->moving = false;
	if (expected_at(driver, self->id) != QS_ASLEEP)
		drive_fail(driver, "step", "%s goes to sleep, the specification has it at %s",
			   lane_name(driver, self->id),
			   drive_step_name(driver, expected_at(driver, self->id)));
	fall_asleep(self);
}

const int32_t *drive_hook(int step)
{
	struct worker *self = drive_current;
	struct driver *driver;
	const int32_t *after;
	if (!self || is_draining(self->driver))
		return NULL;
	driver = self->driver;
	if (step == QS_TARGET_SLEEPS) {
		announced_sleep(self);
		return NULL;
	}
	step = in_plan(driver, step);
	if (self->moving || qs_load_relaxed(&self->asleep)) {
		if (self->moving && is_asked(driver) && step != expected_at(driver, self->id))
			drive_fail_taken(driver);
		if (!drive_arrive(self, step))
			qs_baton_take(&self->turn);
		if (is_draining(driver))
			return NULL;
	} else {
		check_beginning(driver, self, step);
	}
	/* Once it sleeps, others move. */
	after = driver->expected;
	begin(self, step);
	return after;
}
