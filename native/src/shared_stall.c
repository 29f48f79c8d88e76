/* SPDX-License-Identifier: MIT */
#include "shared_stall.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include "clock.h"
#include "message.h"

static _Thread_local const struct qs_shared_domain *reporting;

bool qs_shared_is_reporting(const struct qs_shared_domain *domain)
{
	return reporting == domain;
}

static void say(const struct qs_shared_stall *stall, void *context)
{
	char text[240];
	(void)context;
	snprintf(text, sizeof text,
		 "a grace period has been waiting for %llu ms for the reader in slot %u (process %d, thread %d): it "
		 "has not left the section that it entered in grace period %llu",
		 (unsigned long long)stall->milliseconds, stall->slot, stall->process, stall->thread,
		 (unsigned long long)stall->announced);
	qs_say(text);
}

/* The leader holds its lock meanwhile, and is not cancelled: its death alone would give the lock back. */
static void report(const struct qs_shared_stall *stall)
{
	struct qs_shared_domain *domain = stall->domain;
	int state = PTHREAD_CANCEL_ENABLE;
	int kept = errno;
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	reporting = domain;
	(domain->stalled ? domain->stalled : say)(stall, domain->context);
	reporting = NULL;
	(void)pthread_setcancelstate(state, NULL);
	errno = kept;
}

void qs_shared_patience_ends(struct qs_shared_patience *patience, struct qs_shared_domain *domain, uint32_t slot,
			     uint64_t number)
{
	struct qs_shared_slot *late = &domain->memory->slots[slot];
	struct qs_shared_stall stall;
	uint64_t now;
	if (domain->stall_ms == 0)
		return;
	now = qs_now_ms();
	if (patience->since_ms == 0)
		patience->since_ms = patience->reported_ms = now;
	stall.announced = qs_load_relaxed(&late->announced);
	if (now - patience->reported_ms < domain->stall_ms || stall.announced == 0 || stall.announced >= number)
		return;
	stall.domain = domain;
	stall.number = number;
	stall.slot = slot;
	stall.process = qs_load_relaxed(&late->process);
	stall.thread = qs_load_relaxed(&late->thread);
	stall.milliseconds = now - patience->since_ms;
	patience->reported_ms = now;
	report(&stall);
}
