/* SPDX-License-Identifier: MIT */
#ifndef QUIESCE_MEMBARRIER_H
#define QUIESCE_MEMBARRIER_H

#include <stdbool.h>
#include <stdint.h>

/* The commands that make readers pass a barrier, and whom they reach. */
enum qs_membarrier_command {
	QS_PRIVATE_EXPEDITED, /* the threads of this process */
	QS_GLOBAL_EXPEDITED,  /* those of all processes that have registered for it */
	QS_GLOBAL_GENTLE,     /* every thread of the system, by waiting until it has been switched */
};

/*
 * Registers the process for the command where it has to be, and tries it once. False: the kernel lacks or refuses it.
 * For QS_GLOBAL_GENTLE, which takes milliseconds, it only asks.
 */
bool qs_membarrier_usable(enum qs_membarrier_command command);

/*
 * Every running thread that the command reaches passes a full barrier between call and return, and so does the caller.
 * Returns only when they have; ends the process if that is impossible.
 */
void qs_membarrier(enum qs_membarrier_command command);

/* The system call's number, for seccomp filters. */
long qs_membarrier_number(void);

#endif
