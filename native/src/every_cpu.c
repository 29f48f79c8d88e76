/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <unistd.h>

#include "every_cpu.h"

/* Where it may run: as many as a thread is allowed to by its cpuset, and no fewer than are online. */
static bool allowed(cpu_set_t *before)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	return sched_getaffinity(0, sizeof *before, before) == 0 && online > 0 && CPU_COUNT(before) >= online;
}

static bool visit(size_t cpu)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return sched_setaffinity(0, sizeof one, &one) == 0;
}

bool qs_every_cpu(bool go)
{
	int kept = errno;
	cpu_set_t before;
	bool everywhere = allowed(&before);
	for (size_t cpu = 0; go && everywhere && cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &before))
			everywhere = visit(cpu);
	}
	if (go)
		(void)sched_setaffinity(0, sizeof before, &before);
	errno = kept;
	return everywhere;
}
