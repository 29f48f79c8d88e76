/* SPDX-License-Identifier: MIT */
/* Grace periods that one asks about: the wait of qs_synchronize(), cut in two. */
#include "deferral.h"
#include "letters.h"

/* The worker waits for the latest that anybody wants, which contains the others. */
static void want(struct qs_domain *domain, uint64_t cookie)
{
	struct qs_deferral *deferral = &domain->deferral;
	uint64_t wanted = qs_load_relaxed(&deferral->wanted);
	uint64_t next = qs_load_relaxed(&domain->begun) + 1;
	/* No cookie is later. One that isn't this domain's shall not have the worker run grace periods for ever. */
	if (cookie > next)
		cookie = next;
	while (wanted < cookie && !qs_compare_exchange_seq_cst(&deferral->wanted, &wanted, cookie))
		continue;
	(void)qs_worker_ensure(domain);
	qs_worker_wake(deferral);
}

uint64_t qs_poll_start(struct qs_domain *domain)
{
	uint64_t cookie = qs_grace_period_ask(domain);
	if (cookie != 0)
		want(domain, cookie);
	return cookie;
}

bool qs_poll(struct qs_domain *domain, uint64_t cookie)
{
	if (qs_grace_period_over(domain, cookie) || qs_grace_period_ask(domain) == 0)
		return true;
	want(domain, cookie); /* the worker may be gone: in a child of fork(), say */
	return false;
}

void qs_poll_wait(struct qs_domain *domain, uint64_t cookie)
{
	if (!qs_poll(domain, cookie))
		qs_grace_period_wait(domain, cookie);
}
