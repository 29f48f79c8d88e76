/* SPDX-License-Identifier: MIT */
/* Deferring, and seeing to it that what is deferred has run. */
#include <errno.h>

#include "deferral.h"
#include "letters.h"
#include "lock.h"
#include "message.h"

static void push(struct qs_domain *domain, struct qs_head *head, void (*reclaim)(struct qs_head *head))
{
	struct qs_deferral *deferral = &domain->deferral;
	struct qs_head *top = qs_load_relaxed(&deferral->pushed);
	head->reclaim = reclaim;
	do {
		head->next = top;
	} while (!fence_u(&deferral->pushed, &top, head));
	qs_worker_wake(deferral);
}

void qs_defer(struct qs_domain *domain, struct qs_head *head, void (*reclaim)(struct qs_head *head))
{
	if (qs_unlikely((uintptr_t)reclaim < QS_OFFSETS))
		qs_fatal("qs_defer() or qs_call() was given no function to call. To free an object, use "
			 "qs_defer_free().");
	push(domain, head, reclaim);
}

void qs_defer_free_at(struct qs_domain *domain, void *object, size_t offset)
{
	struct qs_head *head = (struct qs_head *)(void *)((char *)object + offset);
	if (offset >= QS_OFFSETS)
		qs_fatal("qs_defer_free(): the head lies more than 4,095 bytes behind the object's beginning. Move it "
			 "to the front, or use qs_defer().");
	push(domain, head, (void (*)(struct qs_head *))(uintptr_t)offset);
}

/* In QS_QSBR the worker's grace period may wait for the caller. */
static void sleep_aside(struct qs_domain *domain, uint64_t place)
{
	bool aside = domain->flavour == QS_QSBR && qs_qsbr_step_aside(domain);
	qs_deferral_sleep(&domain->deferral, place, 0);
	if (aside)
		qs_qsbr_step_back(domain);
}

/*
 * With the lock. Those that somebody else is running it waits for; the others it runs itself, or leaves to the worker.
 * A worker may come and go meanwhile.
 */
static void drain(struct qs_domain *domain, uint64_t place, bool leave_to_worker)
{
	struct qs_deferral *deferral = &domain->deferral;
	while (qs_deferral_finished(deferral) < place) {
		if (deferral->started >= place || (leave_to_worker && qs_worker_works(deferral))) {
			sleep_aside(domain, place);
			continue;
		}
		switch (qs_deferral_next(domain)) {
		case QS_RUN:
			qs_deferral_run_one(domain);
			break;
		case QS_WAIT_GP:
			qs_deferral_wait_gp(domain);
			break;
		case QS_NOTHING:
			break; /* never: it has been collected, and not started */
		}
	}
}

/* Sees to all that has been deferred by now. Returns how much of it had not run yet. */
static size_t see_to_all(struct qs_domain *domain, bool leave_to_worker)
{
	struct qs_deferral *deferral = &domain->deferral;
	uint64_t place;
	size_t count;
	(void)qs_domain_prepare(domain); /* where it fails nobody has read, and there is nothing to wait for */
	(void)qs_thread_watch();
	qs_lock(&deferral->lock);
	qs_deferral_collect(deferral);
	place = deferral->moved;
	count = (size_t)(place - qs_deferral_finished(deferral));
	if (leave_to_worker)
		qs_worker_wake(deferral); /* whoever has pushed may not have come to it */
	drain(domain, place, leave_to_worker);
	qs_unlock(&deferral->lock);
	return count;
}

size_t qs_reclaim(struct qs_domain *domain)
{
	return !domain || qs_deferral_inside(domain, QS_FRAME) ? 0 : see_to_all(domain, false);
}

int qs_barrier(struct qs_domain *domain)
{
	if (!domain)
		return -EINVAL;
	if (qs_deferral_inside(domain, QS_FRAME) || (qs_domain_flavour(domain) != QS_QSBR && qs_is_inside(domain)))
		return -EDEADLK;
	(void)see_to_all(domain, true);
	return 0;
}
