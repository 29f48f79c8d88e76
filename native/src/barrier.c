/* SPDX-License-Identifier: MIT */
/* The barrier that updaters pay for, a row for each flavour and for each way to choose what it costs others. */
#define _GNU_SOURCE
#include "every_cpu.h"
#include "membarrier.h"
#include "thread.h"

bool qs_flavour_works(enum qs_flavour flavour)
{
	switch (flavour) {
	case QS_MEMBARRIER:
		return qs_membarrier_usable(QS_PRIVATE_EXPEDITED);
	case QS_GLOBAL:
		return qs_membarrier_usable(QS_PRIVATE_EXPEDITED) && qs_membarrier_usable(QS_GLOBAL_EXPEDITED);
	case QS_SIGNAL:
		return qs_signal_works();
	case QS_MB:
	case QS_QSBR:
		return true;
	default:
		return false;
	}
}

bool qs_barrier_works(enum qs_barrier how)
{
	switch (how) {
	case QS_EXPEDITED:
		return true;
	case QS_GENTLE:
		return qs_membarrier_gentle();
	case QS_EVERY_CPU:
		return qs_every_cpu(false);
	default:
		return false;
	}
}

static void expedited(struct qs_domain *domain)
{
	switch (domain->flavour) {
	case QS_MEMBARRIER:
		qs_membarrier(QS_PRIVATE_EXPEDITED);
		break;
	case QS_GLOBAL:
		/*
		 * GLOBAL_EXPEDITED alone may miss a thread of the caller's own process, on a processor whose copy of
		 * the registration is old (claims membarrier/Registration and membarrier/Registration-exit).
		 */
		qs_membarrier(QS_PRIVATE_EXPEDITED);
		qs_membarrier(QS_GLOBAL_EXPEDITED);
		break;
	case QS_SIGNAL:
		qs_signal_barrier(domain);
		break;
	default:
		qs_full_fence();
	}
}

void qs_barrier_everywhere(struct qs_domain *domain, enum qs_barrier how)
{
	bool done = false;
	if (how == QS_GENTLE)
		done = qs_membarrier_try(QS_GLOBAL_GENTLE);
	else if (how == QS_EVERY_CPU)
		done = qs_every_cpu(true);
	/* Refused since the caller asked: a filter was installed, say. */
	if (!done)
		expedited(domain);
}

const char *qs_flavour_name(enum qs_flavour flavour)
{
	static const char *const NAMES[] = { "any", "membarrier", "global", "signal", "mb", "qsbr" };
	return (unsigned int)flavour <= QS_QSBR ? NAMES[flavour] : "unknown";
}
