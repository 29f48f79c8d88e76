/* SPDX-License-Identifier: MIT */
/* The world as the plan sees it: spec/rcu/number-steps/Urcu.contract.json says what the words mean. */
#include "number_world.h"

/* Whether a reader pays with fences is no part of its notice as the specification has it. */
#define NOTICE_MASK (NUMBER_FLAVOUR == QS_MB ? ~QS_FENCES : UINT32_MAX)

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

/* How far a number is ahead of another; what no plan can have is INT32_MAX. */
static int32_t ahead(uint64_t number, uint64_t of)
{
	const int64_t distance = (int64_t)(number - of);
	return distance > -INT32_MAX && distance < INT32_MAX ? (int32_t)distance : INT32_MAX;
}

/* The age of an announcement: none, older than gp, as young, or of a number that there hasn't been yet. */
static int32_t age_of(uint64_t announced, uint64_t gp)
{
	if (announced == 0)
		return 0;
	return announced < gp ? 1 : announced == gp ? 2 : 3;
}

static void observe_domain(struct world *world, int32_t *words)
{
	struct qs_domain *domain = &world->domain;
	const int32_t *first = world->first;
	const uint64_t gp = qs_load_relaxed(&domain->gp);
	words[first[QS_WORD_gp]] = ahead(gp, NUMBER_BASE + qs_load_relaxed(&world->raises));
	words[first[QS_WORD_begun]] = ahead(qs_load_relaxed(&domain->begun), gp);
	words[first[QS_WORD_ended]] = ahead(gp, qs_load_relaxed(&domain->ended));
	words[first[QS_WORD_leader]] = qs_load_relaxed(&domain->leader) != 0;
	words[first[QS_WORD_doorbell]] =
		(int32_t)(qs_load_relaxed(&domain->doorbell) - DOORBELL_BASE - qs_load_relaxed(&world->rings));
	words[first[QS_WORD_sleepers]] = (int32_t)qs_load_relaxed(&domain->sleepers);
	words[first[QS_WORD_registered]] = (int32_t)qs_load_relaxed(&domain->registered);
	words[first[QS_WORD_used]] = (int32_t)qs_load_relaxed(&domain->used);
}

static void observe_slots(const struct world *world, int32_t *words)
{
	const struct qs_reader *slots = world->domain.slots;
	int32_t *announced = words + world->first[QS_WORD_announced];
	int32_t *notice = words + world->first[QS_WORD_notice];
	int32_t *owner = words + world->first[QS_WORD_owner];
	const uint64_t gp = qs_load_relaxed(&world->domain.gp);
	const int32_t count = world->readers;
	for (int32_t i = 0; i < count; i++) {
		announced[i] = age_of(qs_load_relaxed(&slots[i].announced), gp);
		notice[i] = (int32_t)(qs_load_relaxed(&slots[i].notice) & NOTICE_MASK);
		owner[i] = owner_of(world, i);
	}
}

static void observe_threads(const struct world *world, int32_t *words)
{
	const struct thread *updater = world->thread, *reader = updater + world->updaters;
	int32_t *slot = words + world->first[QS_WORD_slot];
	int32_t *held = words + world->first[QS_WORD_held];
	int32_t *mine = words + world->first[QS_WORD_mine];
	const int32_t readers = world->readers, updaters = world->updaters;
	for (int32_t i = 0; i < readers; i++) {
		slot[i] = reader[i].slot == CLAIMING ? world_claimed(world, &reader[i]) : reader[i].slot;
		held[i] = reader[i].held;
	}
	for (int32_t i = 0; i < updaters; i++)
		mine[i] = updater[i].mine;
}

void world_observe(void *object, int32_t *words)
{
	struct world *world = object;
	struct cell *cell = world->cell, *head = qs_load_relaxed(&world->head);
	int32_t *cells = words + world->first[QS_WORD_cell];
	const int32_t count = world->cells;
	observe_domain(world, words);
	words[world->first[QS_WORD_head]] = (int32_t)(head - cell);
	for (int32_t i = 0; i < count; i++)
		cells[i] = qs_load_relaxed(&cell[i].state);
	observe_slots(world, words);
	observe_threads(world, words);
}

/* Nobody is registered, announces, leads or sleeps, and every grace period that has begun has ended. */
const char *world_rest(void *object)
{
	struct world *world = object;
	struct qs_domain *domain = &world->domain;
	const uint64_t gp = qs_load_relaxed(&domain->gp);
	if (qs_load_relaxed(&domain->begun) != gp)
		return "a grace period has begun that isn't the current one";
	if (qs_load_relaxed(&domain->ended) != gp)
		return "a grace period hasn't ended";
	if (qs_load_relaxed(&domain->leader) != 0)
		return "somebody still leads";
	if (qs_load_relaxed(&domain->sleepers) != 0)
		return "somebody is still counted as a sleeper";
	if (qs_load_relaxed(&domain->registered) != 0)
		return "a reader is still counted as registered";
	for (int32_t i = 0; i < world->readers; i++) {
		if (qs_load_relaxed(&domain->slots[i].announced) != 0)
			return "a slot still announces";
		if ((qs_load_relaxed(&domain->slots[i].notice) & NOTICE_MASK) != 0)
			return "a slot still has a notice";
		if (owner_of_slot(world, i) != 0)
			return "a slot still has an owner";
	}
	return NULL;
}
