/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../src/futex.h"
#include "baton.h"

void qs_baton_give(qs_atomic(uint32_t) *turn)
{
	qs_store_release(turn, 1);
	qs_futex_wake(turn, 1);
}

void qs_baton_take(qs_atomic(uint32_t) *turn)
{
	while (qs_load_acquire(turn) == 0)
		(void)qs_futex_wait(turn, 0, 0);
	qs_store_relaxed(turn, 0);
}

int qs_blocked_open(void)
{
	char name[64];
	int descriptor;
	snprintf(name, sizeof name, "/proc/self/task/%ld/syscall", syscall(SYS_gettid));
	descriptor = open(name, O_RDONLY | O_CLOEXEC);
	if (descriptor >= 0)
		return descriptor;
	snprintf(name, sizeof name, "/proc/self/task/%ld/stat", syscall(SYS_gettid));
	return open(name, O_RDONLY | O_CLOEXEC);
}

bool qs_blocked(int descriptor, const void *own)
{
	char text[512];
	char *end;
	ssize_t length = descriptor < 0 ? -1 : pread(descriptor, text, sizeof text - 1, 0);
	if (length < 0)
		return true;
	text[length] = '\0';
	/* stat: the thread's id, its name in brackets, and its state; S is asleep. */
	end = strrchr(text, ')');
	if (end)
		return strncmp(end, ") S", 3) == 0;
	/* syscall: "running", or the number of the system call and its arguments, in hexadecimal. */
	if (strtol(text, &end, 10) != SYS_futex || end == text)
		return false;
	return (uintptr_t)strtoull(end, NULL, 16) != (uintptr_t)own;
}
