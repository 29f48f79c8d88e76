/* SPDX-License-Identifier: MIT */
#include <sched.h>

#include "../src/futex.h"
#include "phase.h"

void phase_lock(struct phase_lock *lock, int32_t owner)
{
	int32_t nobody = 0;
	while (!qs_compare_exchange(&lock->owner, &nobody, owner)) {
		nobody = 0;
		sched_yield();
	}
}

void phase_unlock(struct phase_lock *lock)
{
	qs_store_release(&lock->owner, 0);
}

void phase_register(struct phase_domain *domain, struct phase_reader *reader, int32_t self)
{
	PHASE_STEP(Register);
	phase_lock(&domain->registry_lock, self);
	qs_store_relaxed(&reader->list, PHASE_REGISTRY);
	phase_unlock(&domain->registry_lock);
}

void phase_unregister(struct phase_domain *domain, struct phase_reader *reader, int32_t self)
{
	PHASE_STEP(Unregister);
	phase_lock(&domain->registry_lock, self);
	qs_store_relaxed(&reader->list, PHASE_NONE);
	phase_unlock(&domain->registry_lock);
}

void phase_read_lock(struct phase_domain *domain, struct phase_reader *reader)
{
	const uint32_t word = qs_load_relaxed(&reader->word);
	uint32_t gp;
	if ((word & PHASE_COUNT_MASK) != 0) {
		PHASE_STEP(LockNested);
		qs_store_relaxed(&reader->word, word + 1);
		return;
	}
	PHASE_STEP(LoadGp);
	gp = qs_load_relaxed(&domain->gp);
	PHASE_STEP(Announce);
	qs_store_relaxed(&reader->word, gp);
	/* The barrier of the updater's system call stands here, too. */
	qs_compiler_barrier();
}

static void wake_leader(struct phase_domain *domain)
{
	PHASE_STEP(LoadFutex);
	if (qs_load_relaxed(&domain->futex) != PHASE_WAITING)
		return;
	PHASE_STEP(ClearFutex);
	qs_store_relaxed(&domain->futex, 0);
	PHASE_STEP(Wake);
	qs_futex_wake(&domain->futex, 1);
}

void phase_read_unlock(struct phase_domain *domain, struct phase_reader *reader)
{
	const uint32_t word = qs_load_relaxed(&reader->word);
	if ((word & PHASE_COUNT_MASK) > 1) {
		PHASE_STEP(UnlockNested);
		qs_store_relaxed(&reader->word, word - 1);
		return;
	}
	PHASE_STEP(Unlock);
	qs_store_release(&reader->word, 0);
	qs_compiler_barrier();
	wake_leader(domain);
}
