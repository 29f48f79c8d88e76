/* SPDX-License-Identifier: MIT */
/*
 * Linux: membarrier(GET_REGISTRATIONS) reports PRIVATE_EXPEDITED to a process that has registered for SYNC_CORE or RSEQ
 * alone, and PRIVATE_EXPEDITED then fails with EPERM.
 *
 *     cc membarrier-get-registrations.c && ./a.out
 *
 * Exit code: 0 what is reported is permitted, 1 it is not, 2 can't tell (no such command). Built with -DMENDED, it
 * registers for PRIVATE_EXPEDITED, too: 0.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GET_REGISTRATIONS = 1 << 9, REGISTER_RSEQ = 1 << 8 }; /* headers before 6.3, and 5.10, don't have them */

static int membarrier(int command)
{
	return (int)syscall(SYS_membarrier, command, 0, 0);
}

/* In a child, since nothing undoes a registration. */
static int ask(const char *name, int registration)
{
	int status = 0;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
#ifdef MENDED
		if (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) != 0)
			_exit(2);
#endif
		if (membarrier(registration) != 0)
			_exit(2);
		int reported = membarrier(GET_REGISTRATIONS);
		int result = membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED), error = result == 0 ? 0 : errno;
		printf("registered for %s: GET_REGISTRATIONS says 0x%x, PRIVATE_EXPEDITED %s\n", name,
		       (unsigned int)reported, error == EPERM ? "fails with EPERM" : "is permitted");
		fflush(NULL);
		_exit((reported & MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) != 0 && error == EPERM);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

int main(void)
{
	if (membarrier(GET_REGISTRATIONS) < 0) {
		puts("can't tell: there is no GET_REGISTRATIONS");
		return 2;
	}
	int core = ask("SYNC_CORE", MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE);
	int rseq = ask("RSEQ", REGISTER_RSEQ);
	if (core == 2 && rseq == 2) {
		puts("can't tell: neither SYNC_CORE nor RSEQ can be registered for");
		return 2;
	}
	int shown = core == 1 || rseq == 1;
	puts(shown ? "shown: what is reported is not permitted" : "not shown: what is reported is permitted");
	return shown;
}
