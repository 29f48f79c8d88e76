/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "futex.h"

bool qs_futex_wait(qs_atomic(uint32_t) *word, uint32_t value)
{
	int kept = errno;
	long result = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
	bool slept = result == 0 || errno != EAGAIN;
	errno = kept;
	return slept;
}

void qs_futex_wake(qs_atomic(uint32_t) *word)
{
	int kept = errno;
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	errno = kept;
}
