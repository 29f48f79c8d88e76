/* SPDX-License-Identifier: MIT */
/* Walks the edges of the specification's graph on the real system call. */
#ifndef QS_KERNEL_WALK_H
#define QS_KERNEL_WALK_H

#include "task.h"

/*
 * Asks QUERY which kernel this is. True when the specification has one like it; else it has said what is the matter.
 * `mask` is the answer, -1 for a kernel without the call.
 */
bool qs_walk_kernel(int *mask);

/*
 * Takes all paths of that kernel, in each suite whose claim begins with `only`; NULL: in all. False when it has given
 * up, since calls don't return: then nobody should make more of them.
 */
bool qs_walk_all(int mask, const struct qs_self *self, const char *only);

#endif
