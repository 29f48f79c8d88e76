/* SPDX-License-Identifier: MIT */
/* The one door to the membarrier system call. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "membarrier.h"
#include "quiesce/quiesce.h"

static int membarrier(int command)
{
	int kept = errno;
	long result = syscall(SYS_membarrier, command, 0, 0);
	if (result < 0)
		result = -errno;
	errno = kept;
	return (int)result;
}

int qs_membarrier_query(void)
{
	return membarrier(MEMBARRIER_CMD_QUERY);
}

long qs_membarrier_number(void)
{
	return SYS_membarrier;
}

bool qs_membarrier_register(void)
{
	int commands = qs_membarrier_query();
	int wanted = MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;
	if (commands < 0 || (commands & wanted) != wanted)
		return false;
	if (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) != 0)
		return false;
	/* A seccomp filter may let the query pass and refuse the command: so try it before relying on it. */
	return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0;
}

void qs_membarrier(void)
{
	int result;
	/* Since 5.4 the kernel allocates a mask of processors, and may briefly be out of memory. */
	while ((result = membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) == -ENOMEM)
		sched_yield();
	if (result == 0)
		return;
	fprintf(stderr,
		"quiesce: the kernel has begun to refuse membarrier (%s). Readers rely on it, so this process can't go "
		"on. Install seccomp filters before qs_domain_init(), or ask for QS_FLAG_MB.\n",
		strerror(-result));
	abort();
}
