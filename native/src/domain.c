/* SPDX-License-Identifier: MIT */
/* Domains, and the registration of readers in them. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "membarrier.h"
#include "quiesce/quiesce.h"

#ifdef QS_STEPS
qs_step_function qs_step_hook;
#endif

_Static_assert(sizeof(struct qs_reader) == QS_CACHE_LINE, "a slot fills one cache line, and shares none");

static int32_t thread_id(void)
{
	return (int32_t)syscall(SYS_gettid);
}

static void slot_init(struct qs_reader *slot, struct qs_domain *domain)
{
	qs_store_relaxed(&slot->announced, 0);
	qs_store_relaxed(&slot->owner, 0);
	slot->shared = &domain->shared;
	slot->fences = domain->flavour == QS_MB;
}

int qs_domain_init(struct qs_domain *domain, uint32_t capacity, unsigned int flags)
{
	if (capacity == 0 || capacity > QS_CAPACITY_MAX || (flags & ~QS_FLAG_MB))
		return -EINVAL;
	domain->slots = aligned_alloc(QS_CACHE_LINE, capacity * sizeof(struct qs_reader));
	if (!domain->slots)
		return -ENOMEM;
	domain->capacity = capacity;
	domain->flavour = (flags & QS_FLAG_MB) || !qs_membarrier_register() ? QS_MB : QS_MEMBARRIER;
	qs_store_relaxed(&domain->shared.gp, 1);
	qs_store_relaxed(&domain->shared.waiting, 0);
	qs_store_relaxed(&domain->deferred, NULL);
	for (uint32_t i = 0; i < capacity; i++)
		slot_init(&domain->slots[i], domain);
	pthread_mutex_init(&domain->updater, NULL);
	return 0;
}

int qs_domain_destroy(struct qs_domain *domain)
{
	for (uint32_t i = 0; i < domain->capacity; i++) {
		if (qs_load_acquire(&domain->slots[i].owner) != 0)
			return -EBUSY;
	}
	while (qs_reclaim(domain) > 0)
		continue;
	pthread_mutex_destroy(&domain->updater);
	free(domain->slots);
	domain->slots = NULL;
	domain->capacity = 0;
	return 0;
}

enum qs_flavour qs_domain_flavour(const struct qs_domain *domain)
{
	return domain->flavour;
}

uint64_t qs_domain_number(struct qs_domain *domain)
{
	return qs_load_relaxed(&domain->shared.gp);
}

/*
 * One compare-and-swap claims a slot, and the scan of a grace period visits all slots, claimed or not (a free
 * one announces 0). So neither side needs a lock.
 */
int qs_register(struct qs_domain *domain, struct qs_reader **reader)
{
	int32_t self = thread_id();
	QS_STEP(Register);
	for (uint32_t i = 0; i < domain->capacity; i++) {
		struct qs_reader *slot = &domain->slots[i];
		int32_t nobody = 0;
		if (qs_compare_exchange(&slot->owner, &nobody, self)) {
			*reader = slot;
			return 0;
		}
	}
	return -EAGAIN;
}

int qs_unregister(struct qs_reader *reader)
{
	if (qs_load_relaxed(&reader->announced) != 0)
		return -EBUSY;
	QS_STEP(Unregister);
	qs_store_release(&reader->owner, 0);
	return 0;
}

void qs_after_fork_child(struct qs_domain *domain, struct qs_reader *self)
{
	for (uint32_t i = 0; i < domain->capacity; i++) {
		if (&domain->slots[i] != self)
			slot_init(&domain->slots[i], domain);
	}
	if (self)
		qs_store_relaxed(&self->owner, thread_id());
	qs_store_relaxed(&domain->shared.waiting, 0);
	/* A thread that isn't here may have held the mutex: so it is initialised again, not unlocked. */
	pthread_mutex_init(&domain->updater, NULL);
}
