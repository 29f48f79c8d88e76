/* SPDX-License-Identifier: MIT */
/*
 * What an operation reads before its first step point does not count as the step's read. Only the calling thread runs
 * then, so the words that others write are hidden until it comes to that point.
 */
#include "number_world.h"

static _Thread_local struct world *hidden;
static _Thread_local uint64_t hidden_gp;
static _Thread_local void *hidden_head;

void world_hide(struct world *world)
{
	hidden = world;
	hidden_gp = qs_load_relaxed(&world->domain.shared.gp);
	hidden_head = qs_load_relaxed(&world->head);
	qs_store_relaxed(&world->domain.shared.gp, hidden_gp + INT32_MAX);
	qs_store_relaxed(&world->head, &world->cell[world->cells]);
}

void world_show(void)
{
	if (!hidden)
		return;
	qs_store_relaxed(&hidden->domain.shared.gp, hidden_gp);
	qs_store_relaxed(&hidden->head, hidden_head);
	hidden = NULL;
}
