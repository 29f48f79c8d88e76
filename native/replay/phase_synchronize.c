/* SPDX-License-Identifier: MIT */
/* A grace period of the phase algorithm, each step named as in Phase.tla. */
#include <limits.h>
#include <stddef.h>

#include "../src/futex.h"
#include "../src/membarrier.h"
#include "phase.h"

/* How often a leader looks again before it sleeps. */
#define ROUNDS 100

static uint64_t bit(int32_t reader)
{
	return (uint64_t)1 << reader;
}

/* The readers on a list. */
static uint64_t on(const struct phase_domain *domain, enum phase_list list)
{
	uint64_t readers = 0;
	for (int32_t i = 0; i < domain->capacity; i++) {
		if (qs_load_relaxed(&domain->reader[i].list) == (uint32_t)list)
			readers |= bit(i);
	}
	return readers;
}

/* The readers that this scan still waits for. */
static uint64_t input(const struct phase_domain *domain)
{
	return on(domain, domain->second ? PHASE_SNAPSHOT : PHASE_REGISTRY);
}

/* Looks at a reader, and puts it on the list where it now belongs. */
static void look_at(const struct phase_domain *domain, struct phase_reader *reader)
{
	const uint32_t word = qs_load_acquire(&reader->word), gp = qs_load_relaxed(&domain->gp);
	if ((word & PHASE_COUNT_MASK) == 0)
		qs_store_relaxed(&reader->list, PHASE_QUIESCENT);
	else if (((word ^ gp) & PHASE_BIT) == 0)
		qs_store_relaxed(&reader->list, domain->second ? PHASE_QUIESCENT : PHASE_SNAPSHOT);
}

/* One round: each reader of the scan is looked at once, in any order. True when it need wait for none of them. */
static bool scan(struct phase_domain *domain)
{
	while (domain->visit != 0) {
		const int64_t left = PHASE_STEP(Scan);
		const uint64_t now = left == PHASE_ANY ? domain->visit : domain->visit & ~(uint64_t)left;
		const int32_t next = __builtin_ctzll(now);
		look_at(domain, &domain->reader[next]);
		domain->visit &= ~bit(next);
	}
	PHASE_STEP(ScanEnd);
	if (input(domain) != 0) {
		phase_unlock(&domain->registry_lock);
		return false;
	}
	if (domain->slow)
		qs_store_relaxed(&domain->futex, 0);
	domain->slow = false;
	return true;
}

/* Says that the leader waits, so that whoever leaves a section wakes it. The readers are to be looked at once more. */
static void set_waiting(struct phase_domain *domain)
{
	PHASE_STEP(SetWaiting);
	(void)qs_fetch_sub(&domain->futex, 1);
	domain->slow = true;
	qs_membarrier(QS_PRIVATE_EXPEDITED);
	domain->visit = input(domain);
}

/* Until a reader has cleared the word. */
static void sleep_until_woken(struct phase_domain *domain)
{
	for (;;) {
		PHASE_STEP(Sleep);
		if (qs_load_relaxed(&domain->futex) != PHASE_WAITING)
			return;
		(void)phase_step_hook(PHASE_SLEEPS);
		(void)qs_futex_wait(&domain->futex, PHASE_WAITING, 0);
	}
}

/* Holding the registry's lock, at the beginning and at the end; not while it waits. */
static void wait_for_readers(struct phase_domain *domain, int32_t self)
{
	int rounds = 0;
	while (!scan(domain)) {
		int64_t choice;
		if (domain->slow) {
			sleep_until_woken(domain);
			PHASE_STEP(Relock);
			phase_lock(&domain->registry_lock, self);
			set_waiting(domain);
			continue;
		}
		choice = PHASE_STEP(Relax);
		phase_lock(&domain->registry_lock, self);
		if (choice == PHASE_ANY ? rounds++ < ROUNDS : choice != 0)
			domain->visit = input(domain);
		else
			set_waiting(domain);
	}
}

static void grace_period(struct phase_domain *domain, int32_t self)
{
	PHASE_STEP(LockRegistry);
	phase_lock(&domain->registry_lock, self);
	if (on(domain, PHASE_REGISTRY) == 0) {
		phase_unlock(&domain->registry_lock);
		return;
	}
	PHASE_STEP(Membarrier);
	qs_membarrier(QS_PRIVATE_EXPEDITED);
	domain->second = false;
	domain->visit = on(domain, PHASE_REGISTRY);
	wait_for_readers(domain, self);
	PHASE_STEP(Flip);
	qs_full_fence();
	qs_store_relaxed(&domain->gp, qs_load_relaxed(&domain->gp) ^ PHASE_BIT);
	qs_full_fence();
	domain->second = true;
	domain->visit = on(domain, PHASE_SNAPSHOT);
	wait_for_readers(domain, self);
	PHASE_STEP(Splice);
	for (int32_t i = 0; i < domain->capacity; i++) {
		if (qs_load_relaxed(&domain->reader[i].list) == PHASE_QUIESCENT)
			qs_store_relaxed(&domain->reader[i].list, PHASE_REGISTRY);
	}
	domain->second = false;
	qs_membarrier(QS_PRIVATE_EXPEDITED);
	phase_unlock(&domain->registry_lock);
}

/* Puts the call on the stack. True: it was empty, so the caller leads. */
static bool push(struct phase_domain *domain, struct phase_call *call)
{
	struct phase_call *top = qs_load_relaxed(&domain->stack);
	do
		qs_store_relaxed(&call->next, top);
	while (!qs_compare_exchange(&domain->stack, &top, call));
	return top == NULL;
}

static void follow(struct phase_call *call)
{
	(void)phase_step_hook(PHASE_SLEEPS);
	while (qs_load_acquire(&call->done) == 0)
		(void)qs_futex_wait(&call->done, 0, 0);
}

static void wake_followers(struct phase_call *leader)
{
	struct phase_call *call = qs_load_relaxed(&leader->batch);
	PHASE_STEP(WakeFollowers);
	qs_store_relaxed(&leader->batch, NULL);
	while (call) {
		/* Once it is done the call is its owner's again. */
		struct phase_call *next = qs_load_relaxed(&call->next);
		if (call != leader) {
			qs_store_release(&call->done, 1);
			qs_futex_wake(&call->done, INT_MAX);
		}
		call = next;
	}
}

void phase_synchronize(struct phase_domain *domain, struct phase_call *call)
{
	PHASE_STEP(Push);
	qs_store_relaxed(&call->done, 0);
	qs_full_fence();
	if (!push(domain, call)) {
		follow(call);
		return;
	}
	PHASE_STEP(LockGp);
	phase_lock(&domain->gp_lock, call->owner);
	PHASE_STEP(PopAll);
	qs_store_relaxed(&call->batch, qs_exchange_acq_rel(&domain->stack, NULL));
	grace_period(domain, call->owner);
	PHASE_STEP(UnlockGp);
	phase_unlock(&domain->gp_lock);
	wake_followers(call);
}
