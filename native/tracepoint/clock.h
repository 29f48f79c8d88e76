/* SPDX-License-Identifier: MIT */
/* Whose CLOCK_MONOTONIC the times of a process are: traced programs and the recorder ask in the same way. */
#ifndef QS_TRACE_CLOCK_H
#define QS_TRACE_CLOCK_H

#include <stdint.h>
#include <sys/stat.h>

/* The inode number of the time namespace, each of which has a clock of its own; 0: nobody says. */
static inline uint32_t qs_trace_which_clock(void)
{
	struct stat status;
	return stat("/proc/self/ns/time", &status) == 0 ? (uint32_t)status.st_ino : 0;
}

#endif
