/* SPDX-License-Identifier: MIT */
/*
 * After fork() the child has the forking thread alone, and a copy of memory in which all the others still stand in
 * their sections. Whoever has called fork(), a child handler takes them out.
 */
#define _GNU_SOURCE
#include <pthread.h>

#include "thread.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct qs_domain *domains;

static void before_fork(void)
{
	(void)pthread_mutex_lock(&lock);
	for (struct qs_domain *domain = domains; domain; domain = domain->next)
		qs_deferral_before_fork(domain);
}

static void after_fork_parent(void)
{
	for (struct qs_domain *domain = domains; domain; domain = domain->next)
		qs_deferral_after_fork_parent(domain);
	(void)pthread_mutex_unlock(&lock);
}

/*
 * Everything of the domain that other threads had under way. What the forking thread had under way goes on; but for one
 * thing. A reader is counted in `registered` and marked in `offline` by two steps. Where a signal handler forks in
 * between, the count that is made here of the marks lacks a reader that is just being added, or still lacks one that is
 * going to be taken away once more. So such a child must not return from the handler: quiesce.h says so.
 */
static void bury_the_others(struct qs_domain *domain)
{
	uint32_t used = qs_load_relaxed(&domain->used);
	uint32_t registered = 0;
	for (uint32_t i = 0; i < used; i++)
		qs_store_relaxed(&domain->owners[i].thread, 0);
	for (struct qs_reader *reader = qs_load_relaxed(&qs_self.readers); reader; reader = reader->next) {
		if (reader->domain != domain)
			continue;
		qs_store_relaxed(&domain->owners[reader->index].thread, qs_self.id);
		registered += (reader->offline & QS_OFFLINE) == 0;
	}
	for (uint32_t i = 0; i < used; i++) {
		if (qs_load_relaxed(&domain->owners[i].thread) == 0)
			qs_store_relaxed(&domain->slots[i].announced, 0);
		/* Its own grace period may be interrupted by the signal handler that forks. */
		if (qs_self.leads != domain)
			qs_store_relaxed(&domain->slots[i].notice, qs_notice_bits(domain));
	}
	qs_store_relaxed(&domain->registered, registered);
	qs_store_relaxed(&domain->sleepers, qs_self.counted == domain);
	qs_store_relaxed(&domain->leader, qs_self.leads == domain ? qs_self.id : 0);
	/* The ring that it may have been waiting for. */
	(void)qs_fetch_add(&domain->doorbell, 1);
}

void qs_after_fork_child(void)
{
	qs_self.id = 0;
	(void)qs_thread_id();
	for (struct qs_domain *domain = domains; domain; domain = domain->next) {
		bury_the_others(domain);
		qs_deferral_after_fork_child(domain);
	}
	/* Without fork() another thread may have held it, who is gone; with it, we did. */
	lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
}

/*
 * With the first domain. The library then prepares for a fork after those whose handlers were set up later, and is told
 * of it before them: they find it in working order.
 */
static void watch(void)
{
	(void)pthread_atfork(before_fork, after_fork_parent, qs_after_fork_child);
}

void qs_domains_lock(void)
{
	(void)pthread_once(&once, watch);
	(void)pthread_mutex_lock(&lock);
}

void qs_domains_unlock(void)
{
	(void)pthread_mutex_unlock(&lock);
}

bool qs_domains_have(const struct qs_domain *domain)
{
	struct qs_domain *one = domains;
	while (one && one != domain)
		one = one->next;
	return one != NULL;
}

void qs_domains_add(struct qs_domain *domain)
{
	domain->next = domains;
	domains = domain;
}

void qs_domains_remove(struct qs_domain *domain)
{
	qs_domains_lock();
	for (struct qs_domain **place = &domains; *place; place = &(*place)->next) {
		if (*place == domain) {
			*place = domain->next;
			break;
		}
	}
	qs_domains_unlock();
}
