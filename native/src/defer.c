/* SPDX-License-Identifier: MIT */
/* Deferred freeing: a lock-free stack that qs_reclaim() empties, with one grace period for all that it took. */
#include "quiesce/quiesce.h"

void qs_defer(struct qs_domain *domain, struct qs_head *head, void (*reclaim)(struct qs_head *head))
{
	struct qs_head *top = qs_load_relaxed(&domain->deferred);
	head->reclaim = reclaim;
	do {
		head->next = top;
	} while (!qs_compare_exchange(&domain->deferred, &top, head));
}

/* The stack has the youngest on top; the oldest is freed first. */
static struct qs_head *oldest_first(struct qs_head *top)
{
	struct qs_head *list = NULL;
	while (top) {
		struct qs_head *next = top->next;
		top->next = list;
		list = top;
		top = next;
	}
	return list;
}

size_t qs_reclaim(struct qs_domain *domain)
{
	/* It takes all in one step, never one by one: so nothing can be taken, freed and pushed again in between. */
	struct qs_head *list = oldest_first(qs_exchange_acquire(&domain->deferred, NULL));
	size_t count = 0;
	if (!list)
		return 0;
	qs_synchronize(domain);
	while (list) {
		struct qs_head *next = list->next;
		QS_STEP(Free);
		list->reclaim(list);
		list = next;
		count++;
	}
	return count;
}
