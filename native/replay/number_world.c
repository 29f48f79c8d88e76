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

/* Threads are numbered as the specification has them: the updaters from 0, then the readers. */
static bool numbered(const struct qs_setup *setup, int32_t updaters)
{
	for (int32_t i = 0; i < setup->lanes; i++) {
		if (setup->lane[i].value != i || (strcmp(setup->lane[i].kind, "updater") == 0) != (i < updaters))
			return false;
	}
	return true;
}

const char *world_misfit(const struct qs_setup *setup)
{
	const int32_t updaters = qs_setup_lanes(setup, "updater"), readers = qs_setup_lanes(setup, "reader");
	if (updaters < 1 || readers < 1)
		return "the library's target needs an updater and a reader at least";
	if (!numbered(setup, updaters))
		return "the library's target has its updaters numbered from 0, and its readers after them";
	if (setup->group[QS_WORD_cell].count < 1)
		return "the library's target needs a cell to publish";
	for (int32_t group = 0; group < QS_WORD_COUNT; group++) {
		const bool each_reader = group == QS_WORD_announced || group == QS_WORD_notice ||
					 group == QS_WORD_owner || group == QS_WORD_slot || group == QS_WORD_held;
		const int32_t count = each_reader ? readers : group == QS_WORD_mine ? updaters : 1;
		if (group != QS_WORD_cell && setup->group[group].count != count)
			return "the library's target has a word of each kind for each slot, reader and updater";
	}
	return NULL;
}

void *world_create(const struct qs_setup *setup)
{
	const int32_t updaters = qs_setup_lanes(setup, "updater"), readers = qs_setup_lanes(setup, "reader");
	const int32_t cells = setup->group[QS_WORD_cell].count;
	/* No nap ends by itself: whoever isn't woken stays asleep, and is found. And no reader leaves while we spin. */
	const struct qs_options options = {
		.capacity = (uint32_t)readers,
		.flavour = NUMBER_FLAVOUR,
		.flags = QS_STRICT,
		.nap_ms = QS_NAP_NEVER,
		.spins = 1,
	};
	struct world *world = aligned_alloc(QS_CACHE_LINE, sizeof(struct world));
	int32_t threads = updaters + readers;
	if (!world)
		return NULL;
	*world = (struct world){
		.updaters = updaters,
		.readers = readers,
		.cells = cells,
	};
	world->cell = calloc((size_t)cells + 1, sizeof(struct cell));
	world->thread = calloc((size_t)threads, sizeof(struct thread));
	if (!world->cell || !world->thread || qs_domain_init(&world->domain, &options) != 0) {
		world_destroy(world);
		return NULL;
	}
	for (int32_t i = 0; i < QS_WORD_COUNT; i++)
		world->first[i] = setup->group[i].first;
	/* A new domain may try one. */
	world->calls = world_calls();
	for (int32_t i = 0; i < threads; i++)
		world->thread[i].held = world->thread[i].mine = NOTHING;
	qs_store_relaxed(&world->cell[0].state, CELL_LIVE);
	qs_store_relaxed(&world->head, &world->cell[0]);
	(void)qs_fetch_add(&world->domain.gp, NUMBER_BASE);
	(void)qs_fetch_add(&world->domain.begun, NUMBER_BASE);
	(void)qs_fetch_add(&world->domain.ended, NUMBER_BASE);
	(void)qs_fetch_add(&world->domain.doorbell, DOORBELL_BASE);
	return world;
}
