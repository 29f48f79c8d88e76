/* SPDX-License-Identifier: MIT */
/* The system calls that the library makes, seen at the linker: the target is linked with --wrap=syscall. */
#ifndef QUIESCE_OBSERVED_CALLS_H
#define QUIESCE_OBSERVED_CALLS_H

#include <stdint.h>

#include "../src/membarrier.h"

/* How many calls of membarrier with this command have succeeded. */
uint64_t qs_observed_membarriers(enum qs_membarrier_command command);

/* How many signals have been sent to single threads. */
uint64_t qs_observed_signals(void);

/* NULL, or what was wrong with a call of the calling thread since it last asked, in words. */
const char *qs_observed_problem(void);

#endif
