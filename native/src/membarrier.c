/* SPDX-License-Identifier: MIT */
/* The one door to the membarrier system call. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generated/membarrier_commands.h"
#include "membarrier.h"
#include "message.h"
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
	return membarrier(QS_CMD_QUERY);
}

long qs_membarrier_number(void)
{
	return SYS_membarrier;
}

struct command {
	int run, registration; /* registration 0: there is none */
};

static const struct command COMMANDS[] = {
	[QS_PRIVATE_EXPEDITED] = { QS_CMD_PRIVATE_EXPEDITED, QS_CMD_REGISTER_PRIVATE_EXPEDITED },
	[QS_GLOBAL_EXPEDITED] = { QS_CMD_GLOBAL_EXPEDITED, QS_CMD_REGISTER_GLOBAL_EXPEDITED },
	[QS_GLOBAL_GENTLE] = { QS_CMD_GLOBAL, 0 },
};

bool qs_membarrier_usable(enum qs_membarrier_command command)
{
	const struct command *row = &COMMANDS[command];
	int commands = qs_membarrier_query();
	int wanted = row->run | row->registration;
	if (commands < 0 || (commands & wanted) != wanted)
		return false;
	if (row->registration != 0 && membarrier(row->registration) != 0)
		return false;
	/* A seccomp filter may let the query pass and refuse the command: so try it before relying on it. */
	return membarrier(row->run) == 0;
}

bool qs_membarrier_gentle(void)
{
	static qs_atomic(uint32_t) tried;
	if (!qs_load_relaxed(&tried) && qs_membarrier_usable(QS_GLOBAL_GENTLE))
		qs_store_relaxed(&tried, 1);
	return qs_load_relaxed(&tried) != 0;
}

bool qs_membarrier_try(enum qs_membarrier_command command)
{
	int result;
	/* Since 5.4 the kernel allocates a mask of processors, and may briefly be out of memory. */
	while ((result = membarrier(COMMANDS[command].run)) == -ENOMEM)
		sched_yield();
	return result == 0;
}

void qs_membarrier(enum qs_membarrier_command command)
{
	if (qs_membarrier_try(command))
		return;
	qs_fatal("the kernel has begun to refuse membarrier. Readers rely on it, so this process can't go on. Install "
		 "seccomp filters before the domain is made, or ask for the flavour QS_MB.");
}
