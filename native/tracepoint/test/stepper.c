/* SPDX-License-Identifier: MIT */
/*
 * Kills a program at an instruction: stepper CALLS STEPS PROGRAM ARGUMENTS... lets it run up to its system call of this
 * number, and from there so many instructions. Exit code 0: it was killed; 1: it ended before.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* Lets it go on, to where `how` stops it; false: it has ended. Its own signals are passed on. */
static int go_on(pid_t child, int how)
{
	int status, signal = 0;
	for (;;) {
		if (ptrace((enum __ptrace_request)how, child, NULL, (void *)(long)signal) != 0 ||
		    waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
			return 0;
		signal = WSTOPSIG(status);
		if (signal == SIGTRAP || signal == (SIGTRAP | 0x80))
			return 1;
	}
}

int main(int argc, char **argv)
{
	int status;
	if (argc < 4)
		return 2;
	const pid_t child = fork();
	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
			execv(argv[3], argv + 3);
		_exit(127);
	}
	/* It stops when it has begun; it ends if we do. */
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)(long)(PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD)) != 0)
		return 3;
	/* A call stops it twice. */
	for (long i = 2 * strtol(argv[1], NULL, 10); i > 0; i--)
		if (!go_on(child, PTRACE_SYSCALL))
			return 1;
	for (long i = strtol(argv[2], NULL, 10); i > 0; i--)
		if (!go_on(child, PTRACE_SINGLESTEP))
			return 1;
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return 0;
}
