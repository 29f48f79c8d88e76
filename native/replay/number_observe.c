/* SPDX-License-Identifier: MIT */
/* The world as the plan sees it: conformance/contract/plan.ts says what the words mean. */
#include "number_world.h"

static int32_t owner_of_slot(const struct world *world, int32_t slot)
{
	return qs_load_relaxed(&world->domain.owners[slot].thread);
}

/* Which thread claimed the slot, by the id that the library wrote; NOTHING when nobody knows. */
static int32_t owner_of(const struct world *world, int32_t slot)
{
	int32_t id = owner_of_slot(world, slot);
	if (id == 0)
		return 0;
	for (int32_t i = world->updaters; i < world->updaters + world->readers; i++) {
		if (world->thread[i].id == id)
			return i;
	}
	return NOTHING;
}

int32_t world_claimed(const struct world *world, const struct thread *thread)
{
	for (int32_t slot = 0; slot < world->readers; slot++) {
		if (owner_of_slot(world, slot) == thread->id)
			return slot + 1;
	}
	return 0;
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

static int32_t *observe_domain(struct qs_domain *domain, int32_t *words)
{
	*words++ = relative(qs_load_relaxed(&domain->gp));
	*words++ = relative(qs_load_relaxed(&domain->begun));
	*words++ = relative(qs_load_relaxed(&domain->ended));
	*words++ = qs_load_relaxed(&domain->leader) != 0;
	*words++ = (int32_t)(qs_load_relaxed(&domain->doorbell) - DOORBELL_BASE);
	*words++ = (int32_t)qs_load_relaxed(&domain->sleepers);
	*words++ = (int32_t)qs_load_relaxed(&domain->registered);
	*words++ = (int32_t)qs_load_relaxed(&domain->used);
	return words;
}

void world_observe(void *object, int32_t *words)
{
	struct world *world = object;
	const struct qs_reader *slots = world->domain.slots;
	const struct thread *reader = world->thread + world->updaters;
	struct cell *head = qs_load_relaxed(&world->head);
	words = observe_domain(&world->domain, words);
	*words++ = (int32_t)(head - world->cell);
	for (int32_t i = 0; i < world->cells; i++)
		*words++ = qs_load_relaxed(&world->cell[i].state);
	for (int32_t i = 0; i < world->readers; i++)
		*words++ = announced(qs_load_relaxed(&slots[i].announced));
	for (int32_t i = 0; i < world->readers; i++)
		*words++ = (int32_t)qs_load_relaxed(&slots[i].notice);
	for (int32_t i = 0; i < world->readers; i++)
		*words++ = owner_of(world, i);
	for (int32_t i = 0; i < world->readers; i++)
		*words++ = reader[i].slot == CLAIMING ? world_claimed(world, &reader[i]) : reader[i].slot;
	for (int32_t i = 0; i < world->readers; i++)
		*words++ = reader[i].held;
	for (int32_t i = 0; i < world->updaters; i++)
		*words++ = world->thread[i].mine;
}
