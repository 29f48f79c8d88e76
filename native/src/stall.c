/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include "clock.h"
#include "message.h"
#include "stall.h"
#include "thread.h"

#define LONGEST_NAP_MS 1000u

uint32_t qs_patience_ms(struct qs_patience *patience, const struct qs_domain *domain)
{
	uint32_t limit = domain->nap_ms;
	if (limit == QS_NAP_NEVER)
		limit = 0;
	for (uint32_t i = 0; i < patience->naps && limit != 0 && limit < LONGEST_NAP_MS; i++)
		limit *= 2;
	patience->naps++;
	if (domain->stall_ms == 0)
		return limit;
	if (patience->since_ms == 0)
		patience->since_ms = patience->reported_ms = qs_now_ms();
	return limit == 0 || limit > domain->stall_ms ? domain->stall_ms : limit;
}

static void say(const struct qs_stall *stall, void *context)
{
	char text[200];
	(void)context;
	if (stall->announced == 0)
		snprintf(text, sizeof text,
			 "a grace period has been waiting for %llu ms for the reader in slot %u: its thread %d has not "
			 "answered the signal SIGRTMAX - 4. Does it block it?",
			 (unsigned long long)stall->milliseconds, stall->slot, stall->thread);
	else
		snprintf(text, sizeof text,
			 "a grace period has been waiting for %llu ms for the reader in slot %u (thread %d): it has "
			 "not left the section that it entered in grace period %llu",
			 (unsigned long long)stall->milliseconds, stall->slot, stall->thread,
			 (unsigned long long)stall->announced);
	qs_say(text);
}

/*
 * Whoever leads would leave all others waiting if it ended here: so it isn't cancelled in what a report calls, and an
 * end of some other kind is noticed.
 */
static void report(const struct qs_stall *stall)
{
	const struct qs_domain *domain = stall->domain;
	int state = PTHREAD_CANCEL_ENABLE;
	int kept = errno;
	(void)qs_thread_watch();
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	(domain->stalled ? domain->stalled : say)(stall, domain->context);
	(void)pthread_setcancelstate(state, NULL);
	errno = kept;
}

void qs_patience_ends(struct qs_patience *patience, struct qs_domain *domain, uint32_t slot, uint64_t number)
{
	struct qs_stall stall;
	uint64_t now;
	if (domain->stall_ms == 0 || (now = qs_now_ms()) - patience->reported_ms < domain->stall_ms)
		return;
	stall.domain = domain;
	stall.number = number;
	stall.announced = qs_load_relaxed(&domain->slots[slot].announced);
	stall.slot = slot;
	stall.thread = qs_load_relaxed(&domain->owners[slot].thread);
	stall.milliseconds = now - patience->since_ms;
	if (stall.announced == 0 || stall.announced >= number)
		return; /* it has just left */
	patience->reported_ms = now;
	report(&stall);
}

void qs_patience_unanswered(struct qs_patience *patience, struct qs_domain *domain, uint32_t slot, int32_t thread)
{
	struct qs_stall stall;
	uint64_t now;
	if (domain->stall_ms == 0)
		return;
	now = qs_now_ms();
	if (patience->since_ms == 0)
		patience->since_ms = patience->reported_ms = now;
	if (now - patience->reported_ms < domain->stall_ms)
		return;
	stall.domain = domain;
	stall.number = qs_load_relaxed(&domain->begun);
	stall.announced = 0;
	stall.slot = slot;
	stall.thread = thread;
	stall.milliseconds = now - patience->since_ms;
	patience->reported_ms = now;
	report(&stall);
}
