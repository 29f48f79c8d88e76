/* SPDX-License-Identifier: MIT */
/* Our phase algorithm as a target of the replay driver: the specification is spec/rcu/phase-steps/Phase.tla. */
#include <stdio.h>
#include <stdlib.h>

#include "../src/membarrier.h"
#include "observed_calls.h"
#include "phase.h"
#include "target.h"

#define NAME(name) #name,
static const char *const steps[] = { PHASE_STEPS(NAME) NULL };
static const char *const lanes[] = { "reader", "updater", NULL };

/* The groups of Phase.contract.json. */
enum word { GP, FUTEX, STACK, GP_LOCK, REGISTRY_LOCK, LIST, NEST, MARK, VISIT, LEADER, WORD_COUNT };
static const char *const words[] = { "phase", "futex", "stack", "gpLock", "registryLock",
				     "list",  "nest",  "mark",	"visit",  "leader",	  NULL };

struct world {
	const struct qs_setup *setup;
	struct phase_domain domain;
	int32_t readers, updaters;
	struct phase_call *call; /* of each updater */
	uint64_t membarriers;    /* as of the last move */
};

static qs_target_hook driver_hook;
static _Thread_local struct world *at_work;
static _Thread_local int32_t at_lane;

phase_hook phase_step_hook;

/* The driver's hook; and the choices that the plan has made, from the state that it has after the step. */
static int64_t hook(int step)
{
	const int32_t *after = driver_hook(step);
	const struct qs_group *visit;
	int64_t readers = 0;
	if (!after)
		return PHASE_ANY;
	if (step == PHASE_Relax)
		return qs_setup_next(at_work->setup, after, at_lane) != PHASE_SetWaiting;
	visit = &at_work->setup->group[VISIT];
	for (int32_t i = 0; i < visit->count; i++)
		readers |= (int64_t)(after[visit->first + i] != 0) << i;
	return readers;
}

static void set_hook(qs_target_hook function)
{
	driver_hook = function;
	phase_step_hook = hook;
}

static const char *misfit(const struct qs_setup *setup)
{
	const int32_t readers = qs_setup_lanes(setup, "reader"), updaters = qs_setup_lanes(setup, "updater");
	if (!qs_membarrier_usable(QS_PRIVATE_EXPEDITED))
		return "the phase target needs membarrier, which can't be used here";
	if (readers < 1 || readers > PHASE_READERS_MAX || updaters < 1)
		return "the phase target needs an updater, and 1 to 32 readers";
	for (int32_t i = 0; i < setup->lanes; i++) {
		if (setup->lane[i].value != i + 1 || (strcmp(setup->lane[i].kind, "reader") == 0) != (i < readers))
			return "the phase target has its readers numbered from 1, and its updaters after them";
	}
	for (int32_t group = 0; group < WORD_COUNT; group++) {
		const bool each_updater = group == STACK || group == LEADER;
		const bool one = group == GP || group == FUTEX || group == GP_LOCK || group == REGISTRY_LOCK;
		if (setup->group[group].count != (each_updater ? updaters : one ? 1 : readers))
			return "the phase target has a word of each kind for each reader and updater";
	}
	return NULL;
}

static void destroy(void *object)
{
	struct world *world = object;
	free(world->call);
	free(world);
}

static void *create(const struct qs_setup *setup)
{
	struct world *world = calloc(1, sizeof *world);
	if (!world)
		return NULL;
	world->setup = setup;
	world->readers = qs_setup_lanes(setup, "reader");
	world->updaters = qs_setup_lanes(setup, "updater");
	world->call = calloc((size_t)world->updaters, sizeof *world->call);
	if (!world->call) {
		destroy(world);
		return NULL;
	}
	for (int32_t i = 0; i < world->updaters; i++)
		world->call[i].owner = world->readers + i + 1;
	world->domain.capacity = world->readers;
	qs_store_relaxed(&world->domain.gp, 1);
	world->membarriers = qs_observed_membarriers(QS_PRIVATE_EXPEDITED);
	return world;
}

static const char *run(void *object, int lane, int step)
{
	struct world *world = object;
	struct phase_domain *domain = &world->domain;
	struct phase_reader *reader = &domain->reader[lane];
	at_work = world;
	at_lane = lane;
	switch (step) {
	case PHASE_Register:
		phase_register(domain, reader, lane + 1);
		break;
	case PHASE_Unregister:
		phase_unregister(domain, reader, lane + 1);
		break;
	case PHASE_LoadGp:
	case PHASE_LockNested:
		phase_read_lock(domain, reader);
		break;
	case PHASE_Unlock:
	case PHASE_UnlockNested:
		phase_read_unlock(domain, reader);
		break;
	case PHASE_Publish:
		/* The program's part of an update: the promise is about it, and nothing of the algorithm. */
		PHASE_STEP(Publish);
		phase_synchronize(domain, &world->call[lane - world->readers]);
		break;
	default:
		return "has no operation that begins with this step";
	}
	return qs_observed_problem();
}

static int32_t *group(const struct world *world, int32_t *state, enum word word)
{
	return state + world->setup->group[word].first;
}

/* Marks who is on a list of calls. */
static void observe_calls(const struct world *world, const struct phase_call *call, int32_t *marks, int32_t mark)
{
	for (; call; call = qs_load_relaxed(&call->next))
		marks[call->owner - world->readers - 1] = mark;
}

static void observe(void *object, int32_t *state)
{
	struct world *world = object;
	const struct phase_domain *domain = &world->domain;
	*group(world, state, GP) = (qs_load_relaxed(&domain->gp) & PHASE_BIT) != 0;
	*group(world, state, FUTEX) = (int32_t)qs_load_relaxed(&domain->futex);
	*group(world, state, GP_LOCK) = qs_load_relaxed(&domain->gp_lock.owner);
	*group(world, state, REGISTRY_LOCK) = qs_load_relaxed(&domain->registry_lock.owner);
	for (int32_t i = 0; i < world->readers; i++) {
		const uint32_t word = qs_load_relaxed(&domain->reader[i].word);
		group(world, state, LIST)[i] = (int32_t)qs_load_relaxed(&domain->reader[i].list);
		group(world, state, NEST)[i] = (int32_t)(word & PHASE_COUNT_MASK);
		group(world, state, MARK)[i] = (word & PHASE_COUNT_MASK) != 0 && (word & PHASE_BIT) != 0;
		group(world, state, VISIT)[i] = (int32_t)(domain->visit >> i & 1);
	}
	for (int32_t i = 0; i < world->updaters; i++)
		group(world, state, STACK)[i] = group(world, state, LEADER)[i] = 0;
	observe_calls(world, qs_load_relaxed(&domain->stack), group(world, state, STACK), 1);
	for (int32_t i = 0; i < world->updaters; i++)
		observe_calls(world, qs_load_relaxed(&world->call[i].batch), group(world, state, LEADER),
			      world->call[i].owner);
}

/* The steps that every running thread passes a barrier in, and no others. */
static const char *moved(void *object, int lane, int step)
{
	static char problem[80];
	struct world *world = object;
	const uint64_t now = qs_observed_membarriers(QS_PRIVATE_EXPEDITED), calls = now - world->membarriers;
	const uint64_t wanted = step == PHASE_Membarrier || step == PHASE_SetWaiting || step == PHASE_Splice;
	(void)lane;
	world->membarriers = now;
	if (calls == wanted)
		return NULL;
	snprintf(problem, sizeof problem, "called membarrier %llu times, not %llu", (unsigned long long)calls,
		 (unsigned long long)wanted);
	return problem;
}

static bool holds(void *object, int lane)
{
	struct world *world = object;
	return lane < world->readers && qs_load_relaxed(&world->domain.reader[lane].list) != PHASE_NONE;
}

static void drain(void *object, int lane)
{
	struct world *world = object;
	struct phase_domain *domain = &world->domain;
	struct phase_reader *reader = &domain->reader[lane];
	if (!holds(world, lane))
		return;
	while ((qs_load_relaxed(&reader->word) & PHASE_COUNT_MASK) != 0)
		phase_read_unlock(domain, reader);
	phase_unregister(domain, reader, lane + 1);
}

static const char *rest(void *object)
{
	struct world *world = object;
	const struct phase_domain *domain = &world->domain;
	if (qs_load_relaxed(&domain->stack))
		return "somebody still waits for a leader";
	if (qs_load_relaxed(&domain->gp_lock.owner) != 0 || qs_load_relaxed(&domain->registry_lock.owner) != 0)
		return "a lock is still held";
	if (qs_load_relaxed(&domain->futex) != 0)
		return "a leader is still said to wait";
	for (int32_t i = 0; i < world->readers; i++) {
		if (qs_load_relaxed(&domain->reader[i].list) != PHASE_NONE)
			return "a reader is still on a list";
		if (qs_load_relaxed(&domain->reader[i].word) != 0)
			return "a reader still announces";
	}
	return NULL;
}

static const struct qs_target target = {
	.abi = QS_TARGET_ABI,
	.name = "phase",
	.steps = steps,
	.lanes = lanes,
	.words = words,
	.announces_sleep = true,
	.misfit = misfit,
	.set_hook = set_hook,
	.create = create,
	.destroy = destroy,
	.run = run,
	.observe = observe,
	.moved = moved,
	.holds = holds,
	.drain = drain,
	.rest = rest,
};

const struct qs_target *qs_target_get(void)
{
	return &target;
}
