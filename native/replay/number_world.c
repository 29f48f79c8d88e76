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

void *world_create(int updaters, int readers, int cells)
{
	/* No nap ends by itself: whoever isn't woken stays asleep, and is found. And no reader leaves while we spin. */
	const struct qs_options options = {
		.capacity = (uint32_t)readers,
		.flavour = QS_MEMBARRIER,
		.flags = QS_STRICT,
		.nap_ms = QS_NAP_NEVER,
		.spins = 1,
	};
	struct world *world = aligned_alloc(QS_CACHE_LINE, sizeof(struct world));
	int threads = updaters + readers;
	if (!world)
		return NULL;
	*world = (struct world){ .updaters = updaters, .readers = readers, .cells = cells };
	world->cell = calloc((size_t)cells + 1, sizeof(struct cell));
	world->thread = calloc((size_t)threads, sizeof(struct thread));
	if (!world->cell || !world->thread || qs_domain_init(&world->domain, &options) != 0) {
		world_destroy(world);
		return NULL;
	}
	for (int i = 0; i < threads; i++)
		world->thread[i].held = world->thread[i].mine = NOTHING;
	qs_store_relaxed(&world->cell[0].state, CELL_LIVE);
	qs_store_relaxed(&world->head, &world->cell[0]);
	(void)qs_fetch_add(&world->domain.gp, NUMBER_BASE);
	(void)qs_fetch_add(&world->domain.begun, NUMBER_BASE);
	(void)qs_fetch_add(&world->domain.ended, NUMBER_BASE);
	(void)qs_fetch_add(&world->domain.doorbell, DOORBELL_BASE);
	return world;
}
