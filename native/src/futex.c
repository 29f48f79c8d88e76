/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "futex.h"

bool qs_futex_wait(qs_atomic(uint32_t) *word, uint32_t value, uint32_t limit_ms)
{
	struct timespec limit = { .tv_sec = limit_ms / 1000, .tv_nsec = (long)(limit_ms % 1000) * 1000000 };
	int kept = errno;
	long result = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, limit_ms ? &limit : NULL, NULL, 0);
	bool slept = result == 0 || errno != EAGAIN;
	errno = kept;
	return slept;
}

void qs_futex_wake(qs_atomic(uint32_t) *word, int count)
{
	int kept = errno;
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
	errno = kept;
}
