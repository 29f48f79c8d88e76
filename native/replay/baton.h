/* SPDX-License-Identifier: MIT */
/* Passing the turn from one thread to another, and finding out whether a thread is blocked. */
#ifndef QUIESCE_BATON_H
#define QUIESCE_BATON_H

#include <stdbool.h>
#include <stdint.h>

#include "quiesce/atomic.h"

/* Gives the turn to the one thread that takes it from this word. */
void qs_baton_give(qs_atomic(uint32_t) *turn);

/* Waits for the turn, and takes it. */
void qs_baton_take(qs_atomic(uint32_t) *turn);

/* For the calling thread: a file descriptor to ask qs_blocked() with; -1 where /proc gives none. */
int qs_blocked_open(void);

/*
 * True when the thread of this descriptor sleeps in a futex other than `own`, the one on which it takes its turn.
 * Costs one read of /proc. Where the kernel doesn't show the system call, any sleep counts. Where it shows nothing
 * the answer is always true, and only a thread that comes back by itself is noticed.
 */
bool qs_blocked(int descriptor, const void *own);

#endif
