/* SPDX-License-Identifier: MIT */
/* Domains: how they are made and taken down. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "deferral.h"
#include "thread.h"

#ifdef QS_STEPS
qs_step_function qs_step_hook;
#endif

QS_STATIC_ASSERT(sizeof(struct qs_reader) == QS_CACHE_LINE, "a slot fills one cache line, and shares none");

enum { UNTOUCHED = 0, READY = 1 };

static size_t slots_size(uint32_t capacity)
{
	return capacity * sizeof(struct qs_reader);
}

/* Slots and their owners, one behind the other. Pages that nobody has touched cost nothing. */
static size_t mapping_size(uint32_t capacity)
{
	return slots_size(capacity) + capacity * sizeof(struct qs_owner);
}

static bool reserve(struct qs_domain *domain, uint32_t capacity)
{
	void *memory = mmap(NULL, mapping_size(capacity), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	domain->slots = memory;
	domain->owners = (struct qs_owner *)((char *)memory + slots_size(capacity));
	domain->capacity = capacity;
	return true;
}

/* The first of these that this system allows. */
static enum qs_flavour choose(enum qs_flavour wanted)
{
	if (wanted == QS_ANY)
		wanted = QS_MEMBARRIER;
	return qs_flavour_works(wanted) ? wanted : QS_MB;
}

static const struct qs_options DEFAULTS;

/* What an owner does to a domain of zeros, or the only thread that knows of it. */
static int make(struct qs_domain *domain, const struct qs_options *options)
{
	enum qs_flavour flavour = choose(options->flavour);
	if ((options->flags & QS_STRICT) && options->flavour != QS_ANY && flavour != options->flavour)
		return -ENOTSUP;
	if (!reserve(domain, options->capacity ? options->capacity : QS_CAPACITY_DEFAULT))
		return -ENOMEM;
	domain->flavour = flavour;
	domain->spins = options->spins ? options->spins : QS_SPINS_DEFAULT;
	domain->nap_ms = options->nap_ms ? options->nap_ms : 10;
	domain->stall_ms = options->stall_ms;
	domain->stalled = options->stalled;
	domain->context = options->context;
	qs_store_relaxed(&domain->gp, 1);
	qs_store_relaxed(&domain->begun, 1);
	qs_store_relaxed(&domain->ended, 1);
	return 0;
}

int qs_domain_prepare(struct qs_domain *domain)
{
	int status = 0;
	if (qs_likely(qs_load_acquire(&domain->state) == READY))
		return 0;
	/* A fork waits until it is made: in the child nobody would go on with what is in the making. */
	qs_domains_lock();
	if (qs_load_acquire(&domain->state) != READY) {
		status = make(domain, &DEFAULTS);
		if (status == 0)
			qs_domains_add(domain);
		qs_store_release(&domain->state, status == 0 ? READY : UNTOUCHED);
	}
	qs_domains_unlock();
	return status;
}

bool qs_is_zero(const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;
	for (size_t i = 0; i < size; i++) {
		if (byte[i] != 0)
			return false;
	}
	return true;
}

static bool is_known(enum qs_flavour flavour)
{
	return (unsigned int)flavour <= QS_QSBR;
}

static bool is_valid(const struct qs_options *options)
{
	return options->capacity <= QS_CAPACITY_MAX && (options->flags & ~QS_STRICT) == 0 &&
	       is_known(options->flavour) && qs_is_zero(options->reserved, sizeof options->reserved);
}

static int init(struct qs_domain *domain, const struct qs_options *options)
{
	int status;
	qs_store_relaxed(&domain->leader, 0);
	qs_store_relaxed(&domain->doorbell, 0);
	qs_store_relaxed(&domain->sleepers, 0);
	qs_store_relaxed(&domain->asked, 0);
	qs_store_relaxed(&domain->registered, 0);
	qs_store_relaxed(&domain->used, 0);
	memset((void *)&domain->deferral, 0, sizeof domain->deferral);
	status = make(domain, options);
	if (status == 0)
		qs_domains_add(domain);
	qs_store_release(&domain->state, status == 0 ? READY : UNTOUCHED);
	return status;
}

int qs_domain_init(struct qs_domain *domain, const struct qs_options *options)
{
	int status;
	if (!options)
		options = &DEFAULTS;
	if (!domain || (uintptr_t)domain % alignof(struct qs_domain) != 0 || !is_valid(options))
		return -EINVAL;
	qs_domains_lock();
	status = qs_domains_have(domain) ? -EEXIST : init(domain, options);
	qs_domains_unlock();
	return status;
}

/*
 * A reader that unregisters touches `owner`, then `registered`, and nothing of the domain after that: so both must be
 * seen at rest. One that is offline is not counted.
 */
static bool is_at_rest(struct qs_domain *domain)
{
	uint32_t used = qs_load_acquire(&domain->used);
	for (uint32_t i = 0; i < used; i++) {
		if (qs_load_acquire(&domain->owners[i].thread) != 0)
			return false;
	}
	return qs_load_acquire(&domain->registered) == 0;
}

int qs_domain_destroy(struct qs_domain *domain)
{
	if (!domain)
		return -EINVAL;
	if (!is_at_rest(domain) || qs_deferral_inside(domain, QS_FRAME))
		return -EBUSY;
	/* A callback that runs here may start the worker again, by qs_call(). */
	do
		(void)qs_worker_stop(domain);
	while (qs_reclaim(domain) > 0);
	if (qs_load_acquire(&domain->state) != READY)
		return 0;
	qs_domains_remove(domain);
	munmap(domain->slots, mapping_size(domain->capacity));
	domain->slots = NULL;
	domain->owners = NULL;
	domain->capacity = 0;
	qs_store_relaxed(&domain->used, 0);
	qs_store_release(&domain->state, UNTOUCHED);
	return 0;
}

enum qs_flavour qs_domain_flavour(const struct qs_domain *domain)
{
	return domain->flavour;
}

uint64_t qs_domain_number(struct qs_domain *domain)
{
	return qs_load_relaxed(&domain->gp);
}
