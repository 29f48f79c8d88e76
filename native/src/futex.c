/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "futex.h"

/* Returns 0, or the errno of the call; the caller's own stays as it was. */
static int futex(qs_atomic(uint32_t) *word, int operation, uint32_t value, uint64_t limit_us)
{
	struct timespec limit = {
		.tv_sec = (time_t)(limit_us / 1000000),
		.tv_nsec = (long)(limit_us % 1000000) * 1000,
	};
	int kept = errno;
	int error = syscall(SYS_futex, word, operation, value, limit_us ? &limit : NULL, NULL, 0) < 0 ? errno : 0;
	errno = kept;
	return error;
}

bool qs_futex_wait(qs_atomic(uint32_t) *word, uint32_t value, uint32_t limit_ms)
{
	return futex(word, FUTEX_WAIT_PRIVATE, value, (uint64_t)limit_ms * 1000) != EAGAIN;
}

void qs_futex_wake(qs_atomic(uint32_t) *word, int count)
{
	(void)futex(word, FUTEX_WAKE_PRIVATE, (uint32_t)count, 0);
}

bool qs_shared_futex_wait(qs_atomic(uint32_t) *word, uint32_t value, uint32_t limit_us)
{
	return futex(word, FUTEX_WAIT, value, limit_us) == ETIMEDOUT;
}

void qs_shared_futex_wake(qs_atomic(uint32_t) *word)
{
	(void)futex(word, FUTEX_WAKE, INT_MAX, 0);
}
