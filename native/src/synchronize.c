/* SPDX-License-Identifier: MIT */
/*
 * The grace period: one membarrier, one scan. Steps and letters are those of spec/rcu/number-steps/Urcu.tla.
 */
#include "futex.h"
#include "membarrier.h"
#include "quiesce/quiesce.h"

/* All readers of this process pass a full barrier; in the flavour QS_MB they have passed their own. */
static void barrier_everywhere(struct qs_domain *domain)
{
	if (domain->flavour == QS_MEMBARRIER)
		qs_membarrier();
	else
		qs_full_fence();
}

/*
 * fence_e(): publish -> raise and scan. Pairs with A. A reader that has announced nothing by now sees the new
 * pointer; and the number is raised after it, so a reader that announces the new number does, too. Without it:
 * use after free (rcu/read-side/number-no-fence-e).
 */
static void fence_e(struct qs_domain *domain)
{
	barrier_everywhere(domain);
}

/*
 * fence_i(): set waiting -> scan again. Pairs with C. Updater and reader each store one word and load the other's;
 * at least one of them must see the other. Without it: a lost wake-up (rcu/waiting/number-no-fence-i).
 */
static void fence_i(struct qs_domain *domain)
{
	barrier_everywhere(domain);
}

/* Not in a section, or in one that began after the number was raised. */
static bool quiescent(struct qs_reader *reader, uint64_t number)
{
	uint64_t announced = qs_load_before_fence(&reader->announced);
	return announced == 0 || announced >= number;
}

/* The slow path: says that it waits, looks again, and sleeps until a reader that leaves has woken it. */
static void wait_for(struct qs_domain *domain, struct qs_reader *reader, uint64_t number)
{
	struct qs_shared *shared = &domain->shared;
	for (;;) {
		QS_STEP(SetWaiting);
		qs_store_relaxed(&shared->waiting, 1);
		QS_STEP(MembarrierWaiting);
		fence_i(domain);
		QS_STEP(Rescan);
		if (quiescent(reader, number))
			break;
		QS_STEP(Sleep);
		if (qs_futex_wait(&shared->waiting, 1))
			QS_STEP(Awake);
	}
	QS_STEP(StopWaiting);
	qs_store_relaxed(&shared->waiting, 0);
}

static void grace_period(struct qs_domain *domain)
{
	QS_STEP(Membarrier);
	fence_e(domain);
	QS_STEP(Raise);
	uint64_t number = qs_load_relaxed(&domain->shared.gp) + 1;
	qs_store_relaxed(&domain->shared.gp, number);
	for (uint32_t i = 0; i < domain->capacity; i++) {
		QS_STEP(Scan);
		if (!quiescent(&domain->slots[i], number))
			wait_for(domain, &domain->slots[i], number);
	}
	fence_h();
}

void qs_synchronize(struct qs_domain *domain)
{
	pthread_mutex_lock(&domain->updater);
	grace_period(domain);
	pthread_mutex_unlock(&domain->updater);
}

void qs_replace(struct qs_domain *domain, qs_atomic(void *) *pointer, void *fresh, void (*reclaim)(void *object))
{
	QS_STEP(Publish);
	void *old = fence_d_exchange(pointer, fresh);
	qs_synchronize(domain);
	QS_STEP(Free);
	if (reclaim && old)
		reclaim(old);
}

void qs_wake_updater(struct qs_shared *shared)
{
	QS_STEP(ClearWaiting);
	qs_store_relaxed(&shared->waiting, 0);
	QS_STEP(Wake);
	qs_futex_wake(&shared->waiting);
}
