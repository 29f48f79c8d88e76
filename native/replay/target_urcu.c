/* SPDX-License-Identifier: MIT */
/* The replay target for our own library, which is compiled into it with -DQS_STEPS. */
#include <stdbool.h>
#include <stdlib.h>

#include "observed_calls.h"
#include "quiesce/quiesce.h"
#include "target.h"

#define NESTING_MAX 16
#define NOTHING (-1)

/*
 * Worlds begin near the end of 32 bits, so that every path crosses it: a number that is kept or compared in fewer
 * than 64 bits shows at once. What the plan sees is less by this.
 */
#define NUMBER_BASE (UINT32_MAX - 1ull)

enum cell_state { CELL_EMPTY = 0, CELL_LIVE = 1, CELL_FREED = 2 };

struct cell {
	qs_atomic(int32_t) state;
};

struct thread {
	struct qs_reader *reader;
	int32_t slot; /* 1.., 0: not registered */
	int32_t held; /* the cell that it has dereferenced, or NOTHING */
	int32_t depth;
	int32_t owner; /* what the library wrote as the owner of its slot: its thread id */
	qs_token tokens[NESTING_MAX];
};

struct world {
	struct qs_domain domain;
	qs_atomic(void *) head;
	int32_t readers;
	int32_t cells;
	struct cell *cell;
	struct thread *thread;
};

/* What a callback found to be wrong, until the operation ends. */
static _Thread_local const char *misfreed;

/* Nothing is given back to the allocator: a use after free is to be seen, not to be undefined. */
static void reclaim(void *object)
{
	struct cell *cell = object;
	if (qs_load_relaxed(&cell->state) != CELL_LIVE)
		misfreed = "freed a cell that isn't live";
	qs_store_relaxed(&cell->state, CELL_FREED);
}

static void destroy(void *object)
{
	struct world *world = object;
	if (!world)
		return;
	if (world->domain.slots)
		(void)qs_domain_destroy(&world->domain);
	free(world->cell);
	free(world->thread);
	free(world);
}

static void *create(int readers, int cells)
{
	struct world *world = aligned_alloc(QS_CACHE_LINE, sizeof(struct world));
	if (!world)
		return NULL;
	*world = (struct world){ .readers = readers, .cells = cells };
	world->cell = calloc((size_t)cells + 1, sizeof(struct cell)); /* the last one: nobody's, see hide() */
	world->thread = calloc((size_t)readers + 1, sizeof(struct thread));
	if (!world->cell || !world->thread || qs_domain_init(&world->domain, (uint32_t)readers, 0) != 0) {
		destroy(world);
		return NULL;
	}
	for (int i = 0; i <= readers; i++)
		world->thread[i].held = NOTHING;
	qs_store_relaxed(&world->cell[0].state, CELL_LIVE);
	qs_store_relaxed(&world->head, &world->cell[0]);
	qs_store_relaxed(&world->domain.shared.gp, qs_load_relaxed(&world->domain.shared.gp) + NUMBER_BASE);
	return world;
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

/* Who unlocks: at the step Unlock it lets go of what it holds. */
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

static const char *operate(struct world *world, int thread, int step)
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

/*
 * What an operation reads before its first step point is not what the step reads. Only the calling thread runs then,
 * so the words that others write are put out of sight until it comes to that point.
 */
static _Thread_local struct world *hidden;
static _Thread_local uint64_t hidden_gp;
static _Thread_local void *hidden_head;
static void (*driver_hook)(int step);

static void hide(struct world *world)
{
	hidden = world;
	hidden_gp = qs_load_relaxed(&world->domain.shared.gp);
	hidden_head = qs_load_relaxed(&world->head);
	qs_store_relaxed(&world->domain.shared.gp, hidden_gp + INT32_MAX);
	qs_store_relaxed(&world->head, &world->cell[world->cells]);
}

static void show(void)
{
	if (!hidden)
		return;
	qs_store_relaxed(&hidden->domain.shared.gp, hidden_gp);
	qs_store_relaxed(&hidden->head, hidden_head);
	hidden = NULL;
}

static void hook(int step)
{
	show();
	driver_hook(step);
	if (step == QS_STEP_Unlock && leaving)
		leaving->held = NOTHING;
}

static const char *run(void *object, int thread, int step)
{
	const char *problem, *called;
	if (step != QS_STEP_Initialise && step != QS_STEP_Publish)
		hide(object);
	problem = operate(object, thread, step);
	show();
	called = qs_observed_problem();
	if (!problem)
		problem = misfreed;
	misfreed = NULL;
	return problem ? problem : called;
}

static void drain(void *object, int thread)
{
	struct world *world = object;
	struct thread *self = &world->thread[thread];
	if (thread == 0 || self->slot == 0)
		return;
	while (self->depth > 0)
		(void)unlock(self);
	(void)do_unregister(self);
}

/* Which thread claimed the slot, by the id that the library wrote; NOTHING when nobody knows. */
static int32_t owner_of(struct world *world, int32_t id)
{
	if (id == 0)
		return 0;
	for (int32_t i = 1; i <= world->readers; i++) {
		if (world->thread[i].slot != 0 && world->thread[i].owner == id)
			return i;
	}
	return NOTHING;
}

/* A number of a grace period as the plan sees it; what can't be one is INT32_MAX. */
static int32_t relative(uint64_t number)
{
	return number - NUMBER_BASE < INT32_MAX ? (int32_t)(number - NUMBER_BASE) : INT32_MAX;
}

static int32_t announced(uint64_t number)
{
	return number == 0 ? 0 : relative(number);
}

static void observe(void *object, int32_t *words)
{
	struct world *world = object;
	struct qs_domain *domain = &world->domain;
	struct cell *head = qs_load_relaxed(&world->head);
	*words++ = relative(qs_load_relaxed(&domain->shared.gp));
	*words++ = (int32_t)qs_load_relaxed(&domain->shared.waiting);
	*words++ = (int32_t)(head - world->cell);
	for (int32_t i = 0; i < world->cells; i++)
		*words++ = qs_load_relaxed(&world->cell[i].state);
	for (int32_t i = 0; i < world->readers; i++)
		*words++ = announced(qs_load_relaxed(&domain->slots[i].announced));
	for (int32_t i = 0; i < world->readers; i++)
		*words++ = owner_of(world, qs_load_relaxed(&domain->slots[i].owner));
	for (int32_t i = 1; i <= world->readers; i++)
		*words++ = world->thread[i].slot;
	for (int32_t i = 1; i <= world->readers; i++)
		*words++ = world->thread[i].held;
}

static void set_hook(void (*function)(int step))
{
	driver_hook = function;
	qs_step_hook = hook;
}

static const struct qs_target target = {
	.abi = QS_TARGET_ABI,
	.name = "quiesce",
	.set_hook = set_hook,
	.create = create,
	.destroy = destroy,
	.run = run,
	.drain = drain,
	.observe = observe,
	.membarriers = qs_observed_membarriers,
};

__attribute__((visibility("default"))) const struct qs_target *qs_target_get(void);

const struct qs_target *qs_target_get(void)
{
	return &target;
}
