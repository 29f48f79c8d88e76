/* SPDX-License-Identifier: MIT */
/* Readers come and go: spec/rcu/number-steps/Urcu.tla, "registration". */
#include <errno.h>

#include "deferral.h"
#include "letters.h"
#include "message.h"
#include "quiesce/local.h"
#include "quiesce/membarrier.h"
#include "thread.h"

/* One compare-and-swap claims a slot: so no lock is needed, and a signal handler may do it. */
static struct qs_reader *claim(struct qs_domain *domain)
{
	int32_t self = qs_thread_id();
	QS_STEP(Register);
	for (uint32_t i = 0; i < domain->capacity; i++) {
		int32_t nobody = 0;
		qs_atomic(int32_t) *owner = &domain->owners[i].thread;
		if (qs_load_relaxed(owner) == 0 && qs_compare_exchange(owner, &nobody, self))
			return &domain->slots[i];
	}
	return NULL;
}

static void fill_in(struct qs_domain *domain, struct qs_reader *slot)
{
	slot->gp = &domain->gp;
	slot->domain = domain;
	slot->index = (uint32_t)(slot - domain->slots);
	/* Not counted yet: a fork in a signal handler, or the thread's end, may come in between. */
	slot->offline = QS_OFFLINE;
	/* A leader may still be about to clear the notice of the reader before: what it writes has this bit, too. */
	(void)qs_fetch_or_relaxed(&slot->notice, qs_notice_bits(domain));
}

/* The mark at which scans end. It is never lowered. */
static void raise_used(struct qs_domain *domain, uint32_t used)
{
	uint32_t seen;
	QS_STEP(RaiseUsed);
	seen = qs_load_relaxed(&domain->used);
	while (seen < used && !qs_compare_exchange(&domain->used, &seen, used))
		continue;
}

static void add_reader(struct qs_domain *domain)
{
	QS_STEP(AddReader);
	(void)qs_fetch_add(&domain->registered, 1);
	fence_k();
}

static void remove_reader(struct qs_domain *domain)
{
	QS_STEP(RemoveReader);
	fence_l(&domain->registered);
}

/* In one step, since a signal handler may register a reader in between. */
static void remember(struct qs_reader *reader)
{
	struct qs_reader *first = qs_load_relaxed(&qs_self.readers);
	do {
		reader->next = first;
	} while (!qs_compare_exchange(&qs_self.readers, &first, reader));
}

int qs_register(struct qs_domain *domain, struct qs_reader **reader)
{
	struct qs_reader *slot;
	int status = domain && reader ? qs_domain_prepare(domain) : -EINVAL;
	if (status == 0)
		status = qs_thread_watch();
	if (status != 0)
		return status;
	slot = claim(domain);
	if (!slot)
		return -EAGAIN;
	fill_in(domain, slot);
	/* Before anything else, so that a leader who asks is not held up for longer than this takes. */
	remember(slot);
	if (domain->flavour == QS_SIGNAL)
		qs_signal_answer(slot);
	raise_used(domain, slot->index + 1);
	add_reader(domain);
	slot->offline &= ~QS_OFFLINE;
	*reader = slot;
	return 0;
}

int qs_membarrier_register(struct qs_domain *domain, struct qs_reader **reader)
{
	int status = domain ? qs_domain_prepare(domain) : -EINVAL;
	if (status != 0)
		return status;
	if (domain->flavour == QS_MB || domain->flavour == QS_QSBR)
		return -ENOTSUP;
	return qs_register(domain, reader);
}

/* Takes the reader out of the calling thread's list, where it is. */
static void forget(struct qs_reader *reader)
{
	struct qs_reader *before = qs_load_relaxed(&qs_self.readers);
	if (before == reader) {
		qs_store_relaxed(&qs_self.readers, reader->next);
		return;
	}
	while (before->next != reader)
		before = before->next;
	before->next = reader->next;
}

bool qs_is_mine(struct qs_reader *reader)
{
	struct qs_reader *mine = qs_load_relaxed(&qs_self.readers);
	while (mine && mine != reader)
		mine = mine->next;
	return mine != NULL;
}

static void give_back(struct qs_reader *reader)
{
	struct qs_domain *domain = reader->domain;
	bool counted = (reader->offline & QS_OFFLINE) == 0;
	forget(reader);
	QS_STEP(Unregister);
	qs_store_release(&domain->owners[reader->index].thread, 0);
	if (counted)
		remove_reader(domain);
}

int qs_unregister(struct qs_reader *reader)
{
	if (!qs_is_mine(reader))
		return -EPERM;
	if (qs_load_relaxed(&reader->announced) != 0)
		return -EBUSY;
	give_back(reader);
	return 0;
}

bool qs_is_inside(const struct qs_domain *domain)
{
	for (struct qs_reader *reader = qs_load_relaxed(&qs_self.readers); reader; reader = reader->next) {
		if ((!domain || reader->domain == domain) && qs_load_relaxed(&reader->announced) != 0)
			return true;
	}
	return false;
}

void qs_thread_ends(void)
{
	struct qs_reader *reader;
	while ((reader = qs_load_relaxed(&qs_self.readers)) != NULL) {
		/* A thread that has ended is in no section, and nobody else will wake who waits for it. */
		if (qs_load_relaxed(&reader->announced) != 0)
			qs_leave(reader);
		give_back(reader);
	}
	qs_local_reader = NULL;
	qs_self.ended = true;
	if (qs_self.leads)
		qs_fatal("a thread has ended inside qs_synchronize(), where it runs the grace period for all: out of a "
			 "stall report, or by asynchronous cancellation. Let stall reports return.");
	qs_deferral_thread_ends();
}

int qs_offline(struct qs_reader *reader)
{
	if (!qs_is_mine(reader))
		return -EPERM;
	if (qs_load_relaxed(&reader->announced) != 0)
		return -EBUSY;
	if (reader->offline & QS_OFFLINE)
		return -EALREADY;
	reader->offline |= QS_OFFLINE;
	remove_reader(reader->domain);
	return 0;
}

int qs_online(struct qs_reader *reader)
{
	if (!qs_is_mine(reader))
		return -EPERM;
	if ((reader->offline & QS_OFFLINE) == 0)
		return -EALREADY;
	add_reader(reader->domain);
	reader->offline &= ~QS_OFFLINE;
	return 0;
}
