/* SPDX-License-Identifier: MIT */
/* Tries the order that membarrier() promises, by store buffering between two processors. */
#ifndef QS_KERNEL_ORDERING_H
#define QS_KERNEL_ORDERING_H

#include <stdbool.h>

/*
 * All commands that `mask` has. GLOBAL, which takes milliseconds, has at most a tenth of the rounds. With `gaps`, also
 * what the specification says that today's kernels miss. On a busy machine it stops in time, unless it is patient.
 */
void qs_ordering_all(int mask, long rounds, bool gaps, bool patient);

#endif
