/* SPDX-License-Identifier: MIT */
/* The world as the plan sees it: conformance/contract/plan.ts says what the words mean. */
#include "number_world.h"

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

void world_observe(void *object, int32_t *words)
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
