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

bool qs_shared_word_is_missing(qs_atomic(uint32_t) *word)
{
	return futex(word, FUTEX_WAKE, 1, 0) == EFAULT;
}

bool qs_shared_word_faults(qs_atomic(uint32_t) *word)
{
	int before = errno;
	/* It adds 0 to the word, and wakes nobody: none sleeps there. */
	bool faults = syscall(SYS_futex, word, FUTEX_WAKE_OP, 1, (void *)1, word,
			      FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0)) < 0 &&
		      errno == EFAULT;
	errno = before;
	return faults;
}

void qs_shared_futex_wake(qs_atomic(uint32_t) *word)
{
	(void)futex(word, FUTEX_WAKE, INT_MAX, 0);
}
