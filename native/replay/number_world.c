/* SPDX-License-Identifier: MIT */
#include "number_world.h"

#include <stdlib.h>

void world_destroy(void *object)
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

void *world_create(int readers, int cells)
{
	struct world *world = aligned_alloc(QS_CACHE_LINE, sizeof(struct world));
	if (!world)
		return NULL;
	*world = (struct world){ .readers = readers, .cells = cells };
	world->cell = calloc((size_t)cells + 1, sizeof(struct cell));
	world->thread = calloc((size_t)readers + 1, sizeof(struct thread));
	if (!world->cell || !world->thread || qs_domain_init(&world->domain, (uint32_t)readers, 0) != 0) {
		world_destroy(world);
		return NULL;
	}
	for (int i = 0; i <= readers; i++)
		world->thread[i].held = NOTHING;
	qs_store_relaxed(&world->cell[0].state, CELL_LIVE);
	qs_store_relaxed(&world->head, &world->cell[0]);
	qs_store_relaxed(&world->domain.shared.gp, qs_load_relaxed(&world->domain.shared.gp) + NUMBER_BASE);
	return world;
}
