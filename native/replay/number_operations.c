/* SPDX-License-Identifier: MIT */
/* What a thread of the plan does when it is idle and its next step begins an operation; and how it leaves. */
#include <stdbool.h>

#include "target.h"
#include "number_world.h"

/* What a callback found to be wrong, until the operation ends. */
static _Thread_local const char *misfreed;

/* Nothing is given back to the allocator: a use after free should be visible, not undefined. */
static void reclaim(void *object)
{
	struct cell *cell = object;
	if (qs_load_relaxed(&cell->state) != CELL_LIVE)
		misfreed = "freed a cell that isn't live";
	qs_store_relaxed(&cell->state, CELL_FREED);
}

static const char *do_register(struct world *world, struct thread *self)
{
	if (qs_register(&world->domain, &self->reader) != 0)
		return "found no free slot";
	self->slot = (int32_t)(self->reader - world->domain.slots) + 1;
	self->owner = qs_load_relaxed(&self->reader->owner);
	return NULL;
}

static const char *do_unregister(struct thread *self)
{
	if (qs_unregister(self->reader) != 0)
		return "was still inside a section when it unregistered";
	self->slot = 0;
	return NULL;
}

static const char *lock(struct thread *self)
{
	if (self->depth == NESTING_MAX)
		return "nests deeper than the target can";
	self->tokens[self->depth] = qs_read_lock(self->reader);
	self->depth++;
	return NULL;
}

/* A thread that unlocks: at the step Unlock it lets go of what it holds. */
static _Thread_local struct thread *leaving;

static const char *unlock(struct thread *self)
{
	if (self->depth == 0)
		return "isn't inside a section that it could leave";
	self->depth--;
	leaving = self;
	qs_read_unlock(self->reader, self->tokens[self->depth]);
	return NULL;
}

static const char *dereference(struct world *world, struct thread *self)
{
	struct cell *cell = qs_dereference(&world->head);
	self->held = (int32_t)(cell - world->cell);
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

/* The first cell with (or without) live content that isn't published. */
static int32_t find_cell(struct world *world, bool live)
{
	struct cell *head = qs_load_relaxed(&world->head);
	int32_t index = 0;
	while (index < world->cells && (&world->cell[index] == head ||
					(qs_load_relaxed(&world->cell[index].state) == CELL_LIVE) != live))
		index++;
	return index;
}

static const char *initialise(struct world *world)
{
	int32_t index = find_cell(world, false);
	QS_STEP(Initialise);
	if (index == world->cells)
		return "has no cell left to fill";
	qs_store_relaxed(&world->cell[index].state, CELL_LIVE);
	return NULL;
}

static const char *replace(struct world *world)
{
	int32_t index = find_cell(world, true);
	if (index == world->cells)
		return "has filled no cell that it could publish";
	qs_replace(&world->domain, &world->head, &world->cell[index], reclaim);
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
	case QS_STEP_LoadGp:
	case QS_STEP_LockNested:
		return lock(self);
	case QS_STEP_Unlock:
	case QS_STEP_UnlockNested:
		return unlock(self);
	case QS_STEP_Dereference:
		return dereference(world, self);
	case QS_STEP_Use:
		return use(world, self);
	case QS_STEP_Initialise:
		return initialise(world);
	case QS_STEP_Publish:
		return replace(world);
	default:
		return "has no operation that begins with this step";
	}
}

const char *world_operate(struct world *world, int thread, int step)
{
	const char *problem = perform(world, thread, step);
	if (!problem)
		problem = misfreed;
	misfreed = NULL;
	return problem;
}

void world_stepped(int step)
{
	if (step == QS_STEP_Unlock && leaving)
		leaving->held = NOTHING;
}

void world_drain(void *object, int thread)
{
	struct world *world = object;
	struct thread *self = &world->thread[thread];
	if (thread == 0 || self->slot == 0)
		return;
	while (self->depth > 0)
		(void)unlock(self);
	(void)do_unregister(self);
}
