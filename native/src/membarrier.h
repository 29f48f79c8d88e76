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

/* Registers the process for the command where it has to be, and tries it. False: the kernel lacks or refuses it. */
bool qs_membarrier_usable(enum qs_membarrier_command command);

/* The same for QS_GLOBAL_GENTLE, which takes milliseconds: tried until it has worked once. */
bool qs_membarrier_gentle(void);

/* As qs_membarrier(), but where it is refused it returns false, and nothing has been done. */
bool qs_membarrier_try(enum qs_membarrier_command command);

/*
 * Every running thread that the command reaches passes a full barrier between call and return, and so does the caller.
 * Returns only when they have; ends the process if that is impossible.
 */
void qs_membarrier(enum qs_membarrier_command command);

/* The system call's number, for seccomp filters. */
long qs_membarrier_number(void);

#endif
