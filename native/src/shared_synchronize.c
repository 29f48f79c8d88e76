/* SPDX-License-Identifier: MIT */
/*
 * The grace period of a domain in shared memory. Steps are those of spec/rcu/shared-memory/SharedMemory.tla, letters
 * those of spec/letters.json.
 */
#define _GNU_SOURCE
#include <errno.h>

#include "futex.h"
#include "letters.h"
#include "membarrier.h"
#include "quiescent.h"
#include "shared.h"
#include "shared_stall.h"

/* All readers pass a full barrier; those with fences of their own have done so. */
static void barrier_everywhere(const struct qs_shared_domain *domain)
{
	if (domain->fences)
		qs_full_fence();
	else
		qs_membarrier(QS_GLOBAL_EXPEDITED);
}

/* publish -> raise and scan. Pairs with A. */
static void fence_e(const struct qs_shared_domain *domain)
{
	barrier_everywhere(domain);
}

/* set the notice -> scan again. Pairs with C. */
static void fence_i(const struct qs_shared_domain *domain)
{
	barrier_everywhere(domain);
}

/*
 * The time limit has passed. Whoever can lock the slot knows that its reader has run its last instruction, and ends
 * what it has left announced. "Busy" says nothing: it lives, or the kernel has yet to declare it dead, or somebody
 * else is claiming or burying.
 */
static int look_for_the_dead(struct qs_shared_slot *slot)
{
	QS_SHARED_STEP(TryLife);
	int result = pthread_mutex_trylock(&slot->life);
	if (result == EBUSY)
		return 0;
	if (result != 0 && result != EOWNERDEAD)
		return -result;
	QS_SHARED_STEP(Bury);
	qs_store_release(&slot->announced, 0);
	if (result == EOWNERDEAD) {
		QS_SHARED_STEP(ConsistentDead);
		pthread_mutex_consistent(&slot->life);
	}
	QS_SHARED_STEP(Leave);
	return -pthread_mutex_unlock(&slot->life);
}

/* Says to the reader that it waits, looks again, and sleeps until it is woken or the time limit passes. */
static int wait_for(struct qs_shared_domain *domain, uint32_t index, uint64_t number)
{
	struct qs_shared_slot *slot = &domain->memory->slots[index];
	struct qs_shared_patience patience = { 0 };
	int error = 0;
	bool told = false;
	while (error == 0) {
		if (!told) {
			QS_SHARED_STEP(SetNotice);
			qs_store_relaxed(&slot->notice, 1);
			fence_i(domain);
		}
		QS_SHARED_STEP(Rescan);
		if (qs_is_quiescent(&slot->announced, number))
			break;
		QS_SHARED_STEP(Sleep);
		/* A reader that has left another section takes the notice with it. */
		told = qs_load_relaxed(&slot->notice) == 1;
		if (told && qs_shared_futex_wait(&slot->notice, 1, domain->limit_us)) {
			QS_SHARED_STEP(Limit);
			error = look_for_the_dead(slot);
			qs_shared_patience_ends(&patience, domain, index, number);
		}
	}
	QS_SHARED_STEP(StopNotice);
	qs_store_relaxed(&slot->notice, 0);
	return error;
}

/* Runs a grace period, and ends all numbers up to its own: those of dead leaders are used up. */
static int grace_period(struct qs_shared_domain *domain)
{
	struct qs_shared_memory *memory = domain->memory;
	int error = 0;
	QS_SHARED_STEP(Begin);
	uint64_t mine = qs_load_relaxed(&memory->begun) + 1;
	qs_store_relaxed(&memory->begun, mine);
	fence_e(domain);
	QS_SHARED_STEP(Raise);
	uint64_t number = qs_load_relaxed(&memory->gp) + 1;
	qs_store_relaxed(&memory->gp, number);
	for (uint32_t i = 0; error == 0 && i < domain->capacity; i++) {
		QS_SHARED_STEP(Scan);
		if (!qs_is_quiescent(&memory->slots[i].announced, number))
			error = wait_for(domain, i, number);
	}
	fence_h();
	QS_SHARED_STEP(End);
	if (error == 0)
		fence_m(&memory->ended, mine);
	return error;
}

/* Takes the leader's lock over from one that has died. What it has begun is not ended, and nothing is undone. */
static int succeed(const struct qs_shared_domain *domain)
{
	QS_SHARED_STEP(ClearNotices);
	for (uint32_t i = 0; i < domain->capacity; i++)
		qs_store_relaxed(&domain->memory->slots[i].notice, 0);
	QS_SHARED_STEP(ConsistentLeader);
	return -pthread_mutex_consistent(&domain->memory->leader);
}

static int release(struct qs_shared_memory *memory)
{
	uint32_t bell = qs_load_relaxed(&memory->doorbell);
	int error;
	QS_SHARED_STEP(Release);
	error = -pthread_mutex_unlock(&memory->leader);
	QS_SHARED_STEP(Ring);
	while (!qs_compare_exchange(&memory->doorbell, &bell, (bell | 1) + 1))
		;
	if ((bell & 1) != 0)
		qs_shared_futex_wake(&memory->doorbell);
	return error;
}

/* Another leads. Sleeps until it rings, for at most the time limit: the dead ring no bell. */
static void follow(const struct qs_shared_domain *domain, uint32_t bell)
{
	qs_atomic(uint32_t) *doorbell = &domain->memory->doorbell;
	QS_SHARED_STEP(Follow);
	if ((bell & 1) == 0 && !qs_compare_exchange(doorbell, &bell, bell | 1))
		return;
	qs_shared_futex_wait(doorbell, bell | 1, domain->limit_us);
}

int qs_shared_synchronize(struct qs_shared_domain *domain)
{
	struct qs_shared_memory *memory = domain ? domain->memory : NULL;
	uint64_t wants;
	if (!memory)
		return -EINVAL;
	if (qs_shared_is_inside(domain) || qs_shared_is_reporting(domain))
		return -EDEADLK;
	fence_j();
	QS_SHARED_STEP(Snapshot);
	wants = qs_load_relaxed(&memory->begun) + 1;
	for (;;) {
		uint32_t bell = fence_r(&memory->doorbell);
		int error, result;
		QS_SHARED_STEP(Share);
		if (qs_load_acquire(&memory->ended) >= wants)
			return 0;
		QS_SHARED_STEP(Lead);
		result = pthread_mutex_trylock(&memory->leader);
		if (result == EBUSY) {
			follow(domain, bell);
			continue;
		}
		if (result != 0 && result != EOWNERDEAD)
			return -result;
		error = result == EOWNERDEAD ? succeed(domain) : 0;
		if (error == 0 && qs_load_acquire(&memory->ended) < wants)
			error = grace_period(domain);
		result = release(memory);
		if (error != 0 || result != 0)
			return error != 0 ? error : result;
	}
}
