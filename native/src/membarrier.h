/* SPDX-License-Identifier: MIT */
#ifndef QUIESCE_MEMBARRIER_H
#define QUIESCE_MEMBARRIER_H

#include <stdbool.h>
#include <stdint.h>

/* Registers the process for PRIVATE_EXPEDITED and tries it once. False: the kernel lacks or refuses it. */
bool qs_membarrier_register(void);

/*
 * Every running thread of this process passes a full barrier between call and return, and so does the caller.
 * Returns only when they have; ends the process if that is impossible.
 */
void qs_membarrier(void);

/* The system call's number, for seccomp filters. */
long qs_membarrier_number(void);

#endif
