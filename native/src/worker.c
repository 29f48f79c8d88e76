/* SPDX-License-Identifier: MIT */
/* The thread that runs what is deferred in a domain: spec/rcu/call-rcu/worker/Worker.tla. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "deferral.h"
#include "futex.h"
#include "letters.h"
#include "lock.h"

QS_STATIC_ASSERT(sizeof(pthread_t) <= sizeof(uint64_t), "a thread's name fits into qs_deferral");

/* The states of qs_deferral.worker. One that has left is still to be joined. */
enum { NONE = 0, WORKS = 1, HAS_LEFT = 2 };

/* Callers look at how much there is once in so many calls. A prime: of several domains each gets its turn. */
#define CALLS_PER_LOOK 257

bool qs_worker_works(const struct qs_deferral *deferral)
{
	return qs_load_relaxed(&deferral->worker) == WORKS;
}

void qs_worker_wake(struct qs_deferral *deferral)
{
	if (qs_unlikely(fence_s(&deferral->asleep)) && qs_exchange_relaxed(&deferral->asleep, 0) != 0)
		qs_futex_wake(&deferral->asleep, 1);
}

/*---------------------------------------------- its life -----------------------------------------*/

static bool is_wanted(struct qs_domain *domain)
{
	return !qs_grace_period_over(domain, qs_load_relaxed(&domain->deferral.wanted));
}

/* With the lock, and until there is nothing to do, or it shall stop. */
static void work_off(struct qs_domain *domain)
{
	struct qs_deferral *deferral = &domain->deferral;
	while (!deferral->stop) {
		/* Those who push have that line to themselves while there are others to run. */
		if (!deferral->ready.first)
			qs_deferral_collect(deferral);
		switch (qs_deferral_next(domain)) {
		case QS_RUN:
			qs_deferral_run_one(domain);
			continue;
		case QS_WAIT_GP:
			qs_deferral_wait_gp(domain);
			continue;
		case QS_NOTHING:
			break;
		}
		if (!is_wanted(domain))
			return;
		qs_unlock(&deferral->lock);
		qs_grace_period_wait(domain, qs_load_relaxed(&deferral->wanted));
		qs_lock(&deferral->lock);
	}
}

/* What comes within this time wakes nobody, and shares a grace period. */
static void linger(struct qs_deferral *deferral)
{
	long us = deferral->options.linger_us ? (long)deferral->options.linger_us : 50;
	if (deferral->options.linger_us != QS_LINGER_NEVER)
		(void)nanosleep(&(struct timespec){ .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 }, NULL);
}

/*
 * With the lock. It says that it sleeps before it looks for the last time; so does whoever pushes: push, then look
 * whether it sleeps. What another thread collects in between it finds under the lock.
 */
static void sleep_unless(struct qs_domain *domain)
{
	struct qs_deferral *deferral = &domain->deferral;
	qs_store_relaxed(&deferral->asleep, 1);
	fence_t();
	qs_deferral_collect(deferral);
	if (qs_deferral_next(domain) == QS_NOTHING && !is_wanted(domain) && !deferral->stop) {
		qs_unlock(&deferral->lock);
		(void)qs_futex_wait(&deferral->asleep, 1, 0);
		qs_lock(&deferral->lock);
	}
	qs_store_relaxed(&deferral->asleep, 0);
}

static void *live(void *argument)
{
	struct qs_domain *domain = argument;
	struct qs_deferral *deferral = &domain->deferral;
	bool lingered = false;
	/* A callback that cancels its thread would be the only one who can: it is given no effect. */
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	(void)qs_thread_watch();
	qs_self.works = domain;
	qs_lock(&deferral->lock);
	while (!deferral->stop) {
		uint64_t started = deferral->started;
		work_off(domain);
		if (deferral->stop)
			break;
		if (started != deferral->started)
			lingered = false;
		if (!lingered) {
			qs_unlock(&deferral->lock);
			linger(deferral);
			qs_lock(&deferral->lock);
			lingered = true;
		} else {
			sleep_unless(domain);
		}
	}
	qs_self.works = NULL;
	qs_store_relaxed(&deferral->worker, HAS_LEFT);
	qs_deferral_ring(deferral); /* who has left something to it sees to it himself */
	qs_unlock(&deferral->lock);
	return NULL;
}

/*------------------------------------------- start and stop --------------------------------------*/

/* With the lock. Signals are blocked in the new thread from the beginning, but for ours: a callback may read. */
static int create(struct qs_domain *domain)
{
	struct qs_deferral *deferral = &domain->deferral;
	pthread_attr_t attributes;
	sigset_t all, kept;
	pthread_t thread;
	int status = -pthread_attr_init(&attributes);
	if (status != 0)
		return status;
	if (deferral->options.stack_bytes)
		status = -pthread_attr_setstacksize(&attributes, deferral->options.stack_bytes);
	if (status == 0) {
		(void)sigfillset(&all);
		(void)sigdelset(&all, qs_signal_number());
		(void)pthread_sigmask(SIG_SETMASK, &all, &kept);
		status = -pthread_create(&thread, &attributes, live, domain);
		(void)pthread_sigmask(SIG_SETMASK, &kept, NULL);
	}
	(void)pthread_attr_destroy(&attributes);
	if (status != 0)
		return status;
	memcpy(&deferral->thread, &thread, sizeof thread);
	deferral->stop = 0;
	qs_store_relaxed(&deferral->worker, WORKS);
	return 0;
}

/* With the lock. Waits until the worker that shall stop has left, and joins it, unless somebody else has. */
static void join(struct qs_deferral *deferral)
{
	pthread_t thread;
	while (qs_load_relaxed(&deferral->worker) == WORKS && deferral->stop)
		qs_deferral_sleep(deferral, UINT64_MAX, 0);
	if (qs_load_relaxed(&deferral->worker) != HAS_LEFT)
		return;
	qs_store_relaxed(&deferral->worker, NONE);
	memcpy(&thread, &deferral->thread, sizeof thread);
	qs_unlock(&deferral->lock);
	(void)pthread_join(thread, NULL);
	qs_lock(&deferral->lock);
}

static bool is_valid(const struct qs_worker_options *options)
{
	return (options->linger_us <= QS_LINGER_MAX || options->linger_us == QS_LINGER_NEVER) &&
	       options->reserved32 == 0 && qs_is_zero(options->reserved, sizeof options->reserved);
}

static int start(struct qs_domain *domain, const struct qs_worker_options *options)
{
	struct qs_deferral *deferral = &domain->deferral;
	int status = qs_domain_prepare(domain);
	if (status != 0)
		return status;
	qs_lock(&deferral->lock);
	/* From the worker's own callback it can't wait for the worker that shall stop. */
	if (qs_self.works != domain)
		join(deferral);
	if (qs_worker_works(deferral)) {
		status = -EALREADY;
	} else {
		if (options)
			deferral->options = *options;
		status = create(domain);
	}
	qs_unlock(&deferral->lock);
	return status;
}

int qs_worker_start(struct qs_domain *domain, const struct qs_worker_options *options)
{
	return domain && (!options || is_valid(options)) ? start(domain, options) : -EINVAL;
}

int qs_worker_ensure(struct qs_domain *domain)
{
	int status = 0;
	if (qs_unlikely(!qs_worker_works(&domain->deferral)))
		status = start(domain, NULL);
	return status == -EALREADY ? 0 : status;
}

int qs_worker_stop(struct qs_domain *domain)
{
	struct qs_deferral *deferral;
	int status = 0;
	if (!domain)
		return -EINVAL;
	if (qs_self.works == domain)
		return -EDEADLK;
	deferral = &domain->deferral;
	qs_lock(&deferral->lock);
	if (qs_load_relaxed(&deferral->worker) == NONE) {
		status = -ESRCH;
	} else {
		deferral->stop = 1;
		qs_worker_wake(deferral);
		join(deferral);
	}
	qs_unlock(&deferral->lock);
	return status;
}

void qs_worker_dies(struct qs_domain *domain)
{
	struct qs_deferral *deferral = &domain->deferral;
	qs_lock(&deferral->lock);
	qs_self.works = NULL;
	if (deferral->stop) {
		qs_store_relaxed(&deferral->worker, HAS_LEFT);
	} else {
		(void)pthread_detach(pthread_self());
		qs_store_relaxed(&deferral->worker, NONE);
		(void)create(domain);
	}
	qs_deferral_ring(deferral);
	qs_unlock(&deferral->lock);
}

void qs_worker_after_fork(struct qs_domain *domain)
{
	struct qs_deferral *deferral = &domain->deferral;
	qs_store_relaxed(&deferral->asleep, 0);
	deferral->stop = 0;
	if (qs_self.works != domain) /* else a callback has forked, and the child's only thread goes on as the worker */
		qs_store_relaxed(&deferral->worker, NONE);
}

/*-------------------------------------------- back-pressure --------------------------------------*/

/* Waits until three quarters of the bound are left. The time is limited, should a callback wait for what we hold. */
static void wait_for_less(struct qs_deferral *deferral, uint32_t bound)
{
	uint64_t place = deferral->moved - bound + bound / 4;
	uint32_t limit = deferral->options.wait_ms ? deferral->options.wait_ms : 100;
	uint64_t end = qs_now_ms() + limit;
	for (uint64_t now = end - limit; now < end && qs_worker_works(deferral); now = qs_now_ms()) {
		if (qs_deferral_finished(deferral) >= place)
			return;
		qs_deferral_sleep(deferral, place, (uint32_t)(end - now));
	}
}

/* Inside a section the worker may wait for the caller, inside a callback the caller is what would have to end. */
static void slow_down(struct qs_domain *domain)
{
	struct qs_deferral *deferral = &domain->deferral;
	uint32_t bound;
	if (qs_deferral_inside(NULL, QS_FRAME) || qs_is_inside(NULL))
		return;
	qs_lock(&deferral->lock);
	qs_deferral_collect(deferral);
	bound = deferral->options.bound ? deferral->options.bound : QS_BOUND_DEFAULT;
	if (deferral->moved - qs_deferral_finished(deferral) > bound)
		wait_for_less(deferral, bound);
	qs_unlock(&deferral->lock);
}

int qs_call(struct qs_domain *domain, struct qs_head *head, void (*reclaim)(struct qs_head *head))
{
	int status;
	qs_defer(domain, head, reclaim);
	status = qs_worker_ensure(domain);
	if (qs_unlikely(++qs_self.calls % CALLS_PER_LOOK == 0))
		slow_down(domain);
	return status;
}
