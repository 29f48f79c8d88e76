/* SPDX-License-Identifier: MIT */
/*
 * Runs a program on a membarrier() that lies. With --mistake or --kernel, this process stands in front of each call (by
 * ptrace) and gives the answer of an emulated kernel. With --answer, a seccomp filter answers in the kernel's place,
 * without the call: fast enough for a test of memory order.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "membarrier.h"
#include "tracer.h"

static const char *const MISTAKES[] = {
#define TEXT(name, text) text,
	QS_MISTAKES(TEXT)
#undef TEXT
};

static int usage(void)
{
	fprintf(stderr, "usage: liar [--kernel MASK|none] [--mistake NAME] [--hang-from N] PROGRAM...\n"
			"       liar --answer ERRNO|0|kill [--command NUMBER] PROGRAM...\n"
			"       liar --list\n");
	return 2;
}

/* Lets the filter do `what` with each membarrier(), or with one command only; -1: with all. */
static bool filter(unsigned int what, int command)
{
	unsigned int number = (unsigned int)qs_membarrier_number();
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)command, 0, (unsigned char)(command < 0 ? 0 : 1)),
		BPF_STMT(BPF_RET | BPF_K, what),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static int run_program(char **words)
{
	execv(words[0], words);
	fprintf(stderr, "liar: %s can't be started: %s\n", words[0], strerror(errno));
	return 3;
}

int main(int count, char **words)
{
	struct qs_emulation kernel = { .mask = 0x3ff, .mistake = QS_MISTAKE_NONE };
	int answer = -1, command = -1, at = 1;
	bool kills = false;
	if (count == 2 && strcmp(words[1], "--list") == 0) {
		for (int i = 0; i < QS_MISTAKE_COUNT; i++)
			puts(MISTAKES[i]);
		return 0;
	}
	for (; at + 1 < count && strncmp(words[at], "--", 2) == 0; at += 2) {
		const char *value = words[at + 1];
		if (strcmp(words[at], "--kernel") == 0) {
			kernel.mask = strcmp(value, "none") == 0 ? -1 : (int)strtol(value, NULL, 0);
		} else if (strcmp(words[at], "--answer") == 0) {
			kills = strcmp(value, "kill") == 0;
			answer = atoi(value);
		} else if (strcmp(words[at], "--command") == 0) {
			command = atoi(value);
		} else if (strcmp(words[at], "--hang-from") == 0) {
			kernel.hangs_from = atoi(value);
		} else if (strcmp(words[at], "--mistake") == 0) {
			int i = 0;
			while (i < QS_MISTAKE_COUNT && strcmp(MISTAKES[i], value) != 0)
				i++;
			if (i == QS_MISTAKE_COUNT)
				return usage();
			kernel.mistake = (enum qs_mistake)i;
		} else {
			return usage();
		}
	}
	if (at >= count)
		return usage();
	if (answer >= 0) {
		if (!filter(kills ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | (unsigned int)answer, command))
			return fprintf(stderr, "liar: no filter can be set\n"), 3;
		return run_program(words + at);
	}
	pid_t child = fork();
	if (child < 0)
		return 3;
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		raise(SIGSTOP); /* until we are its tracer: without one, the filter answers ENOSYS */
		if (!filter(SECCOMP_RET_TRACE, -1))
			_exit(3);
		_exit(run_program(words + at));
	}
	return qs_trace(child, &kernel);
}
