/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <time.h>

#include "clock.h"

uint64_t qs_now_ms(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
