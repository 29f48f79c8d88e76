/* SPDX-License-Identifier: MIT */
/* Waits for children, for none of them for ever: a call that does not return must not keep the whole program. */
#ifndef QS_KERNEL_WAIT_H
#define QS_KERNEL_WAIT_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Waits for a child, or for all (-1), to end. Where one has not after a while, or is known to hang, `stuck` is killed
 * (0: nobody). A child that not even this ends is left behind.
 */
void qs_wait_end(pid_t child, pid_t stuck, bool hang);

/* Waits for a child for as long as `progress` changes. False when it hung, and had to be killed. */
bool qs_wait_playing(pid_t child, const volatile long *progress);

#endif
