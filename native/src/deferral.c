/* SPDX-License-Identifier: MIT */
/*
 * pushed -> fresh -> waiting -> ready -> run. Steps are those of spec/rcu/call-rcu/worker/Worker.tla. All but the push
 * is under one lock; it is given away for grace periods and callbacks, and what is on its way then stays where all can
 * see it.
 */
#include "deferral.h"

#include <limits.h>
#include <stdlib.h>

#include "futex.h"
#include "letters.h"
#include "lock.h"
#include "message.h"

static void append(struct qs_heads *list, struct qs_heads *more)
{
	if (!more->first)
		return;
	if (list->first)
		list->last->next = more->first;
	else
		list->first = more->first;
	list->last = more->last;
	more->first = NULL;
}

void qs_deferral_collect(struct qs_deferral *deferral)
{
	/* It takes all in one step, never one by one: so nothing can be taken, freed and pushed again in between. */
	struct qs_head *top = qs_load_relaxed(&deferral->pushed);
	struct qs_heads taken = { 0 };
	if (!top)
		return;
	/* J comes before anything is made of it; the acquire is for what the objects say. */
	top = qs_exchange_acquire(&deferral->pushed, (struct qs_head *)NULL);
	taken.last = top;
	while (top) {
		struct qs_head *next = top->next;
		top->next = taken.first;
		taken.first = top;
		top = next;
		deferral->moved++;
	}
	append(&deferral->fresh, &taken);
}

enum qs_next qs_deferral_next(struct qs_domain *domain)
{
	struct qs_deferral *deferral = &domain->deferral;
	if (deferral->ready.first)
		return QS_RUN;
	if (!deferral->waiting.first) {
		if (!deferral->fresh.first)
			return QS_NOTHING;
		append(&deferral->waiting, &deferral->fresh);
		deferral->cookie = qs_grace_period_ask(domain);
	}
	if (!qs_grace_period_over(domain, deferral->cookie))
		return QS_WAIT_GP;
	append(&deferral->ready, &deferral->waiting);
	return QS_RUN;
}

void qs_deferral_wait_gp(struct qs_domain *domain)
{
	struct qs_deferral *deferral = &domain->deferral;
	uint64_t cookie = deferral->cookie;
	qs_unlock(&deferral->lock);
	qs_grace_period_wait(domain, cookie);
	qs_lock(&deferral->lock);
}

uint64_t qs_deferral_finished(const struct qs_deferral *deferral)
{
	uint64_t finished = deferral->started;
	for (const struct qs_run *run = deferral->runs; run; run = run->next) {
		if (run->place <= finished)
			finished = run->place - 1;
	}
	return finished;
}

void qs_deferral_ring(struct qs_deferral *deferral)
{
	deferral->ring_at = 0;
	(void)qs_fetch_add(&deferral->bell, 1);
	qs_futex_wake(&deferral->bell, INT_MAX);
}

void qs_deferral_sleep(struct qs_deferral *deferral, uint64_t place, uint32_t limit_ms)
{
	uint32_t bell = qs_load_relaxed(&deferral->bell);
	if (deferral->ring_at == 0 || place < deferral->ring_at)
		deferral->ring_at = place;
	qs_unlock(&deferral->lock);
	(void)qs_futex_wait(&deferral->bell, bell, limit_ms);
	qs_lock(&deferral->lock);
}

/*-------------------------------------- the callbacks that run ------------------------------------*/

static struct qs_run *begin_run(struct qs_domain *domain, uintptr_t frame)
{
	struct qs_deferral *deferral = &domain->deferral;
	struct qs_run *run;
	if (qs_self.deep == QS_RUNS_DEEP)
		qs_fatal("callbacks of too many domains stand inside each other in one thread");
	run = &qs_self.runs[qs_self.deep++];
	run->domain = domain;
	run->frame = frame;
	run->place = ++deferral->started;
	run->next = deferral->runs;
	deferral->runs = run;
	return run;
}

/* With the lock. */
static void end_run(struct qs_run *run)
{
	struct qs_deferral *deferral = &run->domain->deferral;
	struct qs_run **place = &deferral->runs;
	while (*place != run)
		place = &(*place)->next;
	*place = run->next;
	qs_self.deep--;
	if (deferral->ring_at != 0 && qs_deferral_finished(deferral) >= deferral->ring_at)
		qs_deferral_ring(deferral);
}

/* Those that the thread has left in some other way than by returning. */
static void end_runs_above(uint32_t deep)
{
	while (qs_self.deep > deep) {
		struct qs_run *run = &qs_self.runs[qs_self.deep - 1];
		qs_atomic(uint32_t) *lock = &run->domain->deferral.lock;
		qs_lock(lock);
		end_run(run);
		qs_unlock(lock);
	}
}

bool qs_deferral_inside(struct qs_domain *domain, uintptr_t frame)
{
	uint32_t deep = qs_self.deep;
	bool inside = false;
	while (deep > 0 && qs_self.runs[deep - 1].frame <= frame)
		deep--;
	end_runs_above(deep);
	for (uint32_t i = 0; i < deep; i++)
		inside = inside || !domain || qs_self.runs[i].domain == domain;
	return inside;
}

void qs_deferral_thread_ends(void)
{
	struct qs_domain *works = qs_self.works;
	end_runs_above(0);
	if (works)
		qs_worker_dies(works);
}

static void call(struct qs_head *head)
{
	/* What qs_defer_free() has written there. No function has such an address. */
	uintptr_t offset = (uintptr_t)head->reclaim;
	if (offset < QS_OFFSETS)
		free((char *)head - offset);
	else
		head->reclaim(head);
}

void qs_deferral_run_one(struct qs_domain *domain)
{
	struct qs_deferral *deferral = &domain->deferral;
	struct qs_head *head = deferral->ready.first;
	struct qs_run *run = begin_run(domain, QS_FRAME);
	uint32_t deep = qs_self.deep;
	deferral->ready.first = head->next;
	qs_unlock(&deferral->lock);
	QS_STEP(Free);
	call(head);
	end_runs_above(deep); /* a callback of another domain may have gone back into this one */
	qs_lock(&deferral->lock);
	end_run(run);
}

/*----------------------------------------------- fork --------------------------------------------*/

void qs_deferral_before_fork(struct qs_domain *domain)
{
	/* A signal handler that forks may have interrupted the owner. */
	if (!qs_lock_belongs_to(&domain->deferral.lock, qs_thread_id()))
		qs_lock(&domain->deferral.lock);
	else
		qs_self.interrupted = domain;
}

void qs_deferral_after_fork_parent(struct qs_domain *domain)
{
	if (qs_self.interrupted == domain)
		qs_self.interrupted = NULL;
	else
		qs_unlock(&domain->deferral.lock);
}

void qs_deferral_after_fork_child(struct qs_domain *domain)
{
	struct qs_deferral *deferral = &domain->deferral;
	deferral->runs = NULL;
	for (uint32_t i = 0; i < qs_self.deep; i++) {
		struct qs_run *run = &qs_self.runs[i];
		if (run->domain != domain)
			continue;
		run->next = deferral->runs;
		deferral->runs = run;
	}
	qs_worker_after_fork(domain);
	deferral->ring_at = 0;
	(void)qs_fetch_add(&deferral->bell, 1);
	qs_lock_inherit(&deferral->lock, qs_self.interrupted == domain ? qs_self.id : 0);
	if (qs_self.interrupted == domain)
		qs_self.interrupted = NULL;
}
