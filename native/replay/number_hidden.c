/* SPDX-License-Identifier: MIT */
/*
 * What an operation reads before its first step point does not count as the step's read. Only the calling thread runs
 * then, so the words that others write are hidden until it comes to that point. Futex words are not: a thread that has
 * just been let into the kernel may yet have to compare one.
 */
#include "number_world.h"

static _Thread_local struct world *hidden;
static _Thread_local uint64_t hidden_gp, hidden_begun, hidden_ended;
static _Thread_local int32_t hidden_leader;
static _Thread_local uint32_t hidden_sleepers, hidden_registered, hidden_used;
static _Thread_local void *hidden_head;

/* Keeps the word's value, and puts another in its place. */
#define HIDE(word, kept, other) (kept = qs_load_relaxed(word), qs_store_relaxed((word), (other)))

void world_hide(struct world *world)
{
	struct qs_domain *domain = &world->domain;
	hidden = world;
	HIDE(&domain->gp, hidden_gp, hidden_gp + INT32_MAX);
	HIDE(&domain->begun, hidden_begun, hidden_begun + INT32_MAX);
	HIDE(&domain->ended, hidden_ended, hidden_ended + INT32_MAX);
	HIDE(&domain->leader, hidden_leader, !hidden_leader);
	HIDE(&domain->sleepers, hidden_sleepers, !hidden_sleepers);
	HIDE(&domain->registered, hidden_registered, !hidden_registered);
	HIDE(&domain->used, hidden_used, 0);
	HIDE(&world->head, hidden_head, &world->cell[world->cells]);
}

void world_show(void)
{
	struct qs_domain *domain;
	if (!hidden)
		return;
	domain = &hidden->domain;
	qs_store_relaxed(&domain->gp, hidden_gp);
	qs_store_relaxed(&domain->begun, hidden_begun);
	qs_store_relaxed(&domain->ended, hidden_ended);
	qs_store_relaxed(&domain->leader, hidden_leader);
	qs_store_relaxed(&domain->sleepers, hidden_sleepers);
	qs_store_relaxed(&domain->registered, hidden_registered);
	qs_store_relaxed(&domain->used, hidden_used);
	qs_store_relaxed(&hidden->head, hidden_head);
	hidden = NULL;
}
