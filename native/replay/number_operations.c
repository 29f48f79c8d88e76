/* SPDX-License-Identifier: MIT */
/* What a thread of the plan does when it is idle and its next step begins an operation; and how it leaves. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

#include "target.h"
#include "number_world.h"

/* The thread and the world that the calling thread is at work for, during an operation. */
static _Thread_local struct thread *worker;
static _Thread_local struct world *at_work;

/* What a callback found to be wrong, until the operation ends. */
static _Thread_local const char *misfreed;

static int32_t index_of(const struct world *world, const struct cell *cell)
{
	return (int32_t)(cell - world->cell);
}

/* Nothing is given back to the allocator: a use after free should be visible, not undefined. */
static void reclaim(void *object)
{
	struct cell *cell = object;
	if (qs_load_relaxed(&cell->state) != CELL_LIVE)
		misfreed = "freed a cell that isn't live";
	else if (worker->mine != index_of(at_work, cell))
		misfreed = "freed a cell that it hasn't replaced";
	qs_store_relaxed(&cell->state, CELL_FREED);
	worker->mine = NOTHING;
}

static const char *do_register(struct world *world, struct thread *self)
{
	int32_t claimed;
	self->slot = CLAIMING;
	if (reader_register(&world->domain, &self->reader) != 0)
		return "found no free slot";
	claimed = world_claimed(world, self);
	self->slot = (int32_t)(self->reader - world->domain.slots) + 1;
	return claimed == self->slot ? NULL : "was given a slot that it hasn't claimed";
}

static const char *do_unregister(struct thread *self)
{
	if (reader_unregister(self->reader) != 0)
		return "was refused when it unregistered";
	self->slot = 0;
	return NULL;
}

static const char *dereference(struct world *world, struct thread *self)
{
	struct cell *cell = qs_dereference(&world->head);
	self->held = index_of(world, cell);
	return NULL;
}

static const char *use(struct world *world, struct thread *self)
{
	QS_STEP(Use);
	if (self->held == NOTHING)
		return "holds nothing that it could use";
	switch (qs_load_relaxed(&world->cell[self->held].state)) {
	case CELL_LIVE:
		return NULL;
	case CELL_FREED:
		return QS_TARGET_USE_AFTER_FREE;
	default:
		return "used before it was initialised";
	}
}

/* Fills the first cell that nobody uses. */
static const char *initialise(struct world *world, struct thread *self)
{
	QS_STEP(Initialise);
	for (int32_t i = 0; i < world->cells; i++) {
		if (qs_load_relaxed(&world->cell[i].state) == CELL_LIVE)
			continue;
		qs_store_relaxed(&world->cell[i].state, CELL_LIVE);
		self->mine = i;
		return NULL;
	}
	return "has no cell left to fill";
}

static const char *replace(struct world *world, struct thread *self)
{
	if (self->mine == NOTHING)
		return "has filled no cell that it could publish";
	qs_replace(&world->domain, &world->head, &world->cell[self->mine], reclaim);
	return NULL;
}

static const char *perform(struct world *world, int thread, int step)
{
	struct thread *self = &world->thread[thread];
	switch (step) {
	case QS_STEP_Register:
		return do_register(world, self);
	case QS_STEP_Unregister:
		return do_unregister(self);
	case QS_STEP_Dereference:
		return dereference(world, self);
	case QS_STEP_Use:
		return use(world, self);
	case QS_STEP_Initialise:
		return initialise(world, self);
	case QS_STEP_Publish:
		return replace(world, self);
	default:
		return reader_operate(self, step);
	}
}

const char *world_operate(struct world *world, int thread, int step)
{
	const char *problem;
	at_work = world;
	worker = &world->thread[thread];
	if (worker->id == 0)
		worker->id = (int32_t)syscall(SYS_gettid);
	problem = perform(world, thread, step);
	if (!problem)
		problem = misfreed;
	misfreed = NULL;
	return problem;
}

/* What the specification has happen in a step beside what the library does in it. */
void world_stepped(int step)
{
	if (!worker)
		return;
	if (step == QS_STEP_Unlock || step == QS_STEP_LoadGpAgain || step == QS_STEP_GoOffline)
		worker->held = NOTHING;
	else if (step == QS_STEP_Unregister)
		worker->slot = 0;
	else if (step == QS_STEP_Publish)
		worker->mine = index_of(at_work, qs_load_relaxed(&at_work->head));
	else if (step == QS_STEP_Raise)
		(void)qs_fetch_add(&at_work->raises, 1);
	else if (step == QS_STEP_Ring)
		(void)qs_fetch_add(&at_work->rings, 1);
}

bool world_holds(void *object, int thread)
{
	struct world *world = object;
	return world->thread[thread].slot != 0;
}

void world_drain(void *object, int thread)
{
	struct world *world = object;
	struct thread *self = &world->thread[thread];
	if (thread < world->updaters || self->slot == 0)
		return;
	at_work = world;
	worker = self;
	reader_leave(self);
	(void)do_unregister(self);
}
