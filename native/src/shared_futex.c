/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "shared_futex.h"

bool qs_shared_futex_wait(qs_atomic(uint32_t) *word, uint32_t value, uint32_t limit_us)
{
	int kept = errno;
	struct timespec limit = { .tv_sec = limit_us / 1000000, .tv_nsec = (long)(limit_us % 1000000) * 1000 };
	long result = syscall(SYS_futex, word, FUTEX_WAIT, value, &limit, NULL, 0);
	bool passed = result != 0 && errno == ETIMEDOUT;
	errno = kept;
	return passed;
}

void qs_shared_futex_wake(qs_atomic(uint32_t) *word)
{
	int kept = errno;
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
	errno = kept;
}
