/* SPDX-License-Identifier: MIT */
#include "observed_calls.h"

#include <linux/futex.h>
#include <linux/membarrier.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "quiesce/atomic.h"

static qs_atomic(uint64_t) membarriers[QS_GLOBAL_GENTLE + 1];
static qs_atomic(uint64_t) signals;
static _Thread_local const char *problem;

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

/* Some kernels wake one thread when asked to wake none, others don't: so trying it would show nothing. */
static void look_at_futex(const long *argument)
{
	if ((argument[1] & FUTEX_CMD_MASK) == FUTEX_WAKE && argument[2] < 1)
		problem = "asked the futex to wake nobody";
}

static void count_membarrier(long command)
{
	switch (command) {
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED:
		qs_fetch_add(&membarriers[QS_PRIVATE_EXPEDITED], 1);
		break;
	case MEMBARRIER_CMD_GLOBAL_EXPEDITED:
		qs_fetch_add(&membarriers[QS_GLOBAL_EXPEDITED], 1);
		break;
	case MEMBARRIER_CMD_GLOBAL:
		qs_fetch_add(&membarriers[QS_GLOBAL_GENTLE], 1);
		break;
	default:
		break;
	}
}

long __wrap_syscall(long number, ...)
{
	long argument[6], result;
	va_list arguments;
	va_start(arguments, number);
	for (int i = 0; i < 6; i++)
		argument[i] = va_arg(arguments, long);
	va_end(arguments);
	if (number == SYS_futex)
		look_at_futex(argument);
	result = __real_syscall(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
	if (number == qs_membarrier_number() && argument[1] == 0 && result == 0)
		count_membarrier(argument[0]);
	if (number == SYS_tgkill && result == 0)
		qs_fetch_add(&signals, 1);
	return result;
}

uint64_t qs_observed_membarriers(enum qs_membarrier_command command)
{
	return qs_load_relaxed(&membarriers[command]);
}

uint64_t qs_observed_signals(void)
{
	return qs_load_relaxed(&signals);
}

const char *qs_observed_problem(void)
{
	const char *last = problem;
	problem = NULL;
	return last;
}
