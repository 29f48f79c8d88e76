/* SPDX-License-Identifier: MIT */
/*
 * Two programs that pass a number to and fro through pipes, and hit an event before each pass: in the merged recording
 * the numbers must grow, since each pass was caused by the one before.
 *
 *   pingpong DIR COUNT [PRELOAD]    starts the other one, which has PRELOAD as its LD_PRELOAD; ends when all is passed
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#define QS_TRACEPOINT_DEFINE
#include "quiesce/tracepoint.h"

QS_TRACEPOINT(pingpong, pass, QS_TRACE_INFO, (u8, number));

enum { IN = 3, OUT = 4 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "pingpong: %s: %s\n", what, errno ? strerror(errno) : qs_trace_problem());
	exit(1);
}

static void play(const char *directory, uint64_t count, uint64_t first, int in, int out)
{
	const struct qs_trace_options options = { .directory = directory, .ring_size = 1 << 20 };
	uint64_t number = first;
	if (qs_trace_open(&options) != 0)
		die(directory);
	if (first == 0) {
		qs_tracepoint(pingpong, pass, number);
		if (write(out, &number, sizeof number) != (ssize_t)sizeof number)
			die("write");
	}
	while (read(in, &number, sizeof number) == (ssize_t)sizeof number) {
		if (++number >= count)
			return;
		qs_tracepoint(pingpong, pass, number);
		if (write(out, &number, sizeof number) != (ssize_t)sizeof number)
			return;
	}
}

int main(int argc, char **argv)
{
	int there[2], back[2], status = 1;
	if (argc < 3)
		return 2;
	errno = 0;
	signal(SIGPIPE, SIG_IGN);
	const uint64_t count = strtoull(argv[2], NULL, 10);
	if (argc > 3 && strcmp(argv[3], "other") == 0) {
		play(argv[1], count, 1, IN, OUT);
		return 0;
	}
	if (pipe(there) != 0 || pipe(back) != 0)
		die("pipe");
	const pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (argc > 3 && setenv("LD_PRELOAD", argv[3], 1) != 0)
			die("setenv");
		/* Whatever their numbers are, they come to lie above those that they get. */
		const int in = dup2(there[0], 20), out = dup2(back[1], 21);
		if (dup2(in, IN) != IN || dup2(out, OUT) != OUT)
			die("dup2");
		for (int file = OUT + 1; file < 32; file++)
			close(file);
		execl("/proc/self/exe", argv[0], argv[1], argv[2], "other", (char *)NULL);
		die("exec");
	}
	close(there[0]);
	close(back[1]);
	play(argv[1], count, 0, back[0], there[1]);
	close(there[1]);
	return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}
