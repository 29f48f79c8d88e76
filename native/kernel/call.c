/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "membarrier.h"
#include "task.h"

int qs_kernel_call(int command, unsigned int flags, int cpu)
{
	long result = syscall(qs_membarrier_number(), command, flags, cpu);
	return result < 0 ? -errno : (int)result;
}
