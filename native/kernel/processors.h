/* SPDX-License-Identifier: MIT */
/* Which processors there are, and taking one offline for a while. */
#ifndef QS_KERNEL_PROCESSORS_H
#define QS_KERNEL_PROCESSORS_H

#include <stdbool.h>

#include "plan.h"

/* The number that a call names, from the words of the specification. */
int qs_processor(enum qs_cpu cpu);

/* What stands for a processor that is offline, in words. */
const char *qs_processors_offline(void);

/*
 * Takes the processor offline until qs_processor_give_back(), or until this process has ended, however it ends: a
 * process of its own sees to that, which is left to init and ends with that work. Must be called before this process
 * becomes a subreaper. NULL when it is done; else why not, in words, and then `*bad_input` says whose fault that is.
 */
const char *qs_processor_take(int cpu, bool *bad_input);

/* NULL when it is back, or was never taken; else what is wrong, in words. */
const char *qs_processor_give_back(void);

#endif
